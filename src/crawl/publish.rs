//! How a folder's files become addresses, and addresses files.
//!
//! In: where the folder is published, paths relative to it, addresses. Out: the one address of a file; the files that an
//! address may mean, the likeliest first. Pure: nothing here touches the disk. Invariant: two files never share an
//! address. Tested below.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, percent_encode};
use url::Url;

use super::settings::SetupError;
use crate::web::address;

/// The file that stands for its folder.
const INDEX: &[u8] = b"index.html";

/// What a path segment cannot hold as it is (RFC 3986, 3.3), and "%", because file names are not encoded.
const ENCODED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Where a folder is published.
#[derive(Clone, Debug)]
pub(super) struct Publication {
    base: Url,
    indexes: Indexes,
}

/// What the address of an index file is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Indexes {
    /// That of its folder, as on a server.
    Folded,
    /// Its own, as on a disk.
    Plain,
}

impl Publication {
    /// A folder published at an address, with or without a path; `None` is the folder itself, as `file:///`.
    ///
    /// # Errors
    /// An address that is not one of the web.
    pub(super) fn at(place: Option<&Url>) -> Result<Self, SetupError> {
        let Some(place) = place else {
            let base = Url::parse("file:///").expect("the root of all files is a URL");
            return Ok(Self { base, indexes: Indexes::Plain });
        };
        if !matches!(place.scheme(), "http" | "https") || place.host().is_none() {
            let reason =
                "a folder is published at an http or https address, such as https://www.agency.gov".to_string();
            return Err(SetupError::Target { target: place.to_string(), reason });
        }
        let mut base = address::canonical(place);
        base.set_query(None);
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        Ok(Self { base, indexes: Indexes::Folded })
    }

    /// The address of the folder.
    pub(super) fn base(&self) -> &Url {
        &self.base
    }

    /// The address of a file, by its path relative to the folder with "/" between names.
    pub(super) fn url_of(&self, file: &[u8]) -> Url {
        let shown = match self.indexes {
            Indexes::Folded => file.strip_suffix(INDEX).filter(|rest| rest.is_empty() || rest.ends_with(b"/")),
            Indexes::Plain => None,
        };
        let mut url = self.base.clone();
        url.set_path(&format!("{}{}", self.base.path(), percent_encode(shown.unwrap_or(file), ENCODED)));
        url
    }

    /// The files that an address may mean, the likeliest first; `None` when it is not below the place of publication.
    /// http and https, host and www.host are the same place.
    pub(super) fn files(&self, url: &Url) -> Option<Vec<Vec<u8>>> {
        let here = match self.indexes {
            Indexes::Folded => matches!(url.scheme(), "http" | "https") && address::same_site(&self.base, url),
            Indexes::Plain => url.scheme() == "file" && url.host().is_none(),
        };
        if !here {
            return None;
        }
        let path = &one_slash(url.path());
        let below = match path.strip_prefix(self.base.path()) {
            Some(below) => below,
            None if format!("{path}/") == self.base.path() => "",
            None => return None,
        };
        let decoded: Vec<u8> = percent_decode_str(below).collect();
        let mut files = Vec::new();
        if let Some(query) = url.query().filter(|query| !query.is_empty()) {
            for query in [query.as_bytes().to_vec(), percent_decode_str(query).collect()] {
                add(&mut files, [&decoded[..], b"?", &query].concat());
                add(&mut files, [&decoded[..], b"?", &query, b".html"].concat());
                add(&mut files, [&folder(&decoded)[..], INDEX, b"?", &query].concat());
            }
        }
        // Mirrors keep the encoded spelling as the file's name.
        for name in [decoded.clone(), below.as_bytes().to_vec()] {
            if !name.is_empty() && !name.ends_with(b"/") {
                add(&mut files, name.clone());
            }
            add(&mut files, [&folder(&name)[..], INDEX].concat());
            if !name.is_empty() && !name.ends_with(b"/") {
                add(&mut files, [&name[..], b".html"].concat());
            }
        }
        Some(files)
    }
}

fn add(files: &mut Vec<Vec<u8>>, file: Vec<u8>) {
    if !files.contains(&file) {
        files.push(file);
    }
}

/// A path with a "/" at its end, unless it is the folder itself.
fn folder(path: &[u8]) -> Vec<u8> {
    let mut path = path.to_vec();
    if !path.is_empty() && !path.ends_with(b"/") {
        path.push(b'/');
    }
    path
}

