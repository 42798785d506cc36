//! From what was kept of the sites to the report.
//!
//! In: sites, problems, the plan. Out: a [`Report`] in the order of reports. Invariant: the same captures give the same rows;
//! only the run's id and times differ. Tested in `tests/it/audit.rs`.

use jiff::Timestamp;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::inventory;
use super::plan::Plan;
use super::site::SiteWork;
use crate::checks::{Check, Scope};
use crate::crawl::Certificates;
use crate::engine::Engine;
use crate::facts::survey::Abroad;
use crate::facts::{Https, SiteFacts};
use crate::finding::Outcomes;
use crate::report::{
    CitedSource, Coverage, HostCoverage, PageCoverage, ProblemRow, Report, RuleRow, RuleScope, Run, SCHEMA, ScoreRow,
    SiteRow, Standing, Style, Tally, Tool, compare, scorecard, tally_reviews,
};
use crate::rules::{Asked, Force, Profile, Rule};
use crate::verdict::Outcome;
use crate::web::dns::Dns;
use crate::web::preload::Preloaded;
use crate::web::tls::Tls;

/// Copies on other sites that a report lists among the facts of a site; findings name all.
const SHOWN: usize = 50;

/// What tells one run from another.
#[derive(Clone)]
pub(super) struct Stamp {
    id: String,
    started: String,
}

impl Stamp {
    pub(super) fn now() -> Self {
        Self { id: uuid::Uuid::now_v7().to_string(), started: Timestamp::now().to_string() }
    }

    /// That of a run that goes on.
    pub(super) fn of(id: String, started: String) -> Self {
        Self { id, started }
    }
}

/// The whole report.
pub(super) fn report(plan: &Plan, engine: &Engine, sites: Vec<SiteWork>, stopped: bool, stamp: Stamp) -> Report {
    let rules = rule_rows(plan, engine);
    let mut report = unsettled(plan, engine, rules, sites, (stopped, stamp));
    report.scorecard = overall(plan, engine, &report.sites);
    settle(plan, engine, &mut report);
    report
}

/// The report of one site as it is written down, with the rules of the run: the scorecard over all sites is left empty, and what is decided
/// about findings is decided again over all sites, but for what takes the earlier report.
pub(super) fn site_report(
    plan: &Plan,
    engine: &Engine,
    rules: Vec<RuleRow>,
    site: SiteWork,
    run: (bool, Stamp),
) -> Report {
    let mut report = unsettled(plan, engine, rules, vec![site], run);
    except(plan, engine, &mut report);
    report
}

/// The whole report of a run whose sites were written down.
pub(super) fn of_sites(plan: &Plan, engine: &Engine, mut report: Report, stopped: bool, stamp: Stamp) -> Report {
    report.scorecard = overall(plan, engine, &report.sites);
    report.run = run(plan, engine, stopped, stamp);
    settle(plan, engine, &mut report);
    report
}

/// The numbers of a run whose sites stay where they were written down.
pub(super) fn of_numbers(plan: &Plan, engine: &Engine, mut report: Report, stopped: bool, stamp: Stamp) -> Report {
    report.run = run(plan, engine, stopped, stamp);
    report
}

/// Without the scorecard over all sites. `rules` have the words of the run's rules; what they came to is counted here.
fn unsettled(
    plan: &Plan,
    engine: &Engine,
    mut rules: Vec<RuleRow>,
    mut sites: Vec<SiteWork>,
    (stopped, stamp): (bool, Stamp),
) -> Report {
    let mut problems: Vec<ProblemRow> = sites.iter_mut().flat_map(|site| std::mem::take(&mut site.problems)).collect();
    problems.sort();
    problems.dedup();
    let coverage = coverage(&sites, &problems);
    let kinds = kinds(&sites);
    for (row, rule) in rules.iter_mut().zip(engine.rules()) {
        row.tally = match rule.check.scope() {
            Scope::Page => of_pages(rule, &kinds),
            Scope::Host | Scope::Site => of_sites_as_wholes(rule, &sites),
        };
    }
    let site_rows: Vec<SiteRow> = sites.iter().map(|site| site_row(plan, engine, site)).collect();
    let mut pages = Vec::new();
    let mut findings = Vec::new();
    for site in sites {
        pages.extend(site.pages.into_values());
        // Of one site there may be very many: they are moved, not copied.
        if findings.is_empty() { findings = site.findings } else { findings.extend(site.findings) }
    }
    let mut report = Report {
        schema: SCHEMA.to_string(),
        tool: Tool { name: "idea-audit".to_string(), version: env!("CARGO_PKG_VERSION").to_string() },
        run: run(plan, engine, stopped, stamp),
        coverage,
        scorecard: Vec::new(),
        rules,
        disabled: plan.set.disabled.clone(),
        sites: site_rows,
        pages,
        findings,
        problems,
        waivers: Vec::new(),
        reviews: Vec::new(),
        baseline: None,
    };
    report.sort();
    report
}

