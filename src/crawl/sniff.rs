//! What a body or a name says about being a page.
//!
//! In: a path, a `Content-Type`, the first octets. Out: a media type. Invariant: a server's own word comes first; guesses
//! are made only where it said nothing. Tested below.

use crate::web::MediaType;

/// How many octets are looked at.
const PROBE: usize = 1024;

/// Names that are never pages; links to them are not fetched as pages.
const OTHER: [&str; 80] = [
    "7z",
    "aac",
    "apk",
    "avi",
    "avif",
    "bin",
    "bmp",
    "bz2",
    "css",
    "csv",
    "dmg",
    "doc",
    "docm",
    "docx",
    "dwg",
    "eot",
    "eps",
    "epub",
    "exe",
    "flv",
    "geojson",
    "gif",
    "gz",
    "ico",
    "ics",
    "iso",
    "jar",
    "jpe",
    "jpeg",
    "jpg",
    "js",
    "json",
    "key",
    "kml",
    "kmz",
    "m4a",
    "m4v",
    "map",
    "mid",
    "mjs",
    "mov",
    "mp3",
    "mp4",
    "mpeg",
    "mpg",
    "msi",
    "odp",
    "ods",
    "odt",
    "ogg",
    "ogv",
    "otf",
    "pdf",
    "png",
    "pps",
    "ppsx",
    "ppt",
    "pptx",
    "ps",
    "rar",
    "rtf",
    "swf",
    "tar",
    "tgz",
    "tif",
    "tiff",
    "ttf",
    "txt",
    "vcf",
    "wav",
    "webm",
    "webmanifest",
    "webp",
    "wma",
    "wmv",
    "woff",
    "woff2",
    "xls",
    "xlsx",
    "zip",
];

/// The part of the last segment after its last dot, lower case; `None` without one.
pub(super) fn extension(path: &str) -> Option<String> {
    let name = path.rsplit('/').next().unwrap_or_default();
    let (stem, extension) = name.rsplit_once('.')?;
    (!stem.is_empty() && !extension.is_empty()).then(|| extension.to_ascii_lowercase())
}

/// True when the name alone says that this is a document, an image or another thing that is not a page.
pub(super) fn is_other(path: &str) -> bool {
    extension(path).is_some_and(|extension| OTHER.contains(&extension.as_str()))
}

/// The media type of a page file by its extension; `None` when the extension does not say "page".
pub(super) fn page_by_name(path: &str) -> Option<MediaType> {
    let media = match extension(path)?.as_str() {
        "html" | "htm" | "shtml" => "text/html",
        "xhtml" | "xht" => "application/xhtml+xml",
        "svg" => "image/svg+xml",
        "xml" => "application/xml",
        "rdf" => "application/rdf+xml",
        "rss" => "application/rss+xml",
        "atom" => "application/atom+xml",
        _ => return None,
    };
    Some(MediaType::of(media))
}

/// The media type of a thing that is no page, as far as asks may care; octets when nothing is known.
pub(super) fn other_by_name(path: &str) -> MediaType {
    let media = match extension(path).unwrap_or_default().as_str() {
        "css" => "text/css",
        "js" | "mjs" => "text/javascript",
        "json" | "map" => "application/json",
        "pdf" => "application/pdf",
        "txt" => "text/plain",
        "csv" => "text/csv",
        "png" => "image/png",
        "jpg" | "jpeg" | "jpe" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        "ttf" => "font/ttf",
        "gz" | "tgz" => "application/gzip",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    };
    MediaType::of(media)
}

/// True when the first octets are those of an HTML document: after a byte order mark, white space, comments and an XML
/// declaration comes a doctype or one of the tags that documents begin with.
pub(super) fn begins_like_html(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(&body[..body.len().min(PROBE)]).to_ascii_lowercase();
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    while let Some(inner) = rest.strip_prefix("<!--").map(|rest| (rest, "-->")).or_else(|| xml_declaration(rest)) {
        let (after, end) = inner;
        let Some(stop) = after.find(end) else { return false };
        rest = after[stop + end.len()..].trim_start();
    }
    ["<!doctype html", "<html", "<head", "<body", "<title", "<meta", "<h1"].iter().any(|start| {
        rest.strip_prefix(start).is_some_and(|after| after.is_empty() || !after.starts_with(char::is_alphanumeric))
    })
}

