//! Real sites against what people found on them by hand.
//!
//! In: `corpus` of the folder `IDEA_AUDIT_SHARED` names (default `../shared`): nine published sites and `labels.json`, hand-checked
//! facts of sixteen pages; absent, the tests say so and pass. Out: for each fact that a rule covers, whether the rule agrees.
//! Invariant: a rule never reports what the label calls fine, never passes what the label calls a fault; where rule and label
//! mean different things, [`DIFFERENCES`] says why, and a difference that is no more has to be taken out. vote.gov is
//! read in part, because a debug build is slow; all of it with `IDEA_AUDIT_WHOLE_CORPUS=1`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use idea_audit::audit::{Plan, Silent, Target, audit};
use idea_audit::crawl::Settings;
use idea_audit::report::{PageRow, Report};
use idea_audit::rules::{Asked, Branch, OnFail, Profile, Rule, RuleId, RuleSet};
use idea_audit::verdict::Outcome;
use idea_audit::web::glob::Glob;
use serde_json::{Map, Value};
use url::Url;

use Outcome::{CantTell, Failed, Inapplicable, Passed};

/// A folder of the corpus, where it was published and by whom.
struct Site {
    folder: &'static str,
    published: &'static str,
    branch: Branch,
    /// The part that a debug build reads; empty is all.
    part: &'static [&'static str],
}

const SITES: [Site; 9] = [
    site("standards.digital.gov-2025", "https://standards.digital.gov/", Branch::Executive),
    Site {
        part: &["/", "/404.html", "/about-us/", "/es/", "/es/registrar/a*/", "/zh/", "/register/n*/", "/assets/**"],
        ..site("vote.gov-2024", "https://vote.gov/", Branch::Executive)
    },
    site("clerk.house.gov-2017", "https://clerk.house.gov/", Branch::Legislative),
    site("ferret.pmel.noaa.gov", "https://ferret.pmel.noaa.gov/static/", Branch::Executive),
    site("nces.ed.gov-collegenavigator", "https://nces.ed.gov/collegenavigator/", Branch::Executive),
    site("state.gov-socialmedia-2016", "https://www.state.gov/", Branch::Executive),
    site("healthcare.gov-marketplace-2013", "https://www.healthcare.gov/marketplace-app/", Branch::Executive),
    site("w3c-bad", "https://www.w3.org/WAI/demos/bad/", Branch::None),
    site("alphagov-audit", "https://alphagov.github.io/accessibility-tool-audit/", Branch::None),
];

const fn site(folder: &'static str, published: &'static str, branch: Branch) -> Site {
    Site { folder, published, branch, part: &[] }
}

/// How a label and the outcome of rules belong together.
enum How {
    /// The page ought to have it: fine is true, a text, a number above 0.
    Wanted,
    /// The page ought not to have it: fine is false, nothing, 0.
    Unwanted,
    /// Unwanted, and there are as many findings as the label counts, on elements whose tag begins so.
    Counted(&'static str),
    /// Fine is exactly 1.
    One,
    /// Fine is this word.
    Is(&'static str),
    /// Fine is a list without these names.
    Without(&'static [&'static str]),
    /// The label counts more than the rule asks for: where it counts none, the rule finds none.
    Among,
    /// What the rule judges: without it, nothing is judged.
    Judged,
    /// One of several signs that the rule looks for on the site: with it, the rule passes.
    Sign(&'static [&'static str]),
    /// Wanted of the home page alone.
    Home,
}

use How::{Among, Counted, Home, Is, Judged, One, Sign, Unwanted, Wanted, Without};