/// What is known of findings only after judging: who decided what about them, and whether an earlier run had them.
fn settle(plan: &Plan, engine: &Engine, report: &mut Report) {
    except(plan, engine, report);
    if let Some(earlier) = &plan.baseline {
        compare(report, earlier);
    }
}

/// What people decided about findings.
pub(super) fn except(plan: &Plan, engine: &Engine, report: &mut Report) {
    let today = engine.days().today;
    (report.waivers, report.reviews) = plan.exceptions.clone().settle(&mut report.findings, today);
    tally_reviews(report);
}

fn run(plan: &Plan, engine: &Engine, stopped: bool, stamp: Stamp) -> Run {
    Run {
        id: stamp.id,
        started: stamp.started,
        finished: Timestamp::now().to_string(),
        targets: plan.typed.clone(),
        list_problems: plan.list_problems.clone(),
        command: Vec::new(),
        published_as: plan.publish_at.as_ref().map(ToString::to_string),
        profile: plan.profile.clone(),
        policy_as_of: engine.days().policy_as_of,
        judged_on: engine.days().today,
        my_sites: plan.crawl.my_sites.clone(),
        insecure: plan.crawl.certificates == Certificates::Unverified,
        stopped,
    }
}

fn coverage(sites: &[SiteWork], problems: &[ProblemRow]) -> Coverage {
    let sum = |count: fn(&SiteWork) -> u64| sites.iter().map(count).sum::<u64>();
    let mut skipped_by: BTreeMap<String, u64> = BTreeMap::new();
    for (reason, count) in sites.iter().flat_map(|site| &site.skipped) {
        *skipped_by.entry(reason.clone()).or_default() += count;
    }
    let judged = sum(|site| site.judged);
    // Of what should have been judged: pages. What else could not be asked is counted as a problem and kept apart.
    let missed = sites.iter().flat_map(|site| site.pages.values()).filter(|page| page.problem.is_some()).count() as u64;
    let wanted = judged + missed;
    let budgets = ["page-budget", "depth-budget", "time-budget", "stopped"];
    let left: u64 = budgets.iter().filter_map(|reason| skipped_by.get(*reason)).sum();
    Coverage {
        pages: PageCoverage {
            discovered: sum(|site| site.discovered),
            fetched: sum(|site| site.fetched),
            judged,
            unchanged: sum(|site| site.unchanged),
            estimated: (left > 0).then(|| sum(|site| site.fetched) + left),
            skipped: skipped_by.values().sum(),
            skipped_by,
        },
        hosts: HostCoverage { probed: sites.iter().map(|site| site.facts.hosts.len() as u64).sum() },
        problems: problems.len() as u64,
        share: if wanted == 0 { 0.0 } else { round(judged as f64 / wanted as f64) },
        style: Style::Off,
        measured: None,
    }
}

/// Four digits are enough for a share, and print the same everywhere.
fn round(share: f64) -> f64 {
    (share * 10_000.0).round() / 10_000.0
}

/// Pages of which the rules say the same, and how many there are: those of one template share their outcomes.
struct Kind<'s> {
    outcomes: &'s Outcomes,
    /// What is said of rules without an outcome.
    otherwise: Outcome,
    pages: u64,
}

/// The pages that were judged, or should have been.
fn kinds(sites: &[SiteWork]) -> Vec<Kind<'_>> {
    let mut kinds: HashMap<_, Kind<'_>> = HashMap::new();
    for page in sites.iter().flat_map(|site| site.pages.values()).filter(|page| page.judged || page.problem.is_some()) {
        let otherwise = if page.problem.is_some() { Outcome::Untested } else { Outcome::Inapplicable };
        let kind = Kind { outcomes: &page.outcomes, otherwise, pages: 0 };
        kinds.entry((page.outcomes.room(), otherwise)).or_insert(kind).pages += 1;
    }
    kinds.into_values().collect()
}

