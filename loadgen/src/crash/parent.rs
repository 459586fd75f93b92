//! The process that starts the others and kills them, and keeps the books of what was acknowledged.

use std::io::{self, BufRead as _, BufReader, BufWriter, Read, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail, ensure};

use super::child::{Start, verify};
use super::place::{Place, Steps, objects};
use super::{Server, profile};
use crate::play::Stop;
use crate::profile::Profile;
use crate::random::mix;
use crate::target::{Embedded, Target as _};

/// The longest that a child may play before it is killed, and the longest from its start for one that is killed while it opens.
const PLAY_MAX_MS: u64 = 400;
const OPENING_MAX_MS: u64 = 60;

/// How long opening and comparing may take.
const OPENING_LIMIT: Duration = Duration::from_mins(2);

/// What is killed.
#[derive(Debug)]
pub(crate) enum Victim {
    /// This program, started again with the engine in it.
    Engine(PathBuf),
    Server(Server),
}

/// A process that is to be killed; it is when nobody waits for it any more.
struct Running {
    process: Child,
    said: Receiver<Said>,
    /// What plays against a server, and ends with it.
    player: Option<JoinHandle<Result<()>>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        // A process that has ended cannot be killed, and needs not.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What has to survive.
#[derive(Debug)]
pub(crate) struct Cycles {
    profile: Profile,
    seed: u64,
    folder: PathBuf,
    victim: Victim,
    start: Start,
    survived: Survived,
}

/// What has survived.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Survived {
    pub(crate) cycles: u64,
    /// Children that were killed before they had opened and compared.
    pub(crate) killed_while_opening: u64,
    pub(crate) acknowledged: u64,
    pub(crate) objects: u64,
    /// What was found wrong, in words; nothing where everything survived.
    pub(crate) problems: Vec<String>,
}

/// What a child has said.
enum Said {
    Checked,
    Acknowledged(usize),
    Problem(String),
}

impl Cycles {
    pub(crate) fn new(seed: u64, folder: PathBuf, victim: Victim) -> Self {
        let profile = profile();
        let lines = profile.lines.get() as usize;
        let places = vec![Place::default(); lines];
        let start = Start { seed, cycle: 0, places, from: vec![0; lines], objects_below: 0 };
        Self { profile, seed, folder, victim, start, survived: Survived::default() }
    }

