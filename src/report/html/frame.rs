//! What stands around the sections: head, title, contents, footer.
//!
//! In: a report. Out: the beginning and the end of the document. Invariant: the browser is told to fetch nothing and to run
//! and apply only what carries this report's nonce, which no page it quotes can know. Tested in `tests/it/formats.rs`.

use crate::report::markup::Markup;
use crate::report::wording::{count, day};
use crate::report::{Report, one_line};

/// The sheet of the report; the dashboard wears it, too.
pub const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");
/// Targets named in the title.
const MOST_TARGETS: usize = 3;

/// The contents: anchors and words.
const CONTENTS: [(&str, &str); 12] = [
    ("#summary", "Summary"),
    ("#fix-first", "Fix first"),
    ("#changes", "Changes"),
    ("#exceptions", "Waivers and reviews"),
    ("#requirements", "Requirements"),
    ("#sites", "Sites"),
    ("#findings", "Findings"),
    ("#nothing-found", "Nothing found"),
    ("#texts", "Words and documents"),
    ("#coverage", "Coverage and problems"),
    ("#pages", "Pages"),
    ("#run", "How it was made"),
];

/// Head, header and contents.
pub(super) fn begin(report: &Report, page: &mut Markup) {
    let nonce = nonce(report);
    let policy = format!(
        "default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'"
    );
    page.raw("<!doctype html>\n");
    page.open("html", &[("lang", "en")]);
    page.raw("\n<head>\n<meta charset=\"utf-8\">\n");
    page.empty("meta", &[("http-equiv", "Content-Security-Policy"), ("content", &policy)]);
    page.raw("\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.raw("<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"color-scheme\" content=\"light dark\">\n");
    page.raw("<meta name=\"robots\" content=\"noindex\">\n");
    let targets = targets(report);
    page.leaf("title", &[], &format!("Audit of {targets}, {}", day(report.run.judged_on)));
    page.line();
    page.open("style", &[("nonce", &nonce)]);
    page.raw(STYLE);
    page.close("style");
    page.raw(
        "\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the report</a>\n<header><div class=\"wrap\">\n",
    );
    page.leaf("p", &[("class", "kicker")], "21st Century IDEA audit");
    page.leaf("h1", &[], &format!("Audit of {targets}"));
    page.leaf("p", &[("class", "when")], &when(report));
    page.raw("\n</div></header>\n<div class=\"wrap columns\">\n<nav aria-label=\"Contents\"><ul>\n");
    let there = |href: &str| match href {
        "#requirements" => !report.scorecard.is_empty(),
        "#changes" => report.baseline.is_some(),
        "#exceptions" => !report.waivers.is_empty() || !report.reviews.is_empty(),
        "#sites" => report.sites.len() > 1,
        "#texts" => super::words::are_there(report),
        "#pages" => report.pages.iter().any(|row| row.judged),
        _ => true,
    };
    for (href, words) in CONTENTS.into_iter().filter(|(href, _)| there(href)) {
        page.open("li", &[]);
        page.leaf("a", &[("href", href)], words);
        page.close("li");
    }
    page.raw("\n</ul></nav>\n<main id=\"main\" tabindex=\"-1\">\n");
}

/// Footer and script.
pub(super) fn end(report: &Report, page: &mut Markup) {
    page.raw("</main>\n</div>\n<footer><div class=\"wrap\">\n");
    page.leaf("p", &[], &format!("Written by {} {}. {CLOSING}", report.tool.name, report.tool.version));
    page.raw("\n</div></footer>\n");
    page.open("script", &[("nonce", &nonce(report))]);
    page.raw(SCRIPT);
    page.raw("</script>\n</body>\n</html>\n");
}

const CLOSING: &str = "A machine saw part of these sites on one day. Where it found nothing, nothing was found: that does not \
    show that a requirement is met, and much of what these policies ask for only people can judge.";

/// The same for the same report, so that its bytes are; unknown to the pages, because the run's name is random.
fn nonce(report: &Report) -> String {
    let run = &report.run;
    let seed = format!("{}\n{}\n{}", run.id, run.started, run.finished);
    blake3::hash(seed.as_bytes()).to_hex()[..32].to_string()
}

fn targets(report: &Report) -> String {
    let run = &report.run;
    if let Some(published) = &run.published_as {
        return one_line(published);
    }
    let mut targets: Vec<String> = run.targets.iter().take(MOST_TARGETS).map(|target| one_line(target)).collect();
    if let more @ 1.. = run.targets.len().saturating_sub(MOST_TARGETS) {
        targets.push(format!("{more} more"));
    }
    crate::report::wording::joined(&targets)
}

fn when(report: &Report) -> String {
    let run = &report.run;
    let policy = match run.policy_as_of == run.judged_on {
        true => String::new(),
        false => format!(", by the policy of {}", day(run.policy_as_of)),
    };
    format!(
        "{} of {} judged on {}{policy}",
        count(report.coverage.pages.judged, "page", "pages"),
        count(report.sites.len() as u64, "site", "sites"),
        day(run.judged_on),
    )
}
