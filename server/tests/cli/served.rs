//! The verbs through a server that has the data open: what they do there, what is left to the server, and that the answers are the same.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::server::{Answer, PASSWORD, request};
use crate::support::{PROGRAM, Ran, Site};

/// The site of the demo with `packtree serve` around it, and keys of two machines.
struct Served {
    site: Site,
    process: Child,
    auditor: String,
}

impl Served {
    fn start() -> Self {
        let mut site = Site::demo();
        let mut command = site.command("serve --listen 127.0.0.1:0");
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut said = BufReader::new(process.stdout.take().unwrap());
        let mut printed = String::new();
        while !printed.contains("first-administrator") {
            assert_ne!(said.read_line(&mut printed).unwrap(), 0, "{printed}");
        }
        let address = printed.split("http://").nth(1).unwrap().split_whitespace().next().unwrap().parse().unwrap();
        let token = std::fs::read_to_string(site.data().join("server/first-administrator")).unwrap();
        let setup = json!({"token": token.trim(), "user": "ada", "password": PASSWORD});
        let answer = post(address, "/v1/setup", &[], &setup).expect(200);
        let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        let csrf = answer.json()["csrf"].as_str().unwrap().to_owned();
        let headers = [("Cookie", cookie.as_str()), ("X-Packtree-Csrf", csrf.as_str())];
        let key = |key: Value| {
            let made = post(address, "/v1/keys", &headers, &key).expect(201).json();
            made["secret"].as_str().unwrap().to_owned()
        };
        let machine = key(json!({"id": "handheld-7"}));
        let auditor = key(json!({"id": "collector", "role": "auditor"}));
        site.server = Some((format!("http://{address}"), machine));
        Self { site, process, auditor }
    }

    /// Ends the server in order; the site is a directory again.
    fn stop(mut self) -> Self {
        let stopped = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status().unwrap();
        assert!(stopped.success() && self.process.wait().unwrap().success());
        self.site.server = None;
        self
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // A test that failed leaves it running; one that has ended is not disturbed.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn post(address: SocketAddr, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request(address, "POST", path, headers, Some(body)).as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    Answer::read(&answer)
}

#[test]
fn a_server_and_its_directory_give_the_same_answers() {
    const ASKED: &[&str] = &[
        "tree P1",
        "tree P1 --all --depth 1",
        "tree U1",
        "tree C2 --at #9",
        "tree C1 --at #1",
        "tree C1 --at 2001-01-01T00:00:00Z",
        "tree C3",
        "tree NEW",
        "inspect U1",
        "inspect P2",
        "inspect C1",
        "inspect NEW",
        "history U9",
        "history U9 --limit 2",
        "history C1 --limit 0",
        "history NEW",
        "parked",
        "checkpoint",
        "diff P1 --from #9",
        "diff P1 --from now --to #9",
        "diff C1 --from #14",
        "diff NEW --from #1",
        "reconcile C1 U1 U2 U3 U4 U5 U6",
        "reconcile C1 U1 U1 U7 U9 U99 U13",
        "dot P1",
        "dot NEW",
        "unpack C2 --dry-run",
        "unpack C2 --dry-run --time 2025-01-01T00:00:00Z",
        "merge C1 --into C2 --dry-run",
        "pack P1 C3 U1 --dry-run",
        "import document.json --dry-run",
        "import document.json",
    ];
    let served = Served::start();
    served.site.write(
        "document.json",
        r#"{"type": "EPCISDocument", "schemaVersion": "7", "creationDate": "2025-03-03T10:00:00Z", "epcisBody": {"eventList": [
            {"type": "AggregationEvent", "action": "ADD", "bizStep": "packing", "eventTime": "2025-11-23T10:15:01Z", "eventTimeZoneOffset":
            "+01:00", "parentID": "urn:epc:id:sscc:9521234.0500000001", "childEPCs": ["urn:epc:id:sgtin:9521234.054321.A0007"]}]}}"#,
    );
    served.site.check(
        "
        hold C1 --reason question        => 0 done: hold
        hold LOTA --reason question      => 0 done: hold
        ",
    );
    let ask = |site: &Site| -> Vec<(String, Ran)> {
        let lines = ASKED.iter().flat_map(|line| [(*line).to_owned(), format!("{line} --json")]);
        lines.map(|line| (site.run(&line), line)).map(|(ran, line)| (line, ran)).collect()
    };
    let through_the_server = ask(&served.site);
    let imported = through_the_server.iter().find(|(line, _)| line == "import document.json --dry-run --json");
    let report: Value = serde_json::from_str(&imported.unwrap().1.out).unwrap();
    assert_eq!(report["refused"][0]["file"], "document.json", "{report}");
    assert!(report["warnings"][0]["sentence"].as_str().unwrap().contains("schemaVersion"), "{report}");
    let served = served.stop();
    for ((line, one), (_, other)) in through_the_server.iter().zip(ask(&served.site)) {
        assert_eq!((&one.out, &one.err, one.code), (&other.out, &other.err, other.code), "{line}");
        assert!(!one.out.is_empty() || !one.err.is_empty() || line.contains("--limit 0"), "{line}");
    }
}

