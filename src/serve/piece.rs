//! Pieces that several pages use: tables, tiles, shares, lists by page.
//!
//! In: numbers and words. Out: markup. Invariant: a share stands beside the number it leaves out; a long list says which part of it is shown.
//! Tested in `tests/it/serve.rs`.

use crate::report::Tally;
use crate::report::markup::Markup;
use crate::report::rollup::Share;
use crate::report::wording::grouped;

/// Rows of a long list on one page.
pub(super) const MOST_ROWS: usize = 50;

/// The head of a table that may be wider than the window.
pub(super) fn begin_table(caption: &str, columns: &[&str], page: &mut Markup) {
    // A section may have the same words for its heading; two landmarks of one name cannot be told apart.
    let name = format!("Table: {caption}");
    page.open("div", &[("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", &name)]);
    page.open("table", &[]);
    page.leaf("caption", &[("class", "unseen")], caption);
    page.raw("<thead><tr>");
    columns.iter().for_each(|column| page.leaf("th", &[("scope", "col")], column));
    page.raw("</tr></thead><tbody>\n");
}

/// Its end.
pub(super) fn end_table(page: &mut Markup) {
    page.raw("</tbody></table></div>\n");
}

/// The first cell of a row: a link.
pub(super) fn row_head(href: &str, words: &str, page: &mut Markup) {
    page.open("tr", &[]);
    page.open("th", &[("scope", "row")]);
    page.leaf("a", &[("href", href)], words);
    page.close("th");
}

/// The end of a row.
pub(super) fn row_end(page: &mut Markup) {
    page.close("tr");
    page.line();
}

/// A cell with a number.
pub(super) fn number(number: u64, page: &mut Markup) {
    page.leaf("td", &[], &grouped(number));
}

/// A cell with words.
pub(super) fn cell(words: &str, page: &mut Markup) {
    page.leaf("td", &[], words);
}

/// A cell with a share: per cent, a bar for the eye, and of how many.
pub(super) fn share(share: &Share, page: &mut Markup) {
    page.open("td", &[("class", "share")]);
    match share.hundredths() {
        None => page.leaf("span", &[("class", "quiet")], "not known"),
        Some(hundredths) => {
            let width = format!("{}.{:02}", hundredths / 100, hundredths % 100);
            page.open(
                "svg",
                &[("viewBox", "0 0 100 8"), ("class", "bar"), ("aria-hidden", "true"), ("preserveAspectRatio", "none")],
            );
            page.empty("rect", &[("width", "100"), ("height", "8"), ("class", "ground")]);
            page.empty("rect", &[("width", &width), ("height", "8"), ("class", "part")]);
            page.close("svg");
            page.leaf("span", &[("class", "whole")], &format!("{} %", share.percent()));
            page.leaf(
                "span",
                &[("class", "quiet whole")],
                &format!(" {} of {}", grouped(share.yes), grouped(share.determined())),
            );
        }
    }
    page.close("td");
}

/// Numbers with what they count.
pub(super) fn tiles(tiles: &[(u64, &str)], page: &mut Markup) {
    page.open("ul", &[("class", "tiles")]);
    for (number, words) in tiles {
        page.open("li", &[]);
        page.leaf("strong", &[], &grouped(*number));
        page.leaf("span", &[], words);
        page.close("li");
    }
    page.close("ul");
    page.line();
}

/// Sites by outcome, in the order of columns: failed, to review, nothing found, not tested.
pub(super) fn tally(tally: &Tally, page: &mut Markup) {
    [tally.failed, tally.cant_tell, tally.passed, tally.untested].into_iter().for_each(|one| number(one, page));
}

/// The rows of one page of a list.
pub(super) fn part<T>(rows: &[T], page: u64) -> &[T] {
    let from = usize::try_from(page - 1).unwrap_or(usize::MAX).saturating_mul(MOST_ROWS).min(rows.len());
    &rows[from..rows.len().min(from + MOST_ROWS)]
}

/// Which part of a list is shown, and the ways to the others. `href` gives the address of a page.
pub(super) fn paging(rows: usize, at: u64, href: impl Fn(&str) -> String, page: &mut Markup) {
    let pages = rows.div_ceil(MOST_ROWS).max(1) as u64;
    if pages == 1 {
        return;
    }
    page.open("p", &[("class", "paging")]);
    if at > 1 {
        page.leaf("a", &[("href", &href(&(at - 1).min(pages).to_string())), ("rel", "prev")], "Previous page");
        page.words(" ");
    }
    page.leaf("span", &[], &format!("Page {} of {}", grouped(at), grouped(pages)));
    if at < pages {
        page.words(" ");
        page.leaf("a", &[("href", &href(&(at + 1).to_string())), ("rel", "next")], "Next page");
    }
    page.close("p");
    page.line();
}

/// A link in a paragraph of its own.
pub(super) fn further(href: &str, words: &str, page: &mut Markup) {
    page.open("p", &[("class", "further")]);
    page.leaf("a", &[("href", href)], words);
    page.close("p");
    page.line();
}
