//! Whatever octets come in, no parser and no rule stumbles, hangs, or says what cannot be true.
//!
//! In: seeds (the example sites, a few lines of each format), `fixtures/hostile/` (octets that once hurt, or were made to),
//! and a dictionary. They are cut, joined, doubled and spoilt by a generator with a fixed start, so that every run tries the
//! same; `IDEA_AUDIT_FUZZ=20000` tries more, `IDEA_AUDIT_FUZZ_SEED=7` others. What fails is written out whole, to be kept
//! in `fixtures/hostile/<target>/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Duration;

use cpu_time::ThreadTime;
use idea_audit::config::Raw;
use idea_audit::engine::{Days, Engine};
use idea_audit::facts::{Page, Standing};
use idea_audit::report;
use idea_audit::rules::{Profile, RuleSet};
use idea_audit::web::tls::{Certificate, Version, record};
use idea_audit::web::{
    Capture, Headers, MediaType, address, challenge, charset, cookie, dns, glob, hsts, retry_after, robots,
    security_txt, sitemap,
};
use url::Url;

/// Inputs for each target unless somebody asks for more.
const ROUNDS: usize = 400;
/// What one input of at most [`LONGEST`] octets may take in a build without optimisation.
const PATIENCE: Duration = Duration::from_secs(20);
/// Octets of an input.
const LONGEST: usize = 20_000;

/// Words that parsers listen to.
const WORDS: &[&str] = &[
    "<",
    ">",
    "</",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<!doctype html>",
    "&",
    "&#x0;",
    "&#xD800;",
    "\"",
    "'",
    "=",
    "/",
    "\\",
    "\0",
    "\n",
    "\r\n",
    "\t",
    "<table>",
    "<tr><td>",
    "<svg>",
    "<math>",
    "<template>",
    "<select>",
    "<noscript>",
    "<script>",
    "</script>",
    "<style>",
    "<a href=",
    "<base href=",
    "<form>",
    "<input id=",
    "<label for=",
    "aria-labelledby=",
    "role=",
    "headers=",
    "colspan=",
    "tabindex=",
    "lang=",
    "usemap=#",
    "<meta http-equiv=refresh content=",
    "<title>",
    "<h1>",
    "<iframe src=",
    "srcset=",
    "User-agent:",
    "Disallow:",
    "Allow:",
    "Sitemap:",
    "Crawl-delay:",
    "*",
    "$",
    "%2F",
    "%",
    "%zz",
    "#",
    "<?xml version='1.0'?>",
    "<urlset>",
    "<url><loc>",
    "</loc></url>",
    "<sitemapindex>",
    "<lastmod>",
    "<!DOCTYPE x [",
    "<!ENTITY a 'b'>",
    "&a;",
    "xmlns=",
    "http://",
    "https://",
    "//",
    "@",
    ":",
    "[::1]",
    "127.0.0.1",
    "..",
    "/./",
    "javascript:",
    "data:",
    "?",
    ";jsessionid=",
    "max-age=",
    "31536000",
    "99999999999999999999",
    "-1",
    "includeSubDomains",
    ";",
    ",",
    "Expires:",
    "Contact:",
    "2026-02-30T25:61:61Z",
    "Secure",
    "HttpOnly",
    "Max-Age=",
    "[check]",
    "name = ",
    "[[example]]",
    "\"\"\"",
    "{",
    "}",
    "charset=",
    "utf-16le",
    "\u{feff}",
    "\u{202e}",
    "\u{10ffff}",
    "e\u{301}",
];

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let set = RuleSet::bundled().expect("the bundled rules load");
    let day = jiff::civil::date(2026, 11, 22);
    Engine::of(set.rules.clone(), set.sources.clone(), Days { today: day, policy_as_of: day })
});

/// A number that looks random and is the same on every run (xorshift, Marsaglia 2003).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides.max(1) as u64).expect("less than a usize")
    }

    fn range(&mut self, length: usize) -> std::ops::Range<usize> {
        let (one, other) = (self.roll(length + 1), self.roll(length + 1));
        one.min(other)..one.max(other).min(one.min(other) + 2_000)
    }
}

