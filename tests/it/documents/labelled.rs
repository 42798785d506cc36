//! The detectors of forms, of lines to sign on, and of demands for ink, against cases that people labelled.
//!
//! The cases are `fixtures/documents/labelled.toml`. Precision and recall are printed; both have to stay where they are.

use idea_audit::document::Form;
use idea_audit::document::press::Draft;
use serde::Deserialize;
use std::collections::BTreeMap;

use super::{known, pool};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default = "english")]
    lang: String,
    form: bool,
    signed: bool,
    #[serde(default)]
    control: Option<String>,
    #[serde(default)]
    expires: Option<String>,
    #[serde(default)]
    number: Option<String>,
    text: String,
}

fn english() -> String {
    "en".to_string()
}

#[derive(Default)]
struct Score {
    right: f64,
    wrong: f64,
    missed: f64,
    misses: Vec<String>,
}

impl Score {
    fn count(&mut self, name: &str, said: bool, is: bool) {
        match (said, is) {
            (true, true) => self.right += 1.0,
            (true, false) => self.wrong += 1.0,
            (false, true) => self.missed += 1.0,
            (false, false) => {}
        }
        if said != is {
            self.misses.push(format!("{name} (said {said})"));
        }
    }

    fn precision(&self) -> f64 {
        self.right / (self.right + self.wrong).max(1.0)
    }

    fn recall(&self) -> f64 {
        self.right / (self.right + self.missed).max(1.0)
    }
}

#[test]
fn forms_and_lines_to_sign_on_are_found_as_people_find_them() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/documents/labelled.toml"));
    let cases: Cases = toml::from_str(&text.expect("the cases are there")).expect("the cases can be read");
    let pool = pool();
    let mut scores: BTreeMap<(&str, &str), Score> = BTreeMap::new();
    for case in &cases.case {
        let seen = known(&pool, &Draft { text: case.text.clone(), ..Draft::default() }.file());
        let (name, lang) = (case.name.as_str(), case.lang.as_str());
        scores.entry(("forms", lang)).or_default().count(name, seen.form == Form::Flat, case.form);
        scores.entry(("signatures", lang)).or_default().count(name, seen.signed_by_hand, case.signed);
        let numbers = &seen.numbers;
        let expires = numbers.expires.map(|day| day.to_string());
        for (what, said, is) in [
            ("control numbers", &numbers.control_number, &case.control),
            ("expiry days", &expires, &case.expires),
            ("form numbers", &numbers.form_number, &case.number),
        ] {
            let score = scores.entry((what, lang)).or_default();
            if said.is_some() && is.is_some() && said != is {
                score.wrong += 1.0;
                score.misses.push(format!("{name}: {said:?} for {is:?}"));
            } else {
                score.count(name, said.is_some(), is.is_some());
            }
        }
    }
    println!("{} labelled documents", cases.case.len());
    for ((what, lang), score) in &scores {
        let (precision, recall) = (score.precision(), score.recall());
        println!("{what} ({lang}): precision {precision:.3}, recall {recall:.3}, {:?}", score.misses);
        assert!(
            precision >= 0.9 && recall >= 0.85,
            "{what} ({lang}): precision {precision:.3}, recall {recall:.3}, {:?}",
            score.misses
        );
    }
}
