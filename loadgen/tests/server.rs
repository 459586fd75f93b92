//! Against the program `packtree` as it is run: over HTTP, and killed.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::LazyLock;

use packtree::fact::Role;
use packtree_client::{Client, wire};
use serde_json::Value;

const PASSWORD: &str = "several plain words";

/// The program `packtree`. A test of the whole workspace has built it beside this one; a test of this package alone builds it here.
static PACKTREE: LazyLock<PathBuf> = LazyLock::new(|| {
    let loadgen = Path::new(env!("CARGO_BIN_EXE_loadgen"));
    let program = loadgen.with_file_name("packtree");
    if !program.exists() {
        let folder = loadgen.parent().and_then(Path::parent).expect("a program is built into a folder of its profile");
        let mut cargo = Command::new(env!("CARGO"));
        cargo
            .args(["build", "--locked", "--package", "packtree-server", "--bin", "packtree", "--target-dir"])
            .arg(folder);
        if !cfg!(debug_assertions) {
            cargo.arg("--release");
        }
        assert!(cargo.status().expect("cargo can be run").success(), "packtree cannot be built");
    }
    program
});

fn loadgen(folder: &Path, arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_loadgen"));
    command.args(arguments.split(' ')).current_dir(folder);
    command
}

fn words(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A server on the folder `site`, ended with the test.
struct Server {
    process: Child,
    address: String,
    key: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().expect("it has not ended before");
        self.process.wait().expect("it was killed");
    }
}

impl Server {
    fn start(folder: &Path) -> Self {
        let packtree = |arguments: &str| {
            let mut command = Command::new(&*PACKTREE);
            command.args(arguments.split(' ')).current_dir(folder).env_clear().env("PACKTREE_LOG_LEVEL", "warn");
            command
        };
        let made = packtree("key make loadgen --data site").output().expect("it can be run");
        assert!(made.status.success(), "{}", words(&made.stderr));
        let mut process =
            packtree("serve site --listen 127.0.0.1:0").stdout(Stdio::piped()).spawn().expect("it can be run");
        let mut lines = BufReader::new(process.stdout.take().expect("it is a pipe")).lines().map_while(Result::ok);
        let address = lines.find_map(|line| Some(line.trim().strip_prefix("screen")?.trim().to_owned()));
        let address = address.expect("the server says where it listens");
        Self { process, address, key: words(&made.stdout).trim().to_owned() }
    }

    fn play(&self, folder: &Path, arguments: &str) -> Output {
        self.play_as(folder, arguments, &[])
    }

    fn play_as(&self, folder: &Path, arguments: &str, variables: &[(&str, &str)]) -> Output {
        let mut command = loadgen(folder, &format!("run --target {} {arguments}", self.address));
        command.envs(variables.iter().copied()).env("PACKTREE_KEY", &self.key).output().expect("it can be run")
    }

    /// Makes the first administrator, as whoever reads the server's terminal may.
    fn set_up(&self, folder: &Path) -> Client {
        let token = std::fs::read_to_string(folder.join("site/server/first-administrator")).expect("there is none yet");
        let (token, user) = (token.trim().to_owned(), "ada".to_owned());
        let setup = wire::Setup { token, user, name: None, password: PASSWORD.to_owned() };
        let client = Client::builder(&self.address).build().expect("the address is right");
        client.set_up(&setup).expect("the token is right")
    }
}

#[test]
fn lines_play_against_a_server_and_everything_is_there() {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let server = Server::start(folder.path());
    let profile = "lines = 4\nline = \"6000upm\"\ncase = 5\npallet = 4\nrework = \"5%\"\nreject = \"5%\"\nmalformed = \"20%\"\n\
        retries = \"20%\"\nfor = \"2s\"\n\n[warehouse]\nbreak = \"15%\"\ntake = \"20%\"\ncount = \"20%\"\nhold = \"20%\"\nqueries = 600\n";
    std::fs::write(folder.path().join("site.toml"), profile).expect("there is room for a profile");
    let output = server.play(folder.path(), "--profile site.toml --seed 5 --json");
    let run: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", words(&output.stderr)));
    assert_eq!(run["verified"], true, "{}\n{}", run["problems"], words(&output.stderr));
    assert!(output.status.success(), "{}", words(&output.stderr));
    assert_eq!((&run["dropped"], &run["ended_early"]), (&Value::from(0), &Value::Null));
    assert!(0 < run["refused"].as_u64().expect("it is a number"), "what must be refused was sent too");
    for kind in ["pack", "retry", "query"] {
        assert!(run["latency_us"][kind]["count"].as_u64() > Some(0), "no {kind} in {}", run["latency_us"]);
    }
    // What is there now would be in the way of another run.
    let again = server.play(folder.path(), "--lines 1 --for 1s");
    assert_eq!(again.status.code(), Some(2));
    assert!(words(&again.stderr).contains("objects already"), "{}", words(&again.stderr));
}

