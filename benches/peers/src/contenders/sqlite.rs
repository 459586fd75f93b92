//! SQLite: one table of objects, one of lots. WAL, `synchronous=FULL`, prepared statements, an index on the parent without which nobody
//! could ask what is in a case, and a checkpoint of the WAL every 40 MB instead of every 4.
//!
//! It runs twice: by the identifiers that a scanner sends, and by consecutive integers without any identifier, which is the best that it
//! can have.

use std::fmt::Debug;
use std::marker::PhantomData;
use std::path::Path;

use anyhow::{Result, ensure};
use rusqlite::types::FromSql;
use rusqlite::{Connection, OptionalExtension, ToSql, Transaction, TransactionBehavior, params};

use crate::contender::Contender;
use crate::machine;
use crate::workload::{GROUP_OBJECTS, LOT, Level, Object, Pack, Size};

/// What objects are found by.
pub(crate) trait Keys {
    type Key: ToSql + FromSql + Clone + Debug + PartialEq;

    /// The column that has it.
    const COLUMN: &str;

    fn key(object: Object, size: Size) -> Self::Key;
}

pub(crate) enum Identifiers {}

pub(crate) enum Integers {}

impl Keys for Identifiers {
    type Key = Vec<u8>;

    const COLUMN: &str = "identifier";

    fn key(object: Object, _: Size) -> Vec<u8> {
        object.bytes()
    }
}

impl Keys for Integers {
    type Key = i64;

    const COLUMN: &str = "id";

    fn key(object: Object, size: Size) -> i64 {
        object.consecutive(size) as i64
    }
}

pub(crate) struct Sqlite<K> {
    connection: Connection,
    size: Size,
    statements: Statements,
    keys: PhantomData<K>,
}

/// The texts by which prepared statements are found again. To SQLite, CROSS JOIN means that the left side is walked and the right one
/// looked up.
struct Statements {
    insert: String,
    find: String,
    pack: String,
    unpack: String,
    unpack_below: String,
    is_held: String,
    root: String,
    contents: String,
}

impl Statements {
    fn by(column: &str) -> Self {
        let below = format!(
            "WITH RECURSIVE below(id, key) AS (
                 SELECT id, {column} FROM object WHERE parent = (SELECT id FROM object WHERE {column} = ?1)
                 UNION ALL SELECT object.id, object.{column} FROM below CROSS JOIN object ON object.parent = below.id)"
        );
        Self {
            insert: format!("INSERT INTO object ({column}, lot) VALUES (?1, ?2)"),
            find: format!("SELECT id FROM object WHERE {column} = ?1"),
            pack: format!("UPDATE object SET parent = ?1 WHERE {column} = ?2 AND parent IS NULL"),
            unpack: format!("UPDATE object SET parent = NULL WHERE {column} = ?1 AND parent IS NOT NULL"),
            unpack_below: format!("{below} UPDATE object SET parent = NULL WHERE id IN (SELECT id FROM below)"),
            is_held: format!("SELECT held FROM lot JOIN object ON object.lot = lot.id WHERE object.{column} = ?1"),
            root: format!(
                "WITH RECURSIVE up(id, parent) AS (
                     SELECT id, parent FROM object WHERE {column} = ?1
                     UNION ALL SELECT object.id, object.parent FROM up CROSS JOIN object ON object.id = up.parent)
                 SELECT {column} FROM object WHERE id = (SELECT id FROM up WHERE parent IS NULL)"
            ),
            contents: format!("{below} SELECT key FROM below"),
        }
    }
}

impl<K: Keys> Sqlite<K> {
    fn transaction(&mut self) -> Result<(Transaction<'_>, &Statements)> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        Ok((transaction, &self.statements))
    }
}

fn find<Key: ToSql>(connection: &Connection, statements: &Statements, key: &Key) -> Result<i64> {
    Ok(connection.prepare_cached(&statements.find)?.query_row(params![key], |row| row.get(0))?)
}

fn changed<Key: ToSql>(connection: &Connection, statement: &str, values: &[&Key], parent: Option<i64>) -> Result<()> {
    let mut statement = connection.prepare_cached(statement)?;
    for value in values {
        let count = match parent {
            Some(parent) => statement.execute(params![parent, value])?,
            None => statement.execute(params![value])?,
        };
        ensure!(count == 1, "the child is not where it must be");
    }
    Ok(())
}

