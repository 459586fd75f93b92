//! What the tests of the journal share: facts that say where they belong, and a workload that keeps account.

use std::sync::Arc;

use packtree::disk::{Disk, SimulatedDisk, Survivors};
use packtree::journal::{AppendError, Group, Head, Journal, OpenError, Opening, Recovered, Sequence, Settings, verify};

/// Small segments, so that a few groups fill several.
pub(crate) const SEGMENT_BYTES: u64 = 4096;

pub(crate) fn opening() -> Opening {
    Opening { settings: Settings { segment_bytes: SEGMENT_BYTES }, ..Opening::new([7; 16], 1_000) }
}

/// An opened journal and the facts that it showed.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) journal: Journal,
    pub(crate) recovered: Recovered,
    pub(crate) facts: Vec<Vec<u8>>,
}

pub(crate) fn open_with(disk: &SimulatedDisk, opening: &Opening) -> Result<Opened, OpenError> {
    let disk: Arc<dyn Disk> = Arc::new(disk.clone());
    let mut facts = Vec::new();
    let lock = disk.lock().expect("nobody else holds the simulated disk");
    let (journal, recovered) = Journal::open(disk, lock, opening, &mut |frame| {
        facts.extend(frame.facts().map(|(_, fact)| fact.to_vec()));
        Ok(())
    })?;
    Ok(Opened { journal, recovered, facts })
}

pub(crate) fn open(disk: &SimulatedDisk) -> Result<Opened, OpenError> {
    open_with(disk, &opening())
}

/// Appends the next facts of the tests as one group, each a run of its own.
pub(crate) fn append(journal: &mut Journal, count: u64) -> Result<Head, AppendError> {
    let mut group = Group::new();
    let first = journal.head().sequence.next();
    for fact in facts_from(first, count) {
        group.push(&[&fact]).expect("the facts of the tests are short");
    }
    journal.append(first, &mut group, 1_000 + first.0.cast_signed())
}

/// Fact number `sequence` of the tests: its number, and bytes whose count varies with it. Some are longer than a
/// whole segment.
pub(crate) fn fact(sequence: u64) -> Vec<u8> {
    let length = if sequence % 197 == 150 { 5_000 } else { (sequence * 37 % 90) as usize };
    let mut bytes = sequence.to_le_bytes().to_vec();
    bytes.resize(8 + length, sequence as u8);
    bytes
}

/// So many facts from number `first` on.
pub(crate) fn facts_from(first: Sequence, count: u64) -> Vec<Vec<u8>> {
    (first.0..first.0 + count).map(fact).collect()
}

/// The first facts of the tests.
pub(crate) fn facts_to(last: u64) -> Vec<Vec<u8>> {
    facts_from(Sequence::FIRST, last)
}

/// One step of a workload.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    Append(u64),
    NoteHead,
    PrepareSegment,
    /// Close in order and open again.
    Reopen,
    /// Open again without closing.
    Restart,
}

/// What a workload got done until it ended or something failed.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    /// How many facts it handed over, and how many of those were acknowledged.
    pub(crate) submitted: u64,
    pub(crate) acknowledged: u64,
    pub(crate) head: Option<Head>,
    pub(crate) error: Option<String>,
}

/// Groups of one and of many facts, over several segments, with every way of ending in between.
pub(crate) const WORKLOAD: [Step; 23] = [
    Step::Append(1),
    Step::NoteHead,
    Step::Append(3),
    Step::NoteHead,
    Step::Append(1),
    Step::Append(20),
    Step::NoteHead,
    Step::Append(40),
    Step::NoteHead,
    Step::Append(2),
    Step::Reopen,
    Step::Append(1),
    Step::Append(25),
    Step::PrepareSegment,
    Step::Append(12),
    Step::PrepareSegment,
    Step::NoteHead,
    Step::Restart,
    Step::Append(30),
    Step::NoteHead,
    Step::Append(80),
    Step::Append(1),
    Step::NoteHead,
];

/// Runs a workload on a disk until something fails.
pub(crate) fn run(disk: &SimulatedDisk, opening: &Opening, steps: &[Step]) -> Progress {
    let mut progress = Progress::default();
    if let Err(error) = try_run(disk, opening, steps, &mut progress) {
        progress.error = Some(error.to_string());
    }
    progress
}

fn try_run(
    disk: &SimulatedDisk,
    opening: &Opening,
    steps: &[Step],
    progress: &mut Progress,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut journal = open_with(disk, opening)?.journal;
    for step in steps {
        match *step {
            Step::Append(count) => {
                progress.submitted += count;
                let appended = append(&mut journal, count);
                check_stopped(&mut journal, appended.as_ref());
                progress.head = Some(appended?);
                progress.acknowledged = progress.submitted;
            }
            Step::NoteHead => journal.note_head()?,
            Step::PrepareSegment => {
                journal.preparer().prepare();
            }
            Step::Reopen => {
                journal.close()?;
                journal = open_with(disk, opening)?.journal;
            }
            Step::Restart => {
                drop(journal);
                journal = open_with(disk, opening)?.journal;
            }
        }
    }
    Ok(())
}

/// After a failed append the journal must not take anything more, and must say why.
fn check_stopped(journal: &mut Journal, appended: Result<&Head, &AppendError>) {
    let Err(first) = appended else { return };
    let head = journal.head();
    let again = append(journal, 1).expect_err("the journal has stopped");
    assert_eq!(again.to_string(), first.to_string());
    assert_eq!(journal.note_head().unwrap_err().to_string(), first.to_string());
    assert_eq!(journal.head(), head);
    assert_eq!(journal.reader().head(), head);
}

/// What may be left after a crash; `seed` makes it differ from one call to the next.
pub(crate) fn survivors(seed: u64) -> Vec<Survivors> {
    let mut choices = vec![Survivors::Synced, Survivors::Written];
    for choice in 0..4 {
        choices.push(Survivors::Sectors { seed: seed * 31 + choice });
        choices.push(Survivors::Prefix { seed: seed * 31 + choice });
    }
    choices
}

/// Checks that everything acknowledged is there, nothing is invented, the chain is whole, and opening again gives the
/// same; then that the journal goes on from there.
#[track_caller]
pub(crate) fn check_recovers(disk: &SimulatedDisk, opening: &Opening, progress: &Progress) {
    let report = verify(disk).unwrap();
    assert!(report.whole, "{:?}", report.problems);
    let opening = Opening { expected: progress.head, ..*opening };
    let opened = open_with(disk, &opening).unwrap();
    let count = opened.facts.len() as u64;
    assert!(progress.acknowledged <= count, "{count} facts are left of {progress:?}");
    assert!(count <= progress.submitted, "{count} facts were found of {progress:?}");
    assert_eq!(opened.facts, facts_to(count));
    assert_eq!(opened.recovered.head.sequence, Sequence(count));
    assert_eq!(report.head.sequence, Sequence(count));
    drop(opened.journal);

    let again = open_with(disk, &opening).unwrap();
    assert_eq!(again.facts, opened.facts);
    assert_eq!(again.recovered.head, opened.recovered.head);
    assert_eq!(again.recovered.torn, None);
    let mut journal = again.journal;
    append(&mut journal, 30).unwrap();
    append(&mut journal, 1).unwrap();
    // Not even a crash takes what was found, or what was added: all of it has been made durable.
    drop(journal);
    let after = disk.crash(Survivors::Synced);
    assert_eq!(open_with(&after, &opening).unwrap().facts, facts_to(count + 31));
}
