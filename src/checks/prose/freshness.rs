//! `freshness`: pages, the whole site, or its lists of news are not older than they may be.
//!
//! In: the days that pages say of themselves, by the precedence of sources, and the day. Out: a verdict for each page that says a day, or
//! one for the site or each list of news. Pages without a day say nothing here. Tested by the rules that use it.

use jiff::civil::Date;
use serde::Deserialize;
use std::sync::Arc;
use url::Url;

use crate::checks::parameters::site;
use crate::checks::{Entry, Pattern, Scope, SiteCheck, all_told};
use crate::facts::survey::news;
use crate::facts::{Need, SiteView};
use crate::verdict::{Locator, Verdict};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "freshness",
    asks: "Are pages, the site or its news no older than they may be?",
    scope: Scope::Site,
    parameters: &[
        ("of", "pages: each page; site: the newest of all; news: the newest page of each section of news"),
        ("max-days", "the most days since then"),
        ("min-pages", "fewer dated pages say nothing of the site or a list (optional)"),
        ("except", "regular expression over paths of pages that may be old (optional)"),
        ("sections", "for news: names of folders that hold news (optional)"),
    ],
    build: site::<Freshness>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Freshness {
    of: Of,
    max_days: i32,
    #[serde(default)]
    min_pages: usize,
    except: Option<Pattern>,
    #[serde(default)]
    sections: Vec<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Of {
    Pages,
    Site,
    News,
}

impl SiteCheck for Freshness {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Path("/sitemap.xml".to_string())]
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        all_told(self, site)
    }

    fn tell(&self, site: &SiteView<'_>, to: &mut dyn FnMut(Verdict)) {
        match self.of {
            Of::Pages => self.pages(site, to),
            Of::Site => self.site(site).into_iter().for_each(to),
            Of::News => self.news(site).into_iter().for_each(to),
        }
    }
}

impl Freshness {
    fn pages(&self, site: &SiteView<'_>, to: &mut dyn FnMut(Verdict)) {
        let may_be_old = |path: &str| self.except.as_ref().is_some_and(|except| except.is_in(path));
        let ages = site.survey().ages(site.today).filter(|(page, _, age)| *age >= 0 && !may_be_old(page.url.path()));
        let judged = ages.map(|(page, dated, age)| {
            let observed = format!("{} says {}, {} ago", dated.origin.as_words(), dated.day, span(age));
            let at = Locator::page(page.url.clone());
            if age <= self.max_days { at.pass(observed) } else { at.fail(observed, self.expected()) }
        });
        judged.for_each(to);
    }

    fn site(&self, site: &SiteView<'_>) -> Option<Verdict> {
        let survey = site.survey();
        let dated: Vec<_> = survey.ages(site.today).filter(|(_, _, age)| *age >= 0).collect();
        let (page, newest, age) = dated.iter().min_by_key(|(page, _, age)| (*age, page.url))?;
        if dated.len() < self.min_pages.max(1) {
            return None;
        }
        let observed = format!(
            "the newest day on {} dated pages of {} is {}, {} ago, on {}",
            dated.len(),
            survey.pages.len(),
            newest.day,
            span(*age),
            page.url.path()
        );
        let at = Locator::whole();
        Some(match site.facts.unseen.iter().next() {
            _ if *age <= self.max_days => at.pass(observed),
            Some(reason) => at.cannot_tell(format!("{observed}; some pages were not read ({reason})"), self.expected()),
            None => at.fail(observed, self.expected()),
        })
    }

    fn news(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        let verdict = |(url, day): (&Arc<Url>, Date)| {
            let age = site.today.since(day).map_or(0, |span| span.get_days());
            let observed = format!("the newest page below {} is of {day}, {} ago", url.path(), span(age));
            let at = Locator::page(url.clone());
            if age <= self.max_days { at.pass(observed) } else { at.fail(observed, self.expected()) }
        };
        let sections = news(site.survey(), &self.sections, self.min_pages);
        sections.into_iter().map(verdict).collect()
    }

    fn expected(&self) -> String {
        format!("a day within the last {}", span(self.max_days))
    }
}

fn span(days: i32) -> String {
    match days {
        0..=60 => format!("{days} days"),
        61..=729 => format!("{} months", days / 30),
        _ => format!("{} years", days / 365),
    }
}
