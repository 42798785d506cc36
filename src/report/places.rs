//! Where a finding can be opened: the built file of a folder scan, else the address of its page.
//!
//! In: the pages and targets of a report. Out: paths and URI references. Invariant: a path is named as it was seen from
//! where the scan was started, so that a code host finds it; a URI reference holds only characters RFC 3986 allows.
//! Tested below and in `tests/it/formats.rs`.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use std::collections::BTreeMap;

use super::Report;

/// What no URI reference may hold (RFC 3986, section 2, and appendix A). `%` stays: addresses are encoded already.
const NOT_IN_URI: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'\\').add(b'^').add(b'`').add(b'{').add(b'|').add(b'}');

/// What no path in a URI reference may hold: the same, and what would end the path or begin a scheme.
const NOT_IN_PATH: &AsciiSet = &NOT_IN_URI.add(b'%').add(b'?').add(b'#').add(b'[').add(b']').add(b':');

/// What people read where a finding is about a scanned folder and not about one file of it.
pub(super) const WHOLE_FOLDER: &str = "the whole folder";

/// True for the address of a folder that nobody published.
pub(super) fn is_folder(url: &str) -> bool {
    url == "file:"
}

/// The files of a report.
pub(super) struct Places<'a> {
    files: BTreeMap<&'a str, &'a str>,
    target: Option<&'a str>,
}

impl<'a> Places<'a> {
    /// The files of a report.
    pub(super) fn of(report: &'a Report) -> Self {
        let files: BTreeMap<&str, &str> =
            report.pages.iter().filter_map(|page| Some((&*page.url, page.file.as_deref()?))).collect();
        // Rows do not say which folder they are of, so with several targets a file stays relative to its own.
        let target = match report.run.targets.as_slice() {
            [one] if !files.is_empty() => Some(one.as_str()),
            _ => None,
        };
        Self { files, target }
    }

    /// The file of a page, relative to the folder that was scanned.
    pub(super) fn file(&self, url: &str) -> Option<&'a str> {
        self.files.get(url).copied()
    }

    /// The folder that was scanned, as typed, where it is relative to the working directory; ends in `/`.
    pub(super) fn folder(&self) -> Option<String> {
        let target = self.target?.replace('\\', "/");
        let folder = self.files.values().find_map(|file| target.strip_suffix(file)).unwrap_or(&target);
        let folder = folder.trim_start_matches("./").trim_end_matches('/');
        let relative = !target.starts_with('/') && !folder.contains(':') && !folder.starts_with("..");
        (relative && !matches!(folder, "" | ".")).then(|| format!("{folder}/"))
    }

    /// The file of a page as seen from where the scan was started.
    pub(super) fn path(&self, url: &str) -> Option<String> {
        let file = self.file(url)?;
        Some(format!("{}{file}", self.folder().unwrap_or_default()))
    }
}

/// An address as a URI reference; what RFC 3986 does not allow is percent-encoded.
pub(super) fn uri(address: &str) -> String {
    utf8_percent_encode(address, NOT_IN_URI).to_string()
}

/// A file's path as a relative URI reference.
pub(super) fn path_uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    utf8_percent_encode(path.trim_start_matches('/'), NOT_IN_PATH).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEMO: &str = include_str!("../../fixtures/reports/demo.json");

    #[test]
    fn a_file_is_named_from_where_the_scan_was_started() {
        for (target, file, path) in [
            ("_site", "a/index.html", "_site/a/index.html"),
            ("./build/", "index.html", "build/index.html"),
            (".", "index.html", "index.html"),
            ("build/a.html", "a.html", "build/a.html"),
            ("/home/web/build", "index.html", "index.html"),
            ("../build", "index.html", "index.html"),
            ("C:\\build", "index.html", "index.html"),
        ] {
            let mut report: Report = serde_json::from_str(DEMO).expect("the demo is a report");
            report.run.targets = vec![target.to_string()];
            report.pages[0].file = Some(file.to_string());
            assert_eq!(Places::of(&report).path(&report.pages[0].url), Some(path.to_string()), "{target}");
        }
    }

    #[test]
    fn what_no_uri_may_hold_is_encoded_and_what_is_encoded_stays() {
        assert_eq!(uri("https://a.example/é%20b?q={x}|"), "https://a.example/%C3%A9%20b?q=%7Bx%7D%7C");
        assert_eq!(path_uri("a b/x?y=1#%.html"), "a%20b/x%3Fy=1%23%25.html");
    }
}
