//! The two stages of judging: pages as they arrive, then hosts and the site.
//!
//! In: see the room. Out: [`Judgement`]. Invariant: an unanswered question of a rule softens failed to cantTell and is named;
//! a rule whose `on-fail` is cantTell never fails. Tested in `tests/it/rules.rs`.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use url::Url;

use super::docket::{Dockets, Item, Weight};
use super::fit::Fittings;
use crate::checks::{Check, LooksAt};
use crate::facts::{HostFacts, Need, Note, PageFacts, Parsed, SiteFacts, SiteView, Standing};
use crate::finding::{Finding, Outcomes, Roll, Said, Where, fingerprint};
use crate::rules::{Asked, Cite, Impact, OnFail, Pages, Profile, Rule, RuleId, Says, Sources};
use crate::verdict::{Outcome, Verdict};

/// Verdicts of a site rule that are told at once.
const AT_ONCE: usize = 1_000;

/// The days that judging depends on.
#[derive(Clone, Copy, Debug)]
pub struct Days {
    /// What "today" is for expiry and age.
    pub today: Date,
    /// The day whose law applies.
    pub policy_as_of: Date,
}

/// Rules ready to judge.
pub struct Engine {
    rules: Vec<Arc<Rule>>,
    /// The same by name: outcomes of all pages are held by it.
    roll: Roll,
    sources: Sources,
    days: Days,
    fittings: Fittings,
    dockets: Dockets,
}

/// What the rules say.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Judgement {
    /// One outcome for each rule that found a target (or would have, had it seen it).
    pub outcomes: Outcomes,
    /// Outcomes that a site stage writes on pages.
    pub pages: BTreeMap<Arc<Url>, BTreeMap<RuleId, Outcome>>,
    /// What is worth showing.
    pub findings: Vec<Finding>,
    /// What site rules remember of a page.
    pub notes: BTreeMap<RuleId, Vec<Note>>,
    /// Questions nobody answered, with what answers them.
    pub questions: BTreeSet<String>,
}

impl Judgement {
    /// Joins what else the rules say.
    pub fn join(&mut self, more: Self) {
        self.outcomes.join(&more.outcomes);
        for (page, outcomes) in more.pages {
            let held = self.pages.entry(page).or_default();
            outcomes.iter().for_each(|(rule, outcome)| fold(held, rule, *outcome));
        }
        self.findings.extend(more.findings);
        for (rule, notes) in more.notes {
            self.notes.entry(rule).or_default().extend(notes);
        }
        self.questions.extend(more.questions);
    }
}

impl Engine {
    /// An engine over these rules, citing these sources, on these days.
    pub fn of(rules: Vec<Arc<Rule>>, sources: Sources, days: Days) -> Self {
        let roll = rules.iter().map(|rule| rule.id.clone()).collect();
        Self { rules, roll, sources, days, fittings: Fittings::default(), dockets: Dockets::default() }
    }

    /// The rules, in the order they were given.
    pub fn rules(&self) -> &[Arc<Rule>] {
        &self.rules
    }

    /// The names of the rules, by which outcomes are held.
    pub fn roll(&self) -> &Roll {
        &self.roll
    }

    /// The days it judges by.
    pub fn days(&self) -> Days {
        self.days
    }

    /// What the rules want fetched beyond pages, each once. Rules that are not asked of this site want nothing.
    pub fn needs(&self, profile: &Profile, host: &str) -> BTreeSet<Need> {
        let sites = self.rules.iter().filter(|rule| rule.applies_to.asked(profile, host) != Asked::No);
        let needs = sites.filter_map(|rule| match self.fittings.fit(rule, profile).check() {
            Check::Site(check) => Some(check.needs()),
            Check::Page(_) | Check::Host(_) => None,
        });
        needs.flatten().collect()
    }

    /// True when a rule looks at pages.
    pub fn looks_at_pages(&self) -> bool {
        self.rules.iter().any(|rule| matches!(rule.check, Check::Page(_)))
    }

    /// True when a rule looks at hosts.
    pub fn wants_hosts(&self) -> bool {
        self.rules.iter().any(|rule| matches!(rule.check, Check::Host(_)))
    }

    /// True when a rule needs this of a host.
    pub fn wants(&self, wanted: LooksAt) -> bool {
        self.rules.iter().any(|rule| match &rule.check {
            Check::Host(check) => check.looks_at() == wanted,
            Check::Page(_) | Check::Site(_) => false,
        })
    }

