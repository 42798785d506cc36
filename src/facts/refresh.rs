//! What `<meta http-equiv=refresh>` does to the reader.
//!
//! In: a document and its addresses. Out: whether it only leads to another address (HTML, 4.2.5.3: shared declarative refresh
//! steps). Invariant: a refresh for readers without scripts leads nobody else on. Tested below.

use std::sync::LazyLock;
use url::Url;

use super::hollow;
use crate::html::{Document, Element, Selector};

static REFRESHES: LazyLock<Selector> = LazyLock::new(|| {
    Selector::parse("meta[http-equiv=refresh i][content]:not(noscript *)").expect("a constant selector")
});

/// True when a document leads to another address at once, or later and holds next to nothing to read until then.
pub(super) fn only_leads_on(document: &Document, base: &Url, page: &Url) -> bool {
    document
        .select(&REFRESHES)
        .filter_map(|meta| seconds_until_elsewhere(&meta, base, page))
        .any(|seconds| seconds < 1.0 || hollow::is_nearly_empty(document))
}

/// The seconds after which a refresh leads to another address; `None` when it leads to none.
fn seconds_until_elsewhere(meta: &Element<'_>, base: &Url, page: &Url) -> Option<f64> {
    let (seconds, rest) = meta.attr("content")?.trim().split_once([';', ','])?;
    let seconds = seconds.trim().parse::<f64>().ok()?;
    let target = rest.trim();
    let target = match target.get(..3) {
        Some(start) if start.eq_ignore_ascii_case("url") => target[3..].trim_start().trim_start_matches('=').trim(),
        Some(_) | None => target,
    };
    let target = base.join(target.trim_matches(['\'', '"'])).ok()?;
    (target != *page).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, leads_on: bool) {
        let page = Url::parse("https://agency.example/old/").unwrap();
        assert_eq!(only_leads_on(&Document::parse(html), &page, &page), leads_on, "{html}");
    }

    #[test]
    fn a_refresh_to_another_address_without_delay_leads_on_whatever_the_page_says() {
        let words = "The gauges of the river are read each hour. ".repeat(20);
        for (content, leads_on) in [
            ("0; url=/new/", true),
            ("0;URL='https://agency.example/new/'", true),
            ("0, /new/", true),
            ("5; url=/new/", false),
            ("0", false),
            ("0; url=/old/", false),
            ("soon; url=/new/", false),
        ] {
            check(&format!("<meta http-equiv=refresh content=\"{content}\"><p>{words}"), leads_on);
        }
    }

    #[test]
    fn a_nearly_empty_page_leads_on_after_a_while_and_one_that_reloads_does_not() {
        for (html, leads_on) in [
            ("<meta http-equiv=refresh content='5; url=/new/'><p>This page <a href=/new/>moved</a>.", true),
            ("<meta http-equiv=refresh content='300; url=/old/'><p>Water levels now.", false),
            ("<meta http-equiv=refresh content=300><p>Water levels now.", false),
            ("<p>This page <a href=/new/>moved</a>.", false),
        ] {
            check(html, leads_on);
        }
    }

    #[test]
    fn a_refresh_for_readers_without_scripts_leads_nobody_else_on() {
        check("<noscript><meta http-equiv=refresh content='0; url=/plain/'></noscript><div id=app></div>", false);
    }
}
