//! What a visitor asks for: an address, read once at the door.
//!
//! In: path and query of a request. Out: an [`Ask`], or what is wrong with it. Invariant: past this door every part is decoded, bounded
//! and of the kind it should be; every link of the dashboard is made here, so that what it writes it reads. Tested below.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::report::rollup::Sheet;

/// Longest words that are looked for, in characters.
const LONGEST: usize = 200;
/// What stands in a path for the agency that nobody knows.
pub(super) const NOBODY: &str = "-";
/// What a segment may hold as it is (RFC 3986, section 2.3).
const IN_SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Where somebody wants to go.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Place {
    Overview,
    Agencies,
    /// An agency, or the sites of nobody known.
    Agency(Option<String>),
    Sites,
    Site(String),
    /// The whole HTML report of one site.
    SiteReport(String),
    Rules,
    Rule(String),
    Runs,
    Search,
    Style,
    Icon,
    Csv(Table),
    Api(Resource),
    OpenApi,
}

/// A table to download.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Table {
    Rolled(Sheet),
    Sites,
    Findings,
}

/// Every table by the name of its file.
pub(super) const TABLES: [(&str, Table); 9] = [
    ("agencies", Table::Rolled(Sheet::Agencies)),
    ("requirements", Table::Rolled(Sheet::Requirements)),
    ("adoption", Table::Rolled(Sheet::Adoption)),
    ("idea", Table::Rolled(Sheet::Idea)),
    ("idea-bureaus", Table::Rolled(Sheet::IdeaBureaus)),
    ("standards", Table::Rolled(Sheet::Standards)),
    ("standards-bureaus", Table::Rolled(Sheet::StandardsBureaus)),
    ("sites", Table::Sites),
    ("findings", Table::Findings),
];

/// What programs ask for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Resource {
    Runs,
    Rollup,
    Trends,
    Rules,
    Findings,
    Sites,
    Site(String),
    SiteReport(String),
}

/// A request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Ask {
    pub(super) place: Place,
    /// The number of a run; the latest where none is named.
    pub(super) run: Option<i64>,
    /// Which page of a long list, from 1.
    pub(super) page: u64,
    /// What to look for.
    pub(super) words: String,
    pub(super) agency: Option<String>,
    pub(super) bureau: Option<String>,
    pub(super) site: Option<String>,
    pub(super) rule: Option<String>,
}

/// Why a request cannot be carried out.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Wrong {
    /// There is nothing at the address.
    Nowhere(String),
    /// The address cannot be read: a sentence.
    Unreadable(String),
}

impl Ask {
    /// Reads path and query.
    pub(super) fn read(path: &str, query: &str) -> Result<Self, Wrong> {
        let mut ask = Self {
            place: place(path)?,
            run: None,
            page: 1,
            words: String::new(),
            agency: None,
            bureau: None,
            site: None,
            rule: None,
        };
        for (key, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let value = value.trim();
            if value.chars().count() > LONGEST {
                return Err(Wrong::Unreadable(format!("“{key}” is longer than {LONGEST} characters.")));
            }
            match &*key {
                "run" => ask.run = Some(number(&key, value)?),
                "page" => ask.page = number::<u64>(&key, value)?.max(1),
                "words" => ask.words = value.to_string(),
                "agency" => ask.agency = named(value),
                "bureau" => ask.bureau = named(value),
                "site" => ask.site = named(value),
                "rule" => ask.rule = named(value),
                _ => {}
            }
        }
        Ok(ask)
    }
}

fn named(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.to_string())
}

fn number<T: std::str::FromStr>(key: &str, value: &str) -> Result<T, Wrong> {
    value.parse().map_err(|_| Wrong::Unreadable(format!("“{key}” has to be a whole number, and here it is “{value}”.")))
}

