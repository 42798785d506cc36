//! What the detectors of words find in cases that a person labelled: precision and recall of each.
//!
//! In: `fixtures/labelled/`. Out: for each detector how many of its finds are right and how many of the things to find it found, printed
//! (`cargo test --test it detectors:: -- --nocapture`), with the cases it gets wrong. Invariant: none gets worse than the bar it stands
//! at; the cases hold hard ones on purpose, so that a bar below 1 is no licence to drop a case.

use idea_audit::engine::{Days, Engine};
use idea_audit::facts::dates::{best, dates, deadlines};
use idea_audit::facts::prose::{Lowered, passives, sentences, simpler, suggestion, words};
use idea_audit::facts::{Page, Standing, e_signature, spoken, web_forms, words as folding};
use idea_audit::rules::{Branch, Profile, RuleSet};
use idea_audit::verdict::Outcome;
use idea_audit::web::Capture;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// Right finds, wrong finds and misses.
#[derive(Default)]
struct Score {
    right: usize,
    wrong: Vec<String>,
    missed: Vec<String>,
}

impl Score {
    fn take(&mut self, case: &str, found: &BTreeSet<String>, wanted: &BTreeSet<String>) {
        self.right += found.intersection(wanted).count();
        self.wrong.extend(found.difference(wanted).map(|one| format!("{one} in: {case}")));
        self.missed.extend(wanted.difference(found).map(|one| format!("{one} in: {case}")));
    }

    fn judge(self, detector: &str, precision: f64, recall: f64) {
        let share = |part: usize, whole: usize| if whole == 0 { 1.0 } else { part as f64 / whole as f64 };
        let found = share(self.right, self.right + self.wrong.len());
        let known = share(self.right, self.right + self.missed.len());
        println!("{detector}: precision {found:.3}, recall {known:.3} ({} right)", self.right);
        self.wrong.iter().for_each(|one| println!("  wrong: {one}"));
        self.missed.iter().for_each(|one| println!("  missed: {one}"));
        assert!(
            found >= precision && known >= recall,
            "{detector}: {found:.3} and {known:.3}; {:?} {:?}",
            self.wrong,
            self.missed
        );
    }
}

