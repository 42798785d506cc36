//! Roll-ups by agency: who has taken up what, how requirements stand, what got worse; and the layouts others publish.
//!
//! Invariants: a site nobody saw is in no denominator and is counted beside it; sums of groups are those of the whole; the
//! incumbent's column names are all there. The incumbent's own files are looked at where outside data is there.

use expect_test::expect;
use idea_audit::finding::Outcomes;
use idea_audit::report::rollup::{self, Level, Rollup, changes};
use idea_audit::report::{self, Paint, Report, compare};
use idea_audit::rules::{RuleId, Says};
use idea_audit::verdict::Outcome::{self, CantTell, Failed, Passed, Untested};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, LazyLock};

use super::sinks::{check_valid, demo, validator, written};

const SCHEMA: &str = include_str!("../../docs/rollup.schema.json");
const DIFF_SCHEMA: &str = include_str!("../../docs/diff.schema.json");

static ROLLUP: LazyLock<jsonschema::Validator> = LazyLock::new(|| validator(SCHEMA));
static DIFF: LazyLock<jsonschema::Validator> = LazyLock::new(|| validator(DIFF_SCHEMA));

/// The rules of these fleets, and the column each answers for.
const RULES: [(&str, &str); 5] = [
    ("identity/banner", "uswds_banner_heres_how"),
    ("mobile/viewport", "dap"),
    ("search/page-title", "title"),
    ("search/site-search", "site_search"),
    ("content/link-text", "uswds_usa_classes"),
];

/// A site: its name, agency and bureau, and what its home page says, or the problem that hid it.
type Office<'a> = (&'a str, &'a str, &'a str, Result<&'a [(&'a str, Outcome)], &'a str>);

