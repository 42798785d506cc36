//! A store full of what pages, lists and agencies may be called in the hope that the dashboard repeats it.
//!
//! Each payload is an agency, a bureau, a title, an address, evidence and a problem of a site of its own. The dashboard is walked link by link
//! without a browser, and opened in Chromium: nothing runs, nothing is asked of anybody, nothing is on the console.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;

use idea_audit::html::Document;
use idea_audit::report::Report;
use idea_audit::store::{Ended, Listed, NewRun, Place, RunState, Store};

use super::payloads::{MARK, all};
use crate::html_report::tab::Tab;
use crate::machine::chromium;
use crate::serve::{Dashboard, kind, links};
use crate::sinks::spoilt;

/// Pages of one kind that are looked at.
const OF_A_KIND: usize = 6;

/// The report on the site of one payload: its name is a host, everything else says the payload.
fn of(payload: &str, number: usize) -> Report {
    let mut report = spoilt(&std::array::from_fn(|_| payload.to_string()));
    report.sites.truncate(1);
    report.pages.truncate(1);
    report.findings.truncate(2);
    report.problems.truncate(1);
    let site = &mut report.sites[0];
    site.site = format!("www.site-{number:03}.example");
    (site.agency, site.bureau) = (Some(payload.to_string()), Some(format!("{payload} {number}")));
    report
}

async fn fill(file: &Path) {
    let store = Store::open(&Place::File(file.to_path_buf())).await.expect("a file is a store");
    let payloads = all();
    let name = |number: usize| format!("https://www.site-{number:03}.example/");
    let listed = |(number, payload): (usize, &String)| Listed {
        target: name(number),
        agency: Some(payload.clone()),
        bureau: Some(payload.clone()),
        ..Listed::default()
    };
    let targets: Vec<Listed> = payloads.iter().enumerate().map(listed).collect();
    let mut frame = spoilt(&std::array::from_fn(|at| payloads[at * 7].clone()));
    frame.run.id = "01990000-0000-7000-8000-000000000000".to_string();
    let settings = NewRun { frame: &frame, plan: &payloads[0], settings: &payloads[1], targets: &targets };
    let run = store.begin(&settings).await.expect("begins");
    for (number, payload) in payloads.iter().enumerate() {
        let claim = store.claim(run, &name(number), &frame.run.started).await.expect("is claimed");
        store.commit(&claim, &of(payload, number), &BTreeMap::new(), Ended::Whole).await.expect("is written");
    }
    store.finish(run, RunState::Finished, &frame.run.finished, None).await.expect("ends");
    store.close().await;
}

/// What in a page of the dashboard could run or lead away.
fn dangers(body: &str) -> Vec<String> {
    let document = Document::parse(body);
    let mut found = Vec::new();
    for element in document.elements() {
        if matches!(element.name(), "script" | "iframe" | "object" | "embed" | "base" | "style") {
            found.push(format!("<{}>", element.name()));
        }
        for (name, value) in element.attrs() {
            let folded: String = value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
            let folded = folded.to_ascii_lowercase();
            let leads = matches!(name, "href" | "src" | "action" | "formaction" | "data" | "srcdoc" | "poster");
            let away = ["javascript:", "data:", "vbscript:"].iter().any(|scheme| folded.starts_with(scheme));
            if name.starts_with("on") || name == "style" || name == "srcdoc" || (leads && away) {
                found.push(format!("{name}={value:?}"));
            }
        }
    }
    found
}

#[test]
fn nothing_of_the_corpus_runs_in_the_dashboard() {
    let dashboard = Dashboard::over(async |file| fill(file).await);
    let mut seen = BTreeMap::<String, usize>::new();
    let (mut known, mut waiting) = (BTreeSet::new(), VecDeque::from(["/".to_string()]));
    let mut pages = Vec::new();
    while let Some(path) = waiting.pop_front() {
        let times = seen.entry(kind(&path)).or_default();
        *times += 1;
        if *times > OF_A_KIND {
            continue;
        }
        let answer = dashboard.get(&path);
        assert_eq!(answer.status, 200, "{path}");
        let is_page = answer.headers["content-type"].starts_with("text/html");
        if is_page && !path.contains("/report") {
            assert_eq!(dangers(&answer.body), Vec::<String>::new(), "{path}");
            waiting.extend(links(&answer.body).into_iter().filter(|link| known.insert(link.clone())));
            pages.push(path);
        }
    }
    assert!(pages.len() >= 20 && pages.iter().any(|path| path.starts_with("/agencies/")), "{pages:?}");
    let Some(command) = chromium() else { return };
    let mut tab = Tab::open_with(command, &["--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"]);
    let root = dashboard.root.trim_end_matches('/').to_string();
    // First that a mark would be seen, and that the console is heard.
    tab.visit("data:text/html,<body onload=\"document.documentElement.setAttribute('data-'+'overrun','1');console.error(1)\">");
    assert_eq!(tab.value(&format!("document.documentElement.hasAttribute('{MARK}')")), true);
    assert_eq!(std::mem::take(&mut tab.seen.complaints).len(), 1);
    tab.seen.requests.clear();
    let searched =
        ["/search?words=%3Cscript%3E", "/search?words=%22onfocus%3D", "/sites?agency=%3Csvg%20onload%3D1%3E"];
    for path in pages.iter().map(String::as_str).chain(searched) {
        tab.visit(&format!("{root}{path}"));
        tab.value("document.querySelectorAll('details').forEach(one => { one.open = true; })");
        assert_eq!(tab.value(&format!("document.documentElement.hasAttribute('{MARK}')")), false, "{path}");
    }
    println!("{} pages of {} kinds over {} payloads", pages.len(), seen.len(), all().len());
    assert_eq!(tab.seen.complaints, Vec::<String>::new());
    assert!(tab.seen.requests.iter().all(|url| url.starts_with(&root)), "{:?}", tab.seen.requests);
}
