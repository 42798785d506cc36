//! Lists of targets as federal programs publish them: read by the names of their columns, and carried through to every result.

use idea_audit::audit::{Plan, Target};
use idea_audit::config::{Raw, plan};
use idea_audit::report::{Report, read};
use std::path::Path;
use std::process::Command;

use super::server::{Response, Server};

const DAY: jiff::civil::Date = jiff::civil::Date::constant(2026, 11, 22);

/// The header of the list of targets of the site scanning program: 38 columns.
const TARGETS: &str = "initial_url,base_domain,top_level_domain,branch,agency,bureau,source_list_federal_domains,source_list_dap,\
    source_list_pulse,source_list_omb_idea,source_list_eotw,source_list_usagov,source_list_gov_man,source_list_uscourts,\
    source_list_oira,source_list_other,source_list_mil_1,source_list_mil_2,source_list_dod_public,source_list_dotmil,\
    source_list_final_url_websites,source_list_house_117th,source_list_senate_117th,source_list_gpo_fdlp,source_list_cisa,\
    source_list_dod_2025,source_list_dap_2,source_list_usagov_clicks,source_list_usagov_clicks_mil,source_list_search_gov,\
    source_list_search_gov_mil,source_list_public_inventory,source_list_non_gov_mil,source_list_govt_urls,\
    source_list_hyperlink_domains,filtered,pageviews,visits";

/// A row of that list.
fn row(host: &str, branch: &str, agency: &str, bureau: &str) -> String {
    format!("{host},agency.example,example,{branch},{agency},{bureau},{}FALSE,,\r\n", "TRUE,".repeat(29))
}

fn listed(name: &str) -> Result<Plan, String> {
    let raw = Raw { targets: vec![name.to_string()], contact: Some("a@b.example".to_string()), ..Raw::default() };
    plan(&raw, DAY).map_err(|error| error.to_string())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_list_says_of_an_owner_stands_in_every_result() {
    let server = Server::start(|request| match request.path() {
        "/" => {
            Response::html("<!doctype html><html><head><title>Agency</title></head><body><img src=x.png></body></html>")
        }
        _ => Response::missing(),
    })
    .await;
    let host = format!("http://127.0.0.1:{}/", server.port());
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |text: &str| std::fs::write(folder.path().join("targets.csv"), text).expect("is written");
    write(&format!(
        "\u{feff}{TARGETS}\r\n{}not a host,,\r\n{}",
        row(&host, "Legislative", "\"Department of\nExamples\"", "Bureau of Samples"),
        row("", "Executive", "Nobody", ""),
    ));
    let arguments = "scan targets.csv --contact a@b.example --no-follow --no-tls-probe --select accessibility --fail-on never \
        --format json=r.json,csv=f.csv,pages-csv=p.csv,sites-csv=s.csv,text=r.txt";
    let mut program = Command::new(env!("CARGO_BIN_EXE_idea-audit"));
    program.args(arguments.split_whitespace()).current_dir(folder.path());
    let run =
        tokio::task::spawn_blocking(move || program.output().expect("the program starts")).await.expect("it ends");
    let says = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(0), "{says}");
    for told in [
        "targets.csv, line 4: 3 cells where the header has 38",
        "targets.csv, line 5: the column `initial_url` is empty",
    ] {
        assert!(says.contains(told), "{told} in {says}");
    }
    let report: Report = read(std::fs::read(folder.path().join("r.json")).expect("was written")).expect("is a report");
    let lines: Vec<u64> = report.run.list_problems.iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [4, 5]);
    let site = &report.sites[0];
    assert_eq!(
        (site.agency.as_deref(), site.bureau.as_deref()),
        (Some("Department of Examples"), Some("Bureau of Samples"))
    );
    for (table, rows) in [("f.csv", report.findings.len()), ("p.csv", report.pages.len()), ("s.csv", 1)] {
        let mut table = csv::Reader::from_path(folder.path().join(table)).expect("was written");
        let header = table.headers().expect("has a header").clone();
        let place = |name: &str| header.iter().position(|cell| cell == name).expect(name);
        let [agency, bureau, branch] = ["agency", "bureau", "branch"].map(place);
        let owners: Vec<[String; 3]> = table
            .records()
            .map(|row| row.expect("is a row"))
            .map(|row| [agency, bureau, branch].map(|at| row[at].to_string()))
            .collect();
        assert_eq!(owners, vec![["Department of Examples", "Bureau of Samples", "legislative"]; rows]);
        assert!(!owners.is_empty());
    }
    let text = std::fs::read_to_string(folder.path().join("r.txt")).expect("was written");
    assert!(
        text.split_whitespace().collect::<Vec<_>>().join(" ").contains("2 rows of target lists could not be used"),
        "{text}"
    );
}

#[test]
fn plain_hosts_are_read_and_what_is_none_is_told_with_its_line() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("hosts.txt");
    std::fs::write(&path, "# courts\r\na.example\r\n\r\nb example\r\nhttps://c.example/d\r\n").expect("is written");
    let plan = listed(&format!("@{}", path.display())).expect("is a list");
    assert_eq!(plan.targets.len(), 2);
    assert_eq!(plan.list_problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [4]);
    std::fs::write(&path, "b example\n").expect("is written");
    let refused = listed(&format!("@{}", path.display())).err().expect("no target is left");
    assert!(refused.contains("line 1") && refused.contains("names no target"), "{refused}");
}

/// The lists as they were published, where the data is there.
#[test]
fn published_lists_are_read_whole() {
    let shared = std::env::var("IDEA_AUDIT_SHARED").unwrap_or_else(|_| "../shared".to_string());
    let folder = Path::new(&shared).join("policy/data");
    let mut looked = 0;
    for (file, agencies) in [
        ("dotgov_current_federal_300.csv", "every row"),
        ("dotmil_domains.csv", "every row"),
        ("gsa_public_website_inventory_300.csv", "every row"),
        ("federal_non_govmil_domains.csv", "some rows"),
        ("gsa_snapshot_sample_70rows_oldformat_2025-01.csv", "some rows"),
    ] {
        let path = folder.join(file);
        if !path.exists() {
            continue;
        }
        looked += 1;
        let plan = listed(&path.display().to_string()).unwrap_or_else(|error| panic!("{file}: {error}"));
        let hosts = plan.targets.iter().filter(|target| matches!(target, Target::Web(_))).count();
        let owned = plan.owners.values().filter(|owner| owner.agency.is_some()).count();
        println!("{file}: {hosts} hosts, {owned} owners, {} rows told", plan.list_problems.len());
        assert!(plan.list_problems.is_empty(), "{file}: {:?}", plan.list_problems);
        assert!(
            owned > 0 && (agencies == "some rows" || owned == plan.owners.len()),
            "{file}: {owned} of {}",
            plan.owners.len()
        );
    }
    println!("published lists: {looked} of 5 were there");
}
