//! Services that government sites share, by the marks they leave on a page; vendors of electronic signatures among them.
//!
//! In: a page. Out: which of them it uses, and the version of the design system where a page tells it. Invariant: an inventory: using
//! one or none is neither good nor bad here. What scripts load later is not seen. Tested below.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use super::{PageFacts, domain, e_signature};
use crate::html::Selector;

/// Hosts by which a service is known, in what a page loads, links to or sends forms to.
const BY_HOST: [(&str, &[&str]); 12] = [
    ("Search.gov", &["search.gov", "search.usa.gov", "search.digitalgov.gov"]),
    ("Login.gov", &["login.gov"]),
    ("Digital Analytics Program", &["dap.digitalgov.gov"]),
    ("Touchpoints", &["touchpoints.digital.gov", "touchpoints.app.cloud.gov"]),
    ("cloud.gov", &["app.cloud.gov", "sites.pages.cloud.gov", "federalist.18f.gov"]),
    ("api.data.gov", &["api.data.gov"]),
    ("Pay.gov", &["pay.gov"]),
    ("Regulations.gov", &["regulations.gov"]),
    ("Grants.gov", &["grants.gov"]),
    ("USAJOBS", &["usajobs.gov"]),
    ("GovDelivery", &["govdelivery.com"]),
    ("ID.me", &["id.me"]),
];

/// The name under which the design system is listed.
pub const DESIGN_SYSTEM: &str = "U.S. Web Design System";

/// Services whose link alone is an ordinary reference and says nothing of use.
const NOT_BY_LINK: [&str; 4] = ["Digital Analytics Program", "cloud.gov", "Touchpoints", "api.data.gov"];

/// Elements with a class of the design system from which a page is built with it.
const CLASSES: usize = 5;

static FORMS: LazyLock<Selector> = LazyLock::new(|| Selector::parse("form[action]").expect("a constant selector"));
static CLASSED: LazyLock<Selector> = LazyLock::new(|| Selector::parse("[class*='usa-']").expect("a constant selector"));
static VERSION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)uswds(?:/dist)?[@/ _-]{0,2}v?(\d{1,2}\.\d{1,2}\.\d{1,2})").expect("a constant pattern")
});

/// The services a page uses, with the version where it tells one.
pub fn used(page: &PageFacts<'_>) -> BTreeMap<&'static str, Option<String>> {
    let mut found = BTreeMap::new();
    let Some(document) = page.document else { return found };
    let loads: BTreeSet<&str> = page.resources().iter().filter_map(|resource| resource.url.host_str()).collect();
    let sends: Vec<url::Url> =
        document.select(&FORMS).filter_map(|form| page.base().join(form.attr("action")?.trim()).ok()).collect();
    let links: BTreeSet<&str> = page.links().iter().filter_map(|link| link.url()?.host_str()).collect();
    let own = page.url().host_str().unwrap_or_default();
    for (name, hosts) in BY_HOST {
        let hosts: Vec<String> = hosts.iter().map(ToString::to_string).collect();
        let is_one = |host: &str| domain::is_under(host, &hosts);
        if is_one(own) {
            continue;
        }
        let by_link = !NOT_BY_LINK.contains(&name) && links.iter().any(|host| is_one(host));
        let by_form = sends.iter().filter_map(url::Url::host_str).any(is_one);
        if by_link || by_form || loads.iter().any(|host| is_one(host)) || is_self_hosted(name, page) {
            found.insert(name, None);
        }
    }
    found.extend(e_signature::vendors(page).map(|vendor| (vendor, None)));
    if document.select(&CLASSED).take(CLASSES + 1).count() > CLASSES {
        let in_address = page.resources().iter().find_map(|resource| version(resource.path()));
        let in_page = || page.scripts().iter().find_map(|(_, text)| version(text.get(..4_000).unwrap_or(text)));
        found.insert(DESIGN_SYSTEM, in_address.or_else(in_page));
    }
    found
}

/// Measurement that a site serves itself, and search behind a host of the agency's own.
fn is_self_hosted(name: &str, page: &PageFacts<'_>) -> bool {
    let loads = |part: &str| page.resources().iter().any(|resource| resource.path().contains(part));
    match name {
        "Digital Analytics Program" => loads("federated-analytics"),
        "Search.gov" => {
            let affiliate =
                |(element, _): &(crate::html::Element<'_>, String)| element.text().contains("usasearch_config");
            page.scripts().iter().any(affiliate)
                || page.document.is_some_and(|document| {
                    let mut fields = document.with_attr("name");
                    fields.any(|field| field.name() == "input" && field.attr("name") == Some("affiliate"))
                })
        }
        _ => false,
    }
}

fn version(text: &str) -> Option<String> {
    VERSION.captures(text)?.get(1).map(|found| found.as_str().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Page, Standing};
    use crate::web::Capture;

    #[test]
    fn services_are_known_by_what_a_page_loads_links_to_and_sends_to() {
        let usa = "<div class=usa-a></div>".repeat(6);
        for (html, wanted) in [
            ("<form action=https://search.usa.gov/search><input name=affiliate></form>", vec!["Search.gov"]),
            ("<a href=https://secure.login.gov/>Sign in</a>", vec!["Login.gov"]),
            ("<a href=https://touchpoints.app.cloud.gov/x>Survey</a>", vec![]),
            ("<script src=/js/Universal-Federated-Analytics-Min.js></script>", vec!["Digital Analytics Program"]),
            ("<iframe src=https://na4.docusign.net/Member/PowerFormSigning.aspx></iframe>", vec!["DocuSign"]),
            ("<p>Nothing</p>", vec![]),
            (usa.as_str(), vec![DESIGN_SYSTEM]),
        ] {
            assert_eq!(read(html).into_keys().collect::<Vec<_>>(), wanted, "{html}");
        }
        let versioned = format!("<script src=/assets/uswds-3.8.1/js/uswds.min.js></script>{usa}");
        assert_eq!(read(&versioned)[DESIGN_SYSTEM].as_deref(), Some("3.8.1"));
    }

    fn read(html: &str) -> BTreeMap<&'static str, Option<String>> {
        let url = url::Url::parse("https://www.agency.example/").expect("an address");
        let capture = Capture::page(url, "text/html; charset=utf-8", html.to_string());
        let page = Page::read(&capture);
        used(&page.facts(Standing::Inner, jiff::civil::date(2026, 11, 22)))
    }
}
