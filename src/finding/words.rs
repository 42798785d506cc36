//! What is lasting in a piece of markup, so that two runs can be compared.
//!
//! In: a snippet, the address of its page. Out: its words in an order of their own. Invariant: the order of attributes, white
//! space, the page's own origin, nonces, hashes and tokens change nothing; any other word does. Never fails: a snippet may be
//! cut anywhere. Tested below.

use url::Url;

/// Words at least this long that mix letters and digits are taken for tokens.
const TOKEN_LENGTH: usize = 8;
/// Attributes whose value is made anew for each answer or build.
const VOLATILE: [&str; 2] = ["nonce", "integrity"];
/// Parts of names that say the same of any attribute, or of the field that carries them.
const SECRET: [&str; 8] =
    ["csrf", "xsrf", "token", "nonce", "viewstate", "eventvalidation", "authenticity", "form_build_id"];

/// The words of a snippet, sorted.
pub(super) fn words(snippet: &str, url: &str) -> String {
    let text = without_origin(snippet, url);
    let (tag, rest) = match text.strip_prefix('<') {
        Some(tag) => tag.split_at(end_of_tag(tag)),
        None => ("", text.as_str()),
    };
    let attributes = attributes(tag);
    let secret = attributes.iter().any(|(name, value)| {
        matches!(name.to_ascii_lowercase().as_str(), "name" | "id" | "property") && is_secret(value)
    });
    let mut words: Vec<&str> = Vec::new();
    for (name, value) in &attributes {
        words.extend(split(name));
        let lower = name.to_ascii_lowercase();
        let carried = secret && matches!(lower.as_str(), "value" | "content");
        if !(carried || VOLATILE.contains(&lower.as_str()) || is_secret(&lower)) {
            words.extend(split(value));
        }
    }
    words.extend(split(rest));
    words.sort_unstable();
    words.join(" ")
}

/// The name of the element a snippet shows; empty where it shows none.
pub(super) fn element(snippet: &str) -> String {
    let name = snippet.strip_prefix('<').unwrap_or_default();
    let end = name.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).unwrap_or(name.len());
    name[..end].to_ascii_lowercase()
}

/// The same text with addresses of the page's own host made relative.
fn without_origin(text: &str, url: &str) -> String {
    // Most snippets name no origin.
    if !text.contains("//") {
        return text.to_string();
    }
    let Ok(url) = Url::parse(url) else { return text.to_string() };
    let Some(host) = url.host_str() else { return text.to_string() };
    let host = url.port().map_or_else(|| host.to_string(), |port| format!("{host}:{port}"));
    let mut text = text.to_string();
    for origin in [format!("https://{host}"), format!("http://{host}"), format!("//{host}")] {
        let whole = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | ':'));
        let mut kept = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(at) = rest.find(&origin) {
            let after = &rest[at + origin.len()..];
            kept.push_str(if whole(after) { &rest[..at] } else { &rest[..at + origin.len()] });
            rest = after;
        }
        kept.push_str(rest);
        text = kept;
    }
    text
}

/// Where a start tag ends: after the first ">" outside quotes, else at the end of what there is.
fn end_of_tag(tag: &str) -> usize {
    let mut quote = None;
    for (at, c) in tag.char_indices() {
        match (quote, c) {
            (None, '>') => return at + 1,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (_, _) => {}
        }
    }
    tag.len()
}

/// The name of the element and its attributes, each with its value.
fn attributes(tag: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = tag.trim_end_matches('>').trim_start();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
        let name = &rest[..end];
        rest = rest[end..].trim_start();
        let Some(value) = rest.strip_prefix('=').map(str::trim_start) else {
            found.push((name, ""));
            continue;
        };
        let (value, after) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            Some(_) | None => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        found.push((name, value));
        rest = after.trim_start();
    }
    found
}

fn is_secret(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    SECRET.iter().any(|part| lower.contains(part))
}

fn split(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '_');
    parts.filter(|word| !word.is_empty() && !is_token(word))
}

/// A build hash, a nonce, a session token: long and both letters and digits.
fn is_token(word: &str) -> bool {
    word.len() >= TOKEN_LENGTH
        && word.bytes().any(|b| b.is_ascii_digit())
        && word.bytes().any(|b| b.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HERE: &str = "https://www.agency.example/a";

    #[test]
    fn what_changes_from_build_to_build_is_no_word() {
        for (one, two) in [
            (r#"<img src="/x.png" class="wide">"#, r#"<img class="wide"   src="/x.png">"#),
            (r#"<script nonce="abc+DEF/gh" src="/a.js">"#, r#"<script src='/a.js' nonce=zyxw>"#),
            (r#"<link integrity="sha384-AbC" href="/a.css">"#, r#"<link integrity="sha384-xYz" href="/a.css">"#),
            (r#"<script src="/app.9f8e7d6c5b.js">"#, r#"<script src="/app.0a1b2c3d4e.js">"#),
            (
                r#"<input type=hidden name="csrf_token" value="open sesame">"#,
                "<input name=csrf_token type=hidden value=x>",
            ),
            (r#"<input name="__VIEWSTATE" value="/wEPDwUK">"#, r#"<input name="__VIEWSTATE" value="/wEPaaBB">"#),
            (r#"<form data-csrf-token="quick brown">"#, r#"<form data-csrf-token="lazy dog">"#),
            (r#"<a href="https://www.agency.example/b">b</a>"#, r#"<a href="/b">b</a>"#),
            (r#"<a href="//www.agency.example/b">b</a>"#, r#"<a href="/b">b</a>"#),
        ] {
            assert_eq!(words(one, HERE), words(two, HERE), "{one} and {two}");
        }
    }

    #[test]
    fn every_other_word_counts() {
        for (one, two) in [
            (r#"<img src="/x.png">"#, r#"<img src="/y.png">"#),
            (r#"<a href="/a">here</a>"#, r#"<a href="/a">there</a>"#),
            (r#"<input name="given" value="a">"#, r#"<input name="given" value="b">"#),
            (r#"<a href="https://www.agency.example.evil/">x</a>"#, r#"<a href="/">x</a>"#),
            ("plain words", "other words"),
        ] {
            assert_ne!(words(one, HERE), words(two, HERE), "{one} and {two}");
        }
    }

    #[test]
    fn the_element_of_a_snippet_is_its_first_word() {
        for (snippet, name) in [("<IMG src=x>", "img"), ("<p>", "p"), ("<br/>", "br"), ("words", ""), ("", "")] {
            assert_eq!(element(snippet), name);
        }
    }

    proptest! {
        #[test]
        fn no_snippet_is_too_broken(snippet in any::<String>(), cut in "<[a-z]{1,3}( [a-z]{0,3}=?[\"']?[a-z<> ]{0,4}){0,4}") {
            words(&snippet, HERE);
            words(&cut, HERE);
        }
    }
}
