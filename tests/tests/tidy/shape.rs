//! How large things may grow, and what source must not contain.

use crate::source::{Source, files, shipped_rust};

const FILE_LINES_MAX: usize = 500;
const FUNCTION_LINES_MAX: usize = 70;

/// What is larger for a reason. The numbers may only fall; an entry that is no longer needed must go.
const LARGER_FILES: &[(&str, usize, &str)] = &[];
const LARGER_FUNCTIONS: &[(&str, &str, usize, &str)] = &[];

#[test]
fn files_stay_small() {
    let sizes: Vec<(String, usize)> =
        files(&[".rs"]).into_iter().map(|file| (file.path, file.text.lines().count())).collect();
    let excepted: Vec<(String, usize)> =
        LARGER_FILES.iter().map(|(path, lines, _)| ((*path).to_owned(), *lines)).collect();
    ratchet("file", FILE_LINES_MAX, &sizes, &excepted);
}

#[test]
fn functions_stay_small() {
    let mut sizes = Vec::new();
    for file in files(&[".rs"]) {
        sizes.extend(functions(&file).into_iter().map(|(name, lines)| (format!("{}: {name}", file.path), lines)));
    }
    assert!(500 < sizes.len(), "only {} functions were found, so this test sees too little", sizes.len());
    let excepted: Vec<(String, usize)> =
        LARGER_FUNCTIONS.iter().map(|(path, name, lines, _)| (format!("{path}: {name}"), *lines)).collect();
    ratchet("function", FUNCTION_LINES_MAX, &sizes, &excepted);
}

#[test]
fn lines_of_functions_are_counted() {
    let text = "trait Seam {\n    fn one(\n        &self,\n    ) -> u8;\n}\n\nimpl Seam {\n    pub(crate) const fn two(&self) {\n        a();\n    }\n}\nfn three() {}\n";
    let file = Source { path: String::new(), text: text.to_owned() };
    assert_eq!(functions(&file), [("two".to_owned(), 3), ("three".to_owned(), 1)]);
}

#[test]
fn source_is_ascii() {
    for file in files(&[".rs", ".toml", "/run"]) {
        for (index, line) in file.text.lines().enumerate() {
            assert!(
                line.is_ascii(),
                "{}:{}: write characters outside ASCII as escapes (\\u{{e9}}): {line}",
                file.path,
                index + 1
            );
        }
    }
}

#[test]
fn nothing_is_left_for_later() {
    let banned = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:"), concat!("db", "g!(")];
    each_line(&[".rs", ".md", ".toml", "/run"], |place, line| {
        for word in banned {
            assert!(!line.contains(word), "{place}: `{word}` must not be left in: {line}");
        }
    });
}

#[test]
fn no_registry_host_is_named() {
    let hosts =
        [concat!("crates", ".io"), concat!("npm", "js."), concat!("pypi", ".org"), concat!("proxy.golang", ".org")];
    each_line(&[".rs", ".md", ".toml", ".json", "/run"], |place, line| {
        for host in hosts {
            assert!(!line.contains(host), "{place}: names the registry {host}: {line}");
        }
    });
}

#[test]
fn what_ships_does_not_unwrap() {
    for file in shipped_rust() {
        for (line, text) in file.shipped() {
            assert!(
                !text.contains(concat!(".unwrap", "()")),
                "{}:{line}: say with `expect` why it holds: {text}",
                file.path
            );
        }
    }
}

#[test]
fn nothing_is_ignored_or_feature_gated() {
    for file in files(&[".rs"]) {
        for (index, line) in file.text.lines().enumerate() {
            let gated = [concat!("#[ign", "ore"), concat!("cfg(fea", "ture")].iter().any(|gate| line.contains(gate));
            assert!(!gated, "{}:{}: a test that does not run proves nothing: {line}", file.path, index + 1);
        }
    }
}

fn each_line(endings: &[&str], check: impl Fn(&str, &str)) {
    for file in files(endings) {
        for (index, line) in file.text.lines().enumerate() {
            check(&format!("{}:{}", file.path, index + 1), line);
        }
    }
}

/// Fails for what is larger than the limit and not excepted, larger than its exception, or excepted without need.
fn ratchet(kind: &str, limit: usize, sizes: &[(String, usize)], excepted: &[(String, usize)]) {
    let allowance = |name: &str| excepted.iter().find(|(known, _)| known == name).map_or(limit, |(_, lines)| *lines);
    let grown: Vec<String> = sizes
        .iter()
        .filter(|(name, lines)| allowance(name) < *lines)
        .map(|(name, lines)| format!("{name}: {lines} lines, {} allowed", allowance(name)))
        .collect();
    assert!(grown.is_empty(), "split these, a {kind} has {limit} lines at most:\n{}", grown.join("\n"));
    for (name, lines) in excepted {
        let now = sizes.iter().filter(|(known, _)| known == name).map(|(_, lines)| *lines).max().unwrap_or(0);
        assert!(*lines <= now, "{name} has {now} lines now: lower or remove its exception of {lines}");
    }
}

/// Name and number of lines of each function with a body. The source is formatted, so a body ends where its indentation does.
fn functions(file: &Source) -> Vec<(String, usize)> {
    let lines: Vec<&str> = file.text.lines().collect();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let Some(name) = function_name(line) else { continue };
        let signature = lines[start..].iter().position(|line| line.ends_with(['{', ';', '}'])).map(|at| start + at);
        let Some(opening) = signature.filter(|at| !lines[*at].ends_with(';')) else { continue };
        if lines[opening].ends_with('}') {
            found.push((name, opening - start + 1));
            continue;
        }
        let indentation: String = line.chars().take_while(|c| *c == ' ').collect();
        let closing = format!("{indentation}}}");
        let length = lines[start..].iter().position(|line| *line == closing).map(|at| at + 1);
        found.push((name, length.unwrap_or_else(|| panic!("{}:{}: a function does not end", file.path, start + 1))));
    }
    found
}

fn function_name(line: &str) -> Option<String> {
    let (before, after) = line.split_once("fn ")?;
    let qualifiers = ["pub", "pub(crate)", "pub(super)", "const", "async", "unsafe", "extern", "default"];
    if !before.split_whitespace().all(|word| qualifiers.contains(&word) || word.starts_with("pub(in")) {
        return None;
    }
    let name: String = after.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    (!name.is_empty()).then_some(name)
}
