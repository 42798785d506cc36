//! Asks: single addresses that the conductor needs, answered from what is known where possible.

use super::*;

#[tokio::test]
async fn asks_and_pages_share_one_request() {
    let server = Server::start(|request| match request.path() {
        "/" => page(&["/privacy", "/moved"]),
        "/moved" => Response::redirect(301, "/accessibility"),
        "/privacy" | "/accessibility" => page(&[]),
        "/style.css" => Response::of(200, "text/css", "a{}"),
        "/doc" => Response::of(200, "application/pdf", "%PDF-1.7"),
        "/robots.txt" => Response::text("User-agent: *\nDisallow: /no\n"),
        "/sitemap.xml" => Response::of(200, "application/xml", "<urlset></urlset>"),
        _ => Response::missing(),
    })
    .await;
    let story = run_asking(settings(), vec![server.url("/")], |event| match event {
        Event::Site { site, .. } => [
            "/robots.txt",
            "/sitemap.xml",
            "/privacy",
            "/accessibility",
            "/moved",
            "/style.css",
            "/doc",
            "/",
            "/absent",
            "/no",
        ]
        .iter()
        .map(|path| ask(*site, path, server.url(path)))
        .collect(),
        Event::Page { site, capture, .. } if capture.url.path() == "/privacy" => {
            vec![ask(*site, "again", server.url("/privacy")), ask(*site, "home", server.url("/"))]
        }
        _ => Vec::new(),
    })
    .await;
    for key in ["/robots.txt", "/sitemap.xml", "/privacy", "/accessibility", "/moved", "/style.css", "/doc", "/"] {
        assert_eq!(story.status(key), 200, "{key}");
    }
    assert_eq!((story.status("/absent"), story.status("again"), story.status("home")), (404, 200, 200));
    match &story.replies["/no"][..] {
        [Reply::Problem(problem)] => assert_eq!(problem.kind, ProblemKind::RobotsDisallowed),
        other => panic!("{other:?}"),
    }
    match &story.replies["/doc"][..] {
        [Reply::Captured(capture)] => assert_eq!(&capture.body[..], b"%PDF-1.7"),
        other => panic!("{other:?}"),
    }
    assert_eq!(story.sorted_paths(), ["/", "/accessibility", "/privacy"]);
    assert_no_doubles(&server);
}

#[tokio::test]
async fn a_redirect_can_be_the_answer() {
    let server = Server::start(|request| match request.path() {
        "/moved" => Response::redirect(308, "https://elsewhere.example/"),
        _ => page(&[]),
    })
    .await;
    let story = run_asking(settings(), vec![server.url("/")], |event| match event {
        Event::Site { site, .. } => {
            let url = server.url("/moved");
            vec![Ask { site: *site, key: "moved".to_string(), url, follow: Redirects::Record }]
        }
        _ => Vec::new(),
    })
    .await;
    match &story.replies["moved"][..] {
        [Reply::Captured(capture)] => {
            assert_eq!((capture.status, capture.hops.len()), (308, 0));
            assert_eq!(capture.header("location"), Some("https://elsewhere.example/"));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn bodies_that_are_no_pages_are_read_when_somebody_asks() {
    let server = Server::start(|request| match request.path() {
        "/" => page(&["/doc"]),
        "/doc" => Response::of(200, "application/pdf", "%PDF-1.7"),
        _ => Response::missing(),
    })
    .await;
    let story = run_asking(settings(), vec![server.url("/")], |event| match event {
        Event::SiteDone { site, .. } => vec![ask(*site, "late", server.url("/doc"))],
        _ => Vec::new(),
    })
    .await;
    assert_eq!(story.status("late"), 200);
}
