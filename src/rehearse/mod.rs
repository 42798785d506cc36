//! Plays a rule's own examples through the engine: the rules are their own tests.
//!
//! In: a rule with its examples. Out: [`Mismatch`]es; none means the rule does what it says. Never: the network.
//! Used by `idea-audit rules test` and by `tests/it/rules.rs`.

mod exchange;
mod fixture;
mod seeing;

use jiff::civil::{Date, date};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use url::Url;

use crate::engine::{Days, Engine, Judgement};
use crate::facts::survey::{Abroad, Print, Survey, across, prints};
use crate::facts::{Page, SiteFacts, Standing};
use crate::finding::Finding;
use crate::html::{Document, Selector};
use crate::rules::{Example, Profile, Rule, Sources};
use crate::verdict::Outcome;
use crate::web::address;
use exchange::Exchange;

/// The day examples are judged on unless they say otherwise.
const EXAMPLE_DAY: Date = date(2026, 11, 22);

/// An example that did not come out as the rule says.
#[derive(Clone, Debug)]
pub struct Mismatch {
    /// The rule's id.
    pub rule: String,
    /// The example's name.
    pub example: String,
    /// What the rule says.
    pub want: String,
    /// What the engine said.
    pub got: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} › {}\n    want  {}\n    got   {}", self.rule, self.example, self.want, self.got)
    }
}

/// Plays every example of a rule.
pub fn rehearse(rule: &Arc<Rule>, sources: &Sources) -> Vec<Mismatch> {
    rule.examples()
        .iter()
        .filter_map(|example| {
            let problem = play(rule, example, sources).err()?;
            let (want, got) = *problem;
            Some(Mismatch { rule: rule.id.to_string(), example: example.name.clone(), want, got })
        })
        .collect()
}

type WantGot = Box<(String, String)>;

fn play(rule: &Arc<Rule>, example: &Example, sources: &Sources) -> Result<(), WantGot> {
    let broken = |got: String| Box::new(("an example that can be played".to_string(), got));
    let exchange = Exchange::of(example).map_err(broken)?;
    let today = example.today.unwrap_or(EXAMPLE_DAY);
    let engine = Engine::of(vec![rule.clone()], sources.clone(), Days { today, policy_as_of: today });
    let profile = Profile {
        branch: example.branch.or_else(|| rule.applies_to.branch.first().copied()),
        role: example.role.or_else(|| rule.applies_to.role.first().copied()),
        high_impact: example.high_impact.or(rule.applies_to.high_impact),
        search_exempt: example.search_exempt,
        agency: example.agency.clone(),
        acronym: example.acronym.clone(),
        bureau: example.bureau.clone(),
        ..Profile::default()
    };
    let sight = if example.render { Sight::Measured } else { Sight::OwnStyle };
    let judgement = judge(&engine, &exchange, &profile, today, sight);
    let outcome = judgement.outcomes.get(&rule.id).unwrap_or(Outcome::Inapplicable);
    if outcome != example.expect {
        return Err(Box::new((example.expect.as_str().to_string(), describe(outcome, &judgement.findings))));
    }
    closed_world(example, &exchange, &judgement.findings)
}

/// How the pages of an example are looked at.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Sight {
    /// Their own style answers.
    OwnStyle,
    /// They are measured.
    Measured,
}

/// Judges every page of an exchange, then its hosts and the site.
fn judge(engine: &Engine, exchange: &Exchange, profile: &Profile, today: Date, sight: Sight) -> Judgement {
    let mut all = Judgement::default();
    let mut site = SiteFacts { name: exchange.host(), folder: exchange.folder, ..SiteFacts::default() };
    exchange.fill(engine.needs(profile, &exchange.host()), &mut site, today);
    for capture in exchange.pages() {
        let page = Page::read(capture);
        if sight == Sight::Measured {
            page.see(seeing::seen(&page, exchange, today));
        }
        let standing = if capture.url == exchange.root { Standing::Home } else { Standing::Inner };
        let facts = page.facts(standing, today);
        site.refer_links(&facts);
        site.take_stock(&facts);
        site.take_papers(&facts);
        let judged = engine.judge_page(&facts, profile);
        let url = Arc::new(capture.url.clone());
        for (rule, notes) in &judged.notes {
            site.notes.insert(rule.as_str(), &url, notes);
        }
        all.join(judged);
    }
    if exchange.folder {
        site.missing = site.referrers.iter().map(|(url, _)| url).filter(|target| !exchange.answers(target)).collect();
    }
    exchange.fetch_documents(&mut site);
    all.join(engine.judge_site(&site, &exchange.root, profile));
    site.abroad = abroad(&site, exchange, today);
    all.join(engine.judge_among(&site, &exchange.root, profile));
    all
}

