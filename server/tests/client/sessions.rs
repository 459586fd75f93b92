//! People: signed in, out, made, changed, and kept out.

use packtree::Operation;
use packtree::fact::Role;
use packtree_client::{Client, Error, Retries, wire};

use crate::support::{PASSWORD, Server};
use crate::world::{CASES, World, unit};
use crate::{id, machine};

fn nobody(server: &Server) -> Client {
    Client::builder(&format!("http://{}", server.address)).retries(Retries::NONE).build().unwrap()
}

fn code(error: &Error) -> Option<&str> {
    error.problem().map(|problem| problem.code.as_str())
}

fn unpack(number: u32) -> Operation {
    Operation::unpack(vec![id(&unit(number))])
}

#[test]
fn a_person_acts_in_a_session_of_their_own() {
    let world = World::new();
    let operator = nobody(&world.server).sign_in("operator", PASSWORD, None).unwrap();
    let me = operator.me().unwrap();
    assert_eq!((me.user.as_str(), me.role.as_str()), ("operator", "operator"));
    assert!(me.may.contains(&"unpack".to_owned()) && !me.may.contains(&"administer".to_owned()), "{:?}", me.may);
    assert_eq!(operator.scan(CASES[0]).unwrap().object.expect("it is known").children, 2);
    let receipt = operator.perform(&unpack(1)).unwrap().receipt().unwrap();
    let fact = operator.fact(receipt.first).unwrap().expect("it is durable");
    assert_eq!((fact.actor.to_string(), fact.entry.to_string()), ("operator".to_owned(), "typed".to_owned()));
    assert!(!format!("{operator:?} {me:?}").contains(me.csrf.as_deref().expect("a session has one")));

    // A key on the way to a session is not shown with it, and stays what it was.
    let line = machine(&world);
    let signed_in = line.sign_in("operator", PASSWORD, Some(Role::Operator)).unwrap();
    assert_eq!((signed_in.me().unwrap().user, line.me().unwrap().user), ("operator".to_owned(), "line-3".to_owned()));

    operator.sign_out().unwrap();
    let error = operator.perform(&unpack(2)).unwrap_err();
    assert!(matches!(error, Error::Unauthorized(_)) && code(&error) == Some("credentials_required"), "{error}");
    signed_in.perform(&unpack(2)).unwrap().receipt().unwrap();
}

#[test]
fn who_may_not_is_kept_out() {
    let world = World::new();
    let nobody = nobody(&world.server);
    let error = nobody.sign_in("operator", "wrong words altogether", None).unwrap_err();
    assert!(matches!(error, Error::Unauthorized(_)) && code(&error) == Some("wrong_credentials"), "{error}");
    let error = nobody.sign_in("operator", PASSWORD, Some(Role::Administrator)).unwrap_err();
    assert!(matches!(error, Error::Forbidden(_)) && code(&error) == Some("role_not_allowed"), "{error}");
    let operator = nobody.sign_in("operator", PASSWORD, None).unwrap();
    assert!(matches!(operator.users(), Err(Error::Forbidden(_))));
    assert!(matches!(operator.set_password("quality", "other good words"), Err(Error::Forbidden(_))));
}

#[test]
fn an_administrator_makes_users_and_changes_them() {
    let server = Server::start();
    let token = server.running.as_ref().unwrap().access().first_administrator().expect("there is none yet");
    let setup = |token: &str| wire::Setup {
        token: token.to_owned(),
        user: "ada".to_owned(),
        name: None,
        password: PASSWORD.to_owned(),
    };
    let nobody = nobody(&server);
    assert_eq!(code(&nobody.set_up(&setup("wrong")).unwrap_err()), Some("wrong_setup_token"));
    let administrator = nobody.set_up(&setup(&token)).unwrap();
    assert_eq!(administrator.me().unwrap().role, "administrator");

    let new = wire::NewUser {
        user: "jane".to_owned(),
        name: Some("Jane Doe".to_owned()),
        roles: vec!["operator".to_owned()],
        scopes: vec!["bay-4".to_owned()],
        password: PASSWORD.to_owned(),
    };
    assert!(!format!("{new:?} {:?}", setup("secret")).contains(PASSWORD));
    let made = administrator.add_user(&new).unwrap();
    assert_eq!(administrator.users().unwrap().last(), Some(&made));
    let error = administrator.add_user(&new).unwrap_err();
    assert!(matches!(error, Error::Rejected(_)) && code(&error) == Some("name_taken"), "{error}");

    let jane = nobody.sign_in("jane", PASSWORD, None).unwrap();
    administrator.set_password("jane", "other good words").unwrap();
    assert!(matches!(jane.me(), Err(Error::Unauthorized(_))), "a new password ends all sessions");
    let error = administrator.set_password("jane", "short").unwrap_err();
    assert_eq!(code(&error), Some("password_unfit"));
    let jane = nobody.sign_in("jane", "other good words", None).unwrap();
    let out = wire::UserChange { disabled: Some(true), ..wire::UserChange::default() };
    assert!(administrator.change_user("jane", &out).unwrap().disabled);
    assert!(matches!(jane.me(), Err(Error::Unauthorized(_))));
    assert!(matches!(administrator.change_user("joe", &out), Err(Error::NotFound(_))));
    let error = administrator.change_user("ada", &out).unwrap_err();
    assert_eq!(code(&error), Some("last_administrator"));
}
