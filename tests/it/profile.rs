//! Whose site it is: where the answer comes from, and which duties follow from it.
//!
//! In: the example sites as folders under other names; `corpus` of the folder `IDEA_AUDIT_SHARED` names (default `../shared`),
//! without which that test says so and passes. Out: profiles and outcomes. Invariant: a duty of one branch never fails where
//! another branch, nobody or no government runs the site.

use idea_audit::audit::{Plan, Silent, Target, audit};
use idea_audit::crawl::Settings;
use idea_audit::engine::{Days, Engine};
use idea_audit::report::{Report, SiteRow};
use idea_audit::rules::{Branch, Origin, Profile, Question, RuleSet, Says, bundled_domains};
use idea_audit::verdict::Outcome;
use jiff::civil::{Date, date};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use url::Url;

static SET: LazyLock<RuleSet> = LazyLock::new(bundled);

fn bundled() -> RuleSet {
    RuleSet::bundled().unwrap_or_else(|diagnostics| panic!("the bundled rules do not load:\n{diagnostics}"))
}

/// A folder judged as if it were published at an address.
fn scanned(folder: &Path, address: &str, given: Profile) -> Report {
    let set = bundled();
    let plan = Plan {
        typed: vec!["folder".to_string()],
        publish_at: Some(Url::parse(address).expect("a constant address")),
        crawl: Settings { max_pages: None, ..Settings::default() },
        profile: given.from(&Origin::Given),
        documents: crate::documents::settings(),
        domains: vec![bundled_domains().unwrap_or_else(|diagnostic| panic!("{diagnostic}"))],
        ..Plan::of(vec![Target::Folder(folder.to_path_buf())], set, date(2026, 11, 22))
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    runtime.block_on(audit(plan, &mut Silent)).expect("the audit begins")
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sites").join(name)
}

fn of(branch: Branch) -> Profile {
    Profile { branch: Some(branch), ..Profile::default() }
}

/// Rules that only some branches are asked for, with whether this branch is one.
fn duties_of(branch: Branch, asked: bool) -> BTreeSet<&'static str> {
    let facet = |wanted: &[Branch]| !wanted.is_empty() && wanted.contains(&branch) == asked;
    SET.rules.iter().filter(|rule| facet(&rule.applies_to.branch)).map(|rule| rule.id.as_str()).collect()
}

/// Outcomes of these rules at the site and its pages, with findings.
fn judged(report: &Report, rules: &BTreeSet<&str>) -> Vec<String> {
    let site = report.sites[0].outcomes.iter().map(|(rule, outcome)| (rule.as_str(), outcome));
    let pages =
        report.pages.iter().flat_map(|page| page.outcomes.iter()).map(|(rule, outcome)| (rule.as_str(), outcome));
    let findings = report.findings.iter().map(|finding| (finding.rule.as_str(), finding.outcome));
    let all = site.chain(pages).chain(findings).filter(|(rule, _)| rules.contains(rule));
    all.map(|(rule, outcome)| format!("{rule}: {}", outcome.as_str())).collect()
}

fn answer(site: &SiteRow, question: Question) -> String {
    let known = site.profile.answers();
    let found = known.iter().find(|(asked, ..)| *asked == question);
    found.map_or("unknown".to_string(), |(_, answer, origin)| {
        format!("{answer}, {}", origin.map_or("from nowhere".to_string(), ToString::to_string))
    })
}

#[test]
fn the_bundled_list_knows_every_branch_and_holds_no_addresses_of_people() {
    let list = bundled_domains().unwrap_or_else(|diagnostic| panic!("{diagnostic}"));
    for (host, branch, agency) in [
        ("clerk.house.gov", Branch::Legislative, "The Legislative Branch"),
        ("www.uscourts.gov", Branch::Judicial, "Administrative Office of the U.S. Courts"),
        ("standards.digital.gov", Branch::Executive, "General Services Administration"),
        ("www.army.mil", Branch::Executive, "Department of Defense"),
        ("new-unit.mil", Branch::Executive, "Department of Defense"),
    ] {
        let (_, row) = list.find(host).unwrap_or_else(|| panic!("{host} is known"));
        assert_eq!((row.branch, row.agency.as_deref()), (Some(branch), Some(agency)), "{host}");
    }
    for host in ["www.agency.example", "agency.gov.example", "sandiego.gov", "www.example.com"] {
        assert!(list.find(host).is_none(), "nobody knows {host}");
    }
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/dotgov.csv")).expect("is there");
    assert!(!text.contains('@'), "the list names no contacts");
}

