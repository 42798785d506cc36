//! Which kind of document a file is, by its first octets and the names in it.
//!
//! In: octets. Out: [`Kind`]. Invariant: the name of a file and what a server says of it play no part. Tested below.

use serde::{Deserialize, Serialize};

/// How far into a file a PDF header is looked for, as readers do (ISO 32000-1, Annex H, note 13).
const HEADER: usize = 1024;

/// The first octets of a compound file, which older office programs write.
const COMPOUND: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// A kind of document.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// PDF (ISO 32000).
    #[default]
    Pdf,
    /// A text of Office Open XML.
    Word,
    /// A spreadsheet of Office Open XML.
    Excel,
    /// Slides of Office Open XML.
    PowerPoint,
    /// A text in the binary format that came before.
    OldWord,
    /// A spreadsheet in the binary format that came before.
    OldExcel,
    /// Slides in the binary format that came before.
    OldPowerPoint,
    /// A text of OpenDocument.
    OpenText,
    /// A spreadsheet of OpenDocument.
    OpenSpreadsheet,
    /// Slides of OpenDocument.
    OpenPresentation,
    /// A web page.
    Page,
    /// Anything else.
    Other,
}

impl Kind {
    /// The kind of a file.
    pub fn of(body: &[u8]) -> Self {
        let start = &body[..body.len().min(HEADER)];
        let text = String::from_utf8_lossy(start).trim_start().to_ascii_lowercase();
        if holds(start, b"%PDF-") {
            Self::Pdf
        } else if body.starts_with(b"PK\x03\x04") {
            super::office::kind(body)
        } else if body.starts_with(COMPOUND) {
            compound(body)
        } else if ["<!doctype html", "<html", "<head", "<body"].iter().any(|tag| text.starts_with(tag)) {
            Self::Page
        } else {
            Self::Other
        }
    }

    /// The kind that a name ends with, as links have it; `None` for what is no document.
    pub fn of_name(path: &str) -> Option<Self> {
        let (_, extension) = path.rsplit('/').next()?.rsplit_once('.')?;
        Some(match extension.to_ascii_lowercase().as_str() {
            "pdf" => Self::Pdf,
            "docx" | "docm" | "dotx" => Self::Word,
            "xlsx" | "xlsm" => Self::Excel,
            "pptx" | "ppsx" => Self::PowerPoint,
            "doc" | "dot" => Self::OldWord,
            "xls" => Self::OldExcel,
            "ppt" | "pps" => Self::OldPowerPoint,
            "odt" => Self::OpenText,
            "ods" => Self::OpenSpreadsheet,
            "odp" => Self::OpenPresentation,
            _ => return None,
        })
    }

    /// The kind that a server names by its media type; `None` for what is no document.
    pub fn of_media(media: &str) -> Option<Self> {
        const OPEN_XML: &str = "application/vnd.openxmlformats-officedocument.";
        const OPEN_DOCUMENT: &str = "application/vnd.oasis.opendocument.";
        if let Some(kind) = media.strip_prefix(OPEN_XML) {
            let kinds = [
                ("wordprocessingml.", Self::Word),
                ("spreadsheetml.", Self::Excel),
                ("presentationml.", Self::PowerPoint),
            ];
            return kinds.into_iter().find(|(part, _)| kind.starts_with(part)).map(|(_, kind)| kind);
        }
        if let Some(kind) = media.strip_prefix(OPEN_DOCUMENT) {
            let kinds = [
                ("text", Self::OpenText),
                ("spreadsheet", Self::OpenSpreadsheet),
                ("presentation", Self::OpenPresentation),
            ];
            return kinds.into_iter().find(|(part, _)| kind == *part).map(|(_, kind)| kind);
        }
        Some(match media {
            "application/pdf" | "application/x-pdf" => Self::Pdf,
            "application/msword" => Self::OldWord,
            "application/vnd.ms-excel" => Self::OldExcel,
            "application/vnd.ms-powerpoint" => Self::OldPowerPoint,
            "application/vnd.ms-word.document.macroenabled.12" => Self::Word,
            "application/vnd.ms-excel.sheet.macroenabled.12" => Self::Excel,
            "application/vnd.ms-powerpoint.presentation.macroenabled.12" => Self::PowerPoint,
            _ => return None,
        })
    }

    /// The name in reports and rule files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Word => "word",
            Self::Excel => "excel",
            Self::PowerPoint => "power-point",
            Self::OldWord => "old-word",
            Self::OldExcel => "old-excel",
            Self::OldPowerPoint => "old-power-point",
            Self::OpenText => "open-text",
            Self::OpenSpreadsheet => "open-spreadsheet",
            Self::OpenPresentation => "open-presentation",
            Self::Page => "page",
            Self::Other => "other",
        }
    }
}

/// Which office program wrote a compound file: its streams are named in UTF-16.
fn compound(body: &[u8]) -> Kind {
    let names = [
        ("PowerPoint Document", Kind::OldPowerPoint),
        ("WordDocument", Kind::OldWord),
        ("Workbook", Kind::OldExcel),
        ("Book", Kind::OldExcel),
    ];
    let found = names.iter().find(|(name, _)| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        holds(body, &wide)
    });
    found.map_or(Kind::Other, |(_, kind)| *kind)
}

/// True for an Office Open XML file behind a password: a compound file around an encrypted package ([MS-OFFCRYPTO], 1.3.3).
pub(super) fn is_locked_package(body: &[u8]) -> bool {
    let wide: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    body.starts_with(COMPOUND) && holds(body, &wide)
}

/// True when these octets stand somewhere in those.
pub(super) fn holds(body: &[u8], needle: &[u8]) -> bool {
    find(body, needle).is_some()
}

/// Where these octets stand first.
pub(super) fn find(body: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let mut from = 0;
    while let Some(at) = body.get(from..)?.iter().position(|octet| *octet == first) {
        let at = from + at;
        if body[at..].starts_with(needle) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_what_is_in_it() {
        let old = [COMPOUND, &"WordDocument".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()].concat();
        for (body, kind) in [
            (&b"%PDF-1.7\n"[..], Kind::Pdf),
            (b"\xef\xbb\xbf junk before %PDF-1.4", Kind::Pdf),
            (b"\n<!DOCTYPE html><title>Gone</title>", Kind::Page),
            (b"PK\x03\x04", Kind::Other),
            (&old, Kind::OldWord),
            (b"", Kind::Other),
        ] {
            assert_eq!(Kind::of(body), kind, "{}", String::from_utf8_lossy(body));
        }
        assert_eq!(Kind::of_name("/a/b.c/Form%20A.PDF"), Some(Kind::Pdf));
        assert_eq!(Kind::of_name("/a.pdf/b"), None);
    }
}