/// Fact, the rules that cover it together, how.
const FACTS: &[(&str, &[&str], How)] = &[
    ("has_lang", &["accessibility/page-language"], Wanted),
    ("lang", &["accessibility/page-language-tag"], Judged),
    ("title", &["accessibility/page-title"], Wanted),
    ("title_elements", &["search/single-page-title"], One),
    ("viewport", &["mobile/viewport"], Wanted),
    ("viewport_blocks_zoom", &["accessibility/zoom"], Unwanted),
    ("meta_description", &["search/description-present"], Wanted),
    ("canonical", &["duplication/canonical-named"], Wanted),
    ("doctype", &["content/document-type"], Wanted),
    ("charset_declared", &["content/charset"], Is("utf-8")),
    ("deprecated_elements", &["content/presentation-markup"], Unwanted),
    ("gov_banner", &["identity/government-banner"], Wanted),
    ("identifier", &["identity/identifier-links"], Judged),
    ("identifier", &["identity/identifier-domain"], Judged),
    ("dap", &["feedback/analytics-program"], Wanted),
    ("dap", &["feedback/analytics-agency"], Judged),
    ("dap_agency", &["feedback/analytics-agency"], Judged),
    ("search_form", &["search/site-search-every-page"], Wanted),
    ("search_form", &["search/site-search"], Home),
    ("img_without_alt", &["accessibility/image-alternative"], Counted("<img")),
    ("area_without_alt", &["accessibility/image-alternative", "accessibility/link-name"], Counted("<area")),
    ("input_image_without_alt", &["accessibility/image-button-name"], Counted("<input")),
    ("fields_without_label", &["accessibility/field-name"], Counted("<")),
    ("empty_links_exposed", &["accessibility/link-name"], Counted("<a")),
    ("empty_buttons_exposed", &["accessibility/button-name"], Counted("<")),
    ("skip_link", &["accessibility/skip-link"], Wanted),
    ("h1_count", &["accessibility/main-heading"], Wanted),
    ("heading_skips", &["accessibility/heading-levels"], Counted("<")),
    ("empty_headings", &["accessibility/heading-name"], Counted("<")),
    ("main_landmark", &["accessibility/main-landmark"], Wanted),
    ("iframes_without_title", &["accessibility/frame-name"], Counted("<")),
    ("tables_without_th", &["accessibility/table-headers"], Among),
    ("duplicate_ids", &["accessibility/referenced-ids"], Among),
    ("meta_refresh", &["accessibility/page-refresh"], Unwanted),
    ("meta_refresh", &["accessibility/page-refresh-never"], Unwanted),
    ("http_subresources", &["security/mixed-active", "security/mixed-passive"], Counted("<")),
    ("trackers", &["privacy/session-replay"], Without(&["CrazyEgg", "Hotjar", "FullStory"])),
    ("trackers", &["privacy/social-pixels"], Without(&["Facebook", "LinkedIn", "Twitter"])),
    ("password_field", &["feedback/account-option"], Sign(&[])),
    ("login_link", &["feedback/account-option"], Sign(&[])),
    ("touchpoints", &["feedback/page-feedback"], Sign(&[])),
    ("feedback", &["feedback/feedback-channel"], Sign(&["foresee", "touchpoints"])),
    ("visible_text_chars", &["search/readable-without-script"], Wanted),
    ("required_links.about", &["required-links/about-page"], Home),
    ("required_links.accessibility", &["required-links/accessibility-statement-link"], Home),
    ("required_links.accessibility", &["required-links/accessibility-statement-every-page"], Wanted),
    ("required_links.foia", &["required-links/foia-link"], Home),
    ("required_links.no_fear", &["required-links/no-fear-act-link"], Home),
    ("required_links.oig", &["required-links/inspector-general-link"], Home),
    ("required_links.performance", &["required-links/budget-performance-link"], Home),
    ("required_links.privacy", &["required-links/privacy-policy-link"], Home),
    ("required_links.usa_gov", &["required-links/usa-gov-link"], Home),
    ("required_links.vulnerability_disclosure", &["required-links/vulnerability-disclosure-link"], Home),
    ("required_links.contact", &["required-links/contact-link"], Home),
];

/// What no rule asks for: numbers, names and evidence behind the facts above, and what is neither wanted nor unwanted.
const NOT_ASKED: &str = "bytes bytes_valid_utf8 xml_lang generator gov_banner_text uswds_class_elements uswds_used uswds_components \
    uswds_version dap_src dap_inline dap_script_id dap_subagency forms search_forms search_actions search_affiliate \
    img img_without_alt_in_noscript img_without_alt_but_role_or_aria img_empty_alt fields fields_placeholder_only \
    fields_title_only links empty_links empty_links_visible_to_at buttons empty_buttons skip_link_detail h1_text \
    headings iframes tables max_table_nesting third_party_hosts required_links required_link_evidence notes \
    examples_empty_buttons examples_dup_ids examples_unlabelled examples_empty_links";