    /// Starts a child, kills it at a random moment, and takes in what it had acknowledged; whether nothing was wrong.
    ///
    /// # Errors
    /// When a child cannot be started, or ends by itself without saying why.
    pub(crate) fn cycle(&mut self) -> Result<bool> {
        let mut running = self.spawn()?;
        let draw = |what| mix(&[self.seed, self.start.cycle, what]);
        let dies_opening = draw(0).is_multiple_of(5);
        let mut deadline = Instant::now() + OPENING_LIMIT;
        if dies_opening {
            deadline = Instant::now() + Duration::from_millis(draw(1) % OPENING_MAX_MS);
        }
        let (mut is_checked, mut is_killed) = (false, false);
        let from: Vec<u64> = self.start.places.iter().map(|place| place.done()).collect();
        let mut lines: Vec<Steps<'_>> = (self.start.places.iter().enumerate())
            .map(|(line, place)| Steps::from(&self.profile, self.seed, line, *place))
            .collect();
        loop {
            match running.said.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(Said::Checked) => {
                    is_checked = true;
                    if !dies_opening {
                        deadline = Instant::now() + Duration::from_millis(1 + draw(1) % PLAY_MAX_MS);
                    }
                }
                Ok(Said::Acknowledged(line)) => {
                    let line = lines.get_mut(line).context("the child told of a line that there is not")?;
                    line.next();
                    self.survived.acknowledged += 1;
                }
                Ok(Said::Problem(words)) => self.survived.problems.push(words),
                Err(RecvTimeoutError::Timeout) if !is_killed => {
                    running.process.kill().context("the child cannot be killed")?;
                    is_killed = true;
                    // What it had said is still in the pipe; the end of the pipe comes behind it.
                    deadline = Instant::now() + OPENING_LIMIT;
                }
                Err(RecvTimeoutError::Timeout) => bail!("the child was killed, and its pipe stays open"),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        let places: Vec<Place> = lines.iter().map(Steps::place).collect();
        drop(lines);
        if !self.survived.problems.is_empty() {
            return Ok(false);
        }
        if !is_killed {
            return Err(running.why_it_ended());
        }
        ensure!(is_checked || dies_opening, "the engine did not open within {} s", OPENING_LIMIT.as_secs());
        self.turn(places, from, is_checked);
        Ok(true)
    }

    /// What the next child begins with: it compares what was acknowledged since the last comparison.
    fn turn(&mut self, places: Vec<Place>, from: Vec<u64>, is_checked: bool) {
        self.start.cycle += 1;
        self.survived.cycles += 1;
        self.start.places = places;
        if !is_checked {
            self.survived.killed_while_opening += 1;
            return;
        }
        for (line, (below, from)) in self.start.from.iter().zip(&from).enumerate() {
            let counted = (*below..*from).map(|pallet| objects(&self.profile, self.seed, line, pallet));
            self.start.objects_below += counted.sum::<u64>();
        }
        self.start.from = from;
    }

    /// Compares everything once more, from the first pallet on.
    ///
    /// # Errors
    /// When the engine does not open or does not answer.
    pub(crate) fn finish(mut self) -> Result<Survived> {
        if self.survived.problems.is_empty() {
            let target = Embedded::open(&self.folder)?;
            let start = Start { from: vec![0; self.start.from.len()], objects_below: 0, ..self.start };
            let (checked, _) = verify(&target, &self.profile, &start)?;
            self.survived.objects = target.statistics()?.objects;
            self.survived.problems = checked.words;
            target.engine().close()?;
        }
        Ok(self.survived)
    }

    pub(crate) fn survived(&self) -> &Survived {
        &self.survived
    }

    /// Cycles until there were so many, something is wrong, or somebody stops it; `tell` is called after each.
    pub(crate) fn run(&mut self, cycles: u64, stop: &Stop, mut tell: impl FnMut(&Survived)) -> Result<()> {
        for _ in 0..cycles {
            if stop.is_asked() || !self.cycle()? {
                break;
            }
            tell(&self.survived);
        }
        Ok(())
    }

    fn spawn(&self) -> Result<Running> {
        let program = match &self.victim {
            Victim::Engine(program) => program,
            Victim::Server(server) => return self.spawn_server(server.clone()),
        };
        let mut process = Command::new(program)
            .arg("crash-child")
            .arg(&self.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Ctrl-C is for the one who kills: a group of its own keeps it from the child.
            .process_group(0)
            .spawn()
            .with_context(|| format!("{} cannot be started again", program.display()))?;
        let mut stdin = process.stdin.take().context("the child has no standard input")?;
        stdin.write_all(serde_json::to_string(&self.start)?.as_bytes())?;
        let said = listen(process.stdout.take().context("the child has no standard output")?);
        Ok(Running { process, said, player: None })
    }

    fn spawn_server(&self, server: Server) -> Result<Running> {
        let (heard, told) = io::pipe().context("there is no pipe to the thread that plays")?;
        let mut process = server.spawn()?;
        let banner = process.stdout.take().context("the server has no standard output")?;
        let start = self.start.clone();
        let player = thread::spawn(move || server.play(banner, &start, &mut BufWriter::new(told)));
        Ok(Running { process, said: listen(heard), player: Some(player) })
    }
}

impl Running {
    /// Why nothing was said any more before the kill.
    fn why_it_ended(mut self) -> anyhow::Error {
        match self.player.take().map(|player| player.join().expect("playing does not panic")) {
            Some(Err(error)) => error.context("the lines that play against the server ended by themselves"),
            _ => match self.process.wait() {
                Ok(status) => anyhow!("the process with the engine ended by itself: {status}"),
                Err(error) => anyhow::Error::from(error).context("the child cannot be waited for"),
            },
        }
    }
}

/// Hears what is said on a pipe until it ends.
fn listen(pipe: impl Read + Send + 'static) -> Receiver<Said> {
    let (sender, said) = channel();
    let pipe = BufReader::new(pipe);
    thread::spawn(move || {
        // A line is written at once, so the kill cuts none in two.
        for line in pipe.split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line).into_owned();
            let said = match line.split_once(' ') {
                Some(("checked", _)) => Said::Checked,
                Some(("ack", line)) => line.parse().map_or_else(|_| Said::Problem(line.to_owned()), Said::Acknowledged),
                Some(("problem", words)) => Said::Problem(words.to_owned()),
                _ => continue,
            };
            if sender.send(said).is_err() {
                return;
            }
        }
    });
    said
}