/// One input, made of one or two seeds.
fn made(seeds: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    let mut input = seeds[dice.roll(seeds.len())].clone();
    input.truncate(LONGEST / 2);
    for _ in 0..=dice.roll(8) {
        let at = dice.roll(input.len() + 1);
        match dice.roll(8) {
            0 if !input.is_empty() => {
                let at = at % input.len();
                input[at] ^= 1 << dice.roll(8);
            }
            1 => drop(input.splice(at..at, [u8::try_from(dice.roll(256)).expect("an octet")])),
            2 => drop(input.drain(dice.range(input.len()))),
            3 => {
                let part = input[dice.range(input.len())].to_vec();
                for _ in 0..=dice.roll(20) {
                    input.splice(at..at, part.iter().copied());
                    if input.len() > LONGEST {
                        break;
                    }
                }
            }
            4 => {
                let other = &seeds[dice.roll(seeds.len())];
                let part = other[dice.range(other.len())].to_vec();
                input.splice(at..at, part);
            }
            5 => input.truncate(at),
            _ => {
                let word = WORDS[dice.roll(WORDS.len())].as_bytes();
                for _ in 0..=dice.roll(3) * dice.roll(20) {
                    input.splice(at..at, word.iter().copied());
                }
            }
        }
    }
    input.truncate(LONGEST);
    input
}

fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The files below a folder whose names end so.
fn files(place: &Path, ending: &str, into: &mut Vec<Vec<u8>>) {
    let Ok(entries) = fs::read_dir(place) else { return };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            files(&path, ending, into);
        } else if path.to_string_lossy().ends_with(ending) {
            into.extend(fs::read(&path));
        }
    }
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|word| word.parse().ok()).unwrap_or(otherwise)
}

/// Plays what once hurt, then inputs made of the seeds.
fn fuzz(target: &str, mut seeds: Vec<Vec<u8>>, rounds: usize, play: impl Fn(&[u8])) {
    let mut kept = Vec::new();
    files(&folder("fixtures/hostile").join(target), "", &mut kept);
    assert!(!kept.is_empty(), "fixtures/hostile/{target} holds what once hurt");
    let rounds = usize::try_from(number("IDEA_AUDIT_FUZZ", rounds as u64)).expect("a number");
    let mut dice = Dice(number("IDEA_AUDIT_FUZZ_SEED", 0x1dea) | 1 << 40);
    seeds.extend(kept.iter().cloned());
    let made = (0..rounds).map(|_| made(&seeds, &mut dice));
    for input in kept.iter().cloned().chain(made) {
        let started = ThreadTime::now();
        let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| play(&input)));
        let took = started.elapsed();
        if ended.is_err() || took > PATIENCE {
            let found = std::env::temp_dir().join(format!("idea-audit-fuzz-{target}-{:016x}", dice.0));
            fs::write(&found, &input).expect("is written");
            panic!(
                "{target}: {} octets took {took:?} or made it stumble; they are in {}",
                input.len(),
                found.display()
            );
        }
    }
}

