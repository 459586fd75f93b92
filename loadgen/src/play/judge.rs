//! Whether an answer is the one that the step must get.

use crate::model::Fate;
use crate::target::Answer;
use crate::workload::Step;

/// What an answer means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) fate: Fate,
    /// Whether it was refused, as it had to be.
    pub(crate) is_refused: bool,
    /// What is wrong with the answer.
    pub(crate) problem: Option<String>,
}

/// Judges an answer; `original` is the fact of the request that is repeated, where it is known.
pub(crate) fn judge(step: Step, answer: &Answer, original: Option<u64>) -> Verdict {
    let verdict = |fate, problem| Verdict { fate, is_refused: false, problem };
    match (step, answer) {
        (Step::Malformed { what, .. }, Answer::Refused { reason, .. }) if *reason == what.reason() => {
            Verdict { fate: Fate::Done, is_refused: true, problem: None }
        }
        (Step::Malformed { what, .. }, Answer::Refused { reason, .. }) => {
            let expected = what.reason().code();
            verdict(
                Fate::Done,
                Some(format!("had to be refused for {expected}, and was refused for {}", reason.code())),
            )
        }
        (Step::Malformed { what, .. }, Answer::Done { .. }) => {
            verdict(Fate::Done, Some(format!("had to be refused for {}, and was done", what.reason().code())))
        }
        (_, Answer::Refused { sentence, .. }) => verdict(Fate::NotDone, Some(format!("was refused: {sentence}"))),
        (_, Answer::Done { late: true, .. }) => {
            verdict(Fate::NotDone, Some("was recorded as late, although nothing newer was sent".to_owned()))
        }
        (Step::Repeat { .. }, Answer::Done { repeated: false, .. }) => {
            verdict(Fate::Done, Some("was sent twice under one request id, and done twice".to_owned()))
        }
        (Step::Repeat { .. }, Answer::Done { fact, .. }) => {
            let problem = original.filter(|original| original != fact);
            verdict(Fate::Done, problem.map(|original| format!("was answered with fact {fact} instead of {original}")))
        }
        (_, Answer::Done { repeated: true, .. }) => {
            verdict(Fate::Done, Some("was taken for a repetition, and was sent for the first time".to_owned()))
        }
        (_, Answer::Done { .. }) => verdict(Fate::Done, None),
    }
}

#[cfg(test)]
mod tests {
    use packtree::Reason;

    use super::*;
    use crate::workload::step::Malformed;

    #[test]
    fn only_the_right_answer_is_right() {
        let done = |fact, repeated, late| Answer::Done { fact, repeated, late };
        let refused = |reason| Answer::Refused { reason, sentence: String::new() };
        let malformed = Step::Malformed { case: 0, what: Malformed::Nothing };
        let (pack, repeat) = (Step::Pack { case: 0 }, Step::Repeat { case: 0 });
        for (step, answer, fate, is_right) in [
            (pack, done(1, false, false), Fate::Done, true),
            (pack, done(1, true, false), Fate::Done, false),
            (pack, done(1, false, true), Fate::NotDone, false),
            (pack, refused(Reason::ContainerIsFull), Fate::NotDone, false),
            (repeat, done(7, true, false), Fate::Done, true),
            (repeat, done(8, true, false), Fate::Done, false),
            (repeat, done(8, false, false), Fate::Done, false),
            (malformed, refused(Reason::NothingNamed), Fate::Done, true),
            (malformed, refused(Reason::TooManyObjects), Fate::Done, false),
            (malformed, done(1, false, false), Fate::Done, false),
        ] {
            let verdict = judge(step, &answer, Some(7));
            assert_eq!((verdict.fate, verdict.problem.is_none()), (fate, is_right), "{step:?} {answer:?}");
            assert_eq!(verdict.is_refused, is_right && step == malformed);
        }
    }
}
