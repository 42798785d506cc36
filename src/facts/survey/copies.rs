//! Texts that stand at more than one address, word by word or nearly so.
//!
//! In: texts of a site, or of all sites of a run. Out: [`Cluster`]s with the page that looks like the one to keep, and why. Pages that
//! are compared are found by bands of their sketches, so that the work grows with the pages and not with their pairs. Invariant: the same
//! texts give the same clusters in any order; editions for print and phones and pages that name another as their own are kept apart
//! from copies. Tested below and by the labelled cases.

use jiff::civil::Date;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use url::Url;

use crate::facts::imprint::{BINS, Edition, Likeness};
use crate::web::address;

/// Bins of a band: texts of nine tenths in common share one of 21 almost surely, those of two thirds in four of five cases.
const BAND: usize = 6;
/// Earlier texts of a band that a text is compared with.
const COMPARED: usize = 8;
/// Bins that have to say something for a likeness to mean something.
const TOLD: usize = 24;

/// A text that is compared.
#[derive(Clone, Debug)]
pub struct Text<'s> {
    /// Where it stands.
    pub url: &'s Arc<Url>,
    /// A number for its words.
    pub exact: u64,
    /// Its sketch without what its site repeats.
    pub likeness: Likeness,
    /// Its words.
    pub words: u64,
    /// What kind of copy it says it is.
    pub edition: Edition,
    /// It names another address as its own.
    pub is_version: bool,
    /// Pages that name it as their own.
    pub named: usize,
    /// The day it says of itself.
    pub day: Option<Date>,
    /// Pages of its site that link to it.
    pub links_in: u32,
}

/// Texts that are alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Cluster {
    /// The text that looks like the one to keep, by its number among the texts.
    pub authority: usize,
    /// Why it looks so.
    pub because: &'static str,
    /// The copies with their likeness to it, 1 for word by word, sorted by address.
    pub copies: Vec<(usize, f64)>,
    /// Editions and declared versions of it.
    pub versions: Vec<usize>,
}

impl Cluster {
    /// The likeness of the copy that is least alike.
    pub fn least(&self) -> f64 {
        self.copies.iter().map(|(_, likeness)| *likeness).fold(1.0, f64::min)
    }
}