#[test]
fn every_verb_changes_what_a_server_has_open() {
    let served = Served::start();
    served.site.check(
        "
        commission '(01)09521234543213(21)B01' --range 3 --lot L9 --expiry 2029-01 => 0 commissioned 3 units of lot L9, expires 2029-01
        commission NEW --level case                  => 0 commissioned 1 case: NEW
        pack NEW '(01)09521234543213(21)B01' '(01)09521234543213(21)B02' => 0 done: pack, fact #
        tree NEW                                     => 0 case, 2 units, lot L9, expires 2029-01
        move '(01)09521234543213(21)B01' --into C1   => 0 into C1: (01)09521234543213(21)B01
        unpack '(01)09521234543213(21)B01' --from C1 => 0 out of C1: (01)09521234543213(21)B01
        unpack --all NEW                             => 0 out of NEW (inferred)
        unpack U13                                   => 0 out of C2: U13
        replace U1 U13 --fate rejected --reason dent => 0 rejected: U1
        swap U2 U7                                   => 0 done: swap
        relabel C1 '(00)095212345000000063'          => 0 relabelled from C1 to (00)095212345000000063
        split '(00)095212345000000063' U3 U4 --into '(00)095212345000000070' => 0 into (00)095212345000000070: U3, U4
        merge '(00)095212345000000070' --into C2     => 0 into C2: U3, U4
        reset C2 U7 U8                               => 0 done: reset
        close C2                                     => 0 closed: C2
        reopen C2 --reason recount                   => 0 open: C2
        hold C2 --reason question                    => 0 on hold: C2
        release C2 --reason answered                 => 0 released: C2
        correct-lot LOTA --expiry 2028-01-31 --reason typo => 0 has expiry 2028-01-31
        sample U8 --reason retain                    => 0 sampled: U8
        reject U10 --reason dent                     => 0 rejected: U10
        destroy U10 --reason dent                    => 0 destroyed: U10
        decommission U11 --reason old                => 0 decommissioned: U11
        void-ship P2 --reason 'truck broke down'     => 0 here
        ship P2                                      => 0 away: P2
        receive P2 --verified                        => 0 here, contents verified: P2
        ship P2                                      => 0 away: P2
        return C3                                    => 0 out of P2
        unpack --recursive P1                        => 0 out of P1
        ",
    );
    served.stop().site.check("verify => 0 whole:");
}

#[test]
fn what_was_done_through_a_server_says_who_did_it_and_is_done_once() {
    let served = Served::start();
    served.site.check(
        "
        unpack C1 --request-id rework-7 --reason 'wrong pallet' --station bay-4 => 0 done: unpack
        unpack C1 --request-id rework-7              => 0 the same request was done before
        unpack C2 --request-id rework-7              => 1 request_exists_with_different_content
        history C1 --limit 1                         => 0 unpack  handheld-7 (machine) at bay-4
        history C1 --limit 1                         => 0 because: wrong pallet
        unpack U7 --time 2026-01-02T03:04:05+02:00   => 0 done: unpack
        history U7 --limit 1                         => 0 2026-01-02T03:04:05+02:00  unpack  handheld-7
        pack C1 U25 U9                               => 1 refused: U9
        unpack U8 --time 2025-03-03T08:00:00+01:00   => 0 on record as late
        ",
    );
    let done = served.site.json("unpack U12 --reason damaged");
    assert_eq!((&done["outcome"], &done["operation"]), (&json!("done"), &json!("unpack")), "{done}");
    let refused = served.site.json("pack P1 C3 U1");
    assert_eq!((&refused["outcome"], refused["refused"].as_array().map(Vec::len)), (&json!("refused"), Some(2)));
}

