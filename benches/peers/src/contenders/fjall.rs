//! fjall: a log-structured store of keys and values. Each batch is synced before it counts as committed.
//!
//! Checks read the store outside of the batch, which costs less than fjall's transactions and is right as long as one thread writes.

use std::path::Path;

use anyhow::{Result, ensure};
use fjall::{Database, Keyspace, KeyspaceCreateOptions, OwnedWriteBatch, PersistMode};

use super::rows::{self, Reading, Writing};
use crate::contender::Contender;
use crate::machine;
use crate::workload::{GROUP_OBJECTS, Level, Object, Pack, Size};

pub(crate) struct Fjall {
    database: Database,
    objects: Keyspace,
    children: Keyspace,
}

struct Batch<'f> {
    store: &'f Fjall,
    batch: OwnedWriteBatch,
}

impl Fjall {
    fn write(&self, change: impl FnOnce(&mut Batch<'_>) -> Result<()>) -> Result<()> {
        let batch = self.database.batch().durability(Some(PersistMode::SyncData));
        let mut batch = Batch { store: self, batch };
        change(&mut batch)?;
        Ok(batch.batch.commit()?)
    }
}

impl Reading for Fjall {
    fn row(&self, key: &[u8]) -> Result<Option<Vec<u8>>> {
        Ok(self.objects.get(key)?.map(|row| row.to_vec()))
    }

    fn links(&self, prefix: &[u8]) -> Result<Vec<Vec<u8>>> {
        self.children.prefix(prefix).map(|link| Ok(link.key()?.to_vec())).collect()
    }
}

impl Reading for Batch<'_> {
    fn row(&self, key: &[u8]) -> Result<Option<Vec<u8>>> {
        self.store.row(key)
    }

    fn links(&self, prefix: &[u8]) -> Result<Vec<Vec<u8>>> {
        self.store.links(prefix)
    }
}

impl Writing for Batch<'_> {
    fn put(&mut self, key: &[u8], row: &[u8]) -> Result<()> {
        self.batch.insert(&self.store.objects, key, row);
        Ok(())
    }

    fn link(&mut self, link: &[u8]) -> Result<()> {
        self.batch.insert(&self.store.children, link, []);
        Ok(())
    }

    fn unlink(&mut self, link: &[u8]) -> Result<()> {
        self.batch.remove(&self.store.children, link);
        Ok(())
    }
}

impl Contender for Fjall {
    type Key = Vec<u8>;

    fn open(folder: &Path, _: Size) -> Result<Self> {
        let database = Database::builder(folder).cache_size(machine::cache_bytes()?).open()?;
        let objects = database.keyspace("objects", KeyspaceCreateOptions::default)?;
        let children = database.keyspace("children", KeyspaceCreateOptions::default)?;
        Ok(Self { database, objects, children })
    }

    fn key(&self, object: Object) -> Vec<u8> {
        object.bytes()
    }

    fn commission(&mut self, level: Level, objects: Vec<Vec<u8>>) -> Result<()> {
        for group in objects.chunks(GROUP_OBJECTS) {
            self.write(|batch| {
                if batch.row(&rows::lot_key())?.is_none() {
                    batch.put(&rows::lot_key(), &rows::row(false, &[]))?;
                }
                for object in group {
                    ensure!(batch.row(object)?.is_none(), "it was commissioned before");
                    batch.put(object, &rows::row(level == Level::Unit, &[]))?;
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    fn pack(&mut self, packs: Vec<Pack<Vec<u8>>>) -> Result<()> {
        for group in super::groups(&packs) {
            self.write(|batch| {
                for pack in group {
                    rows::find(batch, &pack.parent)?;
                    pack.children.iter().try_for_each(|child| rows::pack(batch, &pack.parent, child))?;
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    fn pack_one(&mut self, parent: Vec<u8>, child: Vec<u8>) -> Result<()> {
        self.write(|batch| {
            rows::find(batch, &parent)?;
            rows::pack(batch, &parent, &child)
        })
    }

    fn unpack_one(&mut self, child: Vec<u8>) -> Result<()> {
        self.write(|batch| rows::unpack(batch, &child))
    }

    fn unpack_below(&mut self, container: Vec<u8>) -> Result<()> {
        self.write(|batch| {
            let below = rows::below(batch, &container)?;
            below.iter().try_for_each(|object| rows::unpack(batch, object))
        })
    }

    fn hold_lot(&mut self, held: bool) -> Result<()> {
        self.write(|batch| batch.put(&rows::lot_key(), &rows::row(held, &[])))
    }

    fn is_held(&mut self, object: &Vec<u8>) -> Result<bool> {
        rows::is_held(self, object)
    }

    fn root(&mut self, object: &Vec<u8>) -> Result<Vec<u8>> {
        rows::root(self, object)
    }

    fn contents(&mut self, container: &Vec<u8>) -> Result<Vec<Vec<u8>>> {
        rows::below(self, container)
    }

    fn objects(&mut self) -> Result<u64> {
        // The lot has a row too.
        Ok(self.objects.len()? as u64 - 1)
    }

    fn close(self) -> Result<()> {
        Ok(self.database.persist(PersistMode::SyncAll)?)
    }
}
