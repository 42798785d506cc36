//! What the crawl makes of servers that refuse, break, stall or lie.

use super::*;

/// The kinds of problems that one page behind a good home page gives.
async fn kinds(answer: impl Fn() -> Response + Send + Sync + 'static) -> Vec<ProblemKind> {
    let server = Server::start(move |request| match request.path() {
        "/" => page(&["/x"]),
        "/x" => answer(),
        _ => Response::missing(),
    })
    .await;
    let settings = Settings {
        timeout: Duration::from_millis(400),
        idle_timeout: Duration::from_millis(200),
        max_body: 1_000,
        max_wire: 2_000,
        ..settings()
    };
    run(settings, vec![server.url("/")]).await.kinds()
}

#[tokio::test]
async fn every_obstacle_is_a_problem_of_its_kind_and_no_page() {
    assert_eq!(kinds(|| Response::status(401)).await, [ProblemKind::Blocked]);
    assert_eq!(kinds(|| Response::status(403)).await, [ProblemKind::Blocked]);
    assert_eq!(kinds(|| Response::status(451)).await, [ProblemKind::Blocked]);
    assert_eq!(kinds(|| Response::status(429)).await, [ProblemKind::RateLimited]);
    assert_eq!(kinds(|| Response::status(500)).await, [ProblemKind::ServerError]);
    assert_eq!(kinds(|| Response::status(503)).await, [ProblemKind::ServerError]);
    assert_eq!(kinds(|| Response::html("<html>").torn(2)).await, [ProblemKind::Connection]);
    assert_eq!(kinds(|| Response::html("<html>").stuck(2)).await, [ProblemKind::Timeout]);
    assert_eq!(kinds(|| page(&[]).after(Duration::from_secs(2))).await, [ProblemKind::Timeout]);
    assert_eq!(kinds(Response::nothing).await, [ProblemKind::Connection]);
    assert_eq!(kinds(|| Response::raw("SSH-2.0-OpenSSH\r\n\r\n")).await, [ProblemKind::Malformed]);
    assert_eq!(kinds(|| Response::html("x".repeat(1_500))).await, [ProblemKind::TooLarge]);
    assert_eq!(kinds(|| Response::html("x").with("content-encoding", "gzip")).await, [ProblemKind::Malformed]);
    assert_eq!(kinds(|| Response::html("x").with("content-encoding", "magic")).await, [ProblemKind::Malformed]);
    let challenge = "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body></body></html>";
    assert_eq!(kinds(move || Response::of(403, "text/html", challenge)).await, [ProblemKind::BotChallenge]);
    assert_eq!(kinds(Response::missing).await, []);
}

#[tokio::test]
async fn a_seed_that_fails_is_a_site_with_a_problem() {
    let server = Server::start(|_| Response::status(403)).await;
    let port = server.port();
    let gone = Server::start(|_| page(&[])).await.url("/"); // its port is closed again
    let story = run(settings(), vec![server.url("/"), gone]).await;
    assert_eq!(story.sites.len(), 2);
    assert!(story.sites.iter().any(|(_, name, _)| *name == format!("127.0.0.1:{port}")));
    let mut kinds = story.kinds();
    kinds.sort();
    assert_eq!(kinds, [ProblemKind::Blocked, ProblemKind::Connection]);
    assert_eq!((story.done.len(), story.pages.len()), (2, 0));
}

/// The third host is always in trouble, the second at first.
async fn troubled() -> (Server, Vec<Url>) {
    let asked = std::sync::atomic::AtomicU32::new(0);
    let server = Server::start_on([0, 0, 0, 0].into(), 0, move |request| {
        let host = request.to.ip().to_string();
        match (request.path(), host.as_str()) {
            ("/", "127.0.0.3") => Response::status(503),
            ("/", "127.0.0.2") if asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed) < 2 => Response::status(503),
            ("/", _) => page(&[]),
            _ => Response::missing(),
        }
    })
    .await;
    let seed = |ip: u8| Url::parse(&format!("http://127.0.0.{ip}:{}/", server.port())).expect("an address");
    let seeds = [2, 3, 1].map(seed).to_vec();
    (server, seeds)
}

