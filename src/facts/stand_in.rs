//! Pages that stand in for another page: stubs that forward people, and the page a host shows for what is missing.
//!
//! In: a document, an address. Out: yes or no. Invariant: a page that says something before it forwards anybody, or that
//! merely renews itself, is no stub. Tested below.

use std::sync::LazyLock;
use url::Url;

use crate::html::{Document, Selector};
use crate::web::address;

/// Seconds after which a page that forwards may have been read.
const TIME_TO_READ: u32 = 10;

static REFRESH: LazyLock<Selector> =
    LazyLock::new(|| Selector::parse("meta[http-equiv=refresh i][content]").expect("a constant selector"));

/// True when a document forwards people to another address before they can have read it (HTML, 4.2.5.3, "refresh").
pub(super) fn forwards(document: &Document) -> bool {
    document.select(&REFRESH).filter_map(|meta| meta.attr("content")).any(|content| {
        let (delay, rest) = content.trim().split_once([';', ',', ' ']).unwrap_or((content, ""));
        let is_soon = delay.trim().parse::<f32>().is_ok_and(|seconds| seconds < TIME_TO_READ as f32);
        is_soon && rest.to_ascii_lowercase().contains("url")
    })
}

/// True for the address at which static hosts keep the page they show for what is missing.
pub(super) fn is_error_page(url: &Url) -> bool {
    let path = address::decoded_path(url).to_ascii_lowercase();
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_string();
    matches!(last.as_str(), "404" | "404.html" | "404.htm" | "404.php" | "404.aspx" | "500.html" | "50x.html")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_forwards_at_once_is_a_stub_and_one_that_renews_itself_is_not() {
        for (content, stub) in [
            ("0; url=/new", true),
            ("0;URL='https://a.example/'", true),
            ("5, url=/new", true),
            ("300; url=/signed-out", false),
            ("60", false),
            ("", false),
        ] {
            let document = Document::parse(&format!("<meta http-equiv=\"Refresh\" content=\"{content}\">"));
            assert_eq!(forwards(&document), stub, "{content}");
        }
    }

    #[test]
    fn the_page_for_what_is_missing_is_known_by_its_name() {
        for (url, error) in [("/404.html", true), ("/es/404/", true), ("/forms/404-a", false), ("/", false)] {
            assert_eq!(is_error_page(&Url::parse("https://a.example").unwrap().join(url).unwrap()), error, "{url}");
        }
    }
}
