//! The name that a server gives a file: `Content-Disposition` (RFC 6266).
//!
//! In: headers. Out: the file's name. Invariant: a name is a word to tell kinds of files by, never a path that anything is written to.
//! Tested below.

use percent_encoding::percent_decode_str;

use super::Headers;

/// The name in `filename*` (RFC 8187), else that in `filename`; `None` without either.
pub fn file_name(headers: &Headers) -> Option<String> {
    let value = headers.first("content-disposition")?;
    let parameter = |name: &str| {
        value.split(';').skip(1).find_map(|part| {
            let (key, text) = part.split_once('=')?;
            key.trim().eq_ignore_ascii_case(name).then(|| text.trim().trim_matches('"').to_string())
        })
    };
    let extended = parameter("filename*").and_then(|text| {
        let (_, encoded) = text.rsplit_once('\'')?;
        Some(percent_decode_str(encoded).decode_utf8_lossy().into_owned())
    });
    extended.or_else(|| parameter("filename")).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_both_spellings() {
        for (value, name) in [
            ("attachment; filename=\"Form 12.pdf\"", Some("Form 12.pdf")),
            ("attachment; filename=report.docx", Some("report.docx")),
            ("inline;FileName = a.pdf ; size=3", Some("a.pdf")),
            ("attachment; filename=\"b.pdf\"; filename*=UTF-8''a%C3%B1o.pdf", Some("año.pdf")),
            ("attachment; filename=\"\"", None),
            ("attachment", None),
            ("", None),
        ] {
            let headers = Headers::of([("content-disposition", value)]);
            assert_eq!(file_name(&headers).as_deref(), name, "{value}");
        }
    }
}
