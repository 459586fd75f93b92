//! What is public is shown: every type, trait, function and method of a library stands in an example that a test runs.

use std::collections::BTreeSet;

use crate::source::{Source, read, shipped_rust};

/// Each library, where its source is, and which other documents have examples of it that are run.
const LIBRARIES: &[(&str, &str, &[&str])] = &[
    ("packtree", "engine/src/", &["README.md", "engine/docs/inside-your-mes.md"]),
    ("packtree-gs1", "engine/gs1/src/", &[]),
    ("packtree-epcis", "engine/epcis/src/", &[]),
];

#[test]
fn everything_public_is_shown_in_an_example() {
    let mut missing = Vec::new();
    for (library, folder, documents) in LIBRARIES {
        let sources: Vec<Source> = shipped_rust().into_iter().filter(|file| file.path.starts_with(folder)).collect();
        let mut code = String::new();
        for document in *documents {
            code += &examples(read(document).lines());
        }
        for source in &sources {
            code += &examples(source.text.lines().filter_map(documentation));
        }
        let shown = Shown::of(&code);
        let items: Vec<Item> = sources.iter().flat_map(public_items).collect();
        assert!(
            50 < items.len(),
            "{library}: only {} public items were found, so this test sees too little",
            items.len()
        );
        missing.extend(items.iter().filter(|item| !shown.has(item)).map(Item::to_string));
    }
    assert!(
        missing.is_empty(),
        "no example of their library shows these; write one where a reader would look, or make them `pub(crate)`:\n{}",
        missing.join("\n")
    );
}

/// Something public, and where it is.
#[derive(Debug, PartialEq, Eq)]
struct Item {
    name: String,
    is_function: bool,
    place: String,
}

impl std::fmt::Display for Item {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = if self.is_function { "the function" } else { "the type or trait" };
        write!(f, "{}: {kind} {}", self.place, self.name)
    }
}

/// What a file declares public, the methods of its public traits included, and the types that it exports, which a macro may have made.
fn public_items(file: &Source) -> Vec<Item> {
    let mut items = Vec::new();
    let (mut in_trait, mut in_export) = (false, false);
    for (line, text) in file.shipped() {
        let mut add = |name: &str, is_function| {
            let place = format!("{}:{line}", file.path);
            items.push(Item { name: name.to_owned(), is_function, place });
        };
        in_export |= text.starts_with("pub use ");
        if in_export {
            // A module begins with a small letter, and so does a function, which is found where it is declared.
            let names = words(text).filter(|name| name.starts_with(|first: char| first.is_ascii_uppercase()));
            names.for_each(|name| add(name, false));
            in_export = !text.ends_with(';');
            continue;
        }
        in_trait = (in_trait || text.starts_with("pub trait ")) && text != "}";
        let declaration = text.trim_start();
        let public = declaration.strip_prefix("pub ").or(in_trait.then_some(declaration));
        let Some(declaration) = public else { continue };
        let declaration =
            if declaration.starts_with("const fn ") { &declaration["const ".len()..] } else { declaration };
        let Some((kind, rest)) = declaration.split_once(' ') else { continue };
        let Some(name) = words(rest).next().filter(|name| rest.starts_with(name)) else { continue };
        match kind {
            "fn" => add(name, true),
            "struct" | "enum" | "trait" | "type" => add(name, false),
            _ => {}
        }
    }
    items
}

/// The text of a documentation comment.
fn documentation(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let text = line.strip_prefix("///").or_else(|| line.strip_prefix("//!"))?;
    Some(text.strip_prefix(' ').unwrap_or(text))
}

/// The code of Rust examples, as far as a reader sees it, without its comments.
fn examples<'t>(lines: impl Iterator<Item = &'t str>) -> String {
    let mut code = String::new();
    let (mut inside, mut is_rust) = (false, false);
    for line in lines {
        if let Some(language) = line.strip_prefix("```") {
            inside = !inside;
            is_rust = inside && matches!(language, "" | "rust");
            continue;
        }
        let is_hidden = line == "#" || line.starts_with("# ");
        if is_rust && !is_hidden && !line.trim_start().starts_with("//") {
            code += line;
            code.push('\n');
        }
    }
    code
}

/// The names in examples.
#[derive(Default)]
struct Shown<'c> {
    words: BTreeSet<&'c str>,
    /// Those that are called, or named by a path.
    called: BTreeSet<&'c str>,
}

impl<'c> Shown<'c> {
    fn of(code: &'c str) -> Self {
        let mut shown = Self::default();
        for word in words(code) {
            let at = word.as_ptr() as usize - code.as_ptr() as usize;
            let (before, after) = (&code[..at], &code[at + word.len()..]);
            if before.ends_with("::") || after.starts_with('(') || after.starts_with("::<") {
                shown.called.insert(word);
            }
            shown.words.insert(word);
        }
        shown
    }

    fn has(&self, item: &Item) -> bool {
        let names = if item.is_function { &self.called } else { &self.words };
        names.contains(item.name.as_str())
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !character.is_ascii_alphanumeric() && character != '_').filter(|word| !word.is_empty())
}

#[test]
fn public_items_and_examples_are_found() {
    let text = "pub use seam::{\n    Edge, edge,\n};\npub(crate) struct Hidden;\npub trait Seam {\n    fn one(&self);\n}\nimpl Edge {\n    pub const fn two(self) {}\n    pub const THREE: u8 = 3;\n    fn four() {}\n}\npub enum Kind {}\n";
    let file = Source { path: "seam.rs".to_owned(), text: text.to_owned() };
    let found: Vec<String> = public_items(&file).iter().map(Item::to_string).collect();
    assert_eq!(
        found,
        [
            "seam.rs:2: the type or trait Edge",
            "seam.rs:5: the type or trait Seam",
            "seam.rs:6: the function one",
            "seam.rs:9: the function two",
            "seam.rs:13: the type or trait Kind",
        ]
    );

    let document = "/// ```\n/// # use seam::Hidden;\n/// let edge = Edge::two();\n/// // Not one().\n/// ```\n/// ```text\n/// Kind\n/// ```\n";
    let code = examples(document.lines().filter_map(documentation));
    assert_eq!(code, "let edge = Edge::two();\n");
    let shown = Shown::of(&code);
    let missing: Vec<String> =
        public_items(&file).into_iter().filter(|item| !shown.has(item)).map(|item| item.name).collect();
    assert_eq!(missing, ["Seam", "one", "Kind"]);
}