    /// True when a rule that is asked of this site reads documents.
    pub fn wants_documents(&self, profile: &Profile, host: &str) -> bool {
        let asked = self.rules.iter().filter(|rule| rule.applies_to.asked(profile, host) != Asked::No);
        asked.into_iter().any(|rule| match &rule.check {
            Check::Site(check) => check.reads_documents(),
            Check::Page(_) | Check::Host(_) => false,
        })
    }

    /// How strongly the sources ask for a rule at a site of this profile.
    pub fn obligation(&self, rule: &Rule, profile: &Profile) -> Says {
        self.sources.obligation(&rule.cites, profile, self.days.policy_as_of)
    }

    /// How strongly each source a rule cites asks for it at a site of this profile.
    pub fn obligations<'r>(&self, rule: &'r Rule, profile: &Profile) -> BTreeMap<&'r str, Says> {
        let mut strongest = BTreeMap::new();
        for cite in &rule.cites {
            let says = self.sources.obligation([cite], profile, self.days.policy_as_of);
            let held = strongest.entry(cite.source.as_str()).or_insert(says);
            *held = says.max(*held);
        }
        strongest
    }

    /// How strongly each source can bind a site of this profile at all, on the day.
    pub fn binding(&self, profile: &Profile) -> BTreeMap<String, Says> {
        let must = |source: &str| Cite { source: source.to_string(), part: String::new(), says: Says::Must };
        let bound = |source: &str| self.sources.obligation([&must(source)], profile, self.days.policy_as_of);
        self.sources.iter().map(|(key, _)| (key.to_string(), bound(key))).collect()
    }

    /// The impact of a rule at a site of this profile: a should never exceeds medium.
    pub fn impact(&self, rule: &Rule, profile: &Profile) -> Impact {
        match self.obligation(rule, profile) {
            Says::Should => rule.impact.min(Impact::Medium),
            Says::Must | Says::Advice => rule.impact,
        }
    }

    /// Judges one page.
    pub fn judge_page(&self, page: &PageFacts<'_>, profile: &Profile) -> Judgement {
        self.judge_page_while(page, profile, &|| true).expect("nobody loses patience")
    }

    /// Judges one page as long as whoever waits has patience, which is asked before each rule; `None` when it ran out.
    pub fn judge_page_while(
        &self,
        page: &PageFacts<'_>,
        profile: &Profile,
        patient: &dyn Fn() -> bool,
    ) -> Option<Judgement> {
        let mut judgement = self.blank();
        let host = host_of(page.url());
        let language = page.language();
        let docket = self.dockets.docket(&self.rules, &self.fittings, profile, &host);
        for Item { rule, check, question, weight } in docket.items() {
            if !patient() {
                return None;
            }
            match check {
                Check::Page(check) if is_asked_of(rule, page) => {
                    let verdicts = check.judge(page);
                    let foreign = if question.is_none() { foreign(rule, language.as_deref()) } else { None };
                    let question = question.or(foreign.as_deref());
                    let weight = || *weight.get_or_init(|| self.weight(rule, profile));
                    self.take(rule, &weight, question, page.url().as_str(), verdicts, &mut judgement);
                }
                Check::Site(check) if is_asked_of(rule, page) => {
                    let mut notes = check.note(page);
                    if let Some(question) = foreign(rule, language.as_deref()) {
                        notes.iter_mut().for_each(|note| doubt(note, &question));
                    }
                    if !notes.is_empty() {
                        judgement.notes.insert(rule.id.clone(), notes);
                    }
                }
                Check::Page(_) | Check::Site(_) | Check::Host(_) => {}
            }
        }
        Some(judgement)
    }

    /// What is left to say of a site that could not be judged: its own rules, and those of its hosts, are untested.
    pub fn unjudged(&self) -> Judgement {
        let of_site = self.rules.iter().filter(|rule| !matches!(rule.check, Check::Page(_)));
        let outcomes = of_site.map(|rule| (rule.id.clone(), Outcome::Untested)).collect();
        Judgement { outcomes, ..Judgement::default() }
    }

    /// Judges a site and its hosts, after its pages.
    pub fn judge_site(&self, site: &SiteFacts, root: &Url, profile: &Profile) -> Judgement {
        let mut all = self.blank();
        self.tell_of_site(site, root, profile, &mut |part| all.join(part));
        all
    }

    /// The same in parts, as it is found out: of a large site a rule may say something of a hundred thousand pages.
    pub fn tell_of_site(&self, site: &SiteFacts, root: &Url, profile: &Profile, tell: &mut dyn FnMut(Judgement)) {
        let parsed = Parsed::of(site);
        let language = SiteView::of(site, &parsed, "", self.days.today).home().and_then(|home| home.language());
        for rule in &self.rules {
            let Some(question) = asked(rule, profile, &site.name) else { continue };
            let fit = self.fittings.fit(rule, profile);
            let question = question.or_else(|| fit.question()).or_else(|| foreign(rule, language.as_deref()));
            let weight = || self.weight(rule, profile);
            match fit.check() {
                Check::Page(_) => {}
                Check::Host(check) => {
                    let mut part = self.blank();
                    if site.hosts.is_empty() {
                        part.outcomes.fold(&rule.id, Outcome::Untested);
                    }
                    for host in site.hosts.values() {
                        let verdicts = check.judge(host);
                        self.take(rule, &weight, question.as_deref(), &root_of(host, root), verdicts, &mut part);
                    }
                    tell(part);
                }
                Check::Site(check) if check.waits_for_others() => {}
                Check::Site(check) => {
                    let view = SiteView::of(site, &parsed, rule.id.as_str(), self.days.today);
                    let question = question.or_else(|| foreign_reply(rule, &check.needs(), &view));
                    let mut hand_over = |some: Vec<Verdict>| {
                        let mut part = self.blank();
                        self.take(rule, &weight, question.as_deref(), root.as_str(), some, &mut part);
                        tell(part);
                    };
                    let mut some = Vec::new();
                    check.tell(&view, &mut |verdict| {
                        some.push(verdict);
                        if some.len() == AT_ONCE {
                            hand_over(std::mem::take(&mut some));
                        }
                    });
                    if !some.is_empty() {
                        hand_over(some);
                    }
                }
            }
        }
    }

    /// The rules that wait until all sites of the run were seen.
    pub fn waiting(&self) -> impl Iterator<Item = &Arc<Rule>> {
        self.rules.iter().filter(|rule| matches!(&rule.check, Check::Site(check) if check.waits_for_others()))
    }

    /// What rules that wait for other sites say where those cannot be compared: that they were not tested.
    pub fn unjudged_among(&self, site: &str, profile: &Profile) -> Judgement {
        let asked = self.waiting().filter(|rule| rule.applies_to.asked(profile, site) != Asked::No);
        let outcomes = asked.map(|rule| (rule.id.clone(), Outcome::Untested)).collect();
        Judgement { outcomes, ..Judgement::default() }
    }

    /// Judges a site by the rules that wait until all sites of the run were seen.
    pub fn judge_among(&self, site: &SiteFacts, root: &Url, profile: &Profile) -> Judgement {
        let mut judgement = self.blank();
        let parsed = Parsed::of(site);
        for rule in &self.rules {
            let Some(question) = asked(rule, profile, &site.name) else { continue };
            let fit = self.fittings.fit(rule, profile);
            if let Check::Site(check) = fit.check()
                && check.waits_for_others()
            {
                let view = SiteView::of(site, &parsed, rule.id.as_str(), self.days.today);
                let question = question.or_else(|| fit.question());
                let weight = || self.weight(rule, profile);
                self.take(rule, &weight, question.as_deref(), root.as_str(), check.judge(&view), &mut judgement);
            }
        }
        judgement
    }

    /// A judgement that says nothing yet.
    fn blank(&self) -> Judgement {
        Judgement { outcomes: Outcomes::over(&self.roll), ..Judgement::default() }
    }

    /// The impact and the obligation of a rule at a site of this profile.
    fn weight(&self, rule: &Rule, profile: &Profile) -> Weight {
        (self.impact(rule, profile), self.obligation(rule, profile))
    }

    fn take(
        &self,
        rule: &Rule,
        weight: &dyn Fn() -> Weight,
        question: Option<&str>,
        url: &str,
        verdicts: Vec<Verdict>,
        into: &mut Judgement,
    ) {
        let outcomes = verdicts.iter().map(|verdict| soften(rule, question, verdict.outcome));
        let outcome = Outcome::fold(outcomes);
        if outcome != Outcome::Inapplicable {
            into.outcomes.fold(&rule.id, outcome);
        }
        let weighed = OnceCell::new();
        for verdict in verdicts {
            let outcome = soften(rule, question, verdict.outcome);
            if let Some(page) = &verdict.at.page {
                fold(into.pages.entry(page.clone()).or_default(), &rule.id, outcome);
            }
            if !matches!(outcome, Outcome::Failed | Outcome::CantTell) {
                continue;
            }
            let softened = (outcome != verdict.outcome).then(|| question.map(str::to_string)).flatten();
            into.questions.extend(softened.clone());
            into.findings.push(finding(rule, *weighed.get_or_init(weight), softened, url, outcome, verdict));
        }
    }
}

