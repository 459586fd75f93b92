//! PostgreSQL on the same disk, over a Unix socket: the tables of SQLite, `synchronous_commit=on`. Objects come in by COPY, whole groups
//! are packed by one statement over arrays. The script `postgres` beside this package starts and stops the server.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use postgres::binary_copy::BinaryCopyInWriter;
use postgres::types::Type;
use postgres::{Client, Config, NoTls, Statement};

use crate::contender::{Absent, Contender};
use crate::machine;
use crate::workload::{GROUP_OBJECTS, LOT, Level, Object, Pack, Size};

const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS lot (id integer PRIMARY KEY, number text NOT NULL UNIQUE, held boolean NOT NULL);
    CREATE TABLE IF NOT EXISTS object (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, identifier bytea NOT NULL UNIQUE, parent bigint, lot integer);
    CREATE INDEX IF NOT EXISTS object_parent ON object (parent) WHERE parent IS NOT NULL;";

const BELOW: &str = "
    WITH RECURSIVE below(id, identifier) AS (
        SELECT id, identifier FROM object WHERE parent = (SELECT id FROM object WHERE identifier = $1)
        UNION ALL SELECT object.id, object.identifier FROM below JOIN object ON object.parent = below.id)";

/// Whatever is asked for is a small part of the table and found by an index; the planner, which cannot know how much is below a
/// container, would read the whole table now and then.
const PLANS: &str = "SET enable_hashjoin = off; SET enable_mergejoin = off;";

pub(crate) struct Postgres {
    statements: Statements,
    client: Client,
    server: Server,
}

struct Statements {
    find: Statement,
    pack: Statement,
    pack_one: Statement,
    unpack_one: Statement,
    unpack_below: Statement,
    hold_lot: Statement,
    is_held: Statement,
    root: Statement,
    contents: Statement,
}

impl Statements {
    fn prepare(client: &mut Client) -> Result<Self> {
        let mut prepare = |text: &str| client.prepare(text);
        Ok(Self {
            find: prepare(
                "SELECT object.id FROM unnest($1::bytea[]) WITH ORDINALITY AS named (identifier, place)
                 JOIN object USING (identifier) ORDER BY named.place",
            )?,
            pack: prepare(
                "UPDATE object SET parent = packed.parent FROM unnest($1::bigint[], $2::bytea[]) AS packed (parent, child)
                 WHERE object.identifier = packed.child AND object.parent IS NULL",
            )?,
            pack_one: prepare(
                "UPDATE object SET parent = container.id FROM object AS container
                 WHERE container.identifier = $1 AND object.identifier = $2 AND object.parent IS NULL",
            )?,
            unpack_one: prepare("UPDATE object SET parent = NULL WHERE identifier = $1 AND parent IS NOT NULL")?,
            unpack_below: prepare(&format!(
                "{BELOW} UPDATE object SET parent = NULL WHERE id IN (SELECT id FROM below)"
            ))?,
            hold_lot: prepare("UPDATE lot SET held = $1 WHERE number = $2")?,
            is_held: prepare("SELECT held FROM lot JOIN object ON object.lot = lot.id WHERE object.identifier = $1")?,
            root: prepare(
                "WITH RECURSIVE up(id, parent, identifier) AS (
                     SELECT id, parent, identifier FROM object WHERE identifier = $1
                     UNION ALL SELECT object.id, object.parent, object.identifier
                     FROM up JOIN object ON object.id = up.parent)
                 SELECT identifier FROM up WHERE parent IS NULL",
            )?,
            contents: prepare(&format!("{BELOW} SELECT identifier FROM below"))?,
        })
    }
}

/// A running server, stopped when it is dropped; the script also stops it when this process is gone.
struct Server {
    folder: PathBuf,
}

impl Server {
    fn start(folder: &Path) -> Result<Self> {
        let megabytes = (machine::cache_bytes()? >> 20).to_string();
        let folder = folder.canonicalize()?;
        let output = script("start", &folder).args([megabytes, std::process::id().to_string()]).output()?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let reason = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("the script said nothing");
            bail!(Absent(reason.to_owned()));
        }
        Ok(Self { folder })
    }

    /// Asks until the server answers.
    fn connect(&self) -> Result<Client> {
        const PATIENCE: Duration = Duration::from_secs(60);
        let start = Instant::now();
        let mut config = Config::new();
        config.host_path(&self.folder).user("packtree").dbname("postgres");
        loop {
            match config.connect(NoTls) {
                Ok(client) => return Ok(client),
                Err(error) if PATIENCE < start.elapsed() => return Err(error).context("the server does not answer"),
                Err(_) => thread::sleep(Duration::from_millis(1)),
            }
        }
    }

    fn stop(&self) -> Result<()> {
        let output = script("stop", &self.folder).output()?;
        ensure!(output.status.success(), "the server does not stop: {}", String::from_utf8_lossy(&output.stderr));
        Ok(())
    }

    /// The memory of all its processes, what they share counted once.
    fn memory(&self) -> Result<u64> {
        let lines = std::fs::read_to_string(self.folder.join("data/postmaster.pid"))?;
        let first = lines.lines().next().context("the server wrote its number down")?;
        let children = std::fs::read_to_string(format!("/proc/{first}/task/{first}/children"))?;
        let processes = children.split_whitespace().chain([first]);
        // One that has just ended has no memory.
        Ok(processes.map(|process| machine::proportional_bytes(process).unwrap_or(0)).sum())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // What fails here has been reported already, or the script's watch stops the server.
        let _ = self.stop();
    }
}

