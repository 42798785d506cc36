//! What one page costs without any network: reading it, judging it, and each rule by itself.
//!
//! In: a page of the generated site, or the files named. Out: a table for each page, dearest rules first. A rule by itself is
//! measured on facts that are already there, so the sum of the rules is what they cost beyond the facts they share. Invariant:
//! nothing is fetched.

use cpu_time::{ProcessTime, ThreadTime};
use idea_audit::engine::{Days, Engine};
use idea_audit::facts::{Page, Standing};
use idea_audit::rules::{Profile, Rule, RuleSet, Selection};
use idea_audit::web::Capture;
use std::sync::Arc;
use std::time::{Duration, Instant};
use url::Url;

/// Rules shown.
const SHOWN: usize = 20;
/// How long each figure is measured for.
const LONG_ENOUGH: Duration = Duration::from_millis(20);

/// Prints what the pages cost: those of the files, or one of the generated site.
pub fn print(files: &[String]) {
    let (cpu, begun) = (ProcessTime::now(), Instant::now());
    let set = RuleSet::bundled().expect("the bundled rules load");
    let (cpu, wall) = (cpu.elapsed().as_secs_f64() * 1000.0, begun.elapsed().as_secs_f64() * 1000.0);
    println!("all rules loaded in {wall:.1} ms, {cpu:.1} ms of CPU");
    let selected = Selection::default().of(&set).expect("everything is selected");
    if files.is_empty() {
        cost("a generated page", &capture(super::site::html(7, 5000).into_bytes()), &set, &selected);
        growth(&set, &selected);
    }
    for file in files {
        cost(file, &capture(std::fs::read(file).expect("a file of a page")), &set, &selected);
    }
}

fn cost(name: &str, capture: &Capture, set: &RuleSet, rules: &[Arc<Rule>]) {
    let day = jiff::civil::date(2026, 11, 22);
    let days = Days { today: day, policy_as_of: day };
    let profile = Profile::default();
    let engine = |rules: &[Arc<Rule>]| Engine::of(rules.to_vec(), set.sources.clone(), days);
    let all = engine(rules);
    let read = each(|| Page::read(capture).document.is_some());
    let judged = each(|| all.judge_page(&Page::read(capture).facts(Standing::Inner, day), &profile).findings.len());
    let page = Page::read(capture);
    let facts = page.facts(Standing::Inner, day);
    let found = all.judge_page(&facts, &profile).findings.len();
    let again = each(|| all.judge_page(&facts, &profile).findings.len());
    let mut apart: Vec<(Duration, &str)> = rules
        .iter()
        .map(|rule| {
            let one = engine(std::slice::from_ref(rule));
            (each(|| one.judge_page(&facts, &profile).findings.len()), rule.id.as_str())
        })
        .collect();
    apart.sort_unstable();
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    let elements = page.document.as_ref().map_or(0, |document| document.elements().count());
    println!("\n{name}: {} octets, {elements} elements, {found} findings", capture.body.len());
    println!(
        "read {:.3} ms; read and judge {:.3} ms ({:.2} ×); judge again on the same facts {:.3} ms",
        ms(read),
        ms(judged),
        ms(judged) / ms(read),
        ms(again)
    );
    for (time, rule) in apart.iter().rev().take(SHOWN) {
        println!("{:>10.1} µs  {rule}", ms(*time) * 1000.0);
    }
}

/// What an element costs on pages of very different length.
fn growth(set: &RuleSet, rules: &[Arc<Rule>]) {
    let day = jiff::civil::date(2026, 11, 22);
    let all = Engine::of(rules.to_vec(), set.sources.clone(), Days { today: day, policy_as_of: day });
    println!("\n{:>10}{:>24}", "elements", "read and judge, µs each");
    for wanted in [400, 1_000, 4_000, 16_000] {
        let capture = capture(super::site::html_with(wanted).into_bytes());
        let elements = Page::read(&capture).document.map_or(1, |document| document.elements().count());
        let judge = || {
            let page = Page::read(&capture);
            all.judge_page(&page.facts(Standing::Inner, day), &Profile::default()).findings.len()
        };
        println!("{elements:>10}{:>24.2}", each(judge).as_secs_f64() * 1e6 / elements as f64);
    }
}

/// The CPU time of one call, as the mean of as many as fit.
fn each<T>(work: impl Fn() -> T) -> Duration {
    std::hint::black_box(work());
    let begun = ThreadTime::now();
    let mut calls = 0;
    while begun.elapsed() < LONG_ENOUGH {
        // The clock is asked seldom: some rules take less time than asking.
        for _ in 0..8 {
            std::hint::black_box(work());
        }
        calls += 8;
    }
    begun.elapsed() / calls.max(1)
}

fn capture(body: Vec<u8>) -> Capture {
    let url = Url::parse("https://www.agency.example/topics/page-7/").expect("a constant address");
    Capture::page(url, "text/html; charset=utf-8", body)
}
