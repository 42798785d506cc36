//! Patterns over whole paths, for `--include`, `--exclude` and rules about places of a site.
//!
//! In: a pattern, a percent-decoded path. Out: whether the pattern is the whole path. `*` stands for anything within a
//! segment, `**` for anything across segments, nothing else is special; no wildcard means exactly that path.
//! Invariant: matching costs at most pattern × path, whatever they hold; it never backtracks. Tested below.

use std::fmt;
use std::str::FromStr;

/// A pattern over whole decoded paths.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Glob {
    written: String,
    tokens: Vec<Token>,
    /// What stands between the wildcards; what every path that matches has, in this order.
    runs: Vec<String>,
}

/// Why a pattern was refused.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum GlobError {
    /// Nothing was written.
    #[error("the pattern is empty; write `/**` for every path")]
    Empty,
    /// It begins neither with `/` nor with `*`, so it could never be a whole path.
    #[error(
        "the pattern `{pattern}` is compared with whole paths, so it begins with `/` or `*`; did you mean `{hint}`?"
    )]
    NotRooted {
        /// The pattern as written.
        pattern: String,
        /// A pattern that may be what was meant.
        hint: String,
    },
}

#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
enum Token {
    Exactly(char),
    WithinSegment,
    AcrossSegments,
}

impl Glob {
    /// Reads a pattern.
    ///
    /// # Errors
    ///
    /// An empty pattern, or one that begins with neither `/` nor `*`; the message proposes what may have been meant.
    pub fn parse(written: &str) -> Result<Self, GlobError> {
        if written.is_empty() {
            return Err(GlobError::Empty);
        }
        if !written.starts_with(['/', '*']) {
            return Err(GlobError::NotRooted { pattern: written.to_string(), hint: rooted(written) });
        }
        let mut tokens = Vec::with_capacity(written.len());
        for c in written.chars() {
            match (c, tokens.last_mut()) {
                ('*', Some(last @ (Token::WithinSegment | Token::AcrossSegments))) => *last = Token::AcrossSegments,
                ('*', _) => tokens.push(Token::WithinSegment),
                (c, _) => tokens.push(Token::Exactly(c)),
            }
        }
        let runs = written.split('*').map(str::to_string).collect();
        Ok(Self { written: written.to_string(), tokens, runs })
    }

    /// Whether the pattern is the whole of a percent-decoded path (see `address::decoded_path`).
    pub fn matches(&self, decoded_path: &str) -> bool {
        // Most paths lack a part of the pattern; where a wildcard may stand for anything, having all parts is enough.
        self.has_runs(decoded_path) && (!self.tokens.contains(&Token::WithinSegment) || self.is_whole(decoded_path))
    }

    /// True when the path begins with the first run, ends with the last, and has the others in between, in order.
    fn has_runs(&self, path: &str) -> bool {
        let [first, between @ .., last] = self.runs.as_slice() else { return path == self.written };
        let Some(mut rest) = path.strip_prefix(first.as_str()).and_then(|rest| rest.strip_suffix(last.as_str())) else {
            return false;
        };
        between.iter().all(|run| match memchr::memmem::find(rest.as_bytes(), run.as_bytes()) {
            Some(at) => {
                rest = &rest[at + run.len()..];
                true
            }
            None => false,
        })
    }

    fn is_whole(&self, decoded_path: &str) -> bool {
        // reached[i]: the tokens before i can stand for what was read so far.
        let mut reached = vec![false; self.tokens.len() + 1];
        reached[0] = true;
        self.skip_empty_wildcards(&mut reached);
        for c in decoded_path.chars() {
            let mut next = vec![false; reached.len()];
            for (at, token) in self.tokens.iter().enumerate().filter(|(at, _)| reached[*at]) {
                match token {
                    Token::Exactly(want) => next[at + 1] |= *want == c,
                    Token::WithinSegment => next[at] |= c != '/',
                    Token::AcrossSegments => next[at] = true,
                }
            }
            self.skip_empty_wildcards(&mut next);
            reached = next;
        }
        reached[self.tokens.len()]
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// A wildcard may stand for nothing, so where it can begin it can also be over.
    fn skip_empty_wildcards(&self, reached: &mut [bool]) {
        for (at, token) in self.tokens.iter().enumerate() {
            if reached[at] && matches!(token, Token::WithinSegment | Token::AcrossSegments) {
                reached[at + 1] = true;
            }
        }
    }
}

/// What a pattern without its root may have meant: the path of an address, else the same below the root.
fn rooted(written: &str) -> String {
    match written.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or_else(|| "/**".to_string(), |slash| rest[slash..].to_string()),
        None => format!("/{}", written.trim_start_matches("./")),
    }
}

impl fmt::Display for Glob {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.written)
    }
}

impl FromStr for Glob {
    type Err = GlobError;

    fn from_str(written: &str) -> Result<Self, GlobError> {
        Self::parse(written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_pattern_is_the_whole_path() {
        for (pattern, path, want) in [
            ("/a", "/a", true),
            ("/a", "/a/", false),
            ("/a", "/ab", false),
            ("/a/*", "/a/b", true),
            ("/a/*", "/a/", true),
            ("/a/*", "/a/b/c", false),
            ("/a/**", "/a/b/c", true),
            ("/a/**", "/a/", true),
            ("/a/**", "/a", false),
            ("/a/**/c", "/a/b/b/c", true),
            ("/a/**/c", "/a/c", false),
            ("**/*.pdf", "/x/y/z.pdf", true),
            ("**.pdf", "/x/y/z.pdf", true),
            ("*.pdf", "/z.pdf", false),
            ("/*/b*d/**x", "/a/bcd/e/fx", true),
            ("/what?", "/what?", true),
            ("/what?", "/whats", false),
            ("/été *", "/été 2026", true),
        ] {
            assert_eq!(Glob::parse(pattern).unwrap().matches(path), want, "{pattern} on {path}");
        }
    }

    #[test]
    fn a_pattern_without_its_root_is_refused_with_a_hint() {
        for (written, hint) in
            [("news/**", "/news/**"), ("./a", "/a"), ("https://x.example/a/*", "/a/*"), ("https://x.example", "/**")]
        {
            let refused = Glob::parse(written).unwrap_err();
            assert_eq!(refused, GlobError::NotRooted { pattern: written.into(), hint: hint.into() });
        }
        assert_eq!(Glob::parse(""), Err(GlobError::Empty));
    }

    #[test]
    fn a_hostile_pattern_is_only_work() {
        let glob = Glob::parse(&format!("/{}b", "**a*".repeat(50))).unwrap();
        assert!(!glob.matches(&format!("/{}", "a".repeat(2000))));
    }

    proptest! {
        #[test]
        fn a_pattern_without_wildcards_is_only_itself(path in "/[a-c/.?]{0,6}", other in "/[a-c/.?]{0,6}") {
            let glob = Glob::parse(&path).unwrap();
            prop_assert!(glob.matches(&path));
            prop_assert_eq!(glob.matches(&other), path == other);
        }
    }
}