/// A report of such sites; an empty agency or bureau is one that nobody knows.
pub(super) fn fleet(offices: &[Office<'_>]) -> Report {
    let mut report = demo();
    let (site, page, problem) = (report.sites[0].clone(), report.pages[0].clone(), report.problems[0].clone());
    report.rules.retain(|row| RULES.iter().any(|(rule, _)| row.id.as_str() == *rule));
    for row in &mut report.rules {
        row.obligation = Says::Must;
        let columns = RULES.iter().filter(|(rule, _)| row.id.as_str() == *rule);
        Arc::make_mut(&mut row.standards).gsa = columns.map(|(_, column)| column.to_string()).collect();
    }
    (report.sites, report.pages, report.findings, report.problems) = (vec![], vec![], vec![], vec![]);
    let known = |name: &str| (!name.is_empty()).then(|| name.to_string());
    for (name, agency, bureau, home) in offices {
        let mut row = site.clone();
        (row.site, row.agency, row.bureau) = (name.to_string(), known(agency), known(bureau));
        row.facts = serde_json::json!({ "root": format!("https://{name}/") });
        let mut front = page.clone();
        (front.url, front.aliases, front.judged, front.problem) =
            (format!("https://{name}/").into(), vec![], true, None);
        match home {
            Ok(outcomes) => front.outcomes = outcomes.iter().map(|(rule, said)| (RuleId::of(rule), *said)).collect(),
            Err(kind) => {
                (front.judged, front.problem, front.status) = (false, Some(kind.to_string()), None);
                front.outcomes = Outcomes::default();
                let mut row = problem.clone();
                (row.url, row.kind) = (front.url.to_string(), kind.to_string());
                report.problems.push(row);
            }
        }
        row.outcomes = front.outcomes.clone();
        for score in &mut row.scorecard {
            score.outcome = Outcome::fold(front.outcomes.values());
            if home.is_err() {
                score.outcome = Untested;
            }
        }
        report.sites.push(row);
        report.pages.push(front);
    }
    report.sort();
    report
}

const BANNER: &str = "identity/banner";
const DAP: &str = "mobile/viewport";
const TITLE: &str = "search/page-title";
const DESIGN: &str = "content/link-text";

/// Three agencies, one of them with bureaus, one whose host refuses us.
fn small() -> Report {
    fleet(&[
        (
            "tides.example",
            "Harbor Safety Administration",
            "Tide Office",
            Ok(&[(BANNER, Passed), (DAP, Passed), (TITLE, Passed)]),
        ),
        (
            "www.piers.example",
            "Harbor Safety Administration",
            "Pier Office",
            Ok(&[(BANNER, Failed), (DAP, Failed), (TITLE, Passed)]),
        ),
        (
            "locks.example",
            "Canal Bureau",
            "",
            Ok(&[(BANNER, Failed), (DAP, CantTell), (TITLE, Failed), (DESIGN, CantTell)]),
        ),
        ("weirs.example", "Canal Bureau", "", Err("blocked")),
        ("old.example", "", "", Err("dns")),
        ("who.example", "", "", Ok(&[(DAP, Passed), (TITLE, Untested)])),
    ])
}

fn text_of(table: impl FnOnce(&Rollup, &mut Vec<u8>) -> std::io::Result<()>, report: &Report) -> String {
    written(|out| table(&Rollup::of(report), out)).replace("\r\n", "\n")
}

fn object_of(report: &Report, out: &mut Vec<u8>) -> std::io::Result<()> {
    rollup::rollup_json(&report.tool, &report.run, &Rollup::of(report), out)
}

#[test]
fn versions_of_the_design_system_are_those_that_pages_tell() {
    let mut report = small();
    let told = |versions: Value| serde_json::json!({ "U.S. Web Design System": { "pages": 9, "versions": versions } });
    for site in &mut report.sites {
        match site.site.as_str() {
            // Most pages decide, and the newer version where they are equal.
            "tides.example" => site.facts["shared-services"] = told(serde_json::json!({"2.13.0": 4, "3.8.0": 4})),
            "www.piers.example" => site.facts["shared-services"] = told(serde_json::json!({"3.8.0": 1})),
            _ => {}
        }
    }
    let rollup = Rollup::of(&report);
    let harbor = &rollup.groups(Level::Agency)[1];
    assert_eq!(harbor.design_version_words(), "3.8.0:2");
    assert_eq!((harbor.versions.yes, harbor.versions.percent().as_str()), (2, "100.0"));
    let canal = &rollup.groups(Level::Agency)[0];
    assert_eq!(
        (canal.versions.yes, canal.versions.undetermined),
        (0, 2),
        "markup without a version, and a site that refused us"
    );
    let adoption = text_of(|rollup, out| rollup::adoption_csv(rollup, out), &report);
    let row = adoption.lines().find(|line| line.starts_with("design-system") && line.contains("agency,Harbor"));
    assert!(row.is_some_and(|row| row.ends_with(",3.8.0:2")), "{row:?}");
    let object = written(|out| object_of(&report, out));
    let object: Value = serde_json::from_str(&object).expect("is JSON");
    assert_eq!(object["total"]["design-system-versions"]["3.8.0"], 2);
}

#[test]
fn the_incumbents_layouts_leave_out_what_nobody_could_tell_and_say_how_many() {
    expect![[r#"
        Agency,Number of Websites,Number of Websites with DAP,Percent with DAP,Number of Websites with USWDS Semantic Version,Percent of Websites with USWDS Semantic Version,Websites Not Seen,Websites Undetermined for DAP,Number of Websites with USWDS Markup,Percent of Websites with USWDS Markup,Websites Undetermined for USWDS Semantic Version
        Canal Bureau,1,0,,0,,1,1,1,100.0,1
        Harbor Safety Administration,2,1,50.0,0,0.0,0,0,0,0.0,0
        (agency not known),1,1,100.0,0,0.0,1,0,0,0.0,0
        Total,4,2,66.67,0,0.0,2,1,1,25.0,1
    "#]]
    .assert_eq(&text_of(|rollup, out| rollup::idea_csv(rollup, out), &small()));
    expect![[r#"
        Agency,Bureau,Number of Websites,Number of Websites With Page Title,Number of Websites With Page Description,Number of Websites with Government Banner,Percent of Websites With Page Title,Percent of Websites With Page Description,Percent of Websites with Government Banner,Websites Not Seen,Websites Undetermined for Page Title,Websites Undetermined for Page Description,Websites Undetermined for Government Banner
        Canal Bureau,(no bureau named),1,0,0,0,0.0,,0.0,1,0,1,0
        Harbor Safety Administration,Pier Office,1,1,0,0,100.0,,0.0,0,0,1,0
        Harbor Safety Administration,Tide Office,1,1,0,1,100.0,,100.0,0,0,1,0
        (agency not known),(no bureau named),1,0,0,0,,,,1,1,1,1
        Total,,4,2,0,1,66.67,,33.33,2,1,4,1
    "#]]
    .assert_eq(&text_of(|rollup, out| rollup::standards_bureaus_csv(rollup, out), &small()));
}

fn shared(file: &str) -> Option<String> {
    let folder = std::env::var_os("IDEA_AUDIT_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let text = std::fs::read_to_string(folder.join("policy/data").join(file)).ok();
    if text.is_none() {
        println!("skipped: outside data, {file}, is not there");
    }
    text
}

#[test]
fn the_incumbents_own_reports_have_the_columns_of_ours() {
    let report = small();
    for (file, ours) in [
        ("gsa_report_idea_by_agency_2026-08-22.csv", text_of(|rollup, out| rollup::idea_csv(rollup, out), &report)),
        (
            "gsa_report_standards_by_agency_2026-08-22.csv",
            text_of(|rollup, out| rollup::standards_csv(rollup, out), &report),
        ),
    ] {
        let Some(theirs) = shared(file) else { continue };
        let header = theirs.lines().next().expect("a header").trim();
        let own = ours.lines().next().expect("a header");
        assert!(own.starts_with(&format!("{header},")), "{file}: {header}\n{own}");
        assert_eq!(theirs.lines().last().map(|line| line.starts_with("Total,")), Some(true));
        assert!(ours.lines().last().is_some_and(|line| line.starts_with("Total,")));
    }
}

#[test]
fn sums_of_groups_are_those_of_the_whole() {
    let rollup = Rollup::of(&small());
    let total = rollup.total();
    assert_eq!((total.sites, total.seen, total.unseen()), (6, 4, 2));
    assert_eq!(total.hindered, BTreeMap::from([("blocked".to_string(), 1), ("dns".to_string(), 1)]));
    for level in [Level::Agency, Level::Bureau] {
        let groups = rollup.groups(level);
        assert_eq!(groups.iter().map(|group| group.sites).sum::<u64>(), total.sites);
        for (at, share) in total.shares.iter().enumerate() {
            let sum = |of: fn(&rollup::Share) -> u64| groups.iter().map(|group| of(&group.shares[at])).sum::<u64>();
            assert_eq!(
                [sum(|one| one.yes), sum(|one| one.no), sum(|one| one.undetermined), sum(|one| one.not_asked)],
                [share.yes, share.no, share.undetermined, share.not_asked]
            );
            assert_eq!(share.determined() + share.undetermined + share.not_asked, total.sites);
        }
    }
}

#[test]
fn a_blocked_site_changes_no_share_and_no_place() {
    let mut more = small();
    let before = text_of(|rollup, out| rollup::adoption_csv(rollup, out), &more);
    let (mut site, mut page) = (more.sites[0].clone(), more.pages[0].clone());
    (site.site, site.agency) = ("dark.example".to_string(), Some("Harbor Safety Administration".to_string()));
    site.facts = serde_json::json!({ "root": "https://dark.example/" });
    site.outcomes = Outcomes::default();
    (page.url, page.judged, page.problem) = ("https://dark.example/".into(), false, Some("blocked".to_string()));
    page.outcomes = Outcomes::default();
    more.sites.push(site);
    more.pages.push(page);
    let after = text_of(|rollup, out| rollup::adoption_csv(rollup, out), &more);
    let kept = |table: &str| -> Vec<Vec<String>> {
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_string).collect();
        let at = |name: &str| header.iter().position(|cell| cell == name).unwrap();
        let columns = ["measure", "rank", "level", "agency", "yes", "no", "percent"].map(at);
        let rows = reader.records().map(|row| row.unwrap());
        let rows = rows.filter(|row| &row[at("level")] != "bureau");
        rows.map(|row| columns.iter().map(|at| row[*at].to_string()).collect()).collect()
    };
    assert_eq!(kept(&before), kept(&after));
    assert_ne!(before, after, "it is counted as undetermined");
}

#[test]
fn the_rollup_object_is_what_its_schema_says() {
    for report in [demo(), small()] {
        let object: Value = serde_json::from_str(&written(|out| object_of(&report, out))).expect("it is JSON");
        check_valid(&ROLLUP, &object);
        assert_eq!(object["total"]["sites"]["all"], report.sites.len());
    }
    let object: Value = serde_json::from_str(&written(|out| object_of(&small(), out))).unwrap();
    let canal = &object["agencies"][0];
    assert_eq!(canal["agency"], "Canal Bureau");
    assert_eq!(canal["adoption"]["dap"]["percent"], Value::Null, "doubt and a blocked site leave nothing to divide by");
    assert_eq!(canal["adoption"]["dap"]["rank"], Value::Null);
    assert_eq!(object["agencies"][1]["adoption"]["dap"]["rank"], 2);
    assert_eq!(object["agencies"][1]["bureaus"].as_array().map(Vec::len), Some(2));
    assert_eq!(object["agencies"][2]["agency"], Value::Null);
}

#[test]
fn what_got_worse_is_told_by_agency() {
    let earlier = small();
    let mut later = fleet(&[
        (
            "tides.example",
            "Harbor Safety Administration",
            "Tide Office",
            Ok(&[(BANNER, Failed), (DAP, Passed), (TITLE, Passed)]),
        ),
        ("www.piers.example", "Harbor Safety Administration", "Pier Office", Err("timeout")),
        (
            "locks.example",
            "Canal Bureau",
            "",
            Ok(&[(BANNER, Passed), (DAP, CantTell), (TITLE, Failed), (DESIGN, CantTell)]),
        ),
        ("weirs.example", "Canal Bureau", "", Ok(&[(BANNER, Failed)])),
    ]);
    let mut finding = demo().findings[0].clone();
    (finding.rule, finding.outcome, finding.waived) = (RuleId::of(BANNER), Failed, None);
    finding.url = "https://tides.example/".into();
    later.findings = vec![finding];
    compare(&mut later, &earlier);
    let told = changes(&later, &earlier, Level::Agency);
    let harbor = &told[0];
    assert_eq!(harbor.name(), "Harbor Safety Administration");
    assert_eq!((harbor.new_failures, harbor.sites_worse, harbor.sites), (1, 1, 2));
    assert_eq!(harbor.lost["banner"], ["tides.example"]);
    assert_eq!(harbor.no_longer_seen, ["www.piers.example"], "a site that timed out lost nothing");
    assert_eq!(harbor.worse_rules[0].rule.as_str(), BANNER);
    let canal = told.iter().find(|one| one.name() == "Canal Bureau").expect("its sites are there");
    assert_eq!(canal.gained["banner"], ["locks.example"]);
    assert!(canal.lost.is_empty(), "nobody saw weirs.example the first time");

    let object: Value =
        serde_json::from_str(&written(|out| report::diff_json(&later, Some(&told), out))).expect("it is JSON");
    check_valid(&DIFF, &object);
    let plain = written(|out| report::diff_text(&later, Some(&told), Paint::Plain, 80, out));
    let section = &plain[plain.find("By agency\n").expect("there is a section")..];
    expect![[r#"
        By agency
          Harbor Safety Administration (2 sites)
            Findings: 1 new and failed.
            - Pages carry the government banner (identity/banner): 1 at 1 site
            Lost Government banner: tides.example.
            No longer seen: www.piers.example.
          Canal Bureau (2 sites)
            Gained Government banner: locks.example.
    "#]]
    .assert_eq(section);
    let rows = written(|out| rollup::diff_csv(&told, out));
    assert!(
        rows.lines().nth(1).is_some_and(|row| row.starts_with("Harbor Safety Administration,,2,1,1,0,0,0,")),
        "{rows}"
    );
}

fn program(arguments: &[&str], folder: &std::path::Path) -> std::process::Output {
    let run = Command::new(env!("CARGO_BIN_EXE_idea-audit")).args(arguments).current_dir(folder).output();
    run.expect("the program starts")
}

#[test]
fn results_become_every_rollup_and_a_comparison_by_bureau() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut second = small();
    second.sites.iter_mut().for_each(|site| site.bureau = Some("Field Office".to_string()));
    for (name, report) in [("then.json", small()), ("now.json", second)] {
        std::fs::write(folder.path().join(name), written(|out| report::json(&report, out))).expect("a file");
    }
    for format in [
        "rollup-json",
        "agencies-csv",
        "requirements-csv",
        "adoption-csv",
        "idea-csv",
        "idea-bureaus-csv",
        "standards-csv",
        "standards-bureaus-csv",
    ] {
        let output = program(&["report", "then.json", "--format", format], folder.path());
        assert_eq!(output.status.code(), Some(0), "{format}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(String::from_utf8_lossy(&output.stdout).contains("Harbor Safety Administration"), "{format}");
    }
    let output = program(&["diff", "then.json", "now.json", "--by", "bureau", "--format", "json"], folder.path());
    let object: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    check_valid(&DIFF, &object);
    assert_eq!(object["groups"][0]["bureau"], "Field Office");
    let output = program(&["diff", "then.json", "now.json", "--format", "csv"], folder.path());
    let table = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(table.starts_with("agency,bureau,sites,sites_worse,") && table.lines().count() == 4, "{table}");
    let output = program(&["diff", "then.json", "now.json", "--by", "continent"], folder.path());
    assert_eq!(output.status.code(), Some(2));
}

/// What the program makes of every example site, as one run.
fn fixtures_fleet() -> Report {
    let sites = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/sites");
    let names = ["exemplary", "legacy", "mixed", "two-languages"];
    let reports = names.map(|name| {
        let address = format!("https://www.{name}.example");
        let scan = ["scan", name, "--as", &address, "--quiet", "--today", "2026-11-22", "--profile", "executive"];
        let output = program(&[&scan[..], &["--format", "json"]].concat(), std::path::Path::new(sites));
        serde_json::from_slice::<Report>(&output.stdout).expect("the output is a report")
    });
    let [mut fleet, others @ ..] = reports;
    for other in others {
        fleet.run.targets.extend(other.run.targets);
        fleet.sites.extend(other.sites);
        fleet.pages.extend(other.pages);
        fleet.findings.extend(other.findings);
        fleet.problems.extend(other.problems);
    }
    fleet.sort();
    fleet
}

#[test]
fn the_fixtures_fleet_reads_into_the_incumbents_dictionary() {
    let fleet = fixtures_fleet();
    let table = written(|out| report::gsa_csv(&fleet, out));
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let header: Vec<String> = reader.headers().expect("a header").iter().map(str::to_string).collect();
    let rows: Vec<csv::StringRecord> =
        reader.records().map(|row| row.expect("rows are as long as the header")).collect();
    assert_eq!(rows.len(), fleet.sites.len());
    let at = |name: &str| header.iter().position(|cell| cell == name).unwrap_or_else(|| panic!("no column {name}"));
    for (column, least) in
        [("live", 4), ("url", 4), ("status_code", 4), ("dap", 3), ("uswds_banner_heres_how", 4), ("site_search", 3)]
    {
        let known = rows.iter().filter(|row| !row[at(column)].is_empty()).count();
        assert!(known >= least, "{column} is known of {known} sites");
    }
    let adoption = text_of(|rollup, out| rollup::idea_csv(rollup, out), &fleet);
    assert!(adoption.lines().last().is_some_and(|line| line.starts_with("Total,4,")), "{adoption}");

    let Some(dictionary) = shared("gsa_site_scanning_data_dictionary.csv") else { return };
    let mut entries = csv::Reader::from_reader(dictionary.as_bytes());
    for entry in entries.records() {
        let entry = entry.expect("the dictionary is a table");
        let (name, kind) = (&entry[1], &entry[4]);
        for cell in rows.iter().map(|row| &row[at(name)]).filter(|cell| !cell.is_empty()) {
            let fits = match kind {
                "boolean" => ["true", "false"].contains(&cell),
                "numeric" | "integer" => cell.parse::<f64>().is_ok(),
                "list" | "array" | "object" => serde_json::from_str::<Value>(cell).is_ok(),
                "datetime" => cell.parse::<jiff::Timestamp>().is_ok(),
                _ => true,
            };
            assert!(fits, "{name} is {kind}, and here {cell:?}");
        }
    }
}
