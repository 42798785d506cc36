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

use super::aside::{Aside, Piece};
use super::dates::{self, Dated};
use super::packed::{Pack, Unpack};
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

/// What is kept of a page: of a large site there are very many, so all but a few numbers is packed, and most of it may be put aside.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(from = "Plain", into = "Plain")]
pub struct Imprint {
    /// Title and first heading together; 0 where one is missing.
    pub naming: u64,
    /// The template it is built by.
    pub template: u64,
    /// What kind of copy it says it is.
    pub edition: Edition,
    /// `Last-Modified` is the moment of the answer.
    pub touched: bool,
    /// The sections up to [`Section::Canonical`], one after the other.
    head: Box<[u8]>,
    /// The sections after it.
    rest: Piece,
}

/// The same as it is written down.
#[derive(Deserialize, Serialize)]
struct Plain {
    naming: u64,
    template: u64,
    edition: Edition,
    touched: bool,
    head: Vec<u8>,
    rest: Vec<u8>,
}

impl From<Plain> for Imprint {
    fn from(plain: Plain) -> Self {
        let Plain { naming, template, edition, touched, head, rest } = plain;
        Self { naming, template, edition, touched, head: head.into(), rest: Piece::Held(rest.into()) }
    }
}

impl From<Imprint> for Plain {
    fn from(imprint: Imprint) -> Self {
        let Imprint { naming, template, edition, touched, head, rest } = imprint;
        Self { naming, template, edition, touched, head: head.into(), rest: rest.octets().into_owned() }
    }
}

/// What the sections of an imprint hold, in their order.
#[derive(Clone, Copy)]
enum Section {
    /// The language it says it is in, a primary subtag; empty where it says none.
    Language,
    /// The language that its text is in; empty where that is not sure.
    Spoken,
    /// The address it names as its own, where that is another.
    Canonical,
    /// The days it says of itself.
    Dates,
    /// The sketch of its main text.
    Sketch,
    /// What to show for the counts of its text.
    Hints,
    /// The blocks of its main text.
    Blocks,
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
        let blocks = marks::blocks(prose);
        let (mut head, mut pack) = (Pack::default(), Pack::default());
        head.text(&language);
        head.text(prose.language.unwrap_or_default());
        head.text(canonical.as_ref().map_or("", |url| url.as_str()));
        pack.octets(&dates::packed(&dates::dates(page)));
        pack.octets(&Sketch::of(prose).map(|sketch| sketch.packed(&blocks)).unwrap_or_default());
        pack.octets(&marks::packed_hints(prose));
        pack.octets(&marks::packed_blocks(&blocks));
        Self {
            naming: page.document.map_or(0, naming),
            template,
            edition: Edition::of(page),
            touched: modified.is_some() && modified == moment,
            head: head.done().into_boxed_slice(),
            rest: Piece::Held(pack.done().into_boxed_slice()),
        }
    }

    /// Puts aside what is asked for only when all pages were read.
    pub(in crate::facts) fn put_aside(&mut self, aside: &Aside) {
        self.rest.put_aside(aside);
    }

    fn text(&self, section: Section) -> &str {
        std::str::from_utf8(nth(&self.head, section as usize).0).unwrap_or_default()
    }

    /// The blocks of its main text.
    pub fn blocks(&self) -> Vec<BlockMark> {
        marks::unpacked_blocks(rest(&self.rest.octets(), Section::Blocks)).collect()
    }

    /// What to show for the counts of its text.
    pub fn hints(&self) -> Vec<HintMark> {
        marks::unpacked_hints(rest(&self.rest.octets(), Section::Hints)).collect()
    }

    /// The sketch of its main text.
    pub fn sketch(&self) -> Option<Sketch> {
        let octets = self.rest.octets();
        Sketch::unpacked(rest(&octets, Section::Sketch), || marks::unpacked_blocks(rest(&octets, Section::Blocks)))
    }

    /// The days it says of itself.
    pub fn dates(&self) -> Vec<Dated> {
        dates::unpacked(rest(&self.rest.octets(), Section::Dates))
    }

    /// The address it names as its own, where that is another.
    pub fn canonical(&self) -> Option<&str> {
        Some(self.text(Section::Canonical)).filter(|url| !url.is_empty())
    }

    /// The language it says it is in, a primary subtag; empty where it says none.
    pub fn language(&self) -> &str {
        self.text(Section::Language)
    }

    /// The language that its text is in, where that is sure.
    pub fn spoken(&self) -> Option<&str> {
        Some(self.text(Section::Spoken)).filter(|language| !language.is_empty())
    }

    /// The language to read it by: what it is in, else what it says.
    pub fn tongue(&self) -> &str {
        self.spoken().unwrap_or_else(|| self.language())
    }

    /// What was counted in the blocks that `is_own` keeps.
    pub fn counts(&self, is_own: impl Fn(u32) -> bool) -> Counts {
        let mut sum = Counts::default();
        self.blocks().iter().filter(|block| is_own(block.hash)).for_each(|block| sum.add(&block.counts()));
        sum
    }

    /// Words of the main text in the blocks that `is_own` keeps, headings and cells among them.
    pub fn words(&self, is_own: impl Fn(u32) -> bool) -> u64 {
        self.blocks().iter().filter(|block| is_own(block.hash)).map(|block| u64::from(block.words)).sum()
    }
}

impl PartialEq for Imprint {
    fn eq(&self, other: &Self) -> bool {
        let numbers = |one: &Self| (one.naming, one.template, one.edition, one.touched);
        numbers(self) == numbers(other) && self.head == other.head && self.rest.octets() == other.rest.octets()
    }
}

/// A section of those that may be put aside.
fn rest(octets: &[u8], section: Section) -> Unpack<'_> {
    nth(octets, section as usize - Section::Dates as usize)
}

fn nth(octets: &[u8], place: usize) -> Unpack<'_> {
    let mut all = Unpack(octets);
    (0..place).for_each(|_| _ = all.octets());
    Unpack(all.octets())
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
