//! Which pages a crawl finds, and that it asks for each of them once.

use super::*;
use idea_audit::crawl::{Follow, Subdomains};
use std::io::Write;

#[tokio::test]
async fn a_site_is_crawled_breadth_first_and_nothing_is_asked_twice() {
    let server = Server::start(|request| match request.path() {
        "/" => page(&["/a", "/b#x", "/b", "/?", "https://elsewhere.example/", "/report.pdf"]),
        "/a" => page(&["/", "/a/deep", "/data"]),
        "/b" => page(&["/a", "/gone"]),
        "/a/deep" => page(&["/b"]),
        "/data" => Response::of(200, "application/pdf", "%PDF"),
        _ => Response::missing(),
    })
    .await;
    let story = run(Settings { concurrency: 1, ..settings() }, vec![server.url("/")]).await;
    assert_eq!(story.paths(), ["/", "/a", "/b", "/a/deep", "/gone"]);
    assert_eq!(story.pages.iter().map(|(depth, ..)| *depth).collect::<Vec<_>>(), [0, 1, 1, 2, 2]);
    assert_eq!(story.pages[4].1.status, 404);
    assert_eq!(story.sites.len(), 1);
    assert_eq!(story.sites[0].1, format!("127.0.0.1:{}", server.port()));
    let (_, discovered, fetched, skipped) = &story.done[0];
    assert_eq!((*discovered, *fetched), (6, 5));
    assert_eq!(*skipped, BTreeMap::from([("not-a-page", 2), ("out-of-scope", 1)]));
    assert_no_doubles(&server);
}

#[tokio::test]
async fn the_request_names_who_asks_and_has_no_body() {
    let server = Server::start(|_| page(&[])).await;
    let settings = Settings { user_agent: "idea-audit/1 (+mailto:web@agency.example)".to_string(), ..settings() };
    run(settings, vec![server.url("/")]).await;
    let log = server.log();
    for request in &log {
        assert_eq!(request.header("user-agent"), Some("idea-audit/1 (+mailto:web@agency.example)"));
        assert_eq!(request.header("accept-encoding"), Some("gzip, br, zstd, deflate"));
        for absent in ["content-length", "transfer-encoding", "referer", "cookie"] {
            assert_eq!(request.header(absent), None, "{absent}");
        }
    }
}

#[tokio::test]
async fn redirects_are_hops_and_their_addresses_aliases() {
    let server = Server::start(|request| match request.path() {
        "/" => page(&["/old", "/older", "/out", "/loop", "/self", "/long/1", "/nowhere", "/new"]),
        "/old" => Response::redirect(301, "/new").with("strict-transport-security", "max-age=1"),
        "/older" => Response::redirect(302, "/old"),
        "/out" => Response::redirect(302, "https://elsewhere.example/"),
        "/loop" => Response::redirect(302, "/pool"),
        "/pool" => Response::redirect(302, "/loop"),
        "/self" => Response::redirect(302, "/self"),
        "/nowhere" => Response::status(302),
        "/new" => page(&[]),
        path => match path.strip_prefix("/long/").and_then(|n| n.parse::<u32>().ok()) {
            Some(n) => Response::redirect(307, &format!("/long/{}", n + 1)),
            None => Response::missing(),
        },
    })
    .await;
    let story = run(Settings { concurrency: 1, ..settings() }, vec![server.url("/")]).await;
    assert_eq!(story.sorted_paths(), ["/", "/new"]);
    let (_, new, aliases) = story.pages.iter().find(|(_, capture, _)| capture.url.path() == "/new").expect("is told");
    assert_eq!((new.hops.len(), new.hops[0].status, path(&new.requested)), (1, 301, "/old".to_string()));
    assert_eq!(new.hops[0].headers.first("strict-transport-security"), Some("max-age=1"));
    assert_eq!(aliases.iter().map(path).collect::<Vec<_>>(), ["/old"]);
    assert!(story.aliases.iter().any(|(from, to)| path(from) == "/older" && path(to) == "/new"));
    assert_eq!(story.kinds(), [ProblemKind::Redirects; 4]);
    assert_eq!(story.skipped("redirect-out-of-scope"), 1);
    assert_no_doubles(&server);
}

