//! Vendors of electronic signatures, by the marks they leave on a page.
//!
//! In: a page. Out: the vendors with whom people can sign from there: their scripts and frames, forms that are sent to them, links to
//! something to sign. Invariant: an inventory. A link to what a vendor says of itself, its logo and its test hosts are no way to sign, and a
//! page without a vendor may let people sign by itself. What scripts load later is not seen. Tested below and by the labelled cases of
//! `tests/it/detectors.rs`.

use std::collections::BTreeSet;
use std::sync::LazyLock;
use url::Url;

use super::{PageFacts, ResourceKind};
use crate::html::{Document, Selector};
use crate::web::address;

/// A vendor, and the domains below which people sign.
const VENDORS: [(&str, &[&str]); 12] = [
    ("DocuSign", &["docusign.net", "docusign.com"]),
    ("Adobe Acrobat Sign", &["adobesign.com", "adobesigncdn.com", "echosign.com", "documents.adobe.com"]),
    ("Dropbox Sign", &["hellosign.com", "dropboxsign.com"]),
    ("OneSpan Sign", &["onespan.com", "esignlive.com", "e-signlive.com"]),
    ("SignNow", &["signnow.com"]),
    ("PandaDoc", &["pandadoc.com"]),
    ("Foxit eSign", &["foxitesign.com", "foxitesign.foxit.com", "esigngenie.com"]),
    ("RightSignature", &["rightsignature.com"]),
    ("AssureSign", &["assuresign.net", "assuresign.com"]),
    ("SIGNiX", &["signix.net", "signix.com"]),
    ("Zoho Sign", &["sign.zoho.com", "sign.zohopublic.com", "zohosign.com"]),
    ("SignWell", &["signwell.com"]),
];

/// Domains on which a vendor's own name alone is an address to sign at; elsewhere it is what the vendor says of itself.
const FOR_SIGNING: [&str; 7] = [
    "docusign.net",
    "documents.adobe.com",
    "foxitesign.foxit.com",
    "assuresign.net",
    "signix.net",
    "sign.zoho.com",
    "sign.zohopublic.com",
];

/// First labels of hosts on which vendors speak of themselves.
const ABOUT: [&str; 19] = [
    "support",
    "help",
    "helpx",
    "trust",
    "status",
    "developer",
    "developers",
    "community",
    "blog",
    "go",
    "info",
    "investor",
    "learn",
    "marketplace",
    "partners",
    "legal",
    "resources",
    "faq",
    "api-docs",
];

/// Labels of hosts on which builders try things out.
const FOR_TESTS: [&str; 7] = ["demo", "sandbox", "staging", "test", "qa", "account-d", "apps-d"];

/// Beginnings of paths by which even a vendor's first host leads to something to sign.
const TO_SIGN: [&str; 4] = ["/s/", "/new_doc/", "/member/powerformsigning", "/public/esignwidget"];

static FORMS: LazyLock<Selector> = LazyLock::new(|| Selector::parse("form[action]").expect("a constant selector"));

/// What all names of vendors' domains have one of: most addresses of most pages have none, and are not compared with each.
const ANY_OF: [&str; 4] = ["sign", "pandadoc", "onespan", "documents.adobe"];

/// The vendors of a page, looked for once.
struct Vendors(BTreeSet<&'static str>);

/// The vendors with whom people can sign from a page.
pub fn vendors<'a>(page: &PageFacts<'a>) -> impl Iterator<Item = &'static str> + use<'a> {
    let found = page.document.map(|document| document.remembered(|document| Vendors(read(document, page))));
    found.into_iter().flat_map(|found| found.0.iter().copied())
}

fn read(document: &Document, page: &PageFacts<'_>) -> BTreeSet<&'static str> {
    let runs = page
        .resources()
        .iter()
        .filter(|resource| matches!(resource.kind, ResourceKind::Script | ResourceKind::Frame | ResourceKind::Plugin));
    let loads = runs.filter_map(|resource| vendor(&resource.url));
    let links = page.links().iter().filter_map(|link| vendor(link.url()?));
    let actions = document.select(&FORMS).filter_map(|form| page.base().join(form.attr("action")?.trim()).ok());
    let sends = actions.filter_map(|action| vendor(&action));
    loads.chain(links).chain(sends).filter(|(_, hosts)| !is_own(page.url(), hosts)).map(|(name, _)| name).collect()
}

/// The vendor at whose address something is signed.
fn vendor(url: &Url) -> Option<(&'static str, &'static [&'static str])> {
    let host = url.host_str().filter(|host| ANY_OF.iter().any(|part| host.contains(part)))?;
    let is_under = |hosts: &&[&str]| hosts.iter().any(|suffix| address::is_subdomain_of(host, suffix));
    let (name, hosts) = VENDORS.into_iter().find(|(_, hosts)| is_under(hosts))?;
    (!host.split('.').any(|label| FOR_TESTS.contains(&label)) && is_to_sign(url, host, hosts)).then_some((name, hosts))
}

fn is_to_sign(url: &Url, host: &str, hosts: &[&str]) -> bool {
    let path = url.path().to_ascii_lowercase();
    let first = host.split('.').next().unwrap_or_default();
    let is_first = hosts.contains(&host) || first == "www";
    is_first && TO_SIGN.iter().any(|begin| path.starts_with(begin))
        || FOR_SIGNING.iter().any(|suffix| hosts.contains(suffix) && address::is_subdomain_of(host, suffix))
        || !(is_first || ABOUT.contains(&first))
}

/// A vendor's own site is no site that uses it.
fn is_own(page: &Url, hosts: &[&str]) -> bool {
    page.host_str().is_some_and(|host| hosts.iter().any(|suffix| address::is_subdomain_of(host, suffix)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_domain_has_a_part_by_which_it_is_looked_for() {
        for domain in VENDORS.iter().flat_map(|(_, domains)| *domains) {
            assert!(ANY_OF.iter().any(|part| domain.contains(part)), "{domain}");
        }
        assert!(FOR_SIGNING.iter().all(|domain| VENDORS.iter().any(|(_, domains)| domains.contains(domain))));
    }

    #[test]
    fn an_address_to_sign_at_is_told_from_what_a_vendor_says_of_itself() {
        for (url, wanted) in [
            ("https://na4.docusign.net/Member/PowerFormSigning.aspx?PowerFormId=1", Some("DocuSign")),
            ("https://www.docusign.net/Member/PowerFormSigning.aspx?PowerFormId=1", Some("DocuSign")),
            ("https://powerforms.docusign.com/x", Some("DocuSign")),
            ("https://www.docusign.com/products", None),
            ("https://docusign.com/", None),
            ("https://support.docusign.com/s/article", None),
            ("https://demo.docusign.net/Member/PowerFormSigning.aspx?x=1", None),
            ("https://secure.na1.adobesign.com/public/esignWidget?wid=1", Some("Adobe Acrobat Sign")),
            ("https://agency.na2.documents.adobe.com/public/esignWidget?wid=1", Some("Adobe Acrobat Sign")),
            ("https://www.adobe.com/sign.html", None),
            ("https://get.adobe.com/reader/", None),
            ("https://www.signnow.com/s/abc", Some("SignNow")),
            ("https://www.signnow.com/pricing", None),
            ("https://notdocusign.com/s/x", None),
            ("https://www.agency.example/docusign.net/", None),
        ] {
            let found = vendor(&Url::parse(url).expect("an address")).map(|(name, _)| name);
            assert_eq!(found, wanted, "{url}");
        }
    }
}
