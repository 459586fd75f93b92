//! redb: a B-tree of keys and values that is copied on writing. Each transaction is durable when its commit returns, which is its default.

use std::path::Path;

use anyhow::{Result, ensure};
use redb::{Database, ReadOnlyTable, ReadableDatabase, ReadableTable, ReadableTableMetadata, Table, TableDefinition};

use super::rows::{self, Reading, Writing};
use crate::contender::Contender;
use crate::machine;
use crate::workload::{GROUP_OBJECTS, Level, Object, Pack, Size};

const OBJECTS: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("objects");
const CHILDREN: TableDefinition<'_, &[u8], ()> = TableDefinition::new("children");

pub(crate) struct Redb {
    database: Database,
}

/// The two tables, in a transaction that writes or one that reads.
struct Tables<Objects, Children> {
    objects: Objects,
    children: Children,
}

type Written<'t> = Tables<Table<'t, &'static [u8], &'static [u8]>, Table<'t, &'static [u8], ()>>;
type Read = Tables<ReadOnlyTable<&'static [u8], &'static [u8]>, ReadOnlyTable<&'static [u8], ()>>;

impl Redb {
    fn write(&self, change: impl FnOnce(&mut Written<'_>) -> Result<()>) -> Result<()> {
        let transaction = self.database.begin_write()?;
        let mut tables =
            Tables { objects: transaction.open_table(OBJECTS)?, children: transaction.open_table(CHILDREN)? };
        change(&mut tables)?;
        drop(tables);
        Ok(transaction.commit()?)
    }

    fn read(&self) -> Result<Read> {
        let transaction = self.database.begin_read()?;
        Ok(Tables { objects: transaction.open_table(OBJECTS)?, children: transaction.open_table(CHILDREN)? })
    }
}

impl<Objects, Children> Reading for Tables<Objects, Children>
where
    Objects: ReadableTable<&'static [u8], &'static [u8]>,
    Children: ReadableTable<&'static [u8], ()>,
{
    fn row(&self, key: &[u8]) -> Result<Option<Vec<u8>>> {
        Ok(self.objects.get(key)?.map(|row| row.value().to_vec()))
    }

    fn links(&self, prefix: &[u8]) -> Result<Vec<Vec<u8>>> {
        let mut links = Vec::new();
        for link in self.children.range(prefix..)? {
            let (link, ()) = link.map(|(link, _)| (link, ()))?;
            if !link.value().starts_with(prefix) {
                break;
            }
            links.push(link.value().to_vec());
        }
        Ok(links)
    }
}

impl Writing for Written<'_> {
    fn put(&mut self, key: &[u8], row: &[u8]) -> Result<()> {
        self.objects.insert(key, row)?;
        Ok(())
    }

    fn link(&mut self, link: &[u8]) -> Result<()> {
        self.children.insert(link, ())?;
        Ok(())
    }

    fn unlink(&mut self, link: &[u8]) -> Result<()> {
        ensure!(self.children.remove(link)?.is_some(), "the index lacks a child");
        Ok(())
    }
}

impl Contender for Redb {
    type Key = Vec<u8>;

    fn open(folder: &Path, _: Size) -> Result<Self> {
        let file = folder.join("peers.redb");
        let database = Database::builder().set_cache_size(machine::cache_bytes()? as usize).create(file)?;
        let store = Self { database };
        store.write(|tables| {
            if tables.row(&rows::lot_key())?.is_none() {
                tables.put(&rows::lot_key(), &rows::row(false, &[]))?;
            }
            Ok(())
        })?;
        Ok(store)
    }

    fn key(&self, object: Object) -> Vec<u8> {
        object.bytes()
    }

    fn commission(&mut self, level: Level, objects: Vec<Vec<u8>>) -> Result<()> {
        let row = rows::row(level == Level::Unit, &[]);
        for group in objects.chunks(GROUP_OBJECTS) {
            self.write(|tables| {
                for object in group {
                    let known = tables.objects.insert(object.as_slice(), row.as_slice())?;
                    ensure!(known.is_none(), "it was commissioned before");
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    fn pack(&mut self, packs: Vec<Pack<Vec<u8>>>) -> Result<()> {
        for group in super::groups(&packs) {
            self.write(|tables| {
                for pack in group {
                    rows::find(tables, &pack.parent)?;
                    pack.children.iter().try_for_each(|child| rows::pack(tables, &pack.parent, child))?;
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    fn pack_one(&mut self, parent: Vec<u8>, child: Vec<u8>) -> Result<()> {
        self.write(|tables| {
            rows::find(tables, &parent)?;
            rows::pack(tables, &parent, &child)
        })
    }

    fn unpack_one(&mut self, child: Vec<u8>) -> Result<()> {
        self.write(|tables| rows::unpack(tables, &child))
    }

    fn unpack_below(&mut self, container: Vec<u8>) -> Result<()> {
        self.write(|tables| {
            let below = rows::below(tables, &container)?;
            below.iter().try_for_each(|object| rows::unpack(tables, object))
        })
    }

    fn hold_lot(&mut self, held: bool) -> Result<()> {
        self.write(|tables| tables.put(&rows::lot_key(), &rows::row(held, &[])))
    }

    fn is_held(&mut self, object: &Vec<u8>) -> Result<bool> {
        rows::is_held(&self.read()?, object)
    }

    fn root(&mut self, object: &Vec<u8>) -> Result<Vec<u8>> {
        rows::root(&self.read()?, object)
    }

    fn contents(&mut self, container: &Vec<u8>) -> Result<Vec<Vec<u8>>> {
        rows::below(&self.read()?, container)
    }

    fn objects(&mut self) -> Result<u64> {
        // The lot has a row too.
        Ok(self.read()?.objects.len()? - 1)
    }

    fn close(self) -> Result<()> {
        drop(self.database);
        Ok(())
    }
}