/// The clusters of texts that are at least so much alike, largest first.
pub fn clusters(texts: &[Text<'_>], at_least: f64) -> Vec<Cluster> {
    let mut order: Vec<usize> = (0..texts.len()).collect();
    order.sort_by(|a, b| rank(&texts[*a]).cmp(&rank(&texts[*b])));
    let mut joined = Joined((0..texts.len()).collect());
    let mut exact: HashMap<u64, usize> = HashMap::new();
    let mut distinct = Vec::new();
    for at in order {
        match exact.get(&texts[at].exact) {
            Some(first) => joined.join(*first, at),
            None => {
                exact.insert(texts[at].exact, at);
                distinct.push(at);
            }
        }
    }
    join_alike(texts, &distinct, at_least, &mut joined);
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in 0..texts.len() {
        groups.entry(joined.of(at)).or_default().push(at);
    }
    let mut found: Vec<Cluster> =
        groups.into_values().filter(|group| group.len() > 1).flat_map(|group| split(texts, group, at_least)).collect();
    found.sort_by_key(|cluster| (Reverse(cluster.copies.len()), texts[cluster.authority].url));
    found
}

/// Joins texts of different words that are alike, band by band: the keys of all bands at once would take most of the memory of a large site.
/// `distinct` are in the order in which they are the one to keep.
fn join_alike(texts: &[Text<'_>], distinct: &[usize], at_least: f64, joined: &mut Joined) {
    let told: Vec<usize> = distinct.iter().copied().filter(|at| texts[*at].likeness.told() >= TOLD).collect();
    for band in 0..BINS / BAND {
        let keys =
            told.iter().enumerate().filter_map(|(place, at)| Some((texts[*at].likeness.band(band, BAND)?, place)));
        let mut keys: Vec<(u64, usize)> = keys.collect();
        keys.sort_unstable();
        for same in keys.chunk_by(|one, other| one.0 == other.0) {
            for (nth, (_, place)) in same.iter().enumerate().skip(1) {
                for (_, earlier) in &same[..nth.min(COMPARED)] {
                    let (at, other) = (told[*place], told[*earlier]);
                    if joined.of(other) != joined.of(at) && alike(&texts[other], &texts[at]) >= at_least {
                        joined.join(other, at);
                    }
                }
            }
        }
    }
}

/// The order in which a text is the one to keep.
fn rank<'t>(text: &'t Text<'_>) -> impl Ord + use<'t> {
    let day = text.day.map_or((1, Date::MAX), |day| (0, day));
    let url = text.url.as_str();
    (text.edition, text.is_version, Reverse(text.named), day, Reverse(text.links_in), url.len(), url)
}

/// 1 for the same words; else the estimate, and nothing where too little is told or the lengths are too different.
fn alike(one: &Text<'_>, other: &Text<'_>) -> f64 {
    if one.exact == other.exact {
        return 1.0;
    }
    let told = one.likeness.told().min(other.likeness.told());
    let (short, long) = (one.words.min(other.words), one.words.max(other.words));
    if told < TOLD || short * 2 < long { 0.0 } else { one.likeness.to(&other.likeness).min(0.99) }
}

/// What is like the text to keep is a cluster with it; the rest, joined by a chain only, is looked at again.
fn split(texts: &[Text<'_>], mut group: Vec<usize>, at_least: f64) -> Vec<Cluster> {
    let mut found = Vec::new();
    while group.len() > 1 {
        group.sort_by(|a, b| rank(&texts[*a]).cmp(&rank(&texts[*b])));
        let authority = group[0];
        let (near, rest): (Vec<usize>, Vec<usize>) =
            group[1..].iter().partition(|at| alike(&texts[authority], &texts[**at]) >= at_least);
        group = rest;
        let is_version = |at: &usize| {
            let text = &texts[*at];
            text.edition != Edition::Own || text.is_version || same_address(text.url, texts[authority].url)
        };
        let (versions, copies): (Vec<usize>, Vec<usize>) = near.into_iter().partition(is_version);
        if copies.is_empty() && versions.is_empty() {
            continue;
        }
        let mut copies: Vec<(usize, f64)> =
            copies.into_iter().map(|at| (at, alike(&texts[authority], &texts[at]))).collect();
        copies.sort_by_key(|(at, _)| texts[*at].url);
        found.push(Cluster { authority, because: because(texts, authority, &copies), copies, versions });
    }
    found
}

/// The reason that decided, of those that tell the first from the others.
fn because(texts: &[Text<'_>], first: usize, copies: &[(usize, f64)]) -> &'static str {
    let mine = &texts[first];
    let others = || copies.iter().map(|(at, _)| &texts[*at]);
    if others().all(|other| mine.named > other.named) && mine.named > 0 {
        "other pages name it as their own address"
    } else if mine.day.is_some() && others().all(|other| other.day.is_none_or(|day| mine.day < Some(day))) {
        "it is the oldest"
    } else if others().all(|other| mine.links_in > other.links_in) {
        "most pages link to it"
    } else {
        "its address is the shortest"
    }
}

/// The same place but for scheme, "www.", the slash at the end and case.
fn same_address(one: &Url, other: &Url) -> bool {
    fn place(url: &Url) -> (String, String, Option<&str>) {
        let host = address::without_www(url.host_str().unwrap_or_default()).to_string();
        let path = url.path().to_ascii_lowercase();
        let path = ["index.html", "index.htm", "index.php", "default.aspx"]
            .iter()
            .find_map(|end| path.strip_suffix(end))
            .unwrap_or(&path);
        (host, path.trim_end_matches('/').to_string(), url.query())
    }
    place(one) == place(other)
}

/// Which texts belong together.
struct Joined(Vec<usize>);

impl Joined {
    fn of(&mut self, at: usize) -> usize {
        let mut top = at;
        while self.0[top] != top {
            self.0[top] = self.0[self.0[top]];
            top = self.0[top];
        }
        top
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.of(one), self.of(other));
        let (low, high) = (one.min(other), one.max(other));
        self.0[high] = low;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::imprint::Sketch;
    use crate::facts::prose::{self, Prose};
    use crate::html::Document;

    fn text<'s>(url: &'s Arc<Url>, words: &str) -> Text<'s> {
        let document = Document::parse(&format!("<main><p>{words}</p></main>"));
        let prose = Prose::of(prose::blocks(&document), None);
        Text {
            url,
            exact: blake3::hash(words.as_bytes()).as_bytes()[..8].iter().fold(0, |n, b| n << 8 | u64::from(*b)),
            likeness: Sketch::of(&prose).expect("it has words").without(|_| false),
            words: words.split(' ').count() as u64,
            edition: Edition::Own,
            is_version: false,
            named: 0,
            day: None,
            links_in: 0,
        }
    }

    fn words(from: usize, to: usize) -> String {
        (from..to).map(|n| format!("w{n}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn copies_and_near_copies_are_found_and_others_are_not() {
        let address = |at| Url::parse(&format!("https://www.agency.example/p{at}")).expect("an address");
        let urls: Vec<Arc<Url>> = (0..5).map(|at| Arc::new(address(at))).collect();
        let mut texts = vec![
            text(&urls[0], &words(0, 400)),
            text(&urls[1], &words(0, 400)),
            text(&urls[2], &words(8, 400)),
            text(&urls[3], &words(300, 700)),
            text(&urls[4], &words(0, 400)),
        ];
        texts[4].edition = Edition::Print;
        texts[1].links_in = 9;
        let found = clusters(&texts, 0.9);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].authority, found[0].because), (1, "most pages link to it"));
        assert_eq!(found[0].copies.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [0, 2]);
        assert_eq!(found[0].versions, [4]);
        texts.reverse();
        let turned = clusters(&texts, 0.9);
        assert_eq!(texts[turned[0].authority].url, &urls[1]);
    }
}