fn lines(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

fn capture(body: &[u8], media: &str) -> Capture {
    let url = Url::parse("https://www.agency.example/x/y").expect("a URL");
    Capture::page(url, media, body.to_vec())
}

fn pages() -> Vec<Vec<u8>> {
    let mut pages = Vec::new();
    files(&folder("fixtures/sites"), ".html", &mut pages);
    pages
}

#[test]
fn any_page_is_read_and_judged_by_every_rule() {
    fuzz("page", pages(), ROUNDS / 4, |input| {
        let capture = capture(input, "text/html; charset=utf-8");
        let page = Page::read(&capture);
        let facts = page.facts(Standing::Home, ENGINE.days().today);
        let judgement = ENGINE.judge_page(&facts, &Profile::default());
        for finding in &judgement.findings {
            let place = &finding.place;
            assert!(place.line.is_none_or(|line| line >= 1) && place.column.is_none_or(|column| column >= 1));
        }
        assert_eq!(
            format!("{:?}", judgement.outcomes),
            format!("{:?}", ENGINE.judge_page(&facts, &Profile::default()).outcomes)
        );
    });
}

#[test]
fn any_text_has_a_character_set() {
    fuzz("charset", pages(), ROUNDS, |input| {
        for media in
            ["text/html", "text/html; charset=utf-16le", "text/html; charset=\"shift_jis", "application/xhtml+xml"]
        {
            let text = charset::decode(input, Some(media)).text.into_owned();
            // Two octets may become three, when one of UTF-16 stands for a letter beyond Latin.
            assert!(text.len() <= input.len() * 3 + 16, "{media}");
        }
        let _ = charset::charset_parameter(&String::from_utf8_lossy(input));
    });
}

#[test]
fn any_robots_txt_gives_an_answer_that_says_the_same_twice() {
    let seeds = lines(&[
        "User-agent: *\nDisallow: /private\nAllow: /private/open$\nCrawl-delay: 5\nSitemap: https://a.example/s.xml\n",
        "User-agent: idea-audit\nUser-agent: other\nDisallow: /*?q=*&r\nDisallow: /%7euser\n",
    ]);
    fuzz("robots", seeds, ROUNDS * 4, |input| {
        let read = robots::Robots::parse(input);
        for path in ["/", "/private/open", "/a?q=1&r", "/%7Euser", "/\u{e9}"] {
            let ruling = format!("{:?}", read.verdict_on_path("idea-audit", path));
            assert_eq!(
                ruling,
                format!("{:?}", read.verdict_on_path("IDEA-Audit", path)),
                "the agent's case does not matter"
            );
        }
        let _ = (read.crawl_delay("idea-audit"), read.sitemaps().len(), read.groups().count());
    });
}

#[test]
fn any_sitemap_is_read_within_its_limits() {
    let seeds = lines(&[
        "<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>https://a.example/</loc><lastmod>2026-01-01</lastmod></url></urlset>",
        "<sitemapindex><sitemap><loc>https://a.example/s.xml</loc></sitemap></sitemapindex>",
        "<rss><channel><item><link>https://a.example/1</link></item></channel></rss>",
        "https://a.example/1\nhttps://a.example/2\n",
    ]);
    fuzz("sitemap", seeds, ROUNDS * 4, |input| {
        if let Ok(read) = sitemap::parse(input, sitemap::Limits::default()) {
            let said: usize = read.entries.iter().map(|entry| entry.loc.len()).sum();
            assert!(said <= input.len() * 2, "nothing is multiplied");
            let _ = read.entries.iter().filter_map(|entry| entry.lastmod_date()).count();
        }
    });
}

#[test]
fn any_address_has_one_spelling() {
    let seeds = lines(&[
        "https://www.agency.example/a/b?c=d&e#f",
        "//[::ffff:127.0.0.1]:8080/;jsessionid=x?utm_source=y&PHPSESSID=z",
        "javascript:alert(1)",
        "../../x/%7e/%2F?%",
        "http://us%40er:p@\u{43f}\u{440}\u{438}.example./\u{e9}",
    ]);
    let base = Url::parse("https://www.agency.example/x/y").expect("a URL");
    fuzz("address", seeds, ROUNDS * 8, |input| {
        let text = String::from_utf8_lossy(input);
        let _ = address::resolve(&base, &text);
        if let Ok(url) = base.join(&text) {
            let once = address::canonical(&url);
            assert_eq!(address::canonical(&once), once, "twice is once");
            assert_eq!(Url::parse(once.as_str()).as_ref(), Ok(&once), "it is an address");
            let _ = (address::site_of(&once), address::decoded_path(&once), address::is_loopback(&once));
            if let Ok(glob) = glob::Glob::parse(&text) {
                let _ = glob.matches(&address::decoded_path(&once));
            }
        }
    });
}

#[test]
fn any_field_is_read() {
    let seeds = lines(&[
        "max-age=31536000; includeSubDomains; preload",
        "Contact: mailto:security@agency.example\nExpires: 2027-01-01T00:00:00Z\nPreferred-Languages: en\n",
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nContact: https://a.example\n-----BEGIN PGP SIGNATURE-----\n",
        "session=abc; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=99",
        "Wed, 21 Oct 2026 07:28:00 GMT",
        "120",
    ]);
    let now = jiff::Timestamp::UNIX_EPOCH;
    fuzz("field", seeds, ROUNDS * 8, |input| {
        let text = String::from_utf8_lossy(input);
        let _ = hsts::Hsts::parse([text.as_ref(), text.as_ref()]);
        let file = security_txt::SecurityTxt::parse(&text);
        let _ = (file.expires(), file.values("contact").count());
        let _ = cookie::SetCookie::parse(&text);
        let _ = retry_after::parse(&text, now);
        let _ = MediaType::of(&text).is_page();
        let _ = challenge::recognise(503, &Headers::of([("server", text.as_ref())]), input);
    });
}

#[test]
fn any_handshake_and_any_certificate_are_read() {
    let hello = |version| record::hello(Some("www.agency.example"), version, &record::Suites::Usual, [7; 32]);
    let mut seeds: Vec<Vec<u8>> = [Version::Tls10, Version::Tls12].map(hello).to_vec();
    seeds.push(vec![22, 3, 3, 0, 6, 2, 0, 0, 2, 3, 3]);
    seeds.push(vec![0x30, 0x82, 1, 0, 0x30, 0x81, 9, 2, 1, 2]);
    fuzz("handshake", seeds, ROUNDS * 4, |input| {
        for flow in [record::Flow::Open, record::Flow::Ended] {
            let _ = record::read(input, flow);
            let _ = record::read_ssl2(input, flow);
        }
        let _ = Certificate::read(input);
    });
}

#[test]
fn any_record_of_the_name_system_is_read() {
    let seeds = lines(&[
        "v=spf1 include:_spf.agency.example ip4:192.0.2.0/24 -all",
        "v=DMARC1; p=reject; rua=mailto:a@b.example; pct=100",
    ]);
    fuzz("name-record", seeds, ROUNDS * 4, |input| {
        let text = String::from_utf8_lossy(input);
        let _ = (dns::is_spf(&text), dns::spf_rest(&text), dns::spf_fault(&text), dns::dmarc(&text));
    });
}

#[test]
fn any_rule_file_is_loaded_or_refused_with_its_place() {
    let mut seeds = Vec::new();
    files(&folder("rules/security"), ".toml", &mut seeds);
    files(&folder("rules/mobile"), ".toml", &mut seeds);
    let pack = tempfile::tempdir().expect("a folder");
    let own = pack.path().join("own");
    fs::create_dir(&own).expect("a folder");
    fs::write(own.join("pack.toml"), "title = \"Own\"\nabout = \"Rules of our own.\"\n").expect("is written");
    fuzz("rule", seeds, ROUNDS / 40, |input| {
        fs::write(own.join("rule.toml"), input).expect("is written");
        if let Err(refused) = RuleSet::with_folders(&[pack.path()]) {
            let told = refused.to_string();
            assert!(!told.is_empty() && !told.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')), "{told:?}");
        }
    });
}

#[test]
fn any_configuration_is_taken_or_refused_with_words() {
    let seeds = lines(&[
        idea_audit::config::TEMPLATE,
        "targets = [\"https://www.agency.example/\"]\nmax-pages = 20\n[profile]\nbranch = \"executive\"\n",
        "[[waiver]]\nrule = \"security/hsts-max-age\"\nreason = \"later\"\nowner = \"web\"\nexpires = 2027-01-31\n",
        "[[level]]\npath = \"/a/**\"\nfail-on = [\"new and high\", \"critical\"]\n",
    ]);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("idea-audit.toml");
    fuzz("config", seeds, ROUNDS, |input| {
        fs::write(&file, input).expect("is written");
        if let Err(refused) = Raw::load(&file) {
            assert!(!refused.to_string().is_empty());
        }
    });
}

#[test]
fn any_list_of_targets_is_a_plan_or_refused_with_words() {
    let seeds = lines(&[
        "Domain name,Domain type,Agency,Organization name,City,State\nharbor.example,Federal - Executive,Harbor Board,Tides,Town,ST\n",
        "target_url,agency,bureau,branch,filter\nwww.harbor.example,Harbor Board,Tides,executive,\n",
        "https://www.harbor.example/\n# a note\nwww.canal.example\n",
    ]);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("list.csv");
    let raw = Raw {
        targets: vec![file.display().to_string()],
        select: vec!["accessibility/page-title".to_string()],
        contact: Some("web@agency.example".to_string()),
        ..Raw::default()
    };
    // A plan loads all rules, which takes most of the time.
    fuzz("list", seeds, ROUNDS / 20, |input| {
        fs::write(&file, input).expect("is written");
        if let Err(refused) = idea_audit::config::plan(&raw, ENGINE.days().today) {
            assert!(!refused.to_string().is_empty());
        }
    });
}

#[test]
fn any_report_is_refused_or_shown_in_every_format() {
    let seeds = vec![fs::read(folder("fixtures/reports/demo.json")).expect("the demo is there")];
    fuzz("report", seeds, ROUNDS / 4, |input| {
        let Ok(report) = report::read(input.to_vec()) else { return };
        let mut out = Vec::new();
        report::html(&report, &mut out).expect("a vector takes everything");
        report::text(&report, report::Paint::Plain, 80, &mut out).expect("a vector takes everything");
        report::forms_csv(&report, &mut out).expect("a vector takes everything");
        report::sarif(&report, &mut out).expect("a vector takes everything");
        let mut json = Vec::new();
        report::json(&report, &mut json).expect("a vector takes everything");
        assert!(report::read(json).is_ok(), "what we write we read");
    });
}
