//! The files of the workspace, read once for a test.

use std::fs;
use std::path::{Path, PathBuf};

/// A text file of the workspace.
pub(crate) struct Source {
    /// Relative to the top of the workspace, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    /// The code that ships: the lines in front of the test module, without comment lines; empty for a file that is a test.
    pub(crate) fn shipped(&self) -> Vec<(usize, &str)> {
        let is_test = self.path.starts_with("tests/")
            || self.path.starts_with("benches/")
            || self.path.contains("/tests/")
            || self.path.contains("/benches/");
        let lines: Vec<&str> = if is_test { Vec::new() } else { self.text.lines().collect() };
        let mut shipped = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            let opens_tests = *line == "#[cfg(test)]"
                && lines.get(index + 1).is_some_and(|next| next.starts_with("mod ") && next.ends_with('{'));
            if opens_tests {
                break;
            }
            if !line.trim_start().starts_with("//") {
                shipped.push((index + 1, *line));
            }
        }
        shipped
    }
}

pub(crate) fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the workspace").to_owned()
}

/// Every file whose name ends with one of the endings, in order of the path.
pub(crate) fn files(endings: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    collect(&top(), &mut found);
    found.retain(|path| endings.iter().any(|ending| path.ends_with(ending)));
    found.sort();
    assert!(!found.is_empty(), "no file ends with {endings:?}");
    found.into_iter().map(|path| Source { text: read(&path), path }).collect()
}

/// The Rust files, without those that only a test compiles (`#[cfg(test)] mod name;`).
pub(crate) fn shipped_rust() -> Vec<Source> {
    let files = files(&[".rs"]);
    let test_only: Vec<String> = files.iter().flat_map(test_modules).collect();
    files.into_iter().filter(|file| !test_only.iter().any(|module| file.path.starts_with(module))).collect()
}

/// How the paths of the modules that a file declares for tests only begin.
fn test_modules(file: &Source) -> Vec<String> {
    let folder = match file.path.strip_suffix("/mod.rs").or_else(|| file.path.strip_suffix("/lib.rs")) {
        Some(folder) => folder,
        None => file.path.strip_suffix(".rs").unwrap_or(&file.path),
    };
    let lines: Vec<&str> = file.text.lines().collect();
    let declared = lines.windows(2).filter(|pair| pair[0] == "#[cfg(test)]").filter_map(|pair| {
        let (_, name) = pair[1].strip_suffix(';')?.rsplit_once("mod ")?;
        Some(name)
    });
    declared.flat_map(|name| [format!("{folder}/{name}.rs"), format!("{folder}/{name}/")]).collect()
}

pub(crate) fn read(path: &str) -> String {
    let text = fs::read(top().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    String::from_utf8(text).unwrap_or_else(|_| panic!("{path} is not UTF-8"))
}

fn collect(directory: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(directory).expect("the workspace can be listed") {
        let path = entry.expect("the workspace can be listed").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("names are UTF-8").to_owned();
        if name == "target" || name == ".git" || name == "fixtures" || name == "Cargo.lock" {
            continue;
        }
        if path.is_dir() {
            collect(&path, found);
        } else {
            let relative = path.strip_prefix(top()).expect("it lies under the top");
            found.push(relative.to_str().expect("names are UTF-8").replace('\\', "/"));
        }
    }
}
