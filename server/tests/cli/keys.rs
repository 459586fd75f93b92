//! API keys from the command line.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use packtree_client::{Client, Error};
use serde_json::json;

use crate::support::Site;

/// A server on the data of a site, ended when the test is over.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Server {
    /// Starts one, and gives its address too.
    fn start(site: &Site) -> (Self, String) {
        let mut command = site.command("serve --listen 127.0.0.1:0");
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let address = said.find_map(|line| Some(line.trim().strip_prefix("screen")?.trim().to_owned()));
        (Self(child), address.expect("the server says where it is"))
    }
}

#[test]
fn a_key_from_the_command_line_lets_a_machine_in_until_it_is_disabled() {
    let site = Site::empty();
    let made = site.run("key make line-1 --station line-1 --station line-2");
    assert_eq!(made.code, 0, "{made:?}");
    let key = made.out.strip_suffix('\n').unwrap();
    assert!(key.starts_with("packtree_line-1_") && !key.contains(char::is_whitespace), "{made:?}");
    assert!(made.err.contains("works at line-1, line-2") && !made.err.contains(key), "{made:?}");

    let (server, address) = Server::start(&site);
    let client = Client::builder(&address).key(key).build().unwrap();
    assert_eq!(client.statistics().unwrap().objects, 0);
    site.check("key list => 2 is in use by process");
    drop(server);

    site.check(
        "
        key list            => 0 line-1 machine, at line-1, line-2 made
        key disable line-1  => 0 disabled: line-1
        key list            => 0 disabled
        ",
    );
    let (_server, address) = Server::start(&site);
    let client = Client::builder(&address).key(key).build().unwrap();
    assert!(matches!(client.statistics(), Err(Error::Unauthorized(_))));
}

#[test]
fn keys_are_shown_without_their_secrets_and_facts_say_who_made_them() {
    let site = Site::demo();
    site.check(
        "
        key list                              => 0 there are no keys
        key make line-1 --role supervisor     => 2 supervisor is no role of a key
        key make Line_1                       => 2 a name begins with a letter
        key make collector --role auditor     => 0 packtree_collector_
        key make collector                    => 1 choose another name
        key disable line-9                    => 1 there is no key line-9
        ",
    );
    let made = site.json("key make line-1 --actor jane");
    let secret = made["secret"].as_str().unwrap();
    assert!(secret.starts_with("packtree_line-1_"), "{made}");
    let keys = site.json("key list");
    let named: Vec<_> = keys.as_array().unwrap().iter().map(|key| (&key["id"], &key["role"], &key["scopes"])).collect();
    let (none, auditor, machine) = (json!([]), json!("auditor"), json!("machine"));
    assert_eq!(named, [(&json!("collector"), &auditor, &none), (&json!("line-1"), &machine, &none)]);
    assert!(!keys.to_string().contains("secret") && !keys.to_string().contains(secret), "{keys}");
    assert_eq!(site.json("key disable line-1")["disabled"], true);
    site.check("verify => 0 whole: 17 facts");
}

#[test]
fn looking_for_keys_begins_no_directory() {
    let site = Site::empty();
    site.check(
        "
        key list            => 2 there is no Packtree data in
        key disable line-1  => 2 data
        key make Line_1     => 2 a name begins with a letter
        ",
    );
    assert!(!site.data().exists());
}