fn finding(
    rule: &Rule,
    (impact, obligation): Weight,
    question: Option<String>,
    url: &str,
    outcome: Outcome,
    verdict: Verdict,
) -> Finding {
    let at = verdict.at;
    let url = at.page.as_ref().map_or(url, |page| page.as_str());
    // Without a place the words tell findings of one page apart; a figure in them may change without a new finding.
    let place = at.snippet.as_ref().unwrap_or(&verdict.expected);
    let fingerprint = fingerprint(&rule.id, url, at.anchor.as_deref(), Some(place));
    let text = |text: Option<String>| text.map(Arc::from);
    let said = Said {
        rule: rule.id.clone(),
        outcome,
        impact,
        obligation,
        place: Where {
            selector: text(at.selector),
            line: at.line,
            column: at.column,
            snippet: text(at.snippet),
            role: text(at.role),
            name: text(at.name),
            anchor: text(at.anchor),
        },
        observed: verdict.observed.into(),
        expected: verdict.expected.into(),
        question: text(question),
    };
    Finding::of(fingerprint, url, said)
}

/// The question that stays open, `Some(None)` when the rule plainly applies, `None` when it does not.
fn asked(rule: &Rule, profile: &Profile, host: &str) -> Option<Option<String>> {
    match rule.applies_to.asked(profile, host) {
        Asked::Yes => Some(None),
        Asked::Unanswered(question) => Some(Some(question)),
        Asked::No => None,
    }
}