#[tokio::test]
async fn a_target_whose_host_was_in_trouble_is_asked_again_when_all_others_were() {
    let (server, seeds) = troubled().await;
    let story = run(settings(), seeds.clone()).await;
    let mut hosts: Vec<String> =
        story.pages.iter().map(|(_, page, _)| page.url.host_str().unwrap().to_string()).collect();
    hosts.sort();
    assert_eq!(hosts, ["127.0.0.1", "127.0.0.2"], "who was in trouble at first is seen");
    assert_eq!(story.kinds(), [ProblemKind::ServerError]);
    assert!(story.problems[0].detail.ends_with("it was tried again later in the run"), "{:?}", story.problems);
    assert_eq!((story.sites.len(), story.done.len()), (3, 3));
    let log = server.log();
    let front = |ip: &str| log.iter().filter(|one| one.path() == "/" && one.to.ip().to_string() == ip).count();
    assert_eq!((front("127.0.0.2"), front("127.0.0.3")), (3, 4), "once, and once more at once, both times");
    let alone = run(settings(), seeds[1..2].to_vec()).await;
    assert!(!alone.problems[0].detail.contains("later"), "one target alone is not waited for");
    let never = Settings { second_chance: None, ..settings() };
    assert_eq!(run(never, seeds[1..].to_vec()).await.kinds(), [ProblemKind::ServerError]);
    let all = server.log();
    let third = all.iter().filter(|one| one.path() == "/" && one.to.ip().to_string() == "127.0.0.3").count();
    assert_eq!(third, 4 + 2 + 2, "and nobody is asked again who may not be");
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_a_dns_problem() {
    let seed = Url::parse("http://no-such-host.invalid/").expect("a URL");
    let story = run(Settings { connect_timeout: Duration::from_secs(2), ..settings() }, vec![seed]).await;
    assert_eq!(story.kinds(), [ProblemKind::Dns]);
    assert_eq!(story.sites[0].1, "no-such-host.invalid");
}

#[tokio::test]
async fn speaking_plain_http_where_tls_is_expected_is_a_tls_problem() {
    let server = Server::start(|_| page(&[])).await;
    let seed = Url::parse(&format!("https://127.0.0.1:{}/", server.port())).expect("a URL");
    assert_eq!(run(settings(), vec![seed]).await.kinds(), [ProblemKind::Tls]);
}

#[tokio::test]
async fn a_second_try_may_succeed() {
    let tries = std::sync::atomic::AtomicU32::new(0);
    let server = Server::start(move |request| match request.path() {
        "/" => page(&["/x", "/y"]),
        "/x" if tries.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0 => Response::status(502),
        "/x" | "/y" => page(&[]),
        _ => Response::missing(),
    })
    .await;
    let story = run(settings(), vec![server.url("/")]).await;
    assert_eq!(story.sorted_paths(), ["/", "/x", "/y"]);
    assert_eq!(server.count("/x"), 2);
}

#[tokio::test]
async fn nobody_is_led_into_private_networks() {
    let inside = Server::start(|_| page(&[])).await;
    let secret = inside.url("/secret").to_string().replace("127.0.0.1", "127.0.0.9");
    let target = secret.clone();
    let server = Server::start(move |request| match request.path() {
        "/" => page(&["/jump"]),
        "/jump" => Response::redirect(302, &target),
        _ => Response::missing(),
    })
    .await;
    let asked = Url::parse(&secret).expect("a URL");
    let named = Url::parse(&secret.replace("127.0.0.9", "localhost")).expect("a URL");
    let story = run_asking(settings(), vec![server.url("/")], |event| match event {
        Event::Site { site, .. } => {
            let metadata = Url::parse("http://169.254.169.254/latest/").expect("a URL");
            vec![
                ask(*site, "private", asked.clone()),
                ask(*site, "named", named.clone()),
                ask(*site, "metadata", metadata),
                ask(*site, "jump", server.url("/jump")),
            ]
        }
        _ => Vec::new(),
    })
    .await;
    for key in ["private", "named", "metadata", "jump"] {
        match &story.replies[key][..] {
            [Reply::Problem(problem)] => assert_eq!(problem.kind, ProblemKind::Refused, "{key}"),
            other => panic!("{key}: {other:?}"),
        }
    }
    assert_eq!(inside.log().len(), 0);
}

#[tokio::test]
async fn credentials_stay_with_the_origin_that_was_typed() {
    let other = Server::start(|_| page(&[])).await;
    let to = other.url("/landed").to_string();
    let server = Server::start(move |request| match request.path() {
        "/robots.txt" => Response::missing(),
        "/away" => Response::redirect(302, &to),
        _ => page(&[]),
    })
    .await;
    let secret = Settings {
        headers: vec![("x-key".to_string(), "secret".to_string())],
        auth: Some(("user".to_string(), "word".to_string())),
        allow_private: vec!["127.0.0.0/8".parse().expect("a network")],
        ..settings()
    };
    let away = other.port();
    let story = run_asking(secret, vec![server.url("/")], |event| match event {
        Event::Site { site, .. } => vec![ask(*site, "away", server.url("/away"))],
        _ => Vec::new(),
    })
    .await;
    match &story.replies["away"][..] {
        // A port that nobody typed is refused even in an allowed network.
        [Reply::Problem(problem)] => assert_eq!(problem.kind, ProblemKind::Refused, "{away}"),
        other => panic!("{other:?}"),
    }
    assert!(server.log().iter().all(|request| request.header("x-key") == Some("secret")));
    assert!(server.log().iter().all(|request| request.header("authorization") == Some("Basic dXNlcjp3b3Jk")));
    assert!(other.log().iter().all(|request| request.header("x-key").is_none()));
}

#[tokio::test]
async fn a_host_that_stops_answering_is_given_up_with_one_problem() {
    let links: Vec<String> = (0..40).map(|n| format!("/p{n}")).collect();
    let server = Server::start(move |request| match request.path() {
        "/" => page(&links.iter().map(String::as_str).collect::<Vec<_>>()),
        "/robots.txt" | "/sitemap.xml" => Response::missing(),
        _ => Response::nothing(),
    })
    .await;
    let story = run(Settings { concurrency: 1, ..settings() }, vec![server.url("/")]).await;
    assert!(story.problems.len() <= 6, "{:?}", story.problems);
    assert!(story.skipped("host-given-up") >= 30, "{:?}", story.done);
}

#[tokio::test]
async fn a_password_in_a_target_is_sent_and_never_told() {
    let server = Server::start(|request| match request.path() {
        "/" => page(&["/x", "/gone"]),
        "/x" => Response::redirect(302, "/y"),
        "/gone" => Response::status(500),
        _ => page(&[]),
    })
    .await;
    let mut seed = server.url("/");
    seed.set_username("user").expect("can have one");
    seed.set_password(Some("secret")).expect("can have one");
    let story = run(settings(), vec![seed]).await;
    assert_eq!((story.pages.len(), story.problems.len()), (2, 1));
    assert!(server.log().iter().all(|request| request.header("authorization") == Some("Basic dXNlcjpzZWNyZXQ=")));
    let told = format!("{:?} {:?} {:?} {:?}", story.sites, story.pages, story.aliases, story.problems);
    assert!(!told.contains("secret") && !told.contains("user@"), "{told}");
}

#[tokio::test]
async fn secrets_follow_to_the_twin_of_a_host() {
    let server = Server::start(|request| match (request.path(), request.header("host")) {
        ("/", Some(host)) if !host.starts_with("www.") => Response::redirect(301, &format!("http://www.{host}/")),
        _ => page(&[]),
    })
    .await;
    let here = std::net::IpAddr::from([127, 0, 0, 1]);
    let resolve = ["own.example", "www.own.example"].map(|name| (name.to_string(), here)).to_vec();
    let auth = Some(("user".to_string(), "word".to_string()));
    let seed = Url::parse(&format!("http://own.example:{}/", server.port())).expect("a URL");
    let story = run(Settings { auth, resolve, ..settings() }, vec![seed]).await;
    assert_eq!(story.pages.len(), 1);
    assert!(server.log().iter().all(|request| request.header("authorization").is_some()));
}

#[tokio::test]
async fn https_that_does_not_answer_says_nothing_about_http() {
    let links: Vec<String> = (0..12).map(|n| format!("/p{n}")).collect();
    let server = Server::start(move |request| match request.path() {
        "/" => page(&links.iter().map(String::as_str).collect::<Vec<_>>()),
        "/robots.txt" | "/sitemap.xml" => Response::missing(),
        _ => page(&[]),
    })
    .await;
    let port = server.port();
    let story =
        run_asking(Settings { concurrency: 1, ..settings() }, vec![server.url("/")], move |event| match event {
            Event::Site { site, .. } => {
                let secure = |n| Url::parse(&format!("https://127.0.0.1:{port}/q{n}")).expect("a URL");
                (0..9).map(|n| ask(*site, &format!("q{n}"), secure(n))).collect()
            }
            _ => Vec::new(),
        })
        .await;
    assert!(story.replies.values().flatten().all(|reply| matches!(reply, Reply::Problem(_))));
    assert_eq!((story.pages.len(), story.skipped("host-given-up")), (13, 0));
}