impl<K: Keys> Contender for Sqlite<K> {
    type Key = K::Key;

    fn open(folder: &Path, size: Size) -> Result<Self> {
        const CACHED_STATEMENTS: usize = 32;
        const WAL_PAGES: u32 = 10_000;
        let connection = Connection::open(folder.join("peers.db"))?;
        connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "wal_autocheckpoint", WAL_PAGES)?;
        connection.pragma_update(None, "cache_size", -((machine::cache_bytes()? >> 10) as i64))?;
        let identifier = if K::COLUMN == "identifier" { "identifier BLOB NOT NULL UNIQUE," } else { "" };
        connection.execute_batch(&format!(
            "CREATE TABLE IF NOT EXISTS lot (id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, held INTEGER NOT NULL) STRICT;
             CREATE TABLE IF NOT EXISTS object (id INTEGER PRIMARY KEY, {identifier} parent INTEGER, lot INTEGER) STRICT;
             CREATE INDEX IF NOT EXISTS object_parent ON object (parent) WHERE parent IS NOT NULL;
             INSERT OR IGNORE INTO lot (id, number, held) VALUES (1, '{LOT}', FALSE);"
        ))?;
        Ok(Self { connection, size, statements: Statements::by(K::COLUMN), keys: PhantomData })
    }

    fn key(&self, object: Object) -> K::Key {
        K::key(object, self.size)
    }

    fn commission(&mut self, level: Level, objects: Vec<K::Key>) -> Result<()> {
        let lot = (level == Level::Unit).then_some(1);
        for group in objects.chunks(GROUP_OBJECTS) {
            let (transaction, statements) = self.transaction()?;
            let mut insert = transaction.prepare_cached(&statements.insert)?;
            for object in group {
                insert.execute(params![object, lot])?;
            }
            drop(insert);
            transaction.commit()?;
        }
        Ok(())
    }

    fn pack(&mut self, packs: Vec<Pack<K::Key>>) -> Result<()> {
        for group in super::groups(&packs) {
            let (transaction, statements) = self.transaction()?;
            for pack in group {
                let parent = find(&transaction, statements, &pack.parent)?;
                let children: Vec<&K::Key> = pack.children.iter().collect();
                changed(&transaction, &statements.pack, &children, Some(parent))?;
            }
            transaction.commit()?;
        }
        Ok(())
    }

    fn pack_one(&mut self, parent: K::Key, child: K::Key) -> Result<()> {
        let (transaction, statements) = self.transaction()?;
        let parent = find(&transaction, statements, &parent)?;
        changed(&transaction, &statements.pack, &[&child], Some(parent))?;
        Ok(transaction.commit()?)
    }

    fn unpack_one(&mut self, child: K::Key) -> Result<()> {
        // A statement alone is a transaction of its own.
        changed(&self.connection, &self.statements.unpack, &[&child], None)
    }

    fn unpack_below(&mut self, container: K::Key) -> Result<()> {
        self.connection.prepare_cached(&self.statements.unpack_below)?.execute(params![container])?;
        Ok(())
    }

    fn hold_lot(&mut self, held: bool) -> Result<()> {
        let mut hold = self.connection.prepare_cached("UPDATE lot SET held = ?1 WHERE number = ?2")?;
        ensure!(hold.execute(params![held, LOT])? == 1, "the lot is known");
        Ok(())
    }

    fn is_held(&mut self, object: &K::Key) -> Result<bool> {
        let mut is_held = self.connection.prepare_cached(&self.statements.is_held)?;
        Ok(is_held.query_row(params![object], |row| row.get(0)).optional()?.unwrap_or(false))
    }

    fn root(&mut self, object: &K::Key) -> Result<K::Key> {
        Ok(self.connection.prepare_cached(&self.statements.root)?.query_row(params![object], |row| row.get(0))?)
    }

    fn contents(&mut self, container: &K::Key) -> Result<Vec<K::Key>> {
        let mut contents = self.connection.prepare_cached(&self.statements.contents)?;
        let rows = contents.query_map(params![container], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn objects(&mut self) -> Result<u64> {
        let count: i64 = self.connection.query_row("SELECT count(*) FROM object", [], |row| row.get(0))?;
        Ok(count as u64)
    }

    fn close(self) -> Result<()> {
        self.connection.close().map_err(|(_, error)| error)?;
        Ok(())
    }
}