#[test]
fn what_a_server_decides_by_itself_and_what_it_cannot_do_is_said() {
    let served = Served::start();
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/demo");
    File::create(served.site.folder().join("endless.xml")).unwrap().set_len((4 << 30) + 1).unwrap();
    served.site.check(&format!(
        "
        unpack C1 --actor jane --role supervisor     => 2 a server does not take --actor, --role
        unpack C1 --rules warehouse --dry-run        => 2 leave --rules out
        unpack C1 --late park                        => 2 decides by its own policy
        import {demo}/2-rework.jsonld --actor jane   => 2 a server does not take --actor
        import {demo}/1-packaging-line.xml {demo}/2-rework.jsonld --dry-run => 2 name one document
        import {demo}/1-packaging-line.xml {demo}/2-rework.jsonld => 0 from 2 documents:
        import missing.xml                           => 2 the document missing.xml cannot be read
        import {demo}/1-packaging-line.xml endless.xml                  => 2 a server takes 4 GiB at most
        verify                                       => 2 packtree backup
        salvage elsewhere                            => 2 stop the server
        backup elsewhere                             => 2 on the machine of the server with --data DIR
        restore elsewhere                            => 2 on the machine that is to serve the data
        serve                                        => 2 leave --server out
        demo                                         => 2 leave --server out
        key list                                     => 2 an administrator makes and disables keys
        tree P1 --data elsewhere                     => 2 both say where the data are
        gs1 parse C1                                 => 0 95212345000000018
        "
    ));
    let with_key = |key: &str, line: &str| {
        let site = &served.site;
        Ran::of(site.command(line).env("PACKTREE_KEY", key).output().unwrap())
    };
    let ran = with_key(&served.auditor, "tree P1");
    assert_eq!(ran.code, 0, "{ran:?}");
    let ran = with_key(&served.auditor, "unpack C1");
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains("do:"), "{ran:?}");
    let ran = with_key("packtree_handheld-7_00", "tree P1");
    assert!(ran.code == 2 && ran.err.contains("wrong or disabled") && ran.err.contains("PACKTREE_KEY"), "{ran:?}");

    // The directory belongs to the server, which is where to go.
    let in_use = Ran::of(
        Command::new(PROGRAM)
            .args(["tree", "(00)095212345000001008", "--data"])
            .arg(served.site.data())
            .output()
            .unwrap(),
    );
    assert_eq!(in_use.code, 2);
    assert!(in_use.err.contains("is in use by process") && in_use.err.contains("--server"), "{in_use:?}");
}

#[test]
fn the_environment_names_a_server_unless_the_arguments_name_a_directory() {
    let served = Served::start();
    let (url, key) = served.site.server.clone().unwrap();
    let run = |variables: &[(&str, &str)], line: &[&str]| {
        let mut command = Command::new(PROGRAM);
        for variable in ["PACKTREE_DATA", "PACKTREE_SERVER", "PACKTREE_KEY", "PACKTREE_CERTIFICATE"] {
            command.env_remove(variable);
        }
        let variables = variables.iter().copied();
        Ran::of(command.args(line).envs(variables).current_dir(served.site.folder()).output().unwrap())
    };
    let pallet = "(00)095212345000001008";
    let named = [("PACKTREE_SERVER", url.as_str()), ("PACKTREE_KEY", key.as_str())];
    assert_eq!(run(&named, &["tree", pallet]).code, 0);
    let elsewhere = run(&named, &["tree", pallet, "--data", "elsewhere"]);
    assert!(elsewhere.code == 2 && elsewhere.err.contains("elsewhere"), "{elsewhere:?}");
    let nobody = run(&named[..1], &["tree", pallet]);
    assert!(nobody.code == 2 && nobody.err.contains("PACKTREE_KEY"), "{nobody:?}");
    for (address, said) in [
        ("http://127.0.0.1:1", "cannot be reached"),
        ("127.0.0.1:8480", "is no address of a server"),
        ("https://127.0.0.1:8480", "PACKTREE_CERTIFICATE"),
        ("http://192.0.2.1:8480", "in the open"),
    ] {
        let ran = run(&named, &["tree", pallet, "--server", address]);
        assert!(ran.code == 2 && ran.err.split_whitespace().collect::<Vec<_>>().join(" ").contains(said), "{ran:?}");
    }
    let certificate = [named[0], named[1], ("PACKTREE_CERTIFICATE", "nowhere.pem")];
    let ran = run(&certificate, &["tree", pallet]);
    assert!(ran.code == 2 && ran.err.contains("the certificate nowhere.pem cannot be read"), "{ran:?}");
}

#[test]
fn a_server_that_goes_by_its_certificate_is_reached_where_that_is_trusted() {
    use packtree_server::serve::Settings;
    use packtree_server::serve::settings::Tls;

    let server = crate::server::Server::start_with(Settings { tls: Tls::SelfSigned, ..Settings::default() }, |_| {});
    let running = server.running.as_ref().unwrap();
    let key = server.runtime.block_on(running.access().key_for("handheld-7")).unwrap();
    let mut site = Site::empty();
    site.server = Some((format!("https://localhost:{}", server.address.port()), key));
    let run = |line: &str| {
        let certificate = running.own_certificate().unwrap();
        Ran::of(site.command(line).env("PACKTREE_CERTIFICATE", certificate).output().unwrap())
    };
    let ran = run("commission C1 --level case");
    assert!(ran.code == 0 && ran.out.contains("done: commission"), "{ran:?}");
    assert_eq!(run("tree C1").code, 0);
}
