//! What stands around every page: head, title, where one can go, search, footer.
//!
//! In: a title, a run. Out: the beginning and the end of a document. Invariant: nothing inline and no script; the page that is open is marked
//! for everybody (`aria-current`). Tested in `tests/it/serve.rs`.

use super::ask::{Ask, link};
use super::past::View;
use crate::report::markup::Markup;
use crate::report::wording::{count, grouped};
use crate::store::RunState;

/// Which part of the dashboard a page belongs to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Tab {
    Overview,
    Agencies,
    Sites,
    Rules,
    Runs,
    None,
}

const TABS: [(Tab, &str, &str); 5] = [
    (Tab::Overview, "", "Overview"),
    (Tab::Agencies, "agencies", "Agencies"),
    (Tab::Sites, "sites", "Sites"),
    (Tab::Rules, "rules", "Rules"),
    (Tab::Runs, "runs", "Runs"),
];

/// The number of the run that was asked for, as it stands in links; empty for the latest.
pub(super) fn run(ask: &Ask) -> String {
    ask.run.map(|run| run.to_string()).unwrap_or_default()
}

/// Head, header, contents. `words` are what was searched for.
pub(super) fn begin(title: &str, words: &str, tab: Tab, shown: Option<(&View, &Ask)>, page: &mut Markup) {
    let chosen = shown.map(|(_, ask)| run(ask)).unwrap_or_default();
    page.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.raw("<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"robots\" content=\"noindex\">\n");
    page.leaf("title", &[], &format!("{title} – 21st Century IDEA audit"));
    page.raw("\n<link rel=\"stylesheet\" href=\"/style.css\">\n<link rel=\"icon\" href=\"/icon.svg\" type=\"image/svg+xml\">\n</head>\n");
    page.raw("<body>\n<a class=\"skip\" href=\"#main\">Skip to the content</a>\n<header><div class=\"wrap\">\n");
    page.leaf("p", &[("class", "kicker")], "21st Century IDEA audit");
    page.leaf("h1", &[], title);
    if let Some((view, ask)) = shown {
        when(view, ask, page);
    }
    page.raw("\n</div></header>\n<div class=\"wrap columns\">\n<nav aria-label=\"Dashboard\">\n<ul>\n");
    for (one, path, name) in TABS {
        let segments: &[&str] = if path.is_empty() { &[] } else { &[path] };
        let href = link(segments, &[("run", &chosen)]);
        page.open("li", &[]);
        match one == tab {
            true => page.leaf("a", &[("href", &href), ("aria-current", "page")], name),
            false => page.leaf("a", &[("href", &href)], name),
        }
        page.close("li");
    }
    page.raw("\n</ul>\n<form class=\"find\" role=\"search\" action=\"/search\" method=\"get\">\n");
    page.raw("<label for=\"find\">Site, agency or rule</label>\n");
    page.empty(
        "input",
        &[("type", "search"), ("id", "find"), ("name", "words"), ("maxlength", "200"), ("value", words)],
    );
    if !chosen.is_empty() {
        page.empty("input", &[("type", "hidden"), ("name", "run"), ("value", &chosen)]);
    }
    page.raw("\n<button>Search</button>\n</form>\n</nav>\n<main id=\"main\" tabindex=\"-1\">\n");
}

fn when(view: &View, ask: &Ask, page: &mut Markup) {
    let (line, total) = (&view.sums.line, &view.sums.total);
    let words = format!(
        "Run {} of {}: {} seen, {} judged",
        line.id.0,
        day(&line.judged_on),
        match total.unseen() {
            0 => count(total.sites, "site", "sites"),
            _ => format!("{} of {}", grouped(total.seen), count(total.sites, "site", "sites")),
        },
        count(total.counts.judged, "page", "pages"),
    );
    page.leaf("p", &[("class", "when")], &words);
    let told = match line.state {
        RunState::Running => Some("This run goes on; what stands here is what is known so far."),
        RunState::Stopped => Some("This run was stopped before its end."),
        RunState::Finished => None,
    };
    told.iter().for_each(|words| page.leaf("p", &[("class", "when")], words));
    if ask.run.is_some() {
        page.raw("<p class=\"when\">You chose this run. <a href=\"/\">Show the latest</a></p>");
    }
}

/// A day of the store as people write it.
pub(super) fn day(text: &str) -> String {
    text.parse().map_or_else(|_| text.to_string(), crate::report::wording::day)
}

/// Footer.
pub(super) fn end(page: &mut Markup) {
    page.raw("</main>\n</div>\n<footer><div class=\"wrap\">\n");
    let version = env!("CARGO_PKG_VERSION");
    page.leaf("p", &[], &format!("Shown by idea-audit {version}. {CLOSING}"));
    page.raw("<p>For programs: <a href=\"/api/openapi.json\">a description of the JSON API</a>.</p>\n");
    page.raw("</div></footer>\n</body>\n</html>\n");
}

const CLOSING: &str = "A machine saw part of these sites on one day. Where it found nothing, nothing was found: that does not \
    show that a requirement is met, and much of what these policies ask for only people can judge.";
