//! What was seen of a document, kept with it, so that every fact about the page may ask.
//!
//! In: [`Seen`], handed over once with [`see`], before anything is asked of the document. Out: the same for whoever asks, and which
//! elements nobody sees on any screen. Invariant: a page that was not looked at hides nothing by it, nor does one with sheets that
//! could not be read, nor one that hides as a whole. Tested below.

use crate::html::{Document, Element};
use crate::style::{Measured, Seen, Sight};

struct Sighted(Seen);

/// True for each element that no screen shows; empty where nobody knows.
struct Unseen(Vec<bool>);

/// Hands over what was seen of a document. Of several, the first counts; it has to come before questions.
pub fn see(document: &Document, seen: Seen) {
    document.remembered(|_| Sighted(seen));
}

/// What was seen of a document.
pub(super) fn seen(document: &Document) -> &Seen {
    &document.remembered(|_| Sighted(Seen::Not("its style was not measured".to_string()))).0
}

/// True when style keeps an element from being rendered on every screen: it makes no box, or is not visible.
pub(in crate::facts) fn is_unseen(element: &Element<'_>) -> bool {
    let unseen = element.document().remembered(|document| Unseen(all_unseen(document)));
    unseen.0.get(element.order() as usize).copied().unwrap_or(false)
}

fn all_unseen(document: &Document) -> Vec<bool> {
    let Seen::Measured(Measured { views, unread, .. }) = seen(document) else { return Vec::new() };
    let hidden = |sight: Sight| matches!(sight, Sight::NoBox | Sight::Invisible);
    let unseen = |order: u32| views.iter().all(|view| view.of(order).is_some_and(|looks| hidden(looks.sight)));
    // Nobody serves a page that stays hidden: a script takes that away at once.
    let is_guarded = unseen(0) || document.body().is_some_and(|body| unseen(body.order()));
    if views.is_empty() || !unread.is_empty() || is_guarded {
        return Vec::new();
    }
    document.elements().map(|element| unseen(element.order())).collect()
}