#[test]
fn on_a_site_that_is_no_governments_no_duty_of_a_government_is_asked() {
    let asked_of_others = duties_of(Branch::None, false);
    assert!(asked_of_others.len() > 100, "most duties are somebody's");
    for name in ["legacy", "mixed", "script-only"] {
        let report = scanned(&fixture(name), "https://shop.example.com/", of(Branch::None));
        assert_eq!(judged(&report, &asked_of_others), Vec::<String>::new(), "{name}");
        assert!(report.sites[0].questions.iter().all(|question| !question.contains("branch")), "{name}");
        let packs: BTreeSet<&str> = report.findings.iter().map(|finding| finding.rule.pack()).collect();
        println!("{name}, no government: {} findings of {packs:?}", report.findings.len());
        assert!(
            packs.contains("accessibility") || name == "script-only",
            "{name}: accessibility is asked of everybody"
        );
        let musts: Vec<_> = report
            .findings
            .iter()
            .filter(|finding| finding.outcome == Outcome::Failed && finding.obligation == Says::Must)
            .map(|finding| finding.rule.as_str())
            .filter(|id| SET.find(id).is_some_and(|rule| rule.cites.iter().all(|cite| binds_some(&cite.source))))
            .collect();
        assert!(musts.is_empty(), "{name}: sources that bind others are a must here: {musts:?}");
        let failed: Vec<_> = report.scorecard.iter().filter(|row| row.outcome == Outcome::Failed).collect();
        assert!(failed.iter().all(|row| !binds_some(&row.source)), "{name}: rows of laws for others: {failed:?}");
    }
}

/// True for a source that binds only some branches.
fn binds_some(source: &str) -> bool {
    SET.sources.find(source).is_some_and(|source| !source.binds.is_empty())
}

#[test]
fn with_nobody_known_such_duties_are_doubts_that_name_their_question() {
    let duties = duties_of(Branch::Executive, true);
    let report = scanned(&fixture("mixed"), "https://www.grants-desk.example/", Profile::default());
    let found: Vec<_> = report.findings.iter().filter(|finding| duties.contains(finding.rule.as_str())).collect();
    assert!(found.len() > 10, "there is something to doubt");
    for finding in found {
        assert_eq!(finding.outcome, Outcome::CantTell, "{}", finding.rule);
    }
    let named = report.findings.iter().filter(|finding| finding.question.is_some()).count();
    assert!(named > 10, "what is a doubt for want of an answer says what would settle it: {named}");
    let questions = &report.sites[0].questions;
    assert!(
        questions.iter().any(|question| question.contains("executive") && question.contains("--profile")),
        "{questions:?}"
    );
    let mut text = Vec::new();
    idea_audit::report::text(&report, idea_audit::report::Paint::Plain, 80, &mut text).expect("memory takes it");
    let text = String::from_utf8(text).expect("is text");
    assert!(text.contains("branch: nobody said"), "{text}");
}

#[test]
fn no_federal_executive_duty_is_asked_of_a_house_whose_branch_is_inferred() {
    let shared = std::env::var_os("IDEA_AUDIT_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let folder = shared.join("corpus/clerk.house.gov-2017");
    if !folder.is_dir() {
        println!("skipped: no corpus at {}", folder.display());
        return;
    }
    let report = scanned(&folder, "https://clerk.house.gov/", Profile::default());
    let site = &report.sites[0];
    assert_eq!(answer(site, Question::Branch), "legislative, inferred from house.gov in the dotgov list of 2026-11-22");
    let executive: BTreeSet<&str> = SET
        .rules
        .iter()
        .filter(|rule| rule.applies_to.branch == [Branch::Executive])
        .map(|rule| rule.id.as_str())
        .collect();
    assert_eq!(judged(&report, &executive), Vec::<String>::new());
    assert!(report.findings.iter().any(|finding| finding.rule.pack() == "accessibility"));
    let accused: Vec<_> = report.scorecard.iter().filter(|row| row.outcome == Outcome::Failed).collect();
    assert!(
        accused.iter().all(|row| SET
            .sources
            .find(&row.source)
            .is_some_and(|source| source.binds.is_empty() || source.binds.contains(&Branch::Legislative))),
        "{accused:?}"
    );
}

#[test]
fn flags_win_over_the_file_which_wins_over_what_is_inferred_and_the_report_says_so() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir(folder.path().join("site")).expect("can be made");
    std::fs::write(folder.path().join("site/index.html"), "<title>A page of the agency</title><main><h1>A</h1></main>")
        .expect("is written");
    std::fs::write(
        folder.path().join("idea-audit.toml"),
        "dotgov = 'list.csv'\n[profile]\nrole = 'secondary'\nbureau = 'File Office'\nlaunched = '2020-01-31'\n",
    )
    .expect("is written");
    std::fs::write(
        folder.path().join("list.csv"),
        "Domain name,Domain type,Organization name,Suborganization name\nagency.gov,Federal - Judicial,Court of Examples,List Office\n",
    )
    .expect("is written");
    let scan = |format: &str| {
        let arguments = [
            "scan",
            "site",
            "--as",
            "https://www.agency.gov",
            "--profile",
            "role=principal",
            "--quiet",
            "--format",
            format,
        ];
        let output = Command::new(env!("CARGO_BIN_EXE_idea-audit")).args(arguments).current_dir(folder.path()).output();
        String::from_utf8(output.expect("the program starts").stdout).expect("is text")
    };
    let report: Report = serde_json::from_str(&scan("json")).expect("is a report");
    for (question, told) in [
        (Question::Role, "principal, given"),
        (Question::Bureau, "File Office, given"),
        (Question::Launched, "2020-01-31, given"),
        (Question::Branch, "judicial, inferred from agency.gov in list.csv"),
        (Question::Agency, "Court of Examples, inferred from agency.gov in list.csv"),
        (Question::Tld, "gov, inferred from the host name"),
        (Question::Acronym, "unknown"),
    ] {
        assert_eq!(answer(&report.sites[0], question), told, "{question:?}");
    }
    let text = scan("text");
    assert!(text.contains("branch: judicial (inferred from agency.gov in list.csv)"), "{text}");
    assert!(scan("html").contains("judicial (inferred from agency.gov in list.csv)"));
}

