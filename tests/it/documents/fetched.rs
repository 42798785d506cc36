//! Documents in an audit: fetched once, within the budget, with the manners of the crawl; read in the folder; what hurts is a problem.

use idea_audit::audit::{DocumentSettings, Plan, Silent, Target, audit};
use idea_audit::document::press::{Draft, DraftField, FieldKind};
use idea_audit::report::{Report, forms_csv};
use idea_audit::rules::Selection;
use std::path::PathBuf;

use crate::audit::plan;
use crate::server::{Request, Response, Server};

const PAGE: &str = "<!doctype html><html lang=en><head><title>Boats</title></head><body><main><h1>Boats</h1>";

fn good() -> Vec<u8> {
    let fields = vec![DraftField { name: "n".to_string(), kind: FieldKind::Text, tooltip: None }];
    Draft {
        text: "Form HB-12\nOMB No. 9999-0123 Expires 05/31/2027".to_string(),
        tagged: true,
        fields,
        ..Draft::default()
    }
    .file()
}

fn site(request: &Request) -> Response {
    let pdf = |body: Vec<u8>| Response::of(200, "application/pdf", body);
    match request.path() {
        "/" => Response::html(format!(
            "{PAGE}<a href=/more>More</a><a href='/form.pdf#page=2'>Form HB-12</a><a href=/gone.pdf>Gone</a><a href=/secret.pdf>Secret</a>\
             <a href=/blocked.pdf>Blocked</a><a href=/page.pdf>A page</a><a href=https://elsewhere.example/x.pdf>Elsewhere</a>"
        )),
        "/more" => Response::html(format!(
            "{PAGE}<a href=/form.pdf>Form HB-12</a><a href=/plain.pdf>Plain</a>\
             <form method=post action=/send><label>Name<input name=n></label><label>Boat<input name=b></label>\
             <label>Signature<input name=s></label></form>"
        )),
        "/robots.txt" => Response::text("User-agent: *\nDisallow: /secret.pdf\n"),
        "/form.pdf" => pdf(good()),
        "/plain.pdf" => pdf(Draft { text: "All is well.".to_string(), ..Draft::default() }.file()),
        "/blocked.pdf" => Response::status(403),
        "/page.pdf" => Response::html("<!doctype html><title>Sign in</title>"),
        _ => Response::missing(),
    }
}

fn chosen(seeds: &Server, documents: DocumentSettings) -> Plan {
    let mut plan = plan(&[seeds.url("/")]);
    plan.documents = documents;
    let words = ["content/document-opens", "accessibility/document-tags", "forms/document-omb-number"];
    let select = words.map(str::to_string).to_vec();
    plan.selected = Selection { select, skip: Vec::new() }.of(&plan.set).expect("the rules are there");
    plan
}

fn accused(report: &Report, rule: &str) -> Vec<String> {
    let findings = report.findings.iter().filter(|finding| finding.rule.as_str() == rule);
    findings.filter_map(|finding| finding.url.rsplit(['/', ':']).next().map(str::to_string)).collect()
}

#[tokio::test]
async fn documents_are_fetched_once_with_the_manners_of_the_crawl_and_judged() {
    let server = Server::start(site).await;
    let report = audit(chosen(&server, super::settings()), &mut Silent).await.expect("the audit begins");
    let targets = server.targets();
    for (path, times) in
        [("/form.pdf", 1), ("/plain.pdf", 1), ("/gone.pdf", 1), ("/secret.pdf", 0), ("/blocked.pdf", 1)]
    {
        assert_eq!(targets.iter().filter(|target| *target == path).count(), times, "{path}: {targets:?}");
    }
    assert_eq!(accused(&report, "content/document-opens"), ["gone.pdf", "page.pdf"]);
    assert_eq!(accused(&report, "accessibility/document-tags"), ["plain.pdf"]);
    let told =
        &report.findings.iter().find(|finding| finding.url.ends_with("plain.pdf")).expect("it is found").observed;
    assert!(told.contains("/more (line 1) as \"Plain\""), "{told}");
    let kinds: Vec<(&str, &str)> = report
        .problems
        .iter()
        .map(|problem| (problem.kind.as_str(), problem.url.rsplit('/').next().unwrap_or_default()))
        .collect();
    assert_eq!(kinds, [("blocked", "blocked.pdf"), ("robots-disallowed", "secret.pdf")]);
    let facts = &report.sites[0].facts;
    assert_eq!((&facts["documents"]["linked"], &facts["documents"]["read"]), (&6.into(), &3.into()), "{facts:#}");
    let mut csv = Vec::new();
    forms_csv(&report, &mut csv).expect("a vector takes everything");
    let csv = String::from_utf8(csv).expect("text");
    let rows: Vec<&str> = csv.lines().map(|line| line.split_once(',').map_or("", |(_, rest)| rest)).collect();
    assert_eq!(rows.len(), 3, "{csv}");
    assert!(rows[1].starts_with("web,Boats,") && rows[1].contains(",3,on-screen,post,"), "{csv}");
    assert!(
        rows[2].starts_with("pdf,Form HB-12,") && rows[2].contains(",2,Form HB-12,9999-0123,2027-05-31,fields,1,"),
        "{csv}"
    );
}

