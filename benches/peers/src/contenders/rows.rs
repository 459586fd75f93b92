//! What the stores of keys and values have in common: a row for each object with its parent and whether it is of the lot, a row for
//! each lot with whether it is on hold, and an index from a parent to its children.

use anyhow::{Context, Result, ensure};

use crate::workload::LOT;

/// The state as one reads it.
pub(super) trait Reading {
    fn row(&self, key: &[u8]) -> Result<Option<Vec<u8>>>;

    /// The keys of the index that begin so.
    fn links(&self, prefix: &[u8]) -> Result<Vec<Vec<u8>>>;
}

/// A transaction.
pub(super) trait Writing: Reading {
    fn put(&mut self, key: &[u8], row: &[u8]) -> Result<()>;
    fn link(&mut self, link: &[u8]) -> Result<()>;
    fn unlink(&mut self, link: &[u8]) -> Result<()>;
}

/// A row: a byte that says whether the object is of the lot, and the parent's key, which is empty for what is loose.
pub(super) fn row(is_of_lot: bool, parent: &[u8]) -> Vec<u8> {
    [&[u8::from(is_of_lot)], parent].concat()
}

/// The key of the lot's row; no identifier begins so.
pub(super) fn lot_key() -> Vec<u8> {
    [&[2], LOT.as_bytes()].concat()
}

pub(super) fn pack(rows: &mut impl Writing, parent: &[u8], child: &[u8]) -> Result<()> {
    let known = find(rows, child)?;
    ensure!(known.len() == 1, "the child is in a container");
    rows.put(child, &row(known[0] == 1, parent))?;
    rows.link(&link(parent, child))
}

pub(super) fn unpack(rows: &mut impl Writing, child: &[u8]) -> Result<()> {
    let known = find(rows, child)?;
    ensure!(1 < known.len(), "the child is in no container");
    rows.put(child, &known[..1])?;
    rows.unlink(&link(&known[1..], child))
}

pub(super) fn is_held(rows: &impl Reading, object: &[u8]) -> Result<bool> {
    Ok(find(rows, object)?[0] == 1 && find(rows, &lot_key())?[0] == 1)
}

pub(super) fn root(rows: &impl Reading, object: &[u8]) -> Result<Vec<u8>> {
    let mut root = object.to_vec();
    loop {
        let known = find(rows, &root)?;
        if known.len() == 1 {
            return Ok(root);
        }
        root = known[1..].to_vec();
    }
}

/// Everything below a container, level by level.
pub(super) fn below(rows: &impl Reading, container: &[u8]) -> Result<Vec<Vec<u8>>> {
    let mut below = children(rows, container)?;
    let mut next = 0;
    while let Some(object) = below.get(next) {
        // Units hold nothing, and their keys say that they are units.
        if object[0] == 0 {
            let children = children(rows, object)?;
            below.extend(children);
        }
        next += 1;
    }
    Ok(below)
}

pub(super) fn find(rows: &impl Reading, key: &[u8]) -> Result<Vec<u8>> {
    rows.row(key)?.context("the object is not known")
}

fn children(rows: &impl Reading, parent: &[u8]) -> Result<Vec<Vec<u8>>> {
    let prefix = link(parent, &[]);
    let links = rows.links(&prefix)?;
    Ok(links.into_iter().map(|link| link[prefix.len()..].to_vec()).collect())
}

/// The length comes first, so that no parent's links begin as another's.
fn link(parent: &[u8], child: &[u8]) -> Vec<u8> {
    [&[parent.len() as u8], parent, child].concat()
}