fn place(path: &str) -> Result<Place, Wrong> {
    let nowhere = || Wrong::Nowhere(path.chars().take(LONGEST).collect());
    let decoded = |segment: &str| percent_decode_str(segment).decode_utf8().map(|text| text.into_owned());
    let segments: Result<Vec<String>, _> = path.trim_matches('/').split('/').map(decoded).collect();
    let segments = segments.map_err(|_| Wrong::Unreadable("The address is not in UTF-8.".to_string()))?;
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    Ok(match segments[..] {
        [""] => Place::Overview,
        ["agencies"] => Place::Agencies,
        ["agencies", NOBODY] => Place::Agency(None),
        ["agencies", name] => Place::Agency(Some(name.to_string())),
        ["sites"] => Place::Sites,
        ["sites", name] => Place::Site(name.to_string()),
        ["sites", name, "report"] => Place::SiteReport(name.to_string()),
        ["rules"] => Place::Rules,
        ["rules", pack, name] => Place::Rule(format!("{pack}/{name}")),
        ["runs"] => Place::Runs,
        ["search"] => Place::Search,
        ["style.css"] => Place::Style,
        ["icon.svg"] => Place::Icon,
        ["csv", file] => Place::Csv(table(file).ok_or_else(nowhere)?),
        ["api", "openapi.json"] => Place::OpenApi,
        ["api", "v1", "runs"] => Place::Api(Resource::Runs),
        ["api", "v1", "rollup"] => Place::Api(Resource::Rollup),
        ["api", "v1", "trends"] => Place::Api(Resource::Trends),
        ["api", "v1", "rules"] => Place::Api(Resource::Rules),
        ["api", "v1", "findings"] => Place::Api(Resource::Findings),
        ["api", "v1", "sites"] => Place::Api(Resource::Sites),
        ["api", "v1", "sites", name] => Place::Api(Resource::Site(name.to_string())),
        ["api", "v1", "sites", name, "report"] => Place::Api(Resource::SiteReport(name.to_string())),
        _ => return Err(nowhere()),
    })
}

fn table(file: &str) -> Option<Table> {
    let name = file.strip_suffix(".csv")?;
    TABLES.iter().find(|(known, _)| *known == name).map(|(_, table)| *table)
}

/// An address of the dashboard: segments of a path, and a query of what is not empty.
pub(super) fn link(segments: &[&str], query: &[(&str, &str)]) -> String {
    let mut link = String::new();
    for segment in segments {
        link.push('/');
        link.extend(utf8_percent_encode(segment, IN_SEGMENT));
    }
    if link.is_empty() {
        link.push('/');
    }
    let mut parts = url::form_urlencoded::Serializer::new(String::new());
    query.iter().filter(|(_, value)| !value.is_empty()).for_each(|(key, value)| {
        parts.append_pair(key, value);
    });
    let parts = parts.finish();
    if parts.is_empty() { link } else { format!("{link}?{parts}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(address: &str) -> Result<Ask, Wrong> {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        Ask::read(path, query)
    }

    #[test]
    fn what_the_dashboard_links_to_it_reads() {
        for name in ["Harbor Safety Administration", "A/B & C", "<b>", "50 % of #1?", "Büro für Häfen", ".", "a+b"] {
            let ask = read(&link(&["agencies", name], &[("run", "3"), ("words", name)])).expect("a link is read");
            assert_eq!(ask.place, Place::Agency(Some(name.to_string())));
            assert_eq!((ask.run, ask.words.as_str()), (Some(3), name));
        }
        assert_eq!(
            read(&link(&["rules", "search", "page-title"], &[])).map(|ask| ask.place),
            Ok(Place::Rule("search/page-title".into()))
        );
        assert_eq!(link(&[], &[("run", "")]), "/");
    }

    #[test]
    fn what_cannot_be_read_is_told_apart_from_what_is_not_there() {
        for address in ["/nothing", "/sites/a/b", "/csv/agencies", "/csv/all.csv", "/api/v2/runs", "/rules/search"] {
            assert!(matches!(read(address), Err(Wrong::Nowhere(_))), "{address}");
        }
        for address in ["/?run=latest", "/sites?page=-1", "/sites?page=99999999999999999999", "/sites/%ff"] {
            assert!(matches!(read(address), Err(Wrong::Unreadable(_))), "{address}");
        }
        assert!(matches!(read(&format!("/search?words={}", "a".repeat(201))), Err(Wrong::Unreadable(_))));
        assert_eq!(read("/sites?page=0").map(|ask| ask.page), Ok(1));
    }
}
