//! How old a site's pages say they are.
//!
//! In: a survey and the day. Out: [`Freshness`]: how many pages are dated and by what, their ages, where sources differ, which dates a
//! program touches without anybody touching the page. Invariant: a day after today counts as a conflict and not as an age. Tested below and
//! in `tests/it/words.rs`.

use jiff::civil::Date;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use url::Url;

use super::{PageText, Survey, section_of};
use crate::facts::dates::{Dated, Meaning, Origin};

/// Entries from which a sitemap is said to be touched as a whole.
const ENTRIES: usize = 10;
/// Pages that are named.
const NAMED: usize = 10;
/// Days by which sources may differ: a release and its deployment.
const APART: i32 = 31;

/// Days of pages by a sitemap.
#[derive(Debug, Default)]
pub struct Lastmods {
    days: HashMap<Url, Date>,
    /// The day that nine of ten entries bear, if there is one.
    pub touched: Option<Date>,
    /// Entries with a day.
    pub entries: usize,
}

/// How old the pages are.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Freshness {
    /// Pages that say a day.
    pub dated: usize,
    /// Pages that say none.
    pub undated: usize,
    /// The newest day that is not after today.
    pub newest: Option<Date>,
    /// The middle age in days.
    pub median_age: Option<i32>,
    /// Pages by age in years.
    pub ages: BTreeMap<&'static str, usize>,
    /// Pages by the source that counts.
    pub by_source: BTreeMap<Origin, usize>,
    /// Pages whose sources differ by more than a month.
    pub conflicts: usize,
    /// Pages with a day after today.
    pub in_future: usize,
    /// The day that nearly all entries of the sitemap bear: a build wrote it, so it is not counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sitemap_touched: Option<Date>,
    /// Pages whose `Last-Modified` is the moment of the answer.
    pub header_touched: usize,
    /// The oldest pages.
    pub oldest: Vec<Old>,
}

/// A page and its day.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Old {
    /// Its address.
    pub url: String,
    /// The day.
    pub day: Date,
    /// Who says it.
    pub source: Origin,
}

impl Lastmods {
    /// Of the entries of a sitemap.
    pub fn read(days: Vec<(Url, Date)>) -> Self {
        let mut counts: BTreeMap<Date, usize> = BTreeMap::new();
        days.iter().for_each(|(_, day)| *counts.entry(*day).or_default() += 1);
        let most = counts.into_iter().max_by_key(|(_, count)| *count);
        let touched =
            most.filter(|(_, count)| days.len() >= ENTRIES && count * 10 >= days.len() * 9).map(|(day, _)| day);
        Self { touched, entries: days.len(), days: days.into_iter().collect() }
    }

    /// What the sitemap says of a page, unless it says the same of nearly all.
    pub fn of(&self, url: &Url) -> Option<Date> {
        self.days.get(url).copied().filter(|day| Some(*day) != self.touched)
    }
}

impl Freshness {
    /// On a day.
    pub fn of(survey: &Survey<'_>, today: Date) -> Self {
        let mut ages: BTreeMap<&'static str, usize> = BANDS.iter().map(|(_, name)| (*name, 0)).collect();
        let mut by_source: BTreeMap<Origin, usize> = BTreeMap::new();
        let mut all: Vec<(i32, Dated, &PageText<'_>)> =
            survey.ages(today).filter(|(_, _, age)| *age >= 0).map(|(page, dated, age)| (age, dated, page)).collect();
        for (age, dated, _) in &all {
            *ages.entry(band(*age)).or_default() += 1;
            *by_source.entry(dated.origin).or_default() += 1;
        }
        all.sort_by_key(|(age, _, page)| (std::cmp::Reverse(*age), page.url));
        let dated = survey.pages.iter().filter(|page| survey.dated(page).is_some()).count();
        let oldest = all.iter().take(NAMED).map(|(_, dated, page)| Old {
            url: page.url.to_string(),
            day: dated.day,
            source: dated.origin,
        });
        Self {
            dated,
            undated: survey.pages.len() - dated,
            newest: all.last().map(|(_, dated, _)| dated.day),
            median_age: all.get(all.len() / 2).map(|(age, _, _)| *age),
            oldest: oldest.collect(),
            ages,
            by_source,
            conflicts: survey
                .pages
                .iter()
                .filter(|page| conflict(&survey.all_dates(page), today, APART).is_some())
                .count(),
            in_future: survey.ages(today).filter(|(_, _, age)| *age < 0).count(),
            sitemap_touched: survey.lastmods.touched,
            header_touched: survey.pages.iter().filter(|page| page.imprint.touched).count(),
        }
    }
}

/// Days up to which a page is in a band.
const BANDS: [(i32, &str); 6] = [
    (183, "under half a year"),
    (365, "half to 1 year"),
    (2 * 365, "1 to 2 years"),
    (3 * 365, "2 to 3 years"),
    (5 * 365, "3 to 5 years"),
    (i32::MAX, "over 5 years"),
];

fn band(age: i32) -> &'static str {
    BANDS.iter().find(|(most, _)| age <= *most).map_or("over 5 years", |(_, name)| name)
}

