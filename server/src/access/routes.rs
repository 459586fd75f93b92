//! The routes of users, keys, sessions and the policy.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Extension, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Json, Router};
use packtree::fact::{Microseconds, Role, Verb};
use packtree_wire::{Me, NewPassword, NewUser, Setup, SignIn, User, UserChange, Users};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes as with;

use super::body::Body;
use super::policy::PolicyDocument;
use super::records::{Changer, KeyRecord, UserRecord};
use super::secret::Secret;
use super::sessions::Session;
use super::users::NotSignedIn;
use super::wire::{Key, KeyChange, Keys, MadeKey, NewKey, OwnPassword};
use super::{Access, Kind, Permission, Principal};
use crate::http::{Code, Path, Problem, Query, malformed};

/// The cookie of a session. Its prefix makes browsers refuse it from other hosts and over plain connections.
pub(crate) const COOKIE: &str = "__Host-packtree";

/// The routes, with what describes them.
pub(crate) fn routes(access: Access) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(with!(set_up))
        .routes(with!(sign_in, sign_out))
        .routes(with!(me))
        .routes(with!(change_own_password))
        .routes(with!(list_users, add_user))
        .routes(with!(change_user))
        .routes(with!(set_password))
        .routes(with!(list_keys, add_key))
        .routes(with!(change_key))
        .routes(with!(show_policy, set_policy))
        .with_state(access)
}

/// The token of a session among the cookies of a request.
pub(super) fn cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, token)| token)
}

/// Only a role that administers gets further.
fn administrator(principal: &Principal) -> Result<Changer, Problem> {
    principal.may(Permission::Administer)?;
    Ok(Changer::from(principal))
}

/// Administrators and auditors see who may do what.
fn overseer(principal: &Principal) -> Result<(), Problem> {
    if principal.role == Role::Auditor {
        return Ok(());
    }
    Ok(principal.may(Permission::Administer)?)
}

type Peer = Option<Extension<ConnectInfo<SocketAddr>>>;

fn address(peer: Peer) -> Option<IpAddr> {
    peer.map(|Extension(ConnectInfo(address))| address.ip())
}

/// Make the first administrator with what the server printed when it started, and sign in.
#[utoipa::path(post, path = "/v1/setup", tag = "access", request_body = Setup, security(()), responses(
    (status = 200, body = Me), (status = 403), (status = 409),
    (status = 429)))]
async fn set_up(State(access): State<Access>, body: Body) -> Result<Response, Problem> {
    let setup: Setup = body.read()?;
    let user = setup.user.clone();
    let record = access.set_up(setup).await?;
    access.signed_in(&user, &record, None)
}

/// Sign in. Sets the cookie of a session.
#[utoipa::path(post, path = "/v1/session", tag = "access", request_body = SignIn, security(()), responses(
    (status = 200, body = Me), (status = 403),
    (status = 429)))]
async fn sign_in(
    State(access): State<Access>,
    peer: Peer,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let SignIn { user, password, role } = body.read()?;
    let role = role.map(|word| Role::from_word(&word).ok_or_else(|| malformed(&format!("{word} is no role"))));
    let role = role.transpose()?;
    let record = access.check_password(&user, password, address(peer)).await?;
    // Whoever signs in again gets a new token, and the one before is void.
    if let Some(before) = cookie(&headers) {
        access.inner.sessions.end(before);
    }
    access.signed_in(&user, &record, role)
}

/// Sign out.
#[utoipa::path(delete, path = "/v1/session", tag = "access", responses((status = 204)))]
async fn sign_out(State(access): State<Access>, headers: HeaderMap) -> Response {
    if let Some(token) = cookie(&headers) {
        access.inner.sessions.end(token);
    }
    let gone = format!("{COOKIE}=; HttpOnly; Secure; SameSite=Strict; Path=/; Max-Age=0");
    (StatusCode::NO_CONTENT, [(header::SET_COOKIE, gone)]).into_response()
}

/// Who is asking, and what they may do.
#[utoipa::path(get, path = "/v1/me", tag = "access", responses((status = 200, body = Me)))]
async fn me(
    State(access): State<Access>,
    Extension(principal): Extension<Principal>,
    session: Option<Extension<Session>>,
) -> Json<Me> {
    Json(access.describe(&principal, session.map(|Extension(session)| session).as_ref()))
}

/// Change your own password. All your sessions end, and this one is replaced.
#[utoipa::path(post, path = "/v1/me/password", tag = "access", request_body = OwnPassword, responses(
    (status = 200, body = Me), (status = 403),
    (status = 429)))]