#[tokio::test]
async fn a_page_budget_is_used_up_exactly() {
    let server = Server::start(|request| match request.path() {
        "/" => page(&["/hop/1", "/hop/2", "/1", "/2", "/3", "/4", "/5", "/6", "/7"]),
        path if path.starts_with("/hop/") => Response::redirect(302, "/1"),
        "/robots.txt" | "/sitemap.xml" => Response::missing(),
        _ => page(&["/more"]),
    })
    .await;
    let story = run(Settings { max_pages: Some(5), ..settings() }, vec![server.url("/")]).await;
    assert_eq!(story.pages.len(), 5);
    let (_, discovered, fetched, skipped) = &story.done[0];
    assert_eq!(*fetched, 5);
    assert_eq!(*discovered, 5 + skipped["page-budget"], "{skipped:?}");
    assert_no_doubles(&server);
}

#[tokio::test]
async fn depth_is_a_budget_too() {
    let server = Server::start(|request| match request.path() {
        "/robots.txt" | "/sitemap.xml" => Response::missing(),
        path => page(&[&format!("{path}x")]),
    })
    .await;
    let story = run(Settings { max_depth: Some(3), ..settings() }, vec![server.url("/")]).await;
    assert_eq!(story.paths(), ["/", "/x", "/xx", "/xxx"]);
    assert_eq!(story.skipped("depth-budget"), 1);
}

#[tokio::test]
async fn endless_sites_end() {
    let server = Server::start(|request| match request.path() {
        "/robots.txt" | "/sitemap.xml" => Response::missing(),
        "/" => page(&["/cal?month=2000-01", "/grow/", "/list?a=0", "/item/0"]),
        "/cal" => {
            let at: u32 = request.target.rsplit('=').next().and_then(|m| m.replace('-', "").parse().ok()).unwrap_or(0);
            let next = if at % 100 == 12 { at + 89 } else { at + 1 };
            page(&[&format!("/cal?month={}-{:02}", next / 100, next % 100)])
        }
        "/list" => page(&[&format!("{}x", request.target)]),
        path if path.starts_with("/grow/") => page(&["grow/"]),
        path => {
            let n: u32 = path.trim_start_matches("/item/").parse().unwrap_or(0);
            Response::html(format!("<a href=\"/item/{}\">next</a>", n + 1)).with("x-n", "1")
        }
    })
    .await;
    let story = run(Settings { max_pages: Some(2_000), ..settings() }, vec![server.url("/")]).await;
    for trap in ["query-variants", "repeated-segments"] {
        assert!(story.skipped(trap) >= 1, "{trap}: {:?}", story.done);
    }
    let numbered = story.paths().iter().filter(|path| path.starts_with("/item/")).count();
    assert!(numbered < 30, "{numbered} pages that differ in a number only");
    assert_no_doubles(&server);
}

#[tokio::test]
async fn addresses_that_all_give_the_same_body_stop_being_asked() {
    let server = Server::start(|request| match request.path() {
        "/robots.txt" | "/sitemap.xml" => Response::missing(),
        "/" => page(
            &(0..200).map(|n| format!("/item/{n}")).collect::<Vec<_>>().iter().map(String::as_str).collect::<Vec<_>>(),
        ),
        _ => page(&["/same"]),
    })
    .await;
    let story = run(Settings { concurrency: 1, ..settings() }, vec![server.url("/")]).await;
    assert!(story.pages.len() < 40, "{}", story.pages.len());
    assert!(story.skipped("same-body") > 150);
}

