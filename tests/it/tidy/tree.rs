//! The files of this project as text, in three views that keep every line where it is.
//!
//! In: the package folder. Out: [`Text`]s sorted by path. A view of Rust source holds only its code, only its comments or only
//! its string literals; the rest is blank, so offsets and line numbers agree. Invariant: reads, never writes.

use std::fs;
use std::path::Path;

/// Folders that are not ours: build output, version control, what tests leave behind.
const NOT_OURS: [&str; 3] = ["target", ".git", "proptest-regressions"];

/// One text file.
pub(super) struct Text {
    /// From the package folder, with forward slashes.
    pub(super) path: String,
    pub(super) whole: String,
    /// Rust only: without comments and without what stands between quotes.
    pub(super) code: String,
    /// Rust only: what stands between quotes.
    pub(super) strings: String,
}

/// Every text file below some folders (or single files) of the package whose name ends in one of some endings.
pub(super) fn files(places: &[&str], endings: &[&str]) -> Vec<Text> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    for place in places {
        walk(root, place, &mut paths);
    }
    paths.sort();
    paths.dedup();
    let wanted = |path: &String| endings.iter().any(|ending| path.ends_with(ending));
    paths.into_iter().filter(wanted).filter_map(|path| Text::read(root, path)).collect()
}

/// The Rust files of `src/`, `tests/`, `benches/` and the build script.
pub(super) fn rust() -> Vec<Text> {
    files(&["src", "tests", "benches", "build.rs"], &[".rs"])
}

/// The paths of all files below a folder of the package, text or not.
pub(super) fn paths(place: &str) -> Vec<String> {
    let mut paths = Vec::new();
    walk(Path::new(env!("CARGO_MANIFEST_DIR")), place, &mut paths);
    paths.sort();
    paths
}

fn walk(root: &Path, place: &str, paths: &mut Vec<String>) {
    let full = root.join(place);
    if full.is_file() {
        paths.push(place.to_string());
        return;
    }
    let Ok(entries) = fs::read_dir(&full) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !NOT_OURS.contains(&name.as_str()) {
            let inner = if place == "." { name } else { format!("{place}/{name}") };
            walk(root, &inner, paths);
        }
    }
}

impl Text {
    fn read(root: &Path, path: String) -> Option<Self> {
        // What is not UTF-8 is a fixture of old bytes, no text of ours.
        let whole = fs::read_to_string(root.join(&path)).ok()?;
        Some(Self::of(path, whole))
    }

    pub(super) fn of(path: impl Into<String>, whole: impl Into<String>) -> Self {
        let (path, whole) = (path.into(), whole.into());
        let rust = path.ends_with(".rs");
        let code = if rust { view(&whole, Part::Code) } else { String::new() };
        let strings = if rust { view(&whole, Part::Literal) } else { String::new() };
        Self { path, whole, code, strings }
    }

    /// `path:line` of an offset.
    pub(super) fn at(&self, offset: usize) -> String {
        format!("{}:{}", self.path, self.line(offset))
    }

    /// The line of an offset, from 1.
    pub(super) fn line(&self, offset: usize) -> usize {
        self.whole.as_bytes()[..offset].iter().filter(|byte| **byte == b'\n').count() + 1
    }

    /// True for files that hold nothing but tests.
    pub(super) fn is_test(&self) -> bool {
        self.path.starts_with("tests/")
    }

    /// The whole text with blanks in place of its `#[cfg(test)]` modules.
    pub(super) fn outside_tests(&self) -> String {
        let mut bytes = self.whole.as_bytes().to_vec();
        for (start, end) in self.test_modules() {
            blank(&mut bytes[start..end]);
        }
        String::from_utf8(bytes).expect("modules begin and end at whole characters")
    }