/// The media type that the first octets of an XML document tell; `None` when they are not those of one.
pub(super) fn xml_by_beginning(body: &[u8]) -> Option<MediaType> {
    let text = String::from_utf8_lossy(&body[..body.len().min(PROBE)]);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let declared = text.starts_with("<?xml");
    let begins = |start: &str| {
        text.match_indices(start).next().is_some_and(|(at, _)| {
            let after = text[at + start.len()..].chars().next();
            (at == 0 || declared) && after.is_none_or(|c| !c.is_alphanumeric())
        })
    };
    let table = [("<rss", "application/rss+xml"), ("<feed", "application/atom+xml"), ("<urlset", "application/xml")];
    let known = table.iter().find(|(start, _)| begins(start)).map(|(_, media)| *media);
    known.or(declared.then_some("application/xml")).map(MediaType::of)
}

/// Names of plain text and of other things that are no pages, though a page may stand in them word for word.
pub(super) fn is_text_by_name(path: &str) -> bool {
    const TEXT: [&str; 15] = [
        "bak", "cfg", "conf", "ini", "less", "log", "markdown", "md", "orig", "sass", "scss", "toml", "ts", "yaml",
        "yml",
    ];
    extension(path).is_some_and(|extension| TEXT.contains(&extension.as_str())) || is_other(path)
}

/// True for a name without an extension.
pub(super) fn is_bare(path: &str) -> bool {
    extension(path).is_none()
}

fn xml_declaration(text: &str) -> Option<(&str, &'static str)> {
    text.strip_prefix("<?xml").map(|rest| (rest, "?>"))
}

/// The media type of an answer: what the server said, else what the name or the first octets say.
pub(super) fn media(said: Option<&str>, path: &str, body: &[u8]) -> MediaType {
    if let Some(said) = said.filter(|said| said.contains('/')) {
        return MediaType::of(said);
    }
    if begins_like_html(body) {
        return MediaType::of("text/html");
    }
    page_by_name(path).unwrap_or_else(|| other_by_name(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_known_by_its_beginning() {
        let table: [(&str, bool); 13] = [
            ("<!DOCTYPE html><p>x", true),
            ("\u{feff}\n <HTML lang=en>", true),
            ("<!-- saved --><!-- twice --> <html>", true),
            ("<?xml version='1.0'?><!DOCTYPE html PUBLIC", true),
            ("<head>", true),
            ("<title>x</title>", true),
            ("<header>", false),
            ("<!doctype htmlx>", false),
            ("<!-- never closed <html>", false),
            ("<svg>", false),
            ("<?php echo 1;", false),
            ("plain text about <html>", false),
            ("", false),
        ];
        for (text, html) in table {
            assert_eq!(begins_like_html(text.as_bytes()), html, "{text}");
        }
    }

    #[test]
    fn the_server_is_believed_before_the_name() {
        let table = [
            (Some("text/html; charset=utf-8"), "/a.pdf", "", "text/html"),
            (Some("application/json"), "/a", "<html>", "application/json"),
            (Some("garbage"), "/a", "<html>", "text/html"),
            (None, "/a.svg", "", "image/svg+xml"),
            (None, "/a.css", "", "text/css"),
            (None, "/a", "words", "application/octet-stream"),
        ];
        for (said, path, body, expect) in table {
            assert_eq!(media(said, path, body.as_bytes()).as_str(), expect, "{said:?} {path}");
        }
    }

    #[test]
    fn documents_are_known_by_name_and_pages_are_not_mistaken_for_them() {
        for (path, other) in [
            ("/a.PDF", true),
            ("/x/a.docx", true),
            ("/a.html", false),
            ("/a", false),
            ("/v1.2", false),
            ("/.css", false),
        ] {
            assert_eq!(is_other(path), other, "{path}");
        }
    }

    #[test]
    fn the_list_of_other_names_is_sorted_and_has_no_doubles() {
        assert!(OTHER.is_sorted_by(|a, b| a < b));
    }
}