fn read<T: for<'d> Deserialize<'d>>(name: &str) -> T {
    let path = format!("{}/fixtures/labelled/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    toml::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn one(says: bool) -> BTreeSet<String> {
    if says { BTreeSet::from(["yes".to_string()]) } else { BTreeSet::new() }
}

fn set<I: IntoIterator<Item = S>, S: ToString>(items: I) -> BTreeSet<String> {
    items.into_iter().map(|item| item.to_string()).collect()
}

fn capture(body: &str, lang: &str) -> Capture {
    let url = Url::parse("https://www.agency.example/page").expect("an address");
    let html = format!("<!doctype html><html lang={lang}><head><title>Tides</title></head><body>{body}</body></html>");
    Capture::page(url, "text/html; charset=utf-8", html)
}

fn english() -> String {
    "en".to_string()
}

#[derive(Deserialize)]
struct Voices {
    en: Voice,
    es: Voice,
}

#[derive(Deserialize)]
struct Voice {
    passive: Vec<String>,
    active: Vec<String>,
}

#[test]
fn the_passive_voice_is_told_from_the_active() {
    let voices: Voices = read("passive.toml");
    for (language, voice, precision, recall) in [("en", voices.en, 0.95, 0.85), ("es", voices.es, 0.9, 0.8)] {
        let mut score = Score::default();
        let labelled =
            voice.passive.iter().map(|text| (text, true)).chain(voice.active.iter().map(|text| (text, false)));
        for (text, is_passive) in labelled {
            let words: Vec<_> = words(text).collect();
            let lower: Vec<String> = words.iter().map(|word| word.text.to_lowercase()).collect();
            let found = sentences(text, &words).iter().any(|sentence| {
                let low: Vec<Lowered<'_>> =
                    lower[sentence.words.clone()].iter().map(|word| Lowered::of(word)).collect();
                !passives(language, &low).is_empty()
            });
            score.take(text, &one(found), &one(is_passive));
        }
        score.judge(&format!("passive voice ({language})"), precision, recall);
    }
}

#[derive(Deserialize)]
struct Dates {
    page: Vec<DatedPage>,
}

#[derive(Deserialize)]
struct DatedPage {
    html: String,
    #[serde(default = "english")]
    lang: String,
    day: Option<String>,
}

#[test]
fn the_day_of_a_page_is_told_from_other_days() {
    let cases: Dates = read("dates.toml");
    let mut score = Score::default();
    for case in cases.page {
        let capture = capture(&case.html, &case.lang);
        let page = Page::read(&capture);
        let found = best(&dates(&page.facts(Standing::Inner, jiff::civil::date(2026, 11, 22))));
        score.take(&case.html, &set(found.map(|dated| dated.day)), &set(case.day));
    }
    score.judge("days of pages (en, es)", 0.95, 0.9);
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Asking {
    asks: Vec<String>,
    does_not: Vec<String>,
}

#[test]
fn days_to_act_by_are_told_from_other_days() {
    let cases: Asking = read("deadlines.toml");
    let mut score = Score::default();
    for (text, asks) in
        cases.asks.iter().map(|text| (text, true)).chain(cases.does_not.iter().map(|text| (text, false)))
    {
        let found = !deadlines(&folding::fold(text), Some("en")).is_empty();
        score.take(text, &one(found), &one(asks));
    }
    score.judge("deadlines (en, es)", 0.95, 0.85);
}

#[derive(Deserialize)]
struct Wording {
    sentence: Vec<Worded>,
}

#[derive(Deserialize)]
struct Worded {
    text: String,
    #[serde(default = "english")]
    lang: String,
    finds: Vec<String>,
}

#[test]
fn phrases_with_a_simpler_twin_are_found() {
    let cases: Wording = read("wording.toml");
    let mut score = Score::default();
    for case in cases.sentence {
        // Names in capitals inside a sentence are left out by the reader of pages; the same is done here.
        let words: Vec<_> = words(&case.text).collect();
        let lower: Vec<String> = words.iter().map(|word| word.text.to_lowercase()).collect();
        let low: Vec<Lowered<'_>> = lower.iter().map(|word| Lowered::of(word)).collect();
        let is_name = |at: usize| at > 0 && words[at].text.starts_with(char::is_uppercase);
        let found = (0..low.len()).filter(|at| !is_name(*at)).filter_map(|at| simpler(&case.lang, &low[at..]));
        let found = found.filter_map(|found| suggestion(&case.lang, found.number)).map(|(phrase, _)| phrase);
        score.take(&case.text, &set(found), &set(case.finds));
    }
    score.judge("wordy phrases (en, es)", 0.95, 0.95);
}

#[derive(Deserialize)]
struct Languages {
    text: Vec<Spoken>,
}

#[derive(Deserialize)]
struct Spoken {
    text: String,
    lang: String,
}

#[test]
fn languages_are_told_apart() {
    let cases: Languages = read("languages.toml");
    let mut score = Score::default();
    for case in cases.text {
        let wanted = Some(case.lang).filter(|lang| !lang.is_empty());
        score.take(&case.text, &set(spoken::language_of(&case.text)), &set(wanted));
    }
    score.judge("languages", 1.0, 0.9);
}

#[derive(Deserialize)]
struct Forms {
    page: Vec<FormPage>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct FormPage {
    html: String,
    #[serde(default = "english")]
    lang: String,
    number: Option<String>,
    expires: Option<String>,
    asks: Vec<String>,
    #[serde(default)]
    by_address: bool,
    sends_to: Option<String>,
}

#[test]
fn forms_are_read_as_people_read_them() {
    let cases: Forms = read("forms.toml");
    let mut score = Score::default();
    for case in cases.page {
        let capture = capture(&case.html, &case.lang);
        let page = Page::read(&capture);
        let forms = web_forms(&page.facts(Standing::Inner, jiff::civil::date(2026, 11, 22)));
        assert_eq!(forms.len(), 1, "{}", case.html);
        let form = &forms[0];
        let asked = serde_json::to_value(&form.asks).expect("names are JSON");
        let asked = asked.as_array().into_iter().flatten().filter_map(|asked| asked.as_str()).map(String::from);
        let numbers = &form.numbers;
        let found = asked
            .chain(numbers.control_number.iter().map(|number| format!("control-number {number}")))
            .chain(numbers.expires.iter().map(|day| format!("expires {day}")))
            .chain(form.sends_to.iter().map(|host| format!("sends-to {host}")))
            .chain((form.method == "get").then(|| "by-address".to_string()));
        let wanted = case
            .asks
            .into_iter()
            .chain(case.number.map(|number| format!("control-number {number}")))
            .chain(case.expires.map(|day| format!("expires {day}")))
            .chain(case.sends_to.map(|host| format!("sends-to {host}")))
            .chain(case.by_address.then(|| "by-address".to_string()));
        score.take(&case.html, &set(found), &set(wanted));
    }
    score.judge("forms", 0.95, 0.95);
}

#[derive(Deserialize)]
struct Signing {
    page: Vec<SigningPage>,
}

#[derive(Deserialize)]
struct SigningPage {
    #[serde(default = "english")]
    lang: String,
    html: String,
    vendors: Vec<String>,
}

#[test]
fn vendors_of_signatures_are_told_from_what_only_speaks_of_them() {
    let cases: Signing = read("signing.toml");
    let mut score = Score::default();
    for case in cases.page {
        let capture = capture(&case.html, &case.lang);
        let page = Page::read(&capture);
        let found = e_signature::vendors(&page.facts(Standing::Inner, jiff::civil::date(2026, 11, 22)));
        score.take(&case.html, &set(found), &set(case.vendors));
    }
    score.judge("vendors of electronic signatures", 0.95, 0.95);
}

/// What a page about a form asks of people, by the rule that looks for it.
const PAPER: [(&str, &str); 3] =
    [("forms/print-and-mail", "paper"), ("forms/wet-signature", "ink"), ("forms/scanned-copies", "picture")];

#[test]
fn pages_that_send_people_to_paper_are_told_from_those_that_do_not() {
    let cases: Wording = read("paper.toml");
    let bundled = RuleSet::bundled().expect("the bundled rules load");
    let chosen = bundled.rules.iter().filter(|rule| PAPER.iter().any(|(id, _)| rule.id.as_str() == *id));
    let day = jiff::civil::date(2026, 11, 22);
    let engine = Engine::of(chosen.cloned().collect(), bundled.sources.clone(), Days { today: day, policy_as_of: day });
    let profile = Profile { branch: Some(Branch::Executive), ..Profile::default() };
    let mut scores = BTreeMap::from([("en", Score::default()), ("es", Score::default())]);
    for case in cases.sentence {
        let capture = capture(&format!("<main><h1>Permisos</h1><p>{}</p></main>", case.text), &case.lang);
        let page = Page::read(&capture);
        let judged = engine.judge_page(&page.facts(Standing::Inner, day), &profile);
        let doubted = PAPER.iter().filter(|(id, _)| {
            judged.outcomes.iter().any(|(rule, outcome)| rule.as_str() == *id && outcome == Outcome::CantTell)
        });
        let found = set(doubted.map(|(_, word)| word));
        scores.get_mut(case.lang.as_str()).expect("a language of the cases").take(&case.text, &found, &set(case.finds));
    }
    for (lang, score) in scores {
        score.judge(&format!("paper, ink and pictures of paper ({lang})"), 0.95, 0.95);
    }
}