/// The doubt about a rule that looks for words, on a page in a language whose words it does not know.
fn foreign(rule: &Rule, language: Option<&str>) -> Option<String> {
    let language =
        language.filter(|language| !rule.speaks.is_empty() && !rule.speaks.iter().any(|spoken| spoken == language))?;
    Some(format!(
        "does the page say it in its own language ({language})? the rule knows the words in {}",
        rule.speaks.join(" and ")
    ))
}

/// The same doubt about a page that was fetched for the rule, such as the one behind a link of the home page.
fn foreign_reply(rule: &Rule, needs: &[Need], site: &SiteView<'_>) -> Option<String> {
    if rule.speaks.is_empty() {
        return None;
    }
    let pages = needs.iter().filter_map(|need| site.page(need)).filter(|page| page.capture.is_success());
    pages.map(|page| page.language()).find_map(|language| foreign(rule, language.as_deref()))
}

fn doubt(note: &mut Note, question: &str) {
    if note.outcome == Outcome::Failed {
        note.outcome = Outcome::CantTell;
        note.text = format!("{}; {question}", note.text);
    }
}

fn is_asked_of(rule: &Rule, page: &PageFacts<'_>) -> bool {
    match rule.applies_to.pages {
        Pages::EveryAnswer => true,
        // Nobody reads a page that leads elsewhere at once; what it leads to is judged.
        _ if page.is_redirect_stub() => false,
        Pages::Every => true,
        Pages::Home => page.standing == Standing::Home,
        Pages::WithForm => page.has_data_form(),
    }
}

fn soften(rule: &Rule, question: Option<&str>, outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Failed if rule.on_fail == OnFail::CantTell || question.is_some() => Outcome::CantTell,
        other => other,
    }
}

/// The outcomes of pages that a site stage names are few.
fn fold(outcomes: &mut BTreeMap<RuleId, Outcome>, rule: &RuleId, outcome: Outcome) {
    if outcome != Outcome::Inapplicable {
        let held = outcomes.entry(rule.clone()).or_insert(outcome);
        *held = Outcome::fold([*held, outcome]);
    }
}

fn host_of(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_string()
}

/// The address that findings about a host carry.
fn root_of(host: &HostFacts, root: &Url) -> String {
    format!("{}://{}/", root.scheme(), host.host)
}
