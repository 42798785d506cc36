//! A document as a description: what an example of a rule spells as a table.
//!
//! In: a [`Draft`]. Out: octets of a PDF, or of a text of Office Open XML. Invariant: what the description leaves out is not in the file.
//! Tested in `tests/it/documents.rs`.

use serde::{Deserialize, Serialize};

use super::cipher::Cipher;
use super::objects::{Layout, Objects};
use crate::document::archive::packed;

/// Lines of a page.
const LINES: usize = 60;
/// Permissions that allow everything, and those that keep assistive technology and copying out (ISO 32000-1, table 22).
const ALL: i32 = -4;
const NOT_ALOUD: i32 = -4 & !(1 << 4) & !(1 << 9);

/// A document to be made.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Draft {
    /// True for a text of Office Open XML, else a PDF.
    pub word: bool,
    /// Its text: a new line for each line, a form feed for each page.
    pub text: String,
    /// The title in its properties.
    pub title: Option<String>,
    /// Whether readers are asked to show it.
    pub shows_title: bool,
    /// Its language.
    pub language: Option<String>,
    /// Whether it is tagged.
    pub tagged: bool,
    /// The part of PDF/UA that it claims to meet.
    pub claims: Option<String>,
    /// Whether its pages are pictures.
    pub scanned: bool,
    /// Its fields.
    pub fields: Vec<DraftField>,
    /// Whether XFA describes them, too; without fields it is drawn by XFA alone.
    pub xfa: bool,
    /// How it is protected.
    pub protection: Protection,
    /// Whether most of the file is missing.
    pub broken: bool,
    /// How many empty pages follow, and how many octets of nothing.
    pub padding: Padding,
}

/// What makes a document large.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Padding {
    /// Empty pages.
    pub pages: usize,
    /// Octets that nothing refers to.
    pub octets: usize,
}

/// A field of a form.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct DraftField {
    /// The name that programs use.
    pub name: String,
    /// What it is.
    pub kind: FieldKind,
    /// The name for people.
    pub tooltip: Option<String>,
}

/// What a field is.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldKind {
    /// Words are typed into it.
    #[default]
    Text,
    /// A box to tick.
    Checkbox,
    /// A list to choose from.
    Choice,
    /// A button that does something.
    Button,
    /// A digital signature.
    Signature,
}

/// How a document is protected.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Protection {
    /// Not at all.
    #[default]
    None,
    /// It is enciphered and opens without a password.
    Open,
    /// The same, and its permissions keep assistive technology out.
    NotAloud,
    /// It opens with a password only.
    Password,
}

impl Draft {
    /// The file.
    pub fn file(&self) -> Vec<u8> {
        let mut file = if self.word { self.office() } else { self.pdf(Layout::Table) };
        if self.broken {
            file.truncate(file.len() / 6);
        }
        file
    }

    /// The file as a PDF in a layout; one that is protected has a table.
    pub fn pdf(&self, layout: Layout) -> Vec<u8> {
        let mut objects = Objects::default();
        let root = objects.add("");
        let tree = objects.add("");
        let font = objects.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
        let mut kids = String::new();
        let pages: Vec<&str> = self.text.split('\u{c}').collect();
        let empty = std::iter::repeat_n("", self.padding.pages);
        let mut count = 0;
        for text in pages.into_iter().chain(empty) {
            let page = self.page(&mut objects, tree, font, text);
            kids.push_str(&format!("{page} 0 R "));
            count += 1;
        }
        if self.padding.octets > 0 {
            objects.stream("", &vec![b' '; self.padding.octets]);
        }
        objects.replace(tree, format!("<< /Type /Pages /Kids [{kids}] /Count {count} >>"));
        let catalog = self.catalog(&mut objects, tree);
        objects.replace(root, catalog);
        if let Some(title) = &self.title {
            let information = objects.add(format!(
                "<< /Title ({}) /Producer (A small press) /CreationDate (D:20240131120000Z) >>",
                escaped(title)
            ));
            objects.inform(information);
        }
        let cipher = match self.protection {
            Protection::None => return objects.file(root, layout),
            Protection::Open => Cipher::of(b"", ALL),
            Protection::NotAloud => Cipher::of(b"", NOT_ALOUD),
            Protection::Password => Cipher::of(b"a password", ALL),
        };
        objects.enciphered(root, &cipher)
    }

    fn page(&self, objects: &mut Objects, tree: usize, font: usize, text: &str) -> usize {
        let mut content = String::new();
        let mut resources = format!("/Font << /F1 {font} 0 R >>");
        if self.scanned {
            let picture = objects.stream(
                "/Type /XObject /Subtype /Image /Width 2 /Height 2 /ColorSpace /DeviceGray /BitsPerComponent 8",
                &[0, 255, 255, 0],
            );
            resources.push_str(&format!(" /XObject << /Im1 {picture} 0 R >>"));
            content.push_str("q 612 0 0 792 0 0 cm /Im1 Do Q\n");
        } else if !text.trim().is_empty() {
            content.push_str("BT /F1 11 Tf 13 TL 54 740 Td\n");
            for line in text.trim_matches('\n').lines().take(LINES) {
                content.push_str(&format!("({}) Tj T*\n", escaped(line.trim())));
            }
            content.push_str("ET\n");
        }
        let content = objects.compressed("", content.as_bytes());
        objects.add(format!(
            "<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 612 792] /Contents {content} 0 R /Resources << {resources} >> >>"
        ))
    }