/// Slashes that follow one another are one slash to file servers, and sites rely on it.
fn one_slash(path: &str) -> String {
    let mut merged = String::with_capacity(path.len());
    for c in path.chars() {
        if c != '/' || !merged.ends_with('/') {
            merged.push(c);
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(place: &str) -> Publication {
        Publication::at(Some(&Url::parse(place).expect(place))).expect(place)
    }

    #[test]
    fn a_file_has_the_address_a_server_would_give_it() {
        let table = [
            ("https://a.example", "index.html", "https://a.example/"),
            ("https://a.example", "x/index.html", "https://a.example/x/"),
            ("https://a.example/sub", "x/index.html", "https://a.example/sub/x/"),
            ("https://a.example/sub/?q#f", "x.html", "https://a.example/sub/x.html"),
            ("https://a.example", "xindex.html", "https://a.example/xindex.html"),
            ("https://a.example", "x?y=1", "https://a.example/x%3Fy=1"),
            ("https://a.example", "a b#c%20.html", "https://a.example/a%20b%23c%2520.html"),
            ("https://a.example", "caf\u{e9}.html", "https://a.example/caf%C3%A9.html"),
            ("https://a.example", "a:b.html", "https://a.example/a:b.html"),
        ];
        for (place, file, expect) in table {
            assert_eq!(at(place).url_of(file.as_bytes()).as_str(), expect, "{place} {file}");
        }
        let plain = Publication::at(None).expect("needs nothing");
        assert_eq!(plain.url_of(b"x/index.html").as_str(), "file:///x/index.html");
    }

    #[test]
    fn an_address_means_the_likeliest_file_that_is_there() {
        let held =
            ["index.html", "x/index.html", "y.html", "z?a=1", "q?b=2.html", "w", "d/index.html?p=1", "m%20n.html"];
        let place = at("https://www.a.example/sub");
        let table = [
            ("https://www.a.example/sub/", Some("index.html")),
            ("https://www.a.example/sub", Some("index.html")),
            ("http://a.example/sub/?utm=1", Some("index.html")),
            ("https://a.example/sub/x", Some("x/index.html")),
            ("https://a.example/sub/x/", Some("x/index.html")),
            ("https://a.example/sub/x/index.html", Some("x/index.html")),
            ("https://a.example/sub/y", Some("y.html")),
            ("https://a.example/sub/Y", None),
            ("https://a.example/sub/y/", None),
            ("https://a.example/sub/z?a=1", Some("z?a=1")),
            ("https://a.example/sub/z%3Fa=1", Some("z?a=1")),
            ("https://a.example/sub/q?b=2", Some("q?b=2.html")),
            ("https://a.example/sub/q?b=3", None),
            ("https://a.example/sub/w?anything", Some("w")),
            ("https://a.example/sub/d/?p=1", Some("d/index.html?p=1")),
            ("https://a.example/sub/m%20n.html", Some("m%20n.html")),
        ];
        for (url, expect) in table {
            let files = place.files(&Url::parse(url).expect(url)).expect(url);
            let found = files.into_iter().find(|file| held.iter().any(|held| held.as_bytes() == file));
            assert_eq!(found.map(|file| String::from_utf8_lossy(&file).into_owned()).as_deref(), expect, "{url}");
        }
    }

    #[test]
    fn what_is_not_below_the_place_is_elsewhere() {
        let place = at("https://a.example/sub/");
        for url in [
            "https://a.example/",
            "https://a.example/subway",
            "https://b.example/sub/",
            "https://x.a.example/sub/",
            "https://a.example:8443/sub/",
            "mailto:x@a.example",
            "file:///sub/x",
        ] {
            assert_eq!(place.files(&Url::parse(url).expect(url)), None, "{url}");
        }
    }

    proptest! {
        #[test]
        fn every_file_is_found_at_its_own_address_first(file in "[a-z%?#&=;: \u{e9}.]{1,6}(/[a-z%?# .]{1,6}){0,2}") {
            prop_assume!(!file.split('/').any(|name| name.chars().all(|c| c == '.')));
            for place in [at("https://a.example/sub/"), Publication::at(None).expect("needs nothing")] {
                let files = place.files(&place.url_of(file.as_bytes())).expect("is below");
                prop_assert_eq!(&files[0][..], file.as_bytes());
            }
        }
    }
}
