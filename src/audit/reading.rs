//! What was read of a page or a site, as octets: for a run that goes on where it was killed.
//!
//! In: a [`Reading`], or other plain data. Out: octets, and back. Invariant: octets of another version are no reading, and the page is judged anew.
//! Tested below.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::judging::Reading;

/// The first octet. Another number makes all readings that were kept before old; whoever changes their form needs one.
pub(super) const VERSION: u8 = 4;

/// A reading as octets.
pub(super) fn octets(reading: &Reading) -> Vec<u8> {
    packed(reading)
}

/// Plain data as octets.
pub(super) fn packed(value: &impl Serialize) -> Vec<u8> {
    let plain = serde_json::to_vec(value).expect("what is kept is plain data with text keys");
    let mut encoder = DeflateEncoder::new(vec![VERSION], Compression::fast());
    encoder.write_all(&plain).and_then(|()| encoder.finish()).expect("memory takes what is written to it")
}

/// The reading of octets.
pub(super) fn reading(octets: &[u8]) -> Option<Reading> {
    unpacked(octets)
}

/// The data of octets.
pub(super) fn unpacked<T: DeserializeOwned>(octets: &[u8]) -> Option<T> {
    let (&VERSION, deflated) = octets.split_first()? else { return None };
    let mut plain = Vec::new();
    DeflateDecoder::new(deflated).read_to_end(&mut plain).ok()?;
    serde_json::from_slice(&plain).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Judgement;
    use crate::facts::{Page, SiteFacts, Standing};
    use crate::web::{Capture, Problem, ProblemKind};
    use serde_json::Value;

    /// The keys of a reading, of what the rules say, of what is kept of a site, of a page, and of a template.
    const FORM: [&str; 5] = [
        "facts holds judgement linked links measured problem unmeasured",
        "findings notes outcomes pages questions",
        "abroad documents folder forms generators home hosts imprints inlinks languages missing name notes pages referrers replies services \
         templates third_parties unseen",
        "edition head naming rest template touched",
        "marks parts",
    ];

    #[test]
    fn another_form_has_another_version() {
        let url = url::Url::parse("https://www.agency.example/a").expect("an address");
        let text = "<html lang=en><title>Boats</title><main><h1>Boats</h1><p>You pay for a boat, and get it.</main>";
        let capture = Capture::page(url, "text/html; charset=utf-8", text);
        let mut facts = SiteFacts::default();
        facts.take_stock(&Page::read(&capture).facts(Standing::Inner, jiff::civil::date(2026, 11, 22)));
        let reading = Reading { judgement: Some(Judgement::default()), facts, ..Reading::default() };
        let value = serde_json::to_value(&reading).expect("it is plain data");
        let keys = |value: &Value| {
            let mut keys: Vec<String> = value.as_object().expect("it has keys").keys().cloned().collect();
            keys.sort();
            keys.join(" ")
        };
        let first = |name: &str| {
            let all = value["facts"][name].as_object().expect("it is a map");
            keys(all.values().next().expect("there is one"))
        };
        let told =
            [keys(&value), keys(&value["judgement"]), keys(&value["facts"]), first("imprints"), first("templates")];
        assert_eq!((VERSION, told), (4, FORM.map(String::from)), "a change of form needs a new version");
    }

    #[test]
    fn a_reading_comes_back_and_another_version_is_none() {
        let problem = Problem { url: "x".to_string(), kind: ProblemKind::TooComplex, detail: "deep".to_string() };
        let before = Reading { problem: Some(problem.clone()), ..Reading::default() };
        let octets = octets(&before);
        assert_eq!(reading(&octets).expect("comes back").problem, Some(problem));
        assert!(reading(&[&[9], &octets[1..]].concat()).is_none());
        assert!(reading(&octets[..octets.len() - 1]).is_none());
    }
}