#[tokio::test]
async fn bodies_are_decoded_and_the_fields_stay() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(b"<!doctype html><a href=\"/next\">next</a>").expect("memory takes it");
    let packed = encoder.finish().expect("memory takes it");
    let wire = packed.len() as u64;
    let server = Server::start(move |request| match request.path() {
        "/" => Response::html(packed.clone()).with("content-encoding", "gzip"),
        "/next" => Response::html("<html>").untyped(),
        _ => Response::missing(),
    })
    .await;
    let story = run(settings(), vec![server.url("/")]).await;
    assert_eq!(story.paths(), ["/", "/next"]);
    let first = &story.pages[0].1;
    assert_eq!((first.header("content-encoding"), first.wire_bytes), (Some("gzip"), wire));
    assert_eq!(story.pages[1].1.media.as_str(), "text/html");
}

#[tokio::test]
async fn sitemaps_add_pages_behind_the_linked_ones() {
    let server = Server::start(|request| match request.path() {
        "/" => page(&["/linked"]),
        "/robots.txt" => Response::text("Sitemap: /index.xml\n"),
        "/index.xml" => {
            Response::of(200, "application/xml", "<sitemapindex><sitemap><loc>/part.xml</loc></sitemap></sitemapindex>")
        }
        "/part.xml" => Response::of(
            200,
            "application/xml",
            "<urlset><url><loc>/listed</loc></url><url><loc>/linked</loc></url>\
             <url><loc>https://elsewhere.example/</loc></url></urlset>",
        ),
        "/linked" | "/listed" => page(&[]),
        _ => Response::missing(),
    })
    .await;
    let story = run(settings(), vec![server.url("/")]).await;
    assert_eq!(story.sorted_paths(), ["/", "/linked", "/listed"]);
    assert_eq!(story.skipped("sitemap-elsewhere"), 1);
    assert_no_doubles(&server);
}

#[tokio::test]
async fn named_targets_are_looked_at_and_nothing_else() {
    let server = Server::start(|_| page(&["/more"])).await;
    let seeds = vec![server.url("/one"), server.url("/two"), server.url("/one")];
    let story = run(Settings { follow: Follow::Named, ..settings() }, seeds).await;
    assert_eq!(story.sorted_paths(), ["/one", "/two"]);
    assert_eq!((story.sites.len(), story.done.len()), (1, 1));
    assert_eq!(server.targets().len(), 3, "{:?}", server.targets());
}

#[tokio::test]
async fn two_seeds_that_land_on_one_site_are_one_site() {
    let home = Server::start(|_| page(&[])).await;
    let to = home.url("/").to_string();
    let other = Server::start(move |request| match request.path() {
        "/robots.txt" => Response::missing(),
        _ => Response::redirect(301, &to),
    })
    .await;
    let story = run(settings(), vec![other.url("/"), home.url("/")]).await;
    assert_eq!(story.sites.len(), 1);
    assert_eq!(story.sites[0].2, home.url("/"));
    assert_eq!((story.pages.len(), story.done.len()), (1, 1));
    assert_no_doubles(&home);
}

#[tokio::test]
async fn a_proxy_carries_everything() {
    let proxy = Server::start(|_| page(&[])).await;
    let seed = Url::parse("http://www.agency.example/").expect("a URL");
    let named = proxy.url("/").to_string().replace("127.0.0.1", "localhost");
    let settings = Settings { proxy: Some(Url::parse(&named).expect("a URL")), follow: Follow::Named, ..settings() };
    let story = run(settings, vec![seed]).await;
    assert_eq!(story.pages.len(), 1, "{:?}", story.problems);
    assert_eq!(proxy.targets(), ["http://www.agency.example/robots.txt", "http://www.agency.example/"]);
}