async fn change_own_password(
    State(access): State<Access>,
    Extension(principal): Extension<Principal>,
    peer: Peer,
    body: Body,
) -> Result<Response, Problem> {
    let OwnPassword { old, new } = body.read()?;
    if principal.kind == Kind::Machine {
        let detail = "a machine has no password";
        let remedy = "make another API key instead";
        return Err(Problem::new(Code::RoleNotAllowed, detail, remedy));
    }
    let user = principal.actor.as_str();
    access.check_password(user, old, address(peer)).await.map_err(|why| match why {
        NotSignedIn::Wrong => {
            let detail = "the old password is wrong";
            Problem::new(Code::PasswordWrong, detail, "try again, or ask an administrator")
        }
        why => why.into(),
    })?;
    let record = access.set_password(&Changer::from(&principal), user, new).await?;
    access.signed_in(user, &record, Some(principal.role))
}

/// All users.
#[utoipa::path(get, path = "/v1/users", tag = "access", responses(
    (status = 200, body = Users), (status = 403)))]
async fn list_users(
    State(access): State<Access>,
    Extension(principal): Extension<Principal>,
) -> Result<Json<Users>, Problem> {
    overseer(&principal)?;
    let users = access.users().into_iter().map(|(user, record)| shown(user, record)).collect();
    Ok(Json(Users { users }))
}

/// Make a user.
#[utoipa::path(post, path = "/v1/users", tag = "access", request_body = NewUser, responses(
    (status = 201, body = User), (status = 403),
    (status = 409), (status = 429)))]
async fn add_user(
    State(access): State<Access>,
    Extension(principal): Extension<Principal>,
    body: Body,
) -> Result<(StatusCode, Json<User>), Problem> {
    let by = administrator(&principal)?;
    let new: NewUser = body.read()?;
    let user = new.user.clone();
    let record = access.add_user(&by, new).await?;
    Ok((StatusCode::CREATED, Json(shown(user, record))))
}

/// Change what a user may do, or disable them.
#[utoipa::path(put, path = "/v1/users/{user}", tag = "access", params(("user" = String, Path)), request_body = UserChange,
    responses((status = 200, body = User),
        (status = 403), (status = 404), (status = 409)))]
async fn change_user(
    State(access): State<Access>,
    Extension(principal): Extension<Principal>,
    Path(user): Path<String>,
    body: Body,
) -> Result<Json<User>, Problem> {
    let by = administrator(&principal)?;
    let record = access.change_user(&by, &user, body.read()?).await?;
    Ok(Json(shown(user, record)))
}

/// Set somebody's password. All their sessions end.
#[utoipa::path(post, path = "/v1/users/{user}/password", tag = "access", params(("user" = String, Path)),
    request_body = NewPassword, responses((status = 204),
        (status = 403), (status = 404), (status = 429)))]
async fn set_password(
    State(access): State<Access>,
    Extension(principal): Extension<Principal>,
    Path(user): Path<String>,
    body: Body,
) -> Result<StatusCode, Problem> {
    let by = administrator(&principal)?;
    let NewPassword { password } = body.read()?;
    access.set_password(&by, &user, password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// All API keys, without their secrets.
#[utoipa::path(get, path = "/v1/keys", tag = "access", responses(
    (status = 200, body = Keys), (status = 403)))]
async fn list_keys(
    State(access): State<Access>,
    Extension(principal): Extension<Principal>,
) -> Result<Json<Keys>, Problem> {
    overseer(&principal)?;
    Ok(Json(Keys { keys: access.list_keys() }))
}

/// Make an API key. Its secret is in the answer and is not to be seen again.
#[utoipa::path(post, path = "/v1/keys", tag = "access", request_body = NewKey, responses(
    (status = 201, body = MadeKey),
    (status = 403), (status = 409)))]
async fn add_key(
    State(access): State<Access>,
    Extension(principal): Extension<Principal>,
    body: Body,
) -> Result<(StatusCode, Json<MadeKey>), Problem> {
    let by = administrator(&principal)?;
    let new: NewKey = body.read()?;
    let id = new.id.clone();
    let (record, secret) = access.add_key(&by, new).await?;
    Ok((StatusCode::CREATED, Json(MadeKey { key: Key::of(id, record), secret })))
}

/// Change an API key, or disable it.
#[utoipa::path(put, path = "/v1/keys/{id}", tag = "access", params(("id" = String, Path)), request_body = KeyChange,
    responses((status = 200, body = Key),
        (status = 403), (status = 404)))]
async fn change_key(
    State(access): State<Access>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
    body: Body,
) -> Result<Json<Key>, Problem> {
    let by = administrator(&principal)?;
    let record = access.change_key(&by, &id, body.read()?).await?;
    Ok(Json(Key::of(id, record)))
}

/// The rules that differ from company to company, as they are now.
#[utoipa::path(get, path = "/v1/policy", tag = "access", responses(
    (status = 200, body = PolicyDocument)))]
async fn show_policy(State(access): State<Access>) -> Json<PolicyDocument> {
    Json(access.policy())
}

