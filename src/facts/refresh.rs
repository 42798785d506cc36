//! What `<meta http-equiv=refresh>` does.
//!
//! In: the element and the page's addresses. Out: whether the reader is sent elsewhere at once (HTML, 4.2.5.3: shared
//! declarative refresh steps). Tested below.

use url::Url;

use crate::html::Element;

/// True when a refresh leads to another address without delay.
pub(super) fn leaves_at_once(meta: &Element<'_>, base: &Url, page: &Url) -> bool {
    let content = meta.attr("content").unwrap_or_default().trim();
    let Some((seconds, rest)) = content.split_once([';', ',']) else { return false };
    let now = seconds.trim().parse::<f64>().is_ok_and(|seconds| seconds < 1.0);
    let target = rest.trim();
    let target = match target.get(..3) {
        Some(start) if start.eq_ignore_ascii_case("url") => target[3..].trim_start().trim_start_matches('=').trim(),
        Some(_) | None => target,
    };
    let target = target.trim_matches(['\'', '"']);
    now && base.join(target).is_ok_and(|target| target != *page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::Document;

    #[test]
    fn only_a_refresh_to_another_address_without_delay_leaves_at_once() {
        let page = Url::parse("https://agency.example/old/").unwrap();
        for (content, leaves) in [
            ("0; url=/new/", true),
            ("0;URL='https://agency.example/new/'", true),
            ("0, /new/", true),
            ("5; url=/new/", false),
            ("0", false),
            ("0; url=/old/", false),
            ("soon; url=/new/", false),
        ] {
            let document = Document::parse(&format!("<meta http-equiv=refresh content=\"{content}\">"));
            let meta = document.elements().find(|element| element.name() == "meta").unwrap();
            assert_eq!(leaves_at_once(&meta, &page, &page), leaves, "{content}");
        }
    }
}