#[test]
fn people_sign_in_scan_and_act_and_everything_is_there() {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let server = Server::start(folder.path());
    let profile = "lines = 4\nline = \"3000upm\"\ncase = 5\npallet = 4\nrework = \"5%\"\nreject = \"5%\"\nfor = \"4s\"\n\n\
        [warehouse]\nbreak = \"15%\"\ntake = \"20%\"\ncount = \"20%\"\nsample = \"20%\"\nhold = \"20%\"\nusers = 5\npace = \"50ms\"\n";
    std::fs::write(folder.path().join("site.toml"), profile).expect("there is room for a profile");
    let nobody = server.play(folder.path(), "--profile site.toml");
    assert_eq!(nobody.status.code(), Some(2));
    assert!(words(&nobody.stderr).contains("PACKTREE_ADMINISTRATOR"), "{}", words(&nobody.stderr));
    let administrator = server.set_up(folder.path());
    let of = |password| [("PACKTREE_ADMINISTRATOR", "ada"), ("PACKTREE_PASSWORD", password)];
    let wrong = server.play_as(folder.path(), "--profile site.toml", &of("no such words"));
    assert_eq!(wrong.status.code(), Some(2));
    assert!(words(&wrong.stderr).contains("ada makes no users"), "{}", words(&wrong.stderr));

    let output = server.play_as(folder.path(), "--profile site.toml --seed 5 --json", &of(PASSWORD));
    let run: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", words(&output.stderr)));
    assert_eq!(run["verified"], true, "{}\n{}", run["problems"], words(&output.stderr));
    assert_eq!((&run["dropped"], &run["ended_early"]), (&Value::from(0), &Value::Null));
    let count = |kind: &str| run["latency_us"][kind]["count"].as_u64().unwrap_or(0);
    assert_eq!(count("sign_in"), 5);
    assert!(0 < count("act") && count("act") < count("scan"), "{} acts, {} scans", count("act"), count("scan"));
    for kind in ["unpack", "reset", "sample", "hold", "release"] {
        assert_eq!(count(kind), 0, "{kind} is not of the lines");
    }
    // The facts are of those who were signed in.
    let users = administrator.users().expect("it answers");
    assert_eq!(users.iter().filter(|user| user.user.starts_with("warehouse-")).count(), 5);
    let facts = administrator.statistics().expect("it answers").facts;
    let acts = (1..=facts).filter(|fact| {
        let fact = administrator.fact(packtree::Sequence(*fact)).expect("it answers").expect("it is durable");
        let is_of_user = users.iter().any(|user| user.user == fact.actor.0.as_str());
        is_of_user && fact.role.0 == Role::Supervisor && fact.entry.0 == packtree::fact::Entry::Scan
    });
    assert_eq!(acts.count() as u64, count("act"));
}

#[test]
fn lines_play_against_a_server_as_fast_as_it_goes() {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let server = Server::start(folder.path());
    let output =
        server.play(folder.path(), "--lines 8 --rate max --case 5 --pallet 4 --units 8000 --for 20s --seed 6 --json");
    let run: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", words(&output.stderr)));
    assert_eq!(run["verified"], true, "{}\n{}", run["problems"], words(&output.stderr));
    assert_eq!((run["units"].as_u64(), run["objects"].as_u64()), (Some(8_000), Some(10_000)));
}

#[test]
fn nothing_is_lost_when_a_server_is_killed() {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let mut command = loadgen(folder.path(), "crash --cycles 10 --seed 3 --target embedded:site");
    let output = command.arg("--server").arg(&*PACKTREE).output().expect("it can be run");
    let report = words(&output.stdout);
    assert!(output.status.success(), "{report}{}", words(&output.stderr));
    assert!(report.contains("10 cycles (") && report.contains("nothing lost, nothing invented"), "{report}");
    assert!(!report.contains(" 0 operations"), "{report}");
    let engine =
        packtree::Engine::open(&folder.path().join("site"), packtree::Options::default()).expect("it is whole");
    assert!(engine.opened().checkpoint.is_some(), "checkpoints were written while it was killed");
}

#[test]
fn a_server_that_cannot_be_started_is_told() {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let output = loadgen(folder.path(), "crash --cycles 1 --server ./nothing").output().expect("it can be run");
    assert_eq!(output.status.code(), Some(2));
    assert!(words(&output.stderr).contains("./nothing cannot be started"), "{}", words(&output.stderr));
}