/// A site whose documents have no endings: a content system serves them from addresses of its own.
fn nameless(request: &Request) -> Response {
    match request.path() {
        "/" => Response::html(format!(
            "{PAGE}<a href=/media/7/download>Form <b>HB-12</b></a> <a href=/media/8>Notes</a> <a href=/media/9>Picture</a> <a href=/go/1>Plan</a>"
        )),
        "/media/7/download" => Response::of(200, "application/pdf", good()),
        "/media/8" => Response::of(200, "application/octet-stream", Draft::default().file())
            .with("content-disposition", "attachment; filename=\"notes.pdf\""),
        "/media/9" => Response::of(200, "image/png", "no picture"),
        "/go/1" => Response::redirect(302, "/files/plan.pdf"),
        "/files/plan.pdf" => Response::of(200, "application/pdf", Draft::default().file()),
        _ => Response::missing(),
    }
}

#[tokio::test]
async fn documents_behind_names_without_an_ending_are_told_by_their_media_type() {
    let server = Server::start(nameless).await;
    let report = audit(chosen(&server, super::settings()), &mut Silent).await.expect("the audit begins");
    let facts = &report.sites[0].facts;
    let counted = (&facts["documents"]["linked"], &facts["documents"]["read"]);
    assert_eq!(counted, (&3.into(), &3.into()), "{facts:#}");
    let form = &facts["forms"][0];
    assert_eq!((form["name"].as_str(), form["links"].as_u64()), (Some("Form HB-12"), Some(1)), "{form:#}");
    assert!(form["linked-from"].as_str().is_some_and(|page| page.ends_with('/')), "{form:#}");
    assert!(form["url"].as_str().is_some_and(|url| url.ends_with("/media/7/download")), "{form:#}");
    let asked = server.targets().iter().filter(|target| *target == "/media/9").count();
    assert_eq!(asked, 1, "a picture is asked for once");
}

#[tokio::test]
async fn a_budget_is_kept_and_what_was_left_says_why() {
    let server = Server::start(site).await;
    let most = DocumentSettings { most: Some(1), ..super::settings() };
    let report = audit(chosen(&server, most), &mut Silent).await.expect("the audit begins");
    let asked =
        |server: &Server| server.targets().into_iter().filter(|target| target.ends_with(".pdf")).collect::<Vec<_>>();
    assert_eq!(asked(&server), ["/form.pdf"], "what is called a form comes first");
    let left = &report.sites[0].facts["documents"]["not-read"]["more documents than --max-documents"];
    assert_eq!(left, &serde_json::json!(5));

    let server = Server::start(site).await;
    let few = DocumentSettings { most_octets: Some(10), ..super::settings() };
    let report = audit(chosen(&server, few), &mut Silent).await.expect("the audit begins");
    assert_eq!(asked(&server), ["/form.pdf"], "none is begun beyond the octets");
    let left = &report.sites[0].facts["documents"]["not-read"]["more octets than --max-document-bytes"];
    assert_eq!(left, &serde_json::json!(5));

    let server = Server::start(site).await;
    let none = DocumentSettings { most: Some(0), ..super::settings() };
    let report = audit(chosen(&server, none), &mut Silent).await.expect("the audit begins");
    assert!(asked(&server).is_empty());
    let outcome = report.sites[0].outcomes.iter().find(|(rule, _)| rule.as_str() == "accessibility/document-tags");
    assert_eq!(outcome.map(|(_, outcome)| outcome.as_str()), Some("untested"), "nobody looked, and nobody is accused");
}

#[tokio::test]
async fn a_reader_that_dies_is_a_problem_and_fails_nobody() {
    let server = Server::start(site).await;
    let mut settings = super::settings();
    let program = settings.program.as_mut().expect("the settings name it");
    program.arguments = vec!["no-such-subcommand".to_string()];
    let report = audit(chosen(&server, settings), &mut Silent).await.expect("the audit begins");
    assert!(accused(&report, "accessibility/document-tags").is_empty());
    let problem = report.problems.iter().find(|problem| problem.url.ends_with("/form.pdf")).expect("it is told");
    assert_eq!(problem.kind, "too-complex");
}

#[tokio::test]
async fn in_a_folder_documents_are_read_from_the_folder() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, body: &[u8]| std::fs::write(folder.path().join(name), body).expect("can be written");
    write(
        "index.html",
        format!("{PAGE}<a href=form.pdf>Form</a><a href=gone.pdf>Gone</a><a href=https://x.example/a.pdf>X</a>")
            .as_bytes(),
    );
    write("form.pdf", &good());
    let server = Server::start(|_| Response::missing()).await;
    let mut plan = chosen(&server, super::settings());
    plan.targets = vec![Target::Folder(PathBuf::from(folder.path()))];
    let report = audit(plan, &mut Silent).await.expect("the audit begins");
    assert_eq!(accused(&report, "content/document-opens"), ["gone.pdf"]);
    assert_eq!(report.sites[0].facts["documents"]["read"], 1);
    assert!(server.targets().is_empty(), "nothing was fetched");
}
