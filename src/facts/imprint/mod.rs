//! What is kept of a page for questions about the whole site: marks of its text and bones, days, services; never its words.
//!
//! In: a page. Out: [`Imprint`], about a kilobyte, serialisable. What every page repeats is taken away later, when all were seen, so that
//! the order of pages does not show: each mark remembers the block it comes from. Invariant: bounded whatever the page holds. Tested
//! beside each part and in `tests/it/words.rs`.

mod bones;
mod marks;
mod sketch;

pub use bones::{Bones, Parts, bones};
pub use marks::{BlockMark, HintMark};
pub use sketch::{BINS, Likeness, Sketch};

use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

use super::dates::{self, Dated};
use super::prose::Counts;
use super::{PageFacts, sieve, words};
use crate::html::{Document, Selector};
use crate::web::address;

static TITLE: LazyLock<Selector> = LazyLock::new(|| Selector::parse("head > title").expect("a constant selector"));
static HEADING: LazyLock<Selector> = LazyLock::new(|| Selector::parse("h1").expect("a constant selector"));

/// Titles that many sites have for pages that are their own.
const ANYBODYS: [&str; 16] = [
    "home",
    "home page",
    "contact",
    "contact us",
    "about",
    "about us",
    "search",
    "search results",
    "news",
    "privacy policy",
    "site map",
    "accessibility",
    "inicio",
    "contacto",
    "page not found",
    "untitled document",
];

/// What is kept of a page.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Imprint {
    /// The blocks of its main text.
    pub blocks: Box<[BlockMark]>,
    /// The sketch of its main text.
    pub sketch: Option<Box<Sketch>>,
    /// What to show for the counts of its text.
    pub hints: Box<[HintMark]>,
    /// The language it says it is in, a primary subtag; empty where it says none.
    pub language: Box<str>,
    /// The language that its text is in, where that is sure.
    pub spoken: Option<Box<str>>,
    /// Title and first heading together; 0 where one is missing.
    pub naming: u64,
    /// The template it is built by.
    pub template: u64,
    /// The address it names as its own, where that is another.
    pub canonical: Option<Box<str>>,
    /// What kind of copy it says it is.
    pub edition: Edition,
    /// The days it says of itself.
    pub dates: Box<[Dated]>,
    /// `Last-Modified` is the moment of the answer.
    pub touched: bool,
}

/// What kind of copy of another page a page is by its address.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Edition {
    /// No copy that is meant as one.
    Own,
    /// For print.
    Print,
    /// For phones: AMP or a mobile address.
    Mobile,
}

impl Imprint {
    /// What is kept of a page.
    pub fn of(page: &PageFacts<'_>, template: u64) -> Self {
        let prose = page.prose();
        let language = page.language().unwrap_or_default();
        let canonical = page.canonical().map(|url| address::canonical(&url)).filter(|url| url != page.url());
        let moment = page.capture.header("date").and_then(dates::day_of);
        let modified = page.capture.header("last-modified").and_then(dates::day_of);
        Self {
            blocks: marks::blocks(prose),
            sketch: Sketch::of(prose).map(Box::new),
            hints: marks::hints(prose),
            language: language.into_boxed_str(),
            spoken: prose.language.map(Into::into),
            naming: page.document.map_or(0, naming),
            template,
            canonical: canonical.map(|url| url.as_str().into()),
            edition: Edition::of(page),
            dates: dates::dates(page).into_boxed_slice(),
            touched: modified.is_some() && modified == moment,
        }
    }

    /// What was counted in the blocks that `is_own` keeps.
    pub fn counts(&self, is_own: impl Fn(u32) -> bool) -> Counts {
        let mut sum = Counts::default();
        self.blocks.iter().filter(|block| is_own(block.hash)).for_each(|block| sum.add(&block.counts()));
        sum
    }

    /// Words of the main text in the blocks that `is_own` keeps, headings and cells among them.
    pub fn words(&self, is_own: impl Fn(u32) -> bool) -> u64 {
        self.blocks.iter().filter(|block| is_own(block.hash)).map(|block| u64::from(block.words)).sum()
    }

    /// The language to read it by: what it is in, else what it says.
    pub fn tongue(&self) -> &str {
        self.spoken.as_deref().unwrap_or(&self.language)
    }
}

impl Edition {
    fn of(page: &PageFacts<'_>) -> Self {
        let url = page.url();
        let path = url.path().to_ascii_lowercase();
        let query = url.query().unwrap_or_default().to_ascii_lowercase();
        let part =
            |wanted: &[&str]| path.split('/').any(|part| wanted.contains(&part.split('.').next().unwrap_or_default()));
        let asks =
            |wanted: &[&str]| query.split('&').any(|pair| wanted.contains(&pair.split('=').next().unwrap_or_default()));
        let is_amp = || {
            let root = page.document.map(Document::root);
            root.is_some_and(|root| root.has_attr("amp") || root.has_attr("\u{26a1}"))
        };
        let says_print = query.split('&').any(|pair| matches!(pair, "format=print" | "view=print" | "mode=print"));
        if part(&["print", "printable", "printer-friendly", "printview"]) || asks(&["print", "printable"]) || says_print
        {
            Self::Print
        } else if part(&["amp", "mobile"])
            || asks(&["amp"])
            || url.host_str().is_some_and(|host| host.starts_with("m."))
            || is_amp()
        {
            Self::Mobile
        } else {
            Self::Own
        }
    }
}

/// Title and first heading as one number; 0 where one is missing.
fn naming(document: &Document) -> u64 {
    let first =
        |selector| document.select(selector).next().map(|element| words::fold(&element.text())).unwrap_or_default();
    let (title, heading) = (first(&TITLE), first(&HEADING));
    if title.is_empty() || heading.is_empty() || ANYBODYS.contains(&title.as_str()) {
        return 0;
    }
    sieve::hash(format!("{title}\n{heading}").as_bytes()).max(1)
}
