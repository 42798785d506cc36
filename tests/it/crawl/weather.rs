//! Random sites in random moods: whatever happens, the crawl ends, every ask is answered once, and the sums are right.

use super::*;
use std::collections::HashMap;
use std::sync::Mutex;

/// A number that looks random and is the same on every run.
fn dice(seed: u64, text: &str) -> u64 {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x2545_f491_4f6c_dd1d;
    for octet in text.bytes() {
        state = (state ^ u64::from(octet)).wrapping_mul(0x0000_0100_0000_01b3);
        state ^= state >> 29;
    }
    state ^ (state >> 32)
}

/// What a random site answers; the second try of an address may go better.
fn weather(seed: u64, target: &str, tries: u32) -> Response {
    if matches!(target, "/robots.txt" | "/sitemap.xml" | "/") && tries > 1 {
        return Response::missing();
    }
    let to = |n: u64| format!("/{}", dice(seed + n, target) % 150);
    match (target, dice(seed, target) % 24) {
        ("/robots.txt" | "/sitemap.xml", _) => Response::missing(),
        ("/", _) => page(&["/1", "/2", "/3", "/4", "/5", "https://elsewhere.example/"]),
        (_, 0..=4) => Response::redirect(302, &to(9)),
        (_, 5) if tries == 1 => Response::status(500),
        (_, 6) => Response::status(502), // not 503: a strained host is asked ever more slowly
        (_, 7) if tries == 1 => Response::nothing(),
        (_, 8) => Response::missing(),
        (_, 9) => Response::of(200, "application/pdf", "%PDF"),
        (_, 10) => Response::status(403),
        (_, 11) => Response::redirect(301, "https://elsewhere.example/"),
        (_, 12) => page(&[&to(1)]).after(Duration::from_millis(15)),
        (_, _) => Response::html(format!(
            "<!doctype html><title>{target}</title><a href=\"{}\"><a href=\"{}\"><a href=\"{}\"><a href=\"{}\">",
            to(1),
            to(2),
            to(3),
            to(4)
        )),
    }
}

async fn crawl_through(seed: u64, max_pages: Option<u64>, memo_bytes: u64) {
    let tries = Mutex::new(HashMap::<String, u32>::new());
    let server = Server::start(move |request| {
        let mut tries = tries.lock().expect("no holder of this lock panics");
        let tried = tries.entry(request.target.clone()).or_default();
        *tried += 1;
        weather(seed, &request.target, *tried)
    })
    .await;
    let asked = Mutex::new(0);
    let settings = Settings { max_pages, memo_bytes, concurrency: 8, ..settings() };
    let story = run_asking(settings, vec![server.url("/")], |event| {
        let (site, from) = match event {
            Event::Site { site, .. } => (*site, "/".to_string()),
            Event::Page { site, capture, .. } if dice(seed, capture.url.as_str()).is_multiple_of(3) => {
                (*site, path(&capture.url))
            }
            _ => return Vec::new(),
        };
        let mut asked = asked.lock().expect("no holder of this lock panics");
        let follow = if usize::is_multiple_of(*asked, 4) { Redirects::Record } else { Redirects::Follow };
        *asked += 2;
        let url = server.url(&format!("/{}", dice(seed + 77, &from) % 170));
        vec![
            Ask { site, key: format!("{asked} a"), url: url.clone(), follow },
            Ask { site, key: format!("{asked} b"), url, follow: Redirects::Follow },
        ]
    })
    .await;
    let asked = *asked.lock().expect("no holder of this lock panics");
    assert_eq!(story.replies.len(), asked, "seed {seed}");
    assert!(story.replies.values().all(|replies| replies.len() == 1), "seed {seed}");

    let [(_, discovered, fetched, skipped)] = &story.done[..] else { panic!("seed {seed}: {:?}", story.done) };
    let left: u64 = skipped.iter().filter(|(reason, _)| **reason != "out-of-scope").map(|(_, count)| count).sum();
    assert_eq!(*fetched, story.pages.len() as u64, "seed {seed}");
    assert_eq!(*discovered, fetched + left + story.problems.len() as u64, "seed {seed}: {skipped:?}");
    if let Some(most) = max_pages {
        assert!(fetched + story.problems.len() as u64 <= most, "seed {seed}: {fetched} {:?}", story.problems);
    }
    let mut told: Vec<&Url> = story.pages.iter().map(|(_, capture, _)| &capture.url).collect();
    told.sort();
    told.dedup();
    assert_eq!(told.len() as u64, *fetched, "seed {seed}: a page was told twice");

    let mut counts = BTreeMap::<String, u32>::new();
    for target in server.targets() {
        *counts.entry(target).or_default() += 1;
    }
    for (target, count) in counts {
        // Second tries; and a PDF behind a page's name is read only when somebody asks for it.
        let retried = matches!(dice(seed, &target) % 24, 5..=7 | 9);
        let most = if retried { 2 } else { 1 };
        assert!(memo_bytes == 0 || count <= most, "seed {seed}: {target} was asked {count} times");
    }
}

#[tokio::test]
async fn random_sites_end_and_their_sums_are_right() {
    for seed in 0..12 {
        crawl_through(seed, None, 64 << 20).await;
        crawl_through(seed, Some(30), 64 << 20).await;
    }
}

#[tokio::test]
async fn a_crawl_without_memory_tells_the_same_sums() {
    for seed in 0..6 {
        crawl_through(seed, None, 0).await;
    }
}

#[tokio::test]
async fn a_crawl_that_is_stopped_anywhere_ends_with_the_right_sums() {
    for seed in 0..10 {
        let server = Server::start(move |request| weather(seed, &request.target, 1)).await;
        let mut crawl = Crawl::new(settings(), vec![server.url("/")]).expect("the settings are good");
        let (mut events, mut asked, mut replied, mut problems, mut done) = (0, 0, 0, 0, Vec::new());
        while let Some(event) =
            tokio::time::timeout(Duration::from_secs(20), crawl.next()).await.expect("the crawl ends")
        {
            events += 1;
            if events == seed * 4 + 1 {
                crawl.stop();
            }
            match event {
                Event::Page { site, depth, capture, .. } => {
                    crawl.discovered(site, depth, &capture.url, links(&capture));
                    let url = server.url(&format!("/{}", dice(seed, capture.url.as_str()) % 170));
                    crawl.ask(ask(site, "key", url));
                    asked += 1;
                }
                Event::Reply { .. } => replied += 1,
                Event::Problem { .. } => problems += 1,
                Event::SiteDone { discovered, fetched, skipped, .. } => done.push((discovered, fetched, skipped)),
                Event::Site { .. } | Event::Alias { .. } | Event::Missing { .. } | Event::File { .. } => {}
            }
        }
        assert_eq!(replied, asked, "seed {seed}");
        let [(discovered, fetched, skipped)] = &done[..] else { panic!("seed {seed}: {done:?}") };
        let left: u64 = skipped.iter().filter(|(reason, _)| **reason != "out-of-scope").map(|(_, count)| count).sum();
        assert_eq!(*discovered, fetched + left + problems, "seed {seed}: {skipped:?}");
    }
}