fn script(verb: &str, folder: &Path) -> Command {
    let mut command = Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("postgres"));
    command.arg(verb).arg(folder);
    command
}

impl Contender for Postgres {
    type Key = Vec<u8>;

    fn open(folder: &Path, _: Size) -> Result<Self> {
        let server = Server::start(folder)?;
        let mut client = server.connect()?;
        client.batch_execute(TABLES)?;
        client.batch_execute(PLANS)?;
        client.execute("INSERT INTO lot VALUES (1, $1, FALSE) ON CONFLICT DO NOTHING", &[&LOT])?;
        Ok(Self { statements: Statements::prepare(&mut client)?, client, server })
    }

    fn key(&self, object: Object) -> Vec<u8> {
        object.bytes()
    }

    fn commission(&mut self, level: Level, objects: Vec<Vec<u8>>) -> Result<()> {
        let lot = (level == Level::Unit).then_some(1_i32);
        for group in objects.chunks(GROUP_OBJECTS) {
            let copy = self.client.copy_in("COPY object (identifier, lot) FROM STDIN (FORMAT binary)")?;
            let mut copy = BinaryCopyInWriter::new(copy, &[Type::BYTEA, Type::INT4]);
            for object in group {
                copy.write(&[object, &lot])?;
            }
            ensure!(copy.finish()? == group.len() as u64, "objects are missing");
        }
        Ok(())
    }

    fn settle(&mut self) -> Result<()> {
        // Its own maintenance would come to it within a minute.
        Ok(self.client.batch_execute("VACUUM (ANALYZE) object")?)
    }

    fn pack(&mut self, packs: Vec<Pack<Vec<u8>>>) -> Result<()> {
        for group in super::groups(&packs) {
            let named: Vec<&[u8]> = group.iter().map(|pack| pack.parent.as_slice()).collect();
            let children: Vec<&[u8]> = group.iter().flat_map(|pack| &pack.children).map(Vec::as_slice).collect();
            let mut transaction = self.client.transaction()?;
            let found = transaction.query(&self.statements.find, &[&named])?;
            ensure!(found.len() == group.len(), "a parent is not known");
            // Each parent as often as it gets a child.
            let parents = found.iter().zip(group).flat_map(|(row, pack)| vec![row.get(0); pack.children.len()]);
            let parents: Vec<i64> = parents.collect();
            let changed = transaction.execute(&self.statements.pack, &[&parents, &children])?;
            ensure!(changed == children.len() as u64, "a child is not where it must be");
            transaction.commit()?;
        }
        Ok(())
    }

    fn pack_one(&mut self, parent: Vec<u8>, child: Vec<u8>) -> Result<()> {
        let changed = self.client.execute(&self.statements.pack_one, &[&parent, &child])?;
        ensure!(changed == 1, "the child is not where it must be");
        Ok(())
    }

    fn unpack_one(&mut self, child: Vec<u8>) -> Result<()> {
        ensure!(self.client.execute(&self.statements.unpack_one, &[&child])? == 1, "the child is in no container");
        Ok(())
    }

    fn unpack_below(&mut self, container: Vec<u8>) -> Result<()> {
        self.client.execute(&self.statements.unpack_below, &[&container])?;
        Ok(())
    }

    fn hold_lot(&mut self, held: bool) -> Result<()> {
        ensure!(self.client.execute(&self.statements.hold_lot, &[&held, &LOT])? == 1, "the lot is known");
        Ok(())
    }

    fn is_held(&mut self, object: &Vec<u8>) -> Result<bool> {
        let row = self.client.query_opt(&self.statements.is_held, &[object])?;
        Ok(row.is_some_and(|row| row.get(0)))
    }

    fn root(&mut self, object: &Vec<u8>) -> Result<Vec<u8>> {
        Ok(self.client.query_one(&self.statements.root, &[object])?.get(0))
    }

    fn contents(&mut self, container: &Vec<u8>) -> Result<Vec<Vec<u8>>> {
        let rows = self.client.query(&self.statements.contents, &[container])?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    fn objects(&mut self) -> Result<u64> {
        let count: i64 = self.client.query_one("SELECT count(*) FROM object", &[])?.get(0);
        Ok(count as u64)
    }

    fn close(self) -> Result<()> {
        self.client.close()?;
        self.server.stop()
    }

    fn memory(&self) -> Result<u64> {
        self.server.memory()
    }

    fn disk(folder: &Path) -> Result<u64> {
        // Of the log, which it reuses, only the tables' part counts.
        machine::allocated_bytes(&folder.join("data/base"))
    }
}