#[tokio::test]
async fn the_address_that_was_pinned_is_the_one_that_is_asked() {
    let server = Server::start(|_| page(&["//user:word@www.agency.example/x"])).await;
    let resolve = ["agency.example", "www.agency.example"].map(|name| (name.to_string(), [127, 0, 0, 1].into()));
    let seed = Url::parse(&format!("http://agency.example:{}/", server.port())).expect("a URL");
    let story = run(Settings { resolve: resolve.to_vec(), ..settings() }, vec![seed]).await;
    assert_eq!(story.pages[0].1.peer, Some([127, 0, 0, 1].into()));
    assert!(server.log().iter().all(|request| request.header("authorization").is_none()));
    assert_eq!(story.sites[0].1, format!("agency.example:{}", server.port()));
}

#[tokio::test]
async fn subdomains_belong_to_a_site_when_asked_for_unless_they_are_sites_themselves() {
    for (subdomains, expect) in
        [(Subdomains::Separate, ["agency", "blog"].as_slice()), (Subdomains::Included, &["agency", "blog", "news"])]
    {
        let server = Server::start(|request| {
            let (host, port) = request.header("host").and_then(|host| host.split_once(':')).expect("has a port");
            match (host, request.path()) {
                (_, "/robots.txt" | "/sitemap.xml") => Response::missing(),
                ("agency.example", _) => {
                    let hosts = ["news.agency.example", "blog.agency.example", "other.example"];
                    let links = hosts.map(|host| format!("http://{host}:{port}/"));
                    page(&links.each_ref().map(String::as_str))
                }
                (_, _) => page(&[]),
            }
        })
        .await;
        let hosts = ["agency.example", "news.agency.example", "blog.agency.example", "other.example"];
        let resolve = hosts.map(|host| (host.to_string(), [127, 0, 0, 1].into())).to_vec();
        let seed = |host: &str| Url::parse(&format!("http://{host}:{}/", server.port())).expect("a URL");
        let seeds = vec![seed("blog.agency.example"), seed("agency.example")];
        let settings = Settings { resolve, include_subdomains: subdomains, ..settings() };
        let story = run(settings, seeds).await;
        assert_eq!(story.sites.len(), 2);
        let host = |url: &Url| url.host_str().and_then(|host| host.split('.').next()).unwrap_or_default().to_string();
        let mut pages: Vec<String> = story.pages.iter().map(|(_, capture, _)| host(&capture.url)).collect();
        pages.sort();
        assert_eq!(pages, expect, "{subdomains:?}");
    }
}

#[test]
fn a_crawl_can_move_between_threads() {
    fn is_send<T: Send>(_: &T) {}
    let seed = Url::parse("https://agency.example/").expect("a URL");
    let mut crawl = Crawl::new(settings(), vec![seed]).expect("the settings are good");
    is_send(&crawl);
    is_send(&crawl.next());
}

#[tokio::test]
async fn a_stopped_crawl_ends_at_once_and_counts_the_rest() {
    let server = Server::start(|request| match request.path() {
        "/robots.txt" | "/sitemap.xml" => Response::missing(),
        _ => page(&["/1", "/2", "/3"]),
    })
    .await;
    let mut crawl = Crawl::new(settings(), vec![server.url("/")]).expect("the settings are good");
    let mut done = None;
    while let Some(event) = crawl.next().await {
        match event {
            Event::Page { site, depth, capture, .. } => {
                crawl.stop();
                crawl.discovered(site, depth, &capture.url, links(&capture));
                crawl.ask(ask(site, "late", server.url("/late")));
            }
            Event::SiteDone { skipped, .. } => done = Some(skipped),
            Event::Reply { reply, .. } => assert!(matches!(reply, Reply::Unknown)),
            Event::Site { .. }
            | Event::Alias { .. }
            | Event::Missing { .. }
            | Event::File { .. }
            | Event::Problem { .. } => {}
        }
    }
    assert_eq!(done.expect("the site is done")["stopped"], 3);
    assert_eq!(server.count("/1") + server.count("/late"), 0);
}
