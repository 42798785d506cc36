//! The sites of a run that is written down, beside each other: what they have in common is known when all were seen.
//!
//! In: small prints of the sites, which lie in the journal of the run until it ends. Out: outcomes and findings of the rules that wait for
//! others, written to each site. Invariants: the order of sites does not show; done twice, it says the same; where not every site can be
//! compared, those rules are untested and the facts of the site say why. Tested in `tests/it/resume.rs` and `tests/it/fleet.rs`.

use futures_util::{StreamExt, stream};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use url::Url;

use super::assemble;
use super::ledger::PATIENCE;
use super::plan::Plan;
use super::reading;
use super::site::{renumber, spelled};
use crate::engine::{Engine, Judgement};
use crate::facts::SiteFacts;
use crate::facts::survey::{Abroad, Print, across};
use crate::finding::{self, Finding};
use crate::report::{Report, Tally};
use crate::rules::{Profile, RuleId};
use crate::store::{Entry, RunId, Store, StoreError, patiently};
use crate::verdict::Outcome;

/// The word under which prints lie in the journal: no host has such a name, so that they stay until the run ends.
const PLACE: &str = "prints of sites";
/// Prints of all sites together that are compared: about half a kilobyte each.
const MOST: usize = 200_000;
/// Sites that are written at once.
const AT_ONCE: usize = 3;
/// Sites whose prints are read at once.
const SOME: u64 = 500;

/// What is kept of a site until all sites of its run were seen.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Outline {
    site: String,
    prints: Vec<Print>,
}

impl Outline {
    /// Of a site by name.
    pub(super) fn of(site: String, prints: Vec<Print>) -> Self {
        Self { site, prints }
    }

    /// As it lies in the journal of its run.
    pub fn entry(&self) -> Entry {
        let key = blake3::hash(format!("{PLACE} {}", self.site).as_bytes()).as_bytes()[..16].to_vec();
        Entry { key, host: PLACE.to_string(), octets: reading::packed(self) }
    }
}

/// How the run ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Seen {
    /// All its sites were seen.
    All,
    /// It was stopped before.
    Some,
}

/// Judges the sites of a run that were written down by the rules that wait for others. Nothing is done in a run with one site.
///
/// # Errors
/// Those of the store.
pub async fn compare(
    store: &Store,
    run: RunId,
    plan: &Plan,
    seen: Seen,
    mut tell: impl FnMut(&[Finding]),
) -> Result<(), StoreError> {
    let engine = Engine::of(plan.selected.clone(), plan.set.sources.clone(), plan.days);
    let outlines = patiently(PATIENCE, || outlines(store, run)).await?;
    let sites: BTreeSet<String> = patiently(PATIENCE, || store.targets(run))
        .await?
        .into_iter()
        .filter(|target| matches!(target.state.as_str(), "done" | "partly"))
        .filter_map(|target| target.site)
        .collect();
    if sites.len() < 2 {
        return Ok(());
    }
    let why = match seen {
        Seen::Some => Some("the run was stopped before all sites were seen"),
        Seen::All if !sites.iter().all(|site| outlines.contains_key(site)) => {
            Some("of some sites of the run nothing was kept to compare with")
        }
        Seen::All => None,
    };
    let mut found: BTreeMap<String, Abroad> = BTreeMap::new();
    if why.is_none() {
        let outlines: Vec<(String, Vec<Print>)> =
            outlines.into_iter().filter(|(site, _)| sites.contains(site)).collect();
        let prints: Vec<&[Print]> = outlines.iter().map(|(_, prints)| prints.as_slice()).collect();
        let abroad = catch_unwind(AssertUnwindSafe(|| across(&prints))).unwrap_or_default();
        let names = outlines.iter().map(|(site, _)| site.clone());
        found = names.zip(abroad).collect();
    }
    let stumbled = "the program stumbled over comparing them; please report it";
    let (plan, engine) = (Arc::new(plan.clone()), Arc::new(engine));
    // Written by several at once: half the time goes into reading and writing, and that of one site is not another's.
    let mut written = stream::iter(sites)
        .map(|site| {
            let said = found.remove(&site).ok_or_else(|| why.unwrap_or(stumbled));
            tokio::spawn(one(store.clone(), run, plan.clone(), engine.clone(), site, said))
        })
        .buffered(AT_ONCE);
    while let Some(findings) = written.next().await {
        tell(&findings.unwrap_or_else(|stumble| resume_unwind(stumble.into_panic()))?);
    }
    Ok(())
}

