//! Draws a tree of objects with lines, the way directories are drawn.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use packtree::fact::{Level, Lot, Seal, Status};
use packtree::query::Tree;

use crate::output::Style;
use crate::words;

/// Siblings up to this number are all drawn.
const SIBLINGS_WHOLE_MAX: usize = 8;

/// How many of more siblings are drawn from the first on, and how many more if there is something unusual about them.
const SIBLINGS_FIRST: usize = 3;
const SIBLINGS_UNUSUAL_MAX: usize = 20;

const BRANCH: &str = "\u{251c}\u{2500} ";
const LAST_BRANCH: &str = "\u{2514}\u{2500} ";
const TRUNK: &str = "\u{2502}  ";
const NOTHING: &str = "   ";

/// How a tree is drawn.
pub(super) struct Drawing {
    pub(super) style: Style,
    /// Draw every sibling.
    pub(super) all: bool,
}

impl Drawing {
    /// The tree, one object a line.
    pub(super) fn of(&self, tree: &Tree) -> String {
        let mut text = String::new();
        self.line(&mut text, tree, None);
        self.below(&mut text, tree, "");
        text
    }

    fn below(&self, text: &mut String, tree: &Tree, indentation: &str) {
        let drawn = self.drawn(&tree.children);
        let hidden = tree.children.len() - drawn.len();
        let lines = drawn.len() + usize::from(0 < hidden) + tree.quantities.len();
        let mut line = 0;
        let mut branch = || {
            line += 1;
            if line < lines { (BRANCH, TRUNK) } else { (LAST_BRANCH, NOTHING) }
        };
        for child in drawn {
            let (joint, trunk) = branch();
            text.push_str(&self.style.faint(format!("{indentation}{joint}")));
            self.line(text, child, Some(tree));
            self.below(text, child, &format!("{indentation}{trunk}"));
        }
        if 0 < hidden {
            let more = format!("{indentation}{}... and {} more", branch().0, words::grouped(hidden as u64));
            text.push_str(&self.style.faint(more));
            text.push('\n');
        }
        for quantity in &tree.quantities {
            let (joint, _) = branch();
            let _ =
                writeln!(text, "{}{}", self.style.faint(format!("{indentation}{joint}")), words::quantity(quantity));
        }
    }

    /// The children that are drawn: all of a few; the first of many, and those that are unlike the others.
    fn drawn<'t>(&self, children: &'t [Tree]) -> Vec<&'t Tree> {
        if self.all || children.len() <= SIBLINGS_WHOLE_MAX {
            return children.iter().collect();
        }
        let (first, others) = children.split_at(SIBLINGS_FIRST);
        first.iter().chain(others.iter().filter(|child| is_unusual(child)).take(SIBLINGS_UNUSUAL_MAX)).collect()
    }

    fn line(&self, text: &mut String, tree: &Tree, parent: Option<&Tree>) {
        text.push_str(&self.style.strong(&tree.id));
        let kind = if tree.level == Level::Unknown { "level unknown" } else { tree.level.word() };
        let mut said = vec![kind.to_owned()];
        said.extend(inside(tree));
        said.extend(lots(tree, parent));
        if tree.seal != Seal::Open && tree.seal != Seal::Broken {
            said.push(words::seal(tree.seal).to_owned());
        }
        let inherits = |of: fn(&Tree) -> bool| parent.is_some_and(of);
        let mut odd = words::oddities(
            tree.status,
            tree.away && !inherits(|parent| parent.away),
            tree.held && !inherits(|parent| parent.held),
        );
        if tree.lot_on_hold {
            odd.push("lot on hold");
        }
        if tree.seal == Seal::Broken {
            odd.push("broken");
        }
        said.extend(odd.into_iter().map(|word| self.style.odd(word)));
        let _ = writeln!(text, "  {}", said.join(", "));
    }
}

/// Whether something is to be seen about an object that is not to be seen about most.
fn is_unusual(tree: &Tree) -> bool {
    tree.status != Status::Active || tree.held || tree.seal == Seal::Broken || tree.children.iter().any(is_unusual)
}

/// How much is in a container: `2 cases, 12 units`.
fn inside(tree: &Tree) -> Option<String> {
    if tree.children.is_empty() {
        return (tree.level.holds_others() && tree.quantities.is_empty()).then(|| "empty".to_owned());
    }
    let mut numbers: BTreeMap<Level, u64> = BTreeMap::new();
    count_levels(tree, &mut numbers);
    let counted = numbers
        .iter()
        .rev()
        .map(|(level, number)| words::count(*number, if *level == Level::Unknown { "object" } else { level.word() }));
    Some(counted.collect::<Vec<_>>().join(", "))
}

fn count_levels(tree: &Tree, numbers: &mut BTreeMap<Level, u64>) {
    for child in &tree.children {
        *numbers.entry(child.level).or_default() += 1;
        count_levels(child, numbers);
    }
}

/// The lot of everything in it, on the highest line for which it is true.
fn lots(tree: &Tree, parent: Option<&Tree>) -> Option<String> {
    let one = one_lot(tree)?;
    (parent.and_then(one_lot).is_none()).then(|| words::lot(&one))
}

/// The one lot of an object and everything under it.
fn one_lot(tree: &Tree) -> Option<Lot> {
    let mut found = None;
    let mut several = false;
    each_lot(tree, &mut |lot| {
        several |= found.is_some_and(|known: Lot| known.number != lot.number);
        found = Some(lot);
    });
    if several { None } else { found }
}

fn each_lot(tree: &Tree, visit: &mut impl FnMut(Lot)) {
    if let Some(lot) = tree.lot {
        visit(lot);
    }
    for child in &tree.children {
        each_lot(child, visit);
    }
}
