//! `text-size`: the text of a page is large enough to be read on a telephone.
//!
//! In: a page and how it looks. Out: one verdict on the page, by the share of its letters that are large enough; it names the element with most of the
//! others. Text that people do not see is not counted. Tested by the rules that use it.

use serde::Deserialize;
use std::collections::BTreeMap;

use super::screens::{own_letters, unknown};
use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::style::Viewport;
use crate::facts::{PageFacts, Place, visibility};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "text-size",
    asks: "Is the text of the page large enough to be read on a telephone?",
    scope: Scope::Page,
    parameters: &[
        ("min", "CSS pixels from which text is large enough"),
        ("share", "percent of the letters that are to be large enough"),
        ("from-letters", "pages of fewer letters are left out"),
    ],
    build: page::<TextSize>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct TextSize {
    min: f64,
    share: usize,
    from_letters: usize,
}

/// What is wrong in the last place is rounding.
const ROUNDING: f64 = 0.01;

impl PageCheck for TextSize {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let (Some(document), Some(style)) = (page.document, page.style()) else { return Vec::new() };
        let texts = document.elements().filter(|element| {
            !matches!(element.name(), "option" | "optgroup" | "title" | "sup" | "sub")
                && visibility::is_rendered(element)
        });
        let mut texts = texts.map(|element| (element, own_letters(&element))).filter(|(_, letters)| *letters > 0);
        let mut first: Vec<(Element<'_>, usize)> = Vec::new();
        let mut said = 0;
        while said < self.from_letters {
            let Some(text) = texts.next() else { return Vec::new() };
            said += text.1;
            first.push(text);
        }
        let expected = format!("text of at least {} pixels", self.min);
        if let Some(verdict) = unknown(page, style, &expected) {
            return vec![verdict];
        }
        let Some(view) = style.on(Viewport::PHONE).or_else(|| style.views().pop()) else { return Vec::new() };
        let (mut all, mut small) = (0, 0);
        let mut of_size: BTreeMap<u64, (usize, Element<'_>, usize)> = BTreeMap::new();
        for (element, letters) in first.into_iter().chain(texts).filter(|(element, _)| !view.conceals(element)) {
            let Some(size) = view.font_size(&element) else { continue };
            all += letters;
            if size.pixels + ROUNDING < self.min {
                small += letters;
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "tenths of a small positive size"
                )]
                let size = of_size.entry((size.pixels.max(0.0) * 10.0).round() as u64).or_insert((0, element, 0));
                size.0 += letters;
                if letters > size.2 {
                    (size.1, size.2) = (element, letters);
                }
            }
        }
        if all == 0 {
            return Vec::new();
        }
        let share = (all - small) * 100 / all;
        let most = of_size.into_iter().max_by_key(|(_, (letters, _, _))| *letters);
        vec![match most {
            Some((tenths, (_, element, _))) if share < self.share => element.heard().fail(
                format!(
                    "{}% of the text is smaller than {} pixels, most of it {}.{} ({view})",
                    100 - share,
                    self.min,
                    tenths / 10,
                    tenths % 10
                ),
                expected,
            ),
            Some(_) | None => page.whole().pass(format_args!("{share}% of the text has at least {} pixels", self.min)),
        }]
    }
}