/// What a page rule came to, page by page.
fn of_pages(rule: &Rule, kinds: &[Kind<'_>]) -> Tally {
    let mut tally = Tally::default();
    for kind in kinds {
        tally.add(kind.outcomes.get(&rule.id).unwrap_or(kind.otherwise), kind.pages);
    }
    tally
}

/// What another rule came to, site by site.
fn of_sites_as_wholes(rule: &Rule, sites: &[SiteWork]) -> Tally {
    let mut tally = Tally::default();
    sites.iter().for_each(|site| tally.count(site.outcomes.get(&rule.id).unwrap_or(Outcome::Inapplicable)));
    tally
}

fn site_row(plan: &Plan, engine: &Engine, site: &SiteWork) -> SiteRow {
    let outcomes = outcomes(engine, site);
    SiteRow {
        site: site.name.clone(),
        agency: site.profile.agency.clone(),
        bureau: site.profile.bureau.clone(),
        profile: (*site.profile).clone(),
        scorecard: site_scorecard(plan, engine, &site.profile, &outcomes),
        outcomes,
        questions: site.questions.iter().cloned().collect(),
        facts: facts(&site.facts, site, &plan.preloaded),
    }
}

/// The scorecard of a site with these outcomes.
pub(super) fn site_scorecard(plan: &Plan, engine: &Engine, profile: &Profile, outcomes: &Outcomes) -> Vec<ScoreRow> {
    let standings: Vec<Standing<'_>> = engine
        .rules()
        .iter()
        .map(|rule| {
            let outcome = outcomes.get(&rule.id).unwrap_or(Outcome::Inapplicable);
            // Weighed is what failed or is in doubt: most rules do neither, and weighing takes longer than all the rest.
            let (by_source, obligation, impact) = match outcome {
                Outcome::Failed | Outcome::CantTell => {
                    (engine.obligations(rule, profile), engine.obligation(rule, profile), engine.impact(rule, profile))
                }
                Outcome::Passed | Outcome::Inapplicable | Outcome::Untested => {
                    (BTreeMap::new(), rule.says(), rule.impact)
                }
            };
            Standing { rule: &rule.id, serves: &rule.serves, by_source, obligation, impact, outcome }
        })
        .collect();
    scorecard(&plan.set.requirements, &plan.set.sources, &engine.binding(profile), &standings)
}

/// Outcomes of pages, hosts and site together. Where no page could be judged, what would have judged pages is untested.
fn outcomes(engine: &Engine, site: &SiteWork) -> Outcomes {
    let mut outcomes = site.outcomes.clone();
    if site.judged == 0 {
        for rule in engine.rules() {
            let asked = rule.applies_to.asked(&site.profile, &site.name) != Asked::No;
            if asked && matches!(rule.check, Check::Page(_)) {
                outcomes.insert(&rule.id, Outcome::Untested);
            }
        }
    }
    outcomes
}

/// The scorecard over all sites: each row and each rule as its worst site has it.
fn overall(plan: &Plan, engine: &Engine, sites: &[SiteRow]) -> Vec<ScoreRow> {
    let outcome = |rule: &Arc<Rule>| Outcome::fold(sites.iter().filter_map(|site| site.outcomes.get(&rule.id)));
    let standings: Vec<Standing<'_>> = engine
        .rules()
        .iter()
        .map(|rule| Standing {
            rule: &rule.id,
            serves: &rule.serves,
            by_source: BTreeMap::new(),
            obligation: sites
                .iter()
                .map(|site| engine.obligation(rule, &site.profile))
                .max()
                .unwrap_or_else(|| rule.says()),
            impact: rule.impact,
            outcome: if sites.is_empty() { Outcome::Untested } else { outcome(rule) },
        })
        .collect();
    let mut rows = scorecard(&plan.set.requirements, &plan.set.sources, &engine.binding(&plan.profile), &standings);
    for (at, row) in rows.iter_mut().enumerate() {
        // A row fails where a site fails it; a rule may be a must at one site and advice at another.
        if row.rules != Tally::default() && !sites.is_empty() {
            row.outcome = Outcome::fold(sites.iter().map(|site| site.scorecard[at].outcome));
        }
    }
    rows
}

/// The rules of the run, in the engine's order, with nothing counted.
pub(super) fn rule_rows(plan: &Plan, engine: &Engine) -> Vec<RuleRow> {
    engine.rules().iter().map(|rule| rule_row(plan, engine, rule)).collect()
}

fn rule_row(plan: &Plan, engine: &Engine, rule: &Rule) -> RuleRow {
    RuleRow {
        id: rule.id.clone(),
        title: rule.title.as_str().into(),
        impact: engine.impact(rule, &plan.profile),
        obligation: engine.obligation(rule, &plan.profile),
        cites: rule.cites.iter().filter_map(|cite| cited(plan, engine, cite, &plan.profile)).collect(),
        serves: rule.serves.as_slice().into(),
        standards: rule.standards.clone().into(),
        text: rule.text.clone().into(),
        tally: Tally::default(),
        origin: rule.origin.clone(),
        scope: Some(match rule.check.scope() {
            Scope::Page => RuleScope::Page,
            Scope::Host => RuleScope::Host,
            Scope::Site => RuleScope::Site,
        }),
        overridden: rule.overridden.clone(),
    }
}

fn cited(plan: &Plan, engine: &Engine, cite: &crate::rules::Cite, profile: &Profile) -> Option<CitedSource> {
    let source = plan.set.sources.find(&cite.source)?;
    let mut notes = match plan.set.sources.force(cite, profile, engine.days().policy_as_of) {
        Force::Counts(_, note) => note.into_iter().collect(),
        Force::History => vec!["rescinded: history on this day".to_string()],
    };
    if source.to_be_confirmed {
        notes.push("wording to be confirmed against the official text".to_string());
    }
    Some(CitedSource {
        source: cite.source.clone(),
        title: source.title.clone(),
        url: source.url.clone(),
        part: cite.part.clone(),
        says: cite.says,
        note: (!notes.is_empty()).then(|| notes.join("; ")),
    })
}

/// What is simply true of the site.
fn facts(facts: &SiteFacts, site: &SiteWork, preloaded: &Preloaded) -> serde_json::Value {
    let mut statuses: BTreeMap<String, u64> = BTreeMap::new();
    for page in facts.pages.values() {
        *statuses.entry(page.status.to_string()).or_default() += 1;
    }
    let tls: BTreeMap<&str, &Tls> =
        facts.hosts.values().filter_map(|host| Some((host.host.as_str(), host.tls.seen()?))).collect();
    let dns: BTreeMap<&str, &Dns> =
        facts.hosts.values().filter_map(|host| Some((host.host.as_str(), host.dns.seen()?))).collect();
    let mut told = serde_json::json!({
        "root": site.root.as_str(),
        "read-from-folder": facts.folder,
        "pages-by-status": statuses,
        "pages-by-language": facts.languages,
        "third-party-hosts": facts.third_parties,
        "generators": facts.generators,
        "hosts": facts.hosts.keys().collect::<Vec<_>>(),
        "https": Https::all(&facts.hosts, preloaded),
        "tls": tls,
        "dns": dns,
        "documents": inventory::documents(facts),
        "forms": inventory::forms(facts),
        "skipped": site.skipped,
        "shared-services": facts.services,
    });
    let summary = site.summary.as_ref().and_then(|summary| serde_json::to_value(summary).ok());
    if let (Some(told), Some(serde_json::Value::Object(summary))) = (told.as_object_mut(), summary) {
        told.extend(summary);
    }
    if let (Some(told), Some(abroad)) = (told.as_object_mut(), &facts.abroad) {
        told.insert("across-sites".to_string(), across_sites(abroad));
    }
    told
}

/// What other sites of the run have too, cut to what can be looked through.
pub(super) fn across_sites(abroad: &Abroad) -> serde_json::Value {
    serde_json::json!({
        "sites": abroad.sites,
        "compared": abroad.compared,
        "copies": abroad.copies.len(),
        "largest": abroad.copies.iter().take(SHOWN).collect::<Vec<_>>(),
        "same-title-and-heading": abroad.names.len(),
    })
}