/// Where a rule and a label differ, and why both are right: beginning of the page's name, facts, outcome, reason.
const DIFFERENCES: &[(&str, &[&str], Outcome, &str)] = &[
    (
        "nces.ed.gov",
        &["meta_description", "canonical"],
        Inapplicable,
        "the page keeps itself out of search engines and has nothing to tell them",
    ),
    (
        "nces.ed.gov",
        &["fields_without_label", "heading_skips", "empty_headings"],
        Passed,
        "the label counts what inline style hides until a script shows it; the rule judges what people meet",
    ),
    ("nces.ed.gov-collegenavigator/110635", &["fields_without_label"], Failed, "the same: two of five are shown"),
    (
        "nces.ed.gov-collegenavigator/110635",
        &["heading_skips", "empty_headings"],
        Inapplicable,
        "the same: all are hidden",
    ),
    ("nces.ed.gov", &["skip_link"], CantTell, "the same: inline style hides the link, so nobody reaches it"),
    (
        "nces.ed.gov",
        &["empty_links_exposed"],
        Failed,
        "the whole body is hidden until its first script sees that the page is in no frame; to people it is shown",
    ),
    (
        "nces.ed.gov",
        &["img_without_alt"],
        Failed,
        "alt=\" \" is an alternative in the count of attributes, but neither a name nor the mark of decoration",
    ),
    ("state.gov", &["empty_headings"], Passed, "both are hidden by inline style"),
    ("vote.gov", &["dap"], CantTell, "a tag manager is there, and it may load the program"),
    ("healthcare.gov", &["dap"], CantTell, "a tag manager is there, and it may load the program"),
    ("ferret.pmel.noaa.gov/old_html_docs/ferret_home", &["doctype"], Failed, "a document type that asks for quirks"),
    ("", &["charset_declared"], Inapplicable, "nothing but ASCII, which reads alike in every encoding"),
    ("ferret.pmel.noaa.gov", &["visible_text_chars"], Inapplicable, "no script, so nothing that scripts could draw"),
    (
        "",
        &["search_form"],
        Inapplicable,
        "asked only where the home page has a search; there is no home page, or none on it",
    ),
    ("w3c-bad", &["search_form"], Passed, "no form, but a link to a search page, which serves as well"),
];