/// The prints of all sites of a run, by name. Where they are too many, equally many at most of each site.
async fn outlines(store: &Store, run: RunId) -> Result<BTreeMap<String, Vec<Print>>, StoreError> {
    let mut outlines: BTreeMap<String, Vec<Print>> = BTreeMap::new();
    let mut last = Vec::new();
    let mut most = usize::MAX;
    loop {
        let rows = store.entries_of(run, PLACE, &last, SOME).await?;
        let Some((key, _)) = rows.last() else { return Ok(outlines) };
        last.clone_from(key);
        for (_, octets) in &rows {
            // What cannot be read is as if it had not been kept.
            let Some(Outline { site, prints }) = reading::unpacked(octets) else { continue };
            outlines.insert(site, prints);
        }
        while outlines.values().map(|prints| prints.len().min(most)).sum::<usize>() > MOST && most > 1 {
            most = most.min(8_192) / 2;
        }
        outlines.values_mut().for_each(|prints| prints.truncate(most));
    }
}

/// Judges one site beside the others and writes it; gives back what was found.
async fn one(
    store: Store,
    run: RunId,
    plan: Arc<Plan>,
    engine: Arc<Engine>,
    site: String,
    said: Result<Abroad, &'static str>,
) -> Result<Vec<Finding>, StoreError> {
    let mut report = patiently(PATIENCE, || store.site_report(run, &site)).await?;
    let Some(row) = report.sites.first() else { return Ok(Vec::new()) };
    let profile = row.profile.clone();
    let root = row.facts.get("root").and_then(|root| root.as_str()).and_then(|root| Url::parse(root).ok());
    let is_judged = engine.waiting().any(|rule| row.outcomes.contains_key(&rule.id));
    if said.is_err() && is_judged {
        return Ok(Vec::new()); // what was found when there was enough to compare with stands
    }
    let (judgement, told) = match (said, root) {
        (Ok(abroad), Some(root)) => {
            let told = assemble::across_sites(&abroad);
            let facts = SiteFacts { name: site.clone(), abroad: Some(abroad), ..SiteFacts::default() };
            let judged = catch_unwind(AssertUnwindSafe(|| engine.judge_among(&facts, &root, &profile)));
            (judged.unwrap_or_else(|_| engine.unjudged_among(&site, &profile)), told)
        }
        (said, _) => {
            let why = said.err().unwrap_or("what was kept of the site has no address");
            (engine.unjudged_among(&site, &profile), serde_json::json!({ "not-compared": why }))
        }
    };
    let findings = judgement.findings.clone();
    let waiting: BTreeSet<&RuleId> = engine.waiting().map(|rule| &rule.id).collect();
    let touched = amend(&plan, &engine, &waiting, &mut report, &profile, judgement, told);
    patiently(PATIENCE, || store.amend(run, &report, &touched, &waiting)).await?;
    Ok(findings)
}

/// Writes what rules that wait for others say into the report of a site, in place of what they said before; gives back the pages concerned.
fn amend(
    plan: &Plan,
    engine: &Engine,
    waiting: &BTreeSet<&RuleId>,
    report: &mut Report,
    profile: &Profile,
    mut judgement: Judgement,
    told: serde_json::Value,
) -> BTreeSet<Arc<str>> {
    let mut touched: BTreeSet<Arc<str>> = BTreeSet::new();
    for page in &mut report.pages {
        let before = page.outcomes.len();
        page.outcomes.retain(|rule| !waiting.contains(rule));
        if page.outcomes.len() != before {
            touched.insert(page.url.clone());
        }
    }
    report.findings.retain(|finding| {
        let ours = waiting.contains(&finding.rule);
        if ours {
            touched.insert(finding.url.clone());
        }
        !ours
    });
    let places: HashMap<Arc<str>, usize> =
        report.pages.iter().enumerate().map(|(at, page)| (page.url.clone(), at)).collect();
    for (page, outcomes) in std::mem::take(&mut judgement.pages) {
        let Some(at) = places.get(&*spelled(page.as_str())) else { continue };
        let row = &mut report.pages[*at];
        row.outcomes.extend(outcomes);
        touched.insert(row.url.clone());
    }
    for mut finding in judgement.findings {
        finding.url = spelled(&finding.url).into();
        touched.insert(finding.url.clone());
        report.findings.push(finding);
    }
    finding::sort(&mut report.findings);
    renumber(&mut report.findings);
    let Some(site) = report.sites.first_mut() else { return touched };
    site.outcomes.retain(|rule| !waiting.contains(rule));
    judgement.outcomes.iter().for_each(|(rule, outcome)| site.outcomes.insert(rule, outcome));
    site.scorecard = assemble::site_scorecard(plan, engine, profile, &site.outcomes);
    site.questions.extend(judgement.questions);
    site.questions.sort();
    site.questions.dedup();
    if let Some(facts) = site.facts.as_object_mut() {
        facts.insert("across-sites".to_string(), told);
    }
    for row in report.rules.iter_mut().filter(|row| waiting.contains(&row.id)) {
        row.tally = Tally::default();
        row.tally.count(site.outcomes.get(&row.id).unwrap_or(Outcome::Inapplicable));
    }
    assemble::except(plan, engine, report);
    touched
}
