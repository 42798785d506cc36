//! Measures the pages of an example, within this process: examples are small and known.
//!
//! In: a page and what its example serves. Out: what was seen. Invariant: nothing but the example is read. Tested by the rules whose
//! examples say `render = true`.

use jiff::civil::Date;
use url::Url;

use super::exchange::Exchange;
use crate::facts::{Page, Reply, Standing};
use crate::style::{Gathered, Measured, Measurer, Seen, Shelved, Viewport, gather};

pub(super) fn seen(page: &Page<'_>, exchange: &Exchange, today: Date) -> Seen {
    let Some(document) = &page.document else { return Seen::Not("it is no document".to_string()) };
    let base = page.facts(Standing::Inner, today).base().clone();
    let shelf = |url: &Url| match exchange.get(url) {
        Reply::Captured(capture) if capture.is_success() && !capture.media.is_html() => {
            Shelved::Text(String::from_utf8_lossy(&capture.body).into(), capture.url.clone())
        }
        Reply::Problem(kind, detail) => Shelved::Failed(format!("{}: {detail}", kind.as_str())),
        // What a browser gets nothing for, it does without.
        Reply::Captured(_) | Reply::Missing | Reply::NotLinked | Reply::Unknown => {
            Shelved::Text("".into(), url.clone())
        }
    };
    let Gathered::Whole(sources, unread) = gather(document, &base, &shelf) else {
        return Seen::Not("its style sheets are not there".to_string());
    };
    match Measurer::default().measure(document, &sources, &Viewport::ALL) {
        Ok(views) => Seen::Measured(Measured { views, unread, sheets: sources }),
        Err(why) => Seen::Not(why.to_string()),
    }
}
