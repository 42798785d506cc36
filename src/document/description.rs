//! What is known of one document.
//!
//! In: what the readers of this room found. Out: [`Document`], serialisable, the message of the child process. Invariant: `None`
//! says that the format or the file does not tell, never "no". Tested in `tests/it/documents.rs`.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Kind, Numbers};

/// What a document says of itself.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Document {
    /// What kind it is, by its content.
    pub kind: Kind,
    /// Its size.
    pub octets: u64,
    /// Whether it could be read.
    pub state: State,
    /// The title in its properties, trimmed; `None` where there is none.
    pub title: Option<String>,
    /// Whether a reader shows the title instead of the file's name (PDF: DisplayDocTitle).
    pub shows_title: Option<bool>,
    /// The language of the whole.
    pub language: Option<String>,
    /// PDF: whether it is tagged: it says so, and has a structure tree with something in it.
    pub tagged: Option<bool>,
    /// PDF: the part of PDF/UA that it claims to meet, "1" for one.
    pub claims: Option<String>,
    /// Pages or slides.
    pub pages: Option<u32>,
    /// Pages that were looked at for text, pictures and forms.
    pub pages_read: u32,
    /// Pages that show a picture and hold no text.
    pub scanned: u32,
    /// Words in the pages that were looked at.
    pub words: u32,
    /// The beginning of the text; a line for each line of the document.
    pub text: String,
    /// What kind of form it is.
    pub form: Form,
    /// Why it is taken for a form; empty where it has fields or is none.
    pub signs: Vec<String>,
    /// Fields that people fill in, signatures among them.
    pub fields: u32,
    /// Fields that have no name for people (PDF: TU).
    pub unnamed: u32,
    /// Fields for a digital signature.
    pub signatures: u32,
    /// Whether the text has a line to sign on.
    pub signed_by_hand: bool,
    /// The numbers it carries as a form.
    pub numbers: Numbers,
    /// How it is protected; `None` where it is not.
    pub lock: Option<Lock>,
    /// The day of its making.
    pub created: Option<Date>,
    /// The day of its last change.
    pub modified: Option<Date>,
    /// The program that wrote it.
    pub producer: Option<String>,
}

/// Whether a document could be read.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It could.
    #[default]
    Read,
    /// It opens with a password only.
    Locked,
    /// It is damaged beyond what readers mend.
    Broken,
}

/// What kind of form a document is.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// None, as far as can be seen.
    #[default]
    None,
    /// It looks like one, and has no fields.
    Flat,
    /// It has fields.
    Fields,
    /// It has fields described by XFA beside those of the PDF.
    Xfa,
    /// It is drawn by XFA alone: most readers show a page that asks to wait.
    DynamicXfa,
}

impl Form {
    /// The name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Flat => "flat",
            Self::Fields => "fields",
            Self::Xfa => "xfa",
            Self::DynamicXfa => "dynamic-xfa",
        }
    }
}

/// How a document is protected.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Lock {
    /// Whether it opens without a password.
    pub opens: bool,
    /// Whether its permissions let assistive technology read (ISO 32000-1, table 22, bits 5 and 10); `None` where they are unknown.
    pub assistive: Option<bool>,
}

impl Document {
    /// A document of which only the kind is known.
    pub fn of(kind: Kind) -> Self {
        Self { kind, ..Self::default() }
    }

    /// True for a document that people fill in.
    pub fn is_form(&self) -> bool {
        self.form != Form::None
    }

    /// True when no page that was looked at holds text, and some show pictures.
    pub fn is_scan(&self) -> bool {
        self.scanned > 0 && self.words == 0
    }

    /// True when every page was looked at.
    pub fn is_whole(&self) -> bool {
        self.pages.is_none_or(|pages| pages == self.pages_read)
    }
}