/// Set the rules that differ from company to company. They hold for operations from now on; history stands.
#[utoipa::path(put, path = "/v1/policy", tag = "access", request_body = PolicyDocument, responses(
    (status = 200, body = PolicyDocument),
    (status = 403)))]
async fn set_policy(
    State(access): State<Access>,
    Extension(principal): Extension<Principal>,
    body: Body,
) -> Result<Json<PolicyDocument>, Problem> {
    let by = administrator(&principal)?;
    let document: PolicyDocument = body.read()?;
    access.set_policy(&by, &document).await?;
    Ok(Json(access.policy()))
}

/// The secret of a link.
#[derive(serde::Deserialize)]
pub(super) struct Entrance {
    token: String,
}

/// The link of the demo, which signs somebody in once and leads to the screen.
pub(crate) fn entrance(access: Access) -> Router {
    let enter = async |State(access): State<Access>, Query(Entrance { token }): Query<Entrance>| {
        let user = access.use_link(&token);
        let record = user.as_deref().and_then(|user| access.user(user));
        let (Some(user), Some(record)) = (user, record) else {
            // A person is at the other end, to whom the screen can say it in their language.
            return Redirect::to("/#link-used").into_response();
        };
        match access.begin_session(&user, &record, None) {
            Ok((token, _)) => {
                (StatusCode::SEE_OTHER, [(header::LOCATION, "/".to_owned()), (header::SET_COOKIE, set_cookie(&token))])
                    .into_response()
            }
            Err(problem) => problem.into_response(),
        }
    };
    Router::new().route("/v1/demo/enter", axum::routing::get(enter)).with_state(access)
}

fn set_cookie(token: &Secret) -> String {
    format!("{COOKIE}={}; HttpOnly; Secure; SameSite=Strict; Path=/", token.reveal())
}

impl Access {
    /// Begins a session and answers with it.
    fn signed_in(&self, user: &str, record: &UserRecord, role: Option<Role>) -> Result<Response, Problem> {
        let (token, session) = self.begin_session(user, record, role)?;
        let stations = super::users::station_names(&record.scopes);
        let principal = Principal { actor: session.user.clone(), kind: Kind::Person, role: session.role, stations };
        let mut response = Json(self.describe(&principal, Some(&session))).into_response();
        let cookie = HeaderValue::from_str(&set_cookie(&token)).expect("hexadecimal digits may stand in a header");
        response.headers_mut().insert(header::SET_COOKIE, cookie);
        Ok(response)
    }

    fn describe(&self, principal: &Principal, session: Option<&Session>) -> Me {
        let user = principal.actor.as_str();
        let (name, roles) = match principal.kind {
            Kind::Person => self.user(user).map(|record| (record.name, record.roles)),
            Kind::Machine => self.key(user).map(|record| (record.name, vec![record.role])),
        }
        .unwrap_or_else(|| (user.to_owned(), vec![principal.role]));
        let words = |roles: &[Role]| roles.iter().map(|role| role.word().to_owned()).collect();
        Me {
            user: user.to_owned(),
            name,
            roles: words(&roles),
            role: principal.role.word().to_owned(),
            scopes: principal.stations.iter().map(ToString::to_string).collect(),
            csrf: session.map(|session| session.csrf.to_string()),
            idle_minutes: session.map(|_| self.inner.sessions.times().idle.as_secs() / 60),
            expires_at: session.map(|session| time(self.inner.sessions.ends(session))),
            may: permissions(principal),
        }
    }
}

/// Everything that somebody may do, by its word.
fn permissions(principal: &Principal) -> Vec<String> {
    let others = [
        ("read", Permission::Read),
        ("close_partial", Permission::ClosePartial),
        ("import", Permission::Import),
        ("print", Permission::Print),
        ("checkpoint", Permission::Checkpoint),
        ("administer", Permission::Administer),
    ];
    let verbs = Verb::ALL.iter().map(|verb| (verb.word(), Permission::Operate(*verb)));
    let all = others.into_iter().chain(verbs);
    all.filter(|(_, permission)| principal.may(*permission).is_ok()).map(|(word, _)| word.to_owned()).collect()
}

/// A time as RFC 3339.
fn time(at: Microseconds) -> String {
    jiff::Timestamp::from_microsecond(at).unwrap_or_default().to_string()
}

/// A user without the password.
fn shown(user: String, record: UserRecord) -> User {
    let UserRecord { name, roles, scopes, disabled, password: _ } = record;
    User { user, name, roles: roles.iter().map(|role| role.word().to_owned()).collect(), scopes, disabled }
}

impl Key {
    pub(super) fn of(id: String, record: KeyRecord) -> Self {
        let KeyRecord { name, role, scopes, disabled, secret: _, made } = record;
        Self { id, name, role: role.word().to_owned(), scopes, disabled, made_at: time(made) }
    }
}