/// Why days of one page cannot all be true; `None` where they can.
pub fn conflict(dates: &[Dated], today: Date, apart: i32) -> Option<String> {
    let days = |one: Date, other: Date| one.since(other).map_or(0, |span| span.get_days().abs());
    if let Some(ahead) = dates.iter().find(|dated| dated.day > today && days(dated.day, today) > 1) {
        return Some(format!("{} says {}, which is ahead", ahead.origin.as_words(), ahead.day));
    }
    for dated in dates.iter().filter(|dated| dated.meaning == Meaning::Changed) {
        let published = dates.iter().find(|other| other.origin == dated.origin && other.meaning == Meaning::Published);
        if let Some(published) = published.filter(|published| published.day > dated.day) {
            let (changed, published) = (dated.day, published.day);
            return Some(format!(
                "{} says changed on {changed}, before published on {published}",
                dated.origin.as_words()
            ));
        }
    }
    // Of each source the day that counts; a header changes with every build and is compared with nothing.
    let latest = |origin| dates.iter().filter(|dated| dated.origin == origin).map(|dated| dated.day).max();
    let said: Vec<(Origin, Date)> = [Origin::Text, Origin::JsonLd, Origin::Meta, Origin::Sitemap]
        .into_iter()
        .filter_map(|origin| Some((origin, latest(origin)?)))
        .collect();
    let (first, rest) = said.split_first()?;
    let other = rest.iter().find(|other| days(first.1, other.1) > apart)?;
    Some(format!("{} says {}, {} says {}", first.0.as_words(), first.1, other.0.as_words(), other.1))
}

/// Pages that list news: of each section with such a name and enough dated pages, its own page and the newest day below it.
pub fn news<'s>(survey: &'s Survey<'_>, names: &[String], min_pages: usize) -> Vec<(&'s Arc<Url>, Date)> {
    let mut newest: BTreeMap<String, (Date, usize)> = BTreeMap::new();
    let is_news = |page: &PageText<'_>| names.iter().any(|name| section_of(page.url).trim_matches('/') == name);
    for page in survey.pages.iter().filter(|page| is_news(page)) {
        let Some(dated) = survey.dated(page) else { continue };
        let (held, count) = newest.entry(section_of(page.url)).or_insert((dated.day, 0));
        *held = dated.day.max(*held);
        *count += 1;
    }
    let first = |section: &str| {
        let pages = survey.pages.iter().filter(|page| section_of(page.url) == *section);
        pages.min_by_key(|page| (page.url.as_str().len(), page.url)).map(|page| page.url)
    };
    let listed = newest.into_iter().filter(|(_, (_, count))| *count >= min_pages);
    listed.filter_map(|(section, (day, _))| Some((first(&section)?, day))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn sources_that_cannot_all_be_true_are_a_conflict() {
        let said = |origin, meaning, day| Dated { origin, meaning, day };
        let today = date(2026, 11, 22);
        let (text, meta, header) = (Origin::Text, Origin::Meta, Origin::Header);
        let (old, new) = (date(2020, 1, 1), date(2026, 1, 1));
        for (dates, wanted) in [
            (vec![said(text, Meaning::Changed, old), said(meta, Meaning::Changed, new)], true),
            (vec![said(text, Meaning::Changed, old), said(meta, Meaning::Changed, date(2020, 1, 20))], false),
            (vec![said(text, Meaning::Changed, old), said(header, Meaning::Changed, new)], false),
            (vec![said(meta, Meaning::Published, new), said(meta, Meaning::Changed, old)], true),
            (vec![said(meta, Meaning::Published, old), said(meta, Meaning::Changed, new)], false),
            (vec![said(text, Meaning::Changed, date(2027, 3, 1))], true),
            (vec![], false),
        ] {
            assert_eq!(conflict(&dates, today, 31).is_some(), wanted, "{dates:?}");
        }
    }

    #[test]
    fn a_sitemap_that_bears_one_day_was_touched_by_a_build() {
        let url = |at: usize| Url::parse(&format!("https://a.example/{at}")).expect("an address");
        let all = Lastmods::read((0..20).map(|at| (url(at), date(2026, 11, 1))).collect());
        assert_eq!((all.touched, all.of(&url(3))), (Some(date(2026, 11, 1)), None));
        let kept = Lastmods::read((0..20).map(|at| (url(at), date(2026, 11, at as i8 + 1))).collect());
        assert_eq!((kept.touched, kept.of(&url(3))), (None, Some(date(2026, 11, 4))));
    }
}