#[test]
fn columns_of_a_target_list_answer_for_its_rows() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let list = folder.path().join("targets.csv");
    let text = "domain,branch,role,agency,acronym,launch date,HISP,search exempt\na.example,Executive,Principal,Department of Examples,DEX,2020-01-31,yes,no\n";
    std::fs::write(&list, text).expect("is written");
    let raw = idea_audit::config::Raw {
        targets: vec![list.display().to_string()],
        contact: Some("web@agency.example".to_string()),
        profile: idea_audit::config::typed(&["role=secondary".to_string()]).expect("is understood"),
        ..idea_audit::config::Raw::default()
    };
    let plan = idea_audit::config::plan(&raw, date(2026, 11, 22)).unwrap_or_else(|error| panic!("{error}"));
    let profile = plan.profile.or(&plan.owners["a.example"], &Origin::Listed);
    let told: Vec<String> = profile
        .answers()
        .iter()
        .map(|(question, answer, origin)| format!("{}={answer} {}", question.as_str(), origin.expect("has one")))
        .collect();
    assert_eq!(
        told,
        [
            "branch=executive listed",
            "role=secondary given",
            "agency=Department of Examples listed",
            "acronym=DEX listed",
            "high-impact=yes listed",
            "launched=2020-01-31 listed",
            "search-exempt=no listed",
        ]
    );
    std::fs::write(&list, "domain,role\na.example,boss\n").expect("is written");
    let plan = idea_audit::config::plan(&raw, date(2026, 11, 22)).unwrap_or_else(|error| panic!("{error}"));
    let told = plan.list_problems[0].to_string();
    assert!(told.contains("line 2: `boss` is no role") && told.contains("stays open"), "{told}");
    assert_eq!(plan.targets.len(), 1);
}

/// How strongly a rule is asked of a site on a day.
fn obligation(rule: &str, profile: &Profile, day: Date) -> Says {
    let engine = Engine::of(Vec::new(), SET.sources.clone(), Days { today: day, policy_as_of: day });
    engine.obligation(SET.find(rule).unwrap_or_else(|| panic!("no rule {rule}")), profile)
}

#[test]
fn state_and_local_sites_have_their_own_standard_and_its_days() {
    let large = Profile { small_place: Some(false), ..of(Branch::StateLocal) };
    let small = Profile { small_place: Some(true), ..of(Branch::StateLocal) };
    let unknown = of(Branch::StateLocal);
    // One criterion of WCAG 2.0 and one that came with 2.1.
    for rule in ["accessibility/button-name", "accessibility/autocomplete"] {
        for (day, of_large, of_unknown, of_small) in [
            (date(2027, 4, 25), Says::Advice, Says::Advice, Says::Advice),
            (date(2027, 4, 26), Says::Must, Says::Should, Says::Advice),
            (date(2028, 4, 25), Says::Must, Says::Should, Says::Advice),
            (date(2028, 4, 26), Says::Must, Says::Must, Says::Must),
        ] {
            let found = [&large, &unknown, &small].map(|profile| obligation(rule, profile, day));
            assert_eq!(found, [of_large, of_unknown, of_small], "{rule} on {day}");
        }
    }
    let today = date(2026, 11, 22);
    assert_eq!(obligation("accessibility/button-name", &of(Branch::Executive), today), Says::Must);
    assert_eq!(obligation("accessibility/autocomplete", &of(Branch::Executive), today), Says::Advice);
    assert_eq!(obligation("accessibility/button-name", &of(Branch::None), today), Says::Advice);
    let report = scanned(&fixture("mixed"), "https://www.town.example/", of(Branch::StateLocal));
    assert_eq!(judged(&report, &duties_of(Branch::StateLocal, false)), Vec::<String>::new(), "no federal duty");
    assert!(report.findings.iter().any(|finding| finding.rule.pack() == "accessibility"));
}
