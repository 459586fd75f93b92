//! Who is asked, and who asks: certificates, keys, and a server that is gone.

use packtree_client::{Client, Error, Retries};
use packtree_server::serve::Settings;
use packtree_server::serve::settings::Tls;
use serde_json::json;

use crate::support::Server;
use crate::world::{PALLET, World};
use crate::{id, machine, reach};

#[test]
fn a_server_is_trusted_by_its_certificate_only() {
    let settings = Settings { tls: Tls::SelfSigned, ..Settings::default() };
    let server = Server::start_with(settings, |_| {});
    let running = server.running.as_ref().unwrap();
    let key = server.runtime.block_on(running.access().key_for("line-3")).unwrap();
    let certificate = std::fs::read(running.own_certificate().unwrap()).unwrap();
    let other = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap().cert.pem();
    let address = format!("https://localhost:{}", server.address.port());
    let ask = |pem: Vec<u8>| {
        let builder = Client::builder(&address).key(key.clone()).certificate(pem).retries(Retries::NONE);
        builder.build().unwrap().statistics()
    };
    assert_eq!(ask(certificate).unwrap().objects, 0);
    let error = ask(other.into_bytes()).unwrap_err();
    assert!(matches!(error, Error::Settings(_)) && error.to_string().contains("cannot be trusted"), "{error}");
}

#[test]
fn a_wrong_key_a_missing_one_and_one_that_may_not_are_told_apart() {
    let world = World::new();
    let wrong = reach(&world, "machine").key("packtree_line-3_00").build().unwrap();
    let error = wrong.statistics().unwrap_err();
    assert!(matches!(error, Error::Unauthorized(_)), "{error}");
    assert_eq!(error.problem().map(|problem| problem.code.as_str()), Some("wrong_credentials"));
    let address = format!("http://{}", world.server.address);
    let nobody = Client::builder(&address).retries(Retries::NONE).build().unwrap();
    let error = nobody.inspect(&id(PALLET)).unwrap_err();
    assert_eq!(error.problem().map(|problem| problem.code.as_str()), Some("credentials_required"));

    let administrator = world.everybody["administrator"].headers();
    let key = json!({"id": "collector", "role": "auditor"});
    let made = world.server.send("POST", "/v1/keys", &administrator, Some(&key)).expect(201).json();
    let auditor = reach(&world, "machine").key(made["secret"].as_str().unwrap()).build().unwrap();
    assert!(auditor.inspect(&id(PALLET)).unwrap().is_some());
    let error = auditor.perform(&packtree::Operation::unpack_all(id(PALLET))).unwrap_err();
    assert!(matches!(error, Error::Forbidden(_)) && !error.may_pass(), "{error}");

    world.server.send("PUT", "/v1/keys/line-3", &administrator, Some(&json!({"disabled": true}))).expect(200);
    assert!(matches!(machine(&world).statistics(), Err(Error::Unauthorized(_))));
}

#[test]
fn an_application_makes_a_key_for_a_name_once() {
    let server = Server::start();
    let access = server.running.as_ref().unwrap().access();
    assert!(server.runtime.block_on(access.key_for("line-3")).is_ok());
    let taken = server.runtime.block_on(access.key_for("line-3")).unwrap_err();
    assert_eq!(taken.status().as_u16(), 409);
}

#[test]
fn a_server_that_is_gone_is_unreachable_whatever_it_is_asked() {
    let world = World::new();
    let client = machine(&world);
    client.statistics().unwrap();
    world.server.stop();
    for error in [
        client.statistics().unwrap_err(),
        client.dot(&id(PALLET)).unwrap_err(),
        client.perform(&packtree::Operation::unpack_all(id(PALLET))).unwrap_err(),
        client.import("a document", &mut "<none/>".as_bytes(), false).unwrap_err(),
        client.contents(&id(PALLET), None).err().unwrap(),
        client.feed(packtree::Sequence(0)).next().unwrap().unwrap_err(),
    ] {
        assert!(matches!(error, Error::Unreachable { .. }) && error.may_pass(), "{error:?}");
    }
}