    fn catalog(&self, objects: &mut Objects, tree: usize) -> String {
        let mut catalog = format!("<< /Type /Catalog /Pages {tree} 0 R");
        if let Some(language) = &self.language {
            catalog.push_str(&format!(" /Lang ({})", escaped(language)));
        }
        if self.shows_title {
            catalog.push_str(" /ViewerPreferences << /DisplayDocTitle true >>");
        }
        if self.tagged {
            let structure = objects.add("<< /Type /StructTreeRoot /K << /Type /StructElem /S /Document >> >>");
            catalog.push_str(&format!(" /MarkInfo << /Marked true >> /StructTreeRoot {structure} 0 R"));
        }
        if let Some(part) = &self.claims {
            let packet = format!(
                "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
                 <rdf:Description xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\"><pdfuaid:part>{part}</pdfuaid:part>\
                 </rdf:Description></rdf:RDF></x:xmpmeta>"
            );
            let packet = objects.stream("/Type /Metadata /Subtype /XML", packet.as_bytes());
            catalog.push_str(&format!(" /Metadata {packet} 0 R"));
        }
        if !self.fields.is_empty() || self.xfa {
            let fields: Vec<String> =
                self.fields.iter().map(|field| format!("{} 0 R", objects.add(field.object()))).collect();
            let xfa = if self.xfa {
                let form = objects.compressed("", b"<xdp:xdp xmlns:xdp=\"http://ns.adobe.com/xdp/\"/>");
                format!(" /XFA {form} 0 R")
            } else {
                String::new()
            };
            catalog.push_str(&format!(" /AcroForm << /Fields [{}]{xfa} >>", fields.join(" ")));
        }
        catalog + " >>"
    }

    /// The file as a text of Office Open XML.
    fn office(&self) -> Vec<u8> {
        let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
        let mut body = String::new();
        for line in self.text.lines() {
            body.push_str(&format!("<w:p><w:r><w:t>{}</w:t></w:r></w:p>", escape(line)));
        }
        for field in &self.fields {
            let kind = if field.kind == FieldKind::Checkbox { "checkbox" } else { "text" };
            body.push_str(&format!(
                "<w:sdt><w:sdtPr><w:alias w:val=\"{}\"/><w:{kind}/></w:sdtPr><w:sdtContent/></w:sdt>",
                escape(&field.name)
            ));
        }
        let title = self.title.as_ref().map(|title| format!("<dc:title>{}</dc:title>", escape(title)));
        let language = self.language.as_ref().map(|language| {
            format!("<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val=\"{language}\"/></w:rPr></w:rPrDefault></w:docDefaults>")
        });
        let parts = [
            ("[Content_Types].xml", "<Types/>".to_string()),
            ("word/document.xml", format!("<w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>")),
            ("word/styles.xml", format!("<w:styles xmlns:w=\"w\">{}</w:styles>", language.unwrap_or_default())),
            (
                "docProps/core.xml",
                format!(
                    "<cp:coreProperties xmlns:cp=\"c\" xmlns:dc=\"d\">{}</cp:coreProperties>",
                    title.unwrap_or_default()
                ),
            ),
        ];
        packed(&parts.each_ref().map(|(name, part)| (*name, part.as_bytes())))
    }
}

impl DraftField {
    fn object(&self) -> String {
        let (kind, flags) = match self.kind {
            FieldKind::Text => ("Tx", 0),
            FieldKind::Checkbox => ("Btn", 0),
            FieldKind::Choice => ("Ch", 0),
            FieldKind::Button => ("Btn", 1 << 16),
            FieldKind::Signature => ("Sig", 0),
        };
        let tooltip = self.tooltip.as_ref().map(|name| format!(" /TU ({})", escaped(name))).unwrap_or_default();
        let name = escaped(&self.name);
        format!("<< /Type /Annot /Subtype /Widget /Rect [0 0 9 9] /FT /{kind} /Ff {flags} /T ({name}){tooltip} >>")
    }
}

/// The inside of a literal string: brackets become square, letters of western Europe octal codes (ISO 32000-2, 7.3.4.2), and what
/// WinAnsiEncoding lacks a question mark.
fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut inside, c| {
        match c {
            '(' => inside.push('['),
            ')' => inside.push(']'),
            '\\' => inside.push('/'),
            c if c.is_ascii() => inside.push(c),
            '\u{a0}'..='\u{ff}' => inside.push_str(&format!("\\{:03o}", u32::from(c))),
            _ => inside.push('?'),
        }
        inside
    })
}