    /// From `#[cfg(test)]` to the closing brace, for every module of tests in the file.
    pub(super) fn test_modules(&self) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        for (start, attribute) in self.code.match_indices("#[cfg(test)]") {
            let rest = &self.code[start + attribute.len()..];
            if rest.trim_start().starts_with("mod ")
                && let Some(brace) = rest.find(['{', ';'])
                && rest.as_bytes()[brace] == b'{'
            {
                let open = start + attribute.len() + brace;
                found.push((start, closing(&self.code, open)));
            }
        }
        found
    }

    /// Names of modules in files of their own that exist for tests only.
    pub(super) fn test_files(&self) -> Vec<String> {
        let folder = self
            .path
            .strip_suffix("mod.rs")
            .map_or_else(|| format!("{}/", self.path.trim_end_matches(".rs")), ToString::to_string);
        let mut found = Vec::new();
        for (start, attribute) in self.code.match_indices("#[cfg(test)]") {
            let rest = self.code[start + attribute.len()..].trim_start();
            let rest = rest.strip_prefix("pub(crate) ").unwrap_or(rest);
            if let Some(name) = rest.strip_prefix("mod ")
                && let Some((name, _)) = name.split_once(';')
                && !name.contains('{')
            {
                found.push(format!("{folder}{}.rs", name.trim()));
            }
        }
        found
    }
}

/// The offset after the brace that closes the one at `open`; the end of the text when none does.
pub(super) fn closing(code: &str, open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in code.bytes().enumerate().skip(open) {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 1 => return at + 1,
            b'}' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

fn blank(bytes: &mut [u8]) {
    for byte in bytes {
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Part {
    Code,
    Comment,
    Literal,
}

/// The source with everything blanked that is another part.
fn view(source: &str, wanted: Part) -> String {
    let mut bytes = source.as_bytes().to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let (part, end) = next(source.as_bytes(), at);
        if part != wanted {
            blank(&mut bytes[at..end]);
        }
        at = end;
    }
    String::from_utf8(bytes).expect("parts begin and end at whole characters")
}

/// What begins at an offset, and where it ends.
fn next(source: &[u8], at: usize) -> (Part, usize) {
    let rest = &source[at..];
    let after_word = at > 0 && (source[at - 1].is_ascii_alphanumeric() || source[at - 1] == b'_');
    if rest.starts_with(b"//") {
        let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        return (Part::Comment, at + end);
    }
    if rest.starts_with(b"/*") {
        return (Part::Comment, at + block_comment(rest));
    }
    if rest[0] == b'"' {
        return (Part::Literal, at + quoted(rest, b'"'));
    }
    if !after_word && let Some(length) = raw_string(rest) {
        return (Part::Literal, at + length);
    }
    if rest[0] == b'\''
        && let Some(length) = character(rest)
    {
        return (Part::Literal, at + length);
    }
    let mut end = at + 1;
    while end < source.len() && source[end] & 0xC0 == 0x80 {
        end += 1;
    }
    (Part::Code, end)
}

fn block_comment(rest: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at + 1 < rest.len() {
        match &rest[at..at + 2] {
            b"/*" => (depth, at) = (depth + 1, at + 2),
            b"*/" if depth == 1 => return at + 2,
            b"*/" => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    rest.len()
}

/// The length of a literal between two equal quotes with backslash escapes.
fn quoted(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// The length of `r"…"`, `r#"…"#`, `br"…"` and the like at the start of `rest`.
fn raw_string(rest: &[u8]) -> Option<usize> {
    let prefix = [&b"br"[..], b"cr", b"r"].into_iter().find(|prefix| rest.starts_with(prefix))?.len();
    let hashes = rest[prefix..].iter().take_while(|byte| **byte == b'#').count();
    if rest.get(prefix + hashes) != Some(&b'"') {
        return None;
    }
    let mut end = vec![b'"'];
    end.extend(std::iter::repeat_n(b'#', hashes));
    let body = prefix + hashes + 1;
    let length = rest[body..].windows(end.len()).position(|window| window == end);
    Some(length.map_or(rest.len(), |length| body + length + end.len()))
}

/// The length of a character literal; `None` for a lifetime.
fn character(rest: &[u8]) -> Option<usize> {
    if rest.get(1) == Some(&b'\\') {
        return Some(quoted(rest, b'\''));
    }
    let first = std::str::from_utf8(&rest[1..rest.len().min(5)]);
    let text = match first {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&rest[1..1 + error.valid_up_to()]).ok()?,
    };
    let width = text.chars().next()?.len_utf8();
    (rest.get(1 + width) == Some(&b'\'')).then_some(width + 2)
}
