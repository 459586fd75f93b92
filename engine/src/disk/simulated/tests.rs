//! The simulated disk drops, tears and fails as it says, and otherwise behaves as the real one.

use super::*;
use crate::disk::RealDisk;

fn written(disk: &dyn Disk, name: &str, bytes: &[u8]) -> Arc<dyn DiskFile> {
    let file = disk.create(name).unwrap();
    file.write_at(0, bytes).unwrap();
    file
}

/// What callers of any disk count on while nothing fails.
fn check_behaves(disk: &dyn Disk) {
    let file = written(disk, "a", b"hello");
    file.write_at(8, b"!").unwrap();
    assert_eq!(file.length().unwrap(), 9);
    let mut bytes = [7; 20];
    assert_eq!(file.read_at(0, &mut bytes).unwrap(), 9);
    assert_eq!(&bytes[..10], b"hello\0\0\0!\x07");
    assert_eq!(file.read_at(6, &mut bytes[..2]).unwrap(), 2);
    assert_eq!(file.read_at(9, &mut bytes).unwrap(), 0);
    assert_eq!(file.read_at(100, &mut bytes).unwrap(), 0);
    file.sync().unwrap();

    written(disk, "b", b"other");
    disk.rename("a", "b").unwrap();
    disk.sync_directory().unwrap();
    assert_eq!(disk.list().unwrap(), ["b"]);
    let reader = disk.open_to_read("b").unwrap();
    assert_eq!(reader.length().unwrap(), 9);
    assert!(reader.write_at(0, b"x").is_err());
    disk.open_to_write("b").unwrap().write_at(0, b"x").unwrap();
    let mut first = [0];
    assert_eq!((reader.read_at(0, &mut first).unwrap(), first), (1, *b"x"));

    // A file that is open can go on being read under another name, and after it was removed.
    disk.rename("b", "c").unwrap();
    disk.remove("c").unwrap();
    assert_eq!((reader.read_at(0, &mut first).unwrap(), first), (1, *b"x"));
    for missing in [disk.open_to_read("c").err(), disk.open_to_write("c").err(), disk.remove("c").err()] {
        assert_eq!(missing.unwrap().kind(), io::ErrorKind::NotFound);
    }
    assert_eq!(disk.rename("c", "d").unwrap_err().kind(), io::ErrorKind::NotFound);

    written(disk, "e", b"long");
    assert_eq!(disk.create("e").unwrap().length().unwrap(), 0);
    disk.remove("e").unwrap();
    assert_eq!(disk.list().unwrap(), Vec::<String>::new());

    assert_eq!(disk.holder().unwrap(), None);
    let lock = disk.lock().unwrap();
    let clone = lock.clone();
    drop(lock);
    assert!(matches!(disk.lock(), Err(LockError::Held { .. })));
    assert_eq!(disk.holder().unwrap().unwrap().pid, Some(std::process::id()));
    drop(clone);
    assert_eq!(disk.holder().unwrap(), None);
}

#[test]
fn the_simulated_disk_behaves() {
    check_behaves(&SimulatedDisk::new());
}

#[test]
fn the_real_disk_behaves() {
    let directory = tempfile::tempdir().unwrap();
    check_behaves(&RealDisk::open(directory.path()).unwrap());
}

#[test]
fn a_crash_keeps_what_was_synced_and_no_more() {
    let disk = SimulatedDisk::new();
    let file = written(&disk, "a", b"one");
    file.sync().unwrap();
    disk.sync_directory().unwrap();
    file.write_at(0, b"two").unwrap();
    written(&disk, "unsynced name", b"x").sync().unwrap();
    assert_eq!(disk.contents("a").unwrap(), b"two");

    let after = disk.crash(Survivors::Synced);
    assert_eq!(after.files().into_iter().collect::<Vec<_>>(), [("a".to_owned(), b"one".to_vec())]);
    let after = disk.crash(Survivors::Written);
    assert_eq!(after.contents("a").unwrap(), b"two");
    assert_eq!(after.contents("unsynced name").unwrap(), b"x");
}

#[test]
fn a_name_may_survive_without_its_bytes() {
    let disk = SimulatedDisk::new();
    written(&disk, "a", b"x");
    disk.sync_directory().unwrap();
    assert_eq!(disk.crash(Survivors::Synced).contents("a").unwrap(), b"");
}

#[test]
fn a_rename_that_was_not_synced_is_done_or_not_done() {
    let disk = SimulatedDisk::new();
    written(&disk, "a", b"new").sync().unwrap();
    written(&disk, "b", b"old").sync().unwrap();
    disk.sync_directory().unwrap();
    disk.rename("a", "b").unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..20 {
        let after = disk.crash(Survivors::Sectors { seed });
        let done = after.contents("a").is_none();
        assert_eq!(after.contents("b").unwrap(), if done { b"new" } else { b"old" });
        seen.insert(done);
    }
    assert_eq!(seen.len(), 2, "both happen");
}