struct Corpus {
    folder: PathBuf,
    labels: Map<String, Value>,
    reports: Vec<(&'static Site, Report)>,
}

static SET: LazyLock<RuleSet> =
    LazyLock::new(|| RuleSet::bundled().unwrap_or_else(|diagnostics| panic!("the rules do not load:\n{diagnostics}")));

/// Every folder, read once for all tests; `None` where there is no corpus.
static CORPUS: LazyLock<Option<Corpus>> = LazyLock::new(|| {
    let shared = std::env::var_os("IDEA_AUDIT_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let folder = shared.join("corpus");
    let Ok(text) = std::fs::read(folder.join("labels.json")) else {
        println!("skipped: no corpus at {}", folder.display());
        return None;
    };
    let labels: Value = serde_json::from_slice(&text).expect("the labels are JSON");
    let labels = labels["pages"].as_object().expect("the labels have pages").clone();
    let reports = SITES.iter().map(|site| (site, read(&folder, site))).collect();
    Some(Corpus { folder, labels, reports })
});

fn globs(site: &Site) -> Vec<Glob> {
    let part = if std::env::var_os("IDEA_AUDIT_WHOLE_CORPUS").is_some() { &[] } else { site.part };
    part.iter().map(|written| Glob::parse(written).expect("the table holds globs")).collect()
}

fn read(corpus: &Path, site: &Site) -> Report {
    let set = RuleSet::bundled().expect("loaded before");
    let plan = Plan {
        typed: vec![site.folder.to_string()],
        publish_at: Some(Url::parse(site.published).expect("the table holds addresses")),
        crawl: Settings { max_pages: None, include: globs(site), ..Settings::default() },
        documents: crate::documents::settings(),
        profile: Profile { branch: Some(site.branch), ..Profile::default() },
        ..Plan::of(vec![Target::Folder(corpus.join(site.folder))], set, jiff::civil::date(2026, 11, 22))
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    runtime.block_on(audit(plan, &mut Silent)).expect("the audit begins")
}

#[test]
fn every_folder_is_read_whole_and_twice_alike() {
    let Some(corpus) = &*CORPUS else { return };
    for (site, report) in &corpus.reports {
        let found = &report.coverage;
        println!(
            "{}: {} pages judged, {} findings, {} problems",
            site.folder,
            found.pages.judged,
            report.findings.len(),
            found.problems
        );
        let internal: Vec<_> = report.problems.iter().filter(|problem| problem.kind == "internal").collect();
        assert!(internal.is_empty(), "{}: {internal:?}", site.folder);
        let listed: BTreeSet<&str> = report.pages.iter().filter_map(|page| page.file.as_deref()).collect();
        let files = page_files(&corpus.folder.join(site.folder), site);
        let missing: Vec<&String> = files.iter().filter(|file| !listed.contains(file.as_str())).collect();
        assert!(!files.is_empty() && missing.is_empty(), "{}: not in the report: {missing:?}", site.folder);
        assert!(bare(report) == bare(&read(&corpus.folder, site)), "{}: two runs differ", site.folder);
    }
}

/// The report without what may differ between two runs.
fn bare(report: &Report) -> String {
    let mut report = report.clone();
    report.run.id.clear();
    report.run.started.clear();
    report.run.finished.clear();
    serde_json::to_string(&report).expect("a report is JSON")
}

/// The files of a folder that are pages by their names, of the part that is read.
fn page_files(folder: &Path, site: &Site) -> Vec<String> {
    let wanted = globs(site);
    let (mut files, mut open) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(path) = open.pop() {
        for entry in std::fs::read_dir(&path).expect("the corpus can be read").flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).expect("inside the folder").to_string_lossy().into_owned();
            let is_page = [".html", ".htm", ".xhtml", ".svg", ".xml"].iter().any(|end| name.ends_with(end));
            let published = format!("/{}", name.strip_suffix("index.html").unwrap_or(&name));
            if is_page && (wanted.is_empty() || wanted.iter().any(|glob| glob.matches(&published))) {
                files.push(name);
            }
        }
    }
    files
}

#[test]
fn rules_agree_with_what_people_found_by_hand() {
    let Some(corpus) = &*CORPUS else { return };
    let (mut compared, mut wrong, mut differing) = (0, Vec::new(), BTreeSet::new());
    for (name, label) in &corpus.labels {
        let (folder, file) = name.split_once('/').expect("a label names folder and file");
        let (site, report) = corpus
            .reports
            .iter()
            .find(|(site, _)| site.folder == folder)
            .expect("the table holds every labelled folder");
        let page =
            report.pages.iter().find(|page| page.file.as_deref() == Some(file)).expect("labelled pages are read");
        for (fact, rules, how) in FACTS {
            let Some(value) = at(label, fact) else { continue };
            let seen = Seen::of(site, report, page, rules, how);
            compared += 1;
            let Some(complaint) = seen.complaint(value, how) else { continue };
            let is_it = |(page, facts, outcome, _): &(&str, &[&str], Outcome, &str)| {
                name.starts_with(page) && facts.contains(fact) && *outcome == seen.outcome
            };
            match DIFFERENCES.iter().position(is_it) {
                Some(known) => drop(differing.insert(known)),
                None => wrong.push(format!("{name} › {fact} is {value} › {} {complaint}", rules.join(" + "))),
            }
        }
    }
    println!(
        "{} pages, {compared} facts compared, {} kinds of differences with a reason",
        corpus.labels.len(),
        differing.len()
    );
    assert!(wrong.is_empty(), "{} facts on which rules and people disagree:\n{}", wrong.len(), wrong.join("\n"));
    let stale: Vec<_> = DIFFERENCES.iter().enumerate().filter(|(index, _)| !differing.contains(index)).collect();
    assert!(stale.is_empty(), "differences that are none any more: {stale:?}");
}

#[test]
fn every_labelled_fact_is_compared_or_said_to_be_asked_by_no_rule() {
    let Some(corpus) = &*CORPUS else { return };
    let known =
        |fact: &str| NOT_ASKED.split(' ').any(|name| name == fact) || FACTS.iter().any(|(name, ..)| *name == fact);
    let facts = corpus.labels.values().filter_map(Value::as_object).flat_map(Map::keys);
    let links = corpus.labels.values().filter_map(|label| label["required_links"].as_object()).flat_map(Map::keys);
    let links = links.map(|link| format!("required_links.{link}"));
    let unknown: BTreeSet<String> = facts.cloned().chain(links).filter(|fact| !known(fact)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

/// A value by its name, with a dot between the names of nested ones.
fn at<'v>(label: &'v Value, fact: &str) -> Option<&'v Value> {
    fact.split('.').try_fold(label, |value, name| value.get(name))
}

/// What the rules say of a fact on a page.
struct Seen {
    outcome: Outcome,
    findings: usize,
    /// What the rules may at most say of a fault here.
    fault: Outcome,
    asked: bool,
}

impl Seen {
    fn of(site: &Site, report: &Report, page: &PageRow, rules: &[&str], how: &How) -> Self {
        let url = Url::parse(&page.url).expect("pages have addresses");
        let rules: Vec<&Rule> =
            rules.iter().map(|id| &**SET.find(id).unwrap_or_else(|| panic!("no rule {id}"))).collect();
        let profile = Profile { branch: Some(site.branch), ..Profile::default() };
        let host = url.host_str().unwrap_or_default();
        let is_home = url.path() == "/" && url.query().is_none();
        let of_site = || report.sites.first().map(|site| &site.outcomes);
        let outcomes = match how {
            Home if is_home => [None, of_site()],
            Home => [None, None],
            Sign(_) => [Some(&page.outcomes), of_site()],
            Wanted | Unwanted | Counted(_) | One | Is(_) | Without(_) | Among | Judged => [Some(&page.outcomes), None],
        };
        let outcome =
            |rule: &&Rule| outcomes.iter().flatten().find_map(|all| all.get(&rule.id)).unwrap_or(Inapplicable);
        let begins = if let Counted(tag) = how { tag } else { "" };
        let of_fact = |rule: &RuleId, snippet: &str| {
            rules.iter().any(|mine| mine.id == *rule) && snippet.to_ascii_lowercase().starts_with(begins)
        };
        let findings = report.findings.iter().filter(|finding| {
            *finding.url == *page.url && of_fact(&finding.rule, finding.place.snippet.as_deref().unwrap_or_default())
        });
        let asked: Vec<Asked> = rules.iter().map(|rule| rule.applies_to.asked(&profile, host)).collect();
        let is_soft = asked.iter().any(|asked| matches!(asked, Asked::Unanswered(_)));
        Self {
            outcome: Outcome::fold(rules.iter().map(outcome)),
            findings: findings.count(),
            fault: if is_soft || rules[0].on_fail == OnFail::CantTell { CantTell } else { Failed },
            asked: !asked.contains(&Asked::No) && (is_home || !matches!(how, Home)),
        }
    }

