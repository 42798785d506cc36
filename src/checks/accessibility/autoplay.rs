//! `autoplay`: sound that begins by itself can be stopped, or is over soon.
//!
//! In: a page. Out: a verdict on each audio and video that begins by itself: it is silent, has the browser's controls, or plays a
//! short part only (Media Fragments 1.0, 4.2.1). Whether a film has sound, and what scripts start or stop, is not seen. Tested by the
//! rules that use it and by the ACT cases (80f0bf, 4c31df).

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "autoplay",
    asks: "Can sound that begins by itself be stopped, or is it over soon?",
    scope: Scope::Page,
    parameters: &[("seconds", "the longest part that may play without a control")],
    build: page::<Autoplay>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Autoplay {
    seconds: f64,
}

impl PageCheck for Autoplay {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let media = document.with_attr("autoplay").filter(|element| matches!(element.name(), "audio" | "video"));
        media.map(|element| self.verdict(&element)).collect()
    }
}

impl Autoplay {
    fn verdict(&self, media: &Element<'_>) -> Verdict {
        let sources: Vec<&str> = match media.attr("src") {
            Some(source) => vec![source],
            None => media
                .children()
                .filter(|child| child.name() == "source")
                .filter_map(|child| child.attr("src"))
                .collect(),
        };
        let is_short = |source: &&str| seconds(source).is_some_and(|seconds| seconds <= self.seconds);
        if media.has_attr("muted") {
            media.at().pass("it begins without sound")
        } else if media.has_attr("controls") {
            media.at().pass("people can stop it with the controls of the browser")
        } else if !media.has_attr("loop") && !sources.is_empty() && sources.iter().all(is_short) {
            media.at().pass(format_args!("it plays at most {} seconds", self.seconds))
        } else {
            media.heard().fail(
                "it begins by itself, with no control of the browser to stop it",
                "sound that people start or can stop",
            )
        }
    }
}

/// The length of the part an address asks for; `None` where it asks for no part with an end.
fn seconds(source: &str) -> Option<f64> {
    let fragment = source.split_once('#')?.1;
    let range = fragment.split('&').find_map(|pair| pair.strip_prefix("t="))?;
    let (start, end) = range.trim_start_matches("npt:").split_once(',')?;
    let start = if start.is_empty() { 0.0 } else { clock(start)? };
    let length = clock(end)? - start;
    (length >= 0.0).then_some(length)
}

/// A time as `seconds`, `minutes:seconds` or `hours:minutes:seconds`.
fn clock(text: &str) -> Option<f64> {
    text.trim_end_matches('s').split(':').try_fold(0.0, |sum, part| Some(sum * 60.0 + part.parse::<f64>().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_of_a_part_is_read_from_the_address() {
        for (source, wanted) in [
            ("v.mp4#t=8,10", Some(2.0)),
            ("v.mp4#t=,3", Some(3.0)),
            ("v.mp4#t=npt:0:58,1:00.5", Some(2.5)),
            ("v.mp4#track=a&t=1,2", Some(1.0)),
            ("v.mp4#t=10", None),
            ("v.mp4#t=3,1", None),
            ("v.mp4#t=a,b", None),
            ("v.mp4", None),
        ] {
            assert_eq!(seconds(source), wanted, "{source}");
        }
    }
}