/// What pages of other sites that the example serves have in common with its own site; `None` without such pages.
fn abroad(site: &SiteFacts, exchange: &Exchange, today: Date) -> Option<Abroad> {
    let mut others: BTreeMap<String, SiteFacts> = BTreeMap::new();
    for capture in exchange.foreign() {
        let other = others.entry(address::site_of(&capture.url)).or_default();
        other.take_stock(&Page::read(capture).facts(Standing::Inner, today));
    }
    let prints: Vec<Vec<Print>> =
        [site].into_iter().chain(others.values()).map(|one| prints(&Survey::of(one))).collect();
    let all: Vec<&[Print]> = prints.iter().map(Vec::as_slice).collect();
    (all.len() > 1).then(|| across(&all)).and_then(|found| found.into_iter().next())
}

/// The listed targets fail and no others; without a list exactly one does.
fn closed_world(example: &Example, exchange: &Exchange, findings: &[Finding]) -> Result<(), WantGot> {
    if !matches!(example.expect, Outcome::Failed | Outcome::CantTell) {
        return Ok(());
    }
    if example.fails.is_empty() {
        return match findings {
            [_] => Ok(()),
            _ => Err(Box::new((
                "one target that fails (list them in `fails` when there are more)".to_string(),
                describe(example.expect, findings),
            ))),
        };
    }
    let wanted = wanted(example, exchange).map_err(|got| Box::new((example.fails.join(", "), got)))?;
    let got: BTreeSet<String> = findings.iter().map(key).collect();
    if wanted == got {
        return Ok(());
    }
    let list = |keys: &BTreeSet<String>| keys.iter().cloned().collect::<Vec<_>>().join(", ");
    Err(Box::new((list(&wanted), list(&got))))
}

/// What `fails` lists, in the spelling of findings: addresses for entries that are paths, else canonical selectors.
fn wanted(example: &Example, exchange: &Exchange) -> Result<BTreeSet<String>, String> {
    let mut wanted = BTreeSet::new();
    let documents: Vec<Document> = exchange.pages().map(Page::read).filter_map(|page| page.document).collect();
    for entry in &example.fails {
        if entry.starts_with('/') || entry.starts_with("http") {
            let url = exchange.root.join(entry).map_err(|error| format!("`{entry}` is no address: {error}"))?;
            wanted.insert(url.to_string());
            continue;
        }
        let selector = Selector::parse(entry).map_err(|error| format!("`{entry}` is no selector: {error}"))?;
        let found: Vec<String> = documents
            .iter()
            .flat_map(|document| document.select(&selector).map(|element| element.selector()).collect::<Vec<_>>())
            .collect();
        if found.is_empty() {
            return Err(format!("`{entry}` finds nothing in the example"));
        }
        wanted.extend(found);
    }
    Ok(wanted)
}

fn key(finding: &Finding) -> String {
    finding.place.selector.as_ref().unwrap_or(&finding.url).to_string()
}

fn describe(outcome: Outcome, findings: &[Finding]) -> String {
    let mut words = outcome.as_str().to_string();
    for finding in findings {
        let place = finding.place.selector.as_deref().unwrap_or(&finding.url);
        words.push_str(&format!("\n          {} at {place}: {}", finding.outcome.as_str(), finding.observed));
    }
    words
}

/// The address examples are served at.
fn example_root() -> Url {
    Url::parse("https://www.agency.example/").expect("a constant address")
}