    /// What is wrong with it beside what people found, if anything.
    fn complaint(&self, label: &Value, how: &How) -> Option<String> {
        let says = format!("says {} with {} findings", self.outcome.as_str(), self.findings);
        if !self.asked {
            return (self.outcome != Inapplicable).then(|| format!("is not asked of this page, and {says}"));
        }
        let right = match how {
            Counted(_) if is_there(label) => self.outcome == self.fault && label.as_u64() == Some(self.findings as u64),
            Counted(_) => self.findings == 0,
            Among => is_there(label) || matches!(self.outcome, Passed | Inapplicable),
            Judged => is_there(label) == matches!(self.outcome, Passed | Failed | CantTell),
            Sign(names) => !has_sign(label, names) || self.outcome == Passed,
            Wanted | Home if is_there(label) => self.outcome == Passed,
            Unwanted if !is_there(label) => matches!(self.outcome, Passed | Inapplicable),
            Wanted | Home | Unwanted => self.outcome == self.fault,
            One if label.as_u64() == Some(1) => self.outcome == Passed,
            Is(word) if label.as_str() == Some(word) => self.outcome == Passed,
            Without(names) if !lists(label, names) => self.outcome == Passed,
            One | Is(_) | Without(_) => self.outcome == self.fault,
        };
        (!right).then_some(says)
    }
}

fn is_there(label: &Value) -> bool {
    match label {
        Value::Null => false,
        Value::Bool(is) => *is,
        Value::Number(number) => number.as_u64() != Some(0),
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
    }
}

fn lists(label: &Value, names: &[&str]) -> bool {
    label.as_array().is_some_and(|list| list.iter().any(|name| name.as_str().is_some_and(|name| names.contains(&name))))
}

fn has_sign(label: &Value, names: &[&str]) -> bool {
    if names.is_empty() { is_there(label) } else { lists(label, names) }
}