#[test]
fn of_each_sector_one_of_its_contents_survives() {
    let disk = SimulatedDisk::new();
    let file = written(&disk, "a", &[0; 4 * SECTOR_BYTES]);
    file.sync().unwrap();
    disk.sync_directory().unwrap();
    file.write_at(100, &[1; 2 * SECTOR_BYTES]).unwrap();
    file.write_at(0, &[2; 4 * SECTOR_BYTES]).unwrap();
    let mut contents = [const { std::collections::BTreeSet::new() }; 4];
    for seed in 0..60 {
        let bytes = disk.crash(Survivors::Sectors { seed }).contents("a").unwrap();
        for (sector, seen) in bytes.chunks(SECTOR_BYTES).zip(&mut contents) {
            seen.insert(sector.to_vec());
        }
    }
    // Zeros, after the first write where it reached, after the second.
    assert_eq!(contents.map(|seen| seen.len()), [3, 3, 3, 2]);
}

#[test]
fn a_prefix_of_what_was_written_survives_up_to_a_byte() {
    let disk = SimulatedDisk::new();
    let (one, other) = (written(&disk, "a", &[0; 10]), written(&disk, "b", &[0; 10]));
    one.sync().unwrap();
    other.sync().unwrap();
    disk.sync_directory().unwrap();
    one.write_at(0, &[1; 10]).unwrap();
    other.write_at(0, &[1; 10]).unwrap();
    let mut lengths = std::collections::BTreeSet::new();
    for seed in 0..200 {
        let after = disk.crash(Survivors::Prefix { seed });
        let bytes = [after.contents("a").unwrap(), after.contents("b").unwrap()].concat();
        let length = bytes.iter().position(|byte| *byte == 0).unwrap_or(20);
        assert!(bytes[length..].iter().all(|byte| *byte == 0), "{bytes:?}");
        lengths.insert(length);
    }
    assert!(lengths.len() > 15, "{lengths:?}");
}

#[test]
fn a_failed_sync_drops_what_it_should_have_kept_and_the_next_one_says_nothing() {
    let disk = SimulatedDisk::new();
    let file = written(&disk, "a", b"kept");
    file.sync().unwrap();
    disk.sync_directory().unwrap();
    file.write_at(0, b"lost").unwrap();
    disk.fault_at(disk.calls() + 1, Fault::Io);
    file.sync().unwrap_err();
    assert_eq!(disk.contents("a").unwrap(), b"lost");
    file.sync().unwrap();
    assert_eq!(disk.crash(Survivors::Written).contents("a").unwrap(), b"lost");
    assert_eq!(disk.crash(Survivors::Synced).contents("a").unwrap(), b"kept");
}

#[test]
fn a_short_write_stores_half_and_says_so() {
    let disk = SimulatedDisk::new();
    let file = written(&disk, "a", b"....");
    disk.fault_at(disk.calls() + 1, Fault::ShortWrite);
    assert_eq!(file.write_at(0, b"half").unwrap_err().kind(), io::ErrorKind::StorageFull);
    assert_eq!(disk.contents("a").unwrap(), b"ha..");
    disk.fault_at(disk.calls() + 1, Fault::NoSpace);
    assert_eq!(file.write_at(0, b"full").unwrap_err().kind(), io::ErrorKind::StorageFull);
    assert_eq!(disk.contents("a").unwrap(), b"ha..");
}

#[test]
fn after_a_crash_every_call_fails_on_the_old_disk_and_works_on_the_new_one() {
    let disk = SimulatedDisk::new();
    let file = written(&disk, "a", b"x");
    disk.fault_at(disk.calls() + 1, Fault::Crash);
    file.sync().unwrap_err();
    file.write_at(0, b"y").unwrap_err();
    file.read_at(0, &mut [0]).unwrap_err();
    disk.create("b").unwrap_err();
    disk.open_to_read("a").unwrap_err();
    disk.list().unwrap_err();
    disk.sync_directory().unwrap_err();
    let after = disk.crash(Survivors::Written);
    check_behaves(&after.crash(Survivors::Synced));
    assert_eq!((after.calls(), after.contents("a").unwrap()), (0, b"x".to_vec()));
}

#[test]
fn calls_are_counted() {
    let disk = SimulatedDisk::new();
    let file = written(&disk, "a", b"x");
    file.sync().unwrap();
    disk.sync_directory().unwrap();
    disk.rename("a", "b").unwrap();
    disk.remove("b").unwrap();
    disk.list().unwrap();
    assert_eq!((disk.calls(), disk.writes(), disk.syncs()), (6, 1, 1));
}
