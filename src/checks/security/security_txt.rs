//! `security-txt`: the site's security.txt is valid and has not expired (RFC 9116).
//!
//! In: the answer at the well-known path, and the day. Out: one verdict for each fault, else a pass. Whether there is a file
//! at all is another question: without one it is inapplicable. Tested by the rules that use it.

use jiff::civil::Date;
use serde::Deserialize;
use url::Url;

use crate::checks::parameters::site;
use crate::checks::{Entry, Scope, SiteCheck};
use crate::facts::{Need, Reply, SiteView};
use crate::verdict::{Locator, Verdict};
use crate::web::security_txt::SecurityTxt;
use crate::web::{Capture, address};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "security-txt",
    asks: "Is security.txt valid and current?",
    scope: Scope::Site,
    parameters: &[
        ("path", "where the file is"),
        ("asks", "form: are its fields right? expiry: has it expired, or is its day too far off?"),
        ("max-days", "the most days until it expires, for the question after its expiry (optional)"),
    ],
    build: site::<SecurityTxtCheck>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct SecurityTxtCheck {
    path: String,
    asks: Asks,
    max_days: Option<i32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Asks {
    Form,
    Expiry,
}

impl SiteCheck for SecurityTxtCheck {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Path(self.path.clone()), Need::Control]
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        let capture = match site.reply(&Need::Path(self.path.clone())) {
            Some(Reply::Captured(capture)) => capture,
            Some(Reply::Missing | Reply::NotLinked) => return Vec::new(),
            Some(Reply::Problem(kind, detail)) => {
                return vec![Locator::whole().untested(format!("{}: {} ({detail})", self.path, kind.as_str()))];
            }
            Some(Reply::Unknown) | None => {
                return vec![Locator::whole().untested(format!("{} was not fetched", self.path))];
            }
        };
        if !capture.is_success() || capture.media.is_html() || site.is_soft_404(capture) {
            return Vec::new();
        }
        let file = SecurityTxt::parse(&String::from_utf8_lossy(&capture.body));
        match self.asks {
            Asks::Form => form(capture, &file),
            Asks::Expiry => self.expiry(&file, site.today).into_iter().collect(),
        }
    }
}

impl SecurityTxtCheck {
    fn expiry(&self, file: &SecurityTxt, today: Date) -> Option<Verdict> {
        let expires = file.expires()?;
        let at = Locator::whole();
        if expires < today {
            return Some(at.fail(format!("security.txt expired on {expires}"), "a security.txt that has not expired"));
        }
        let days = (expires - today).get_days();
        if let Some(max) = self.max_days
            && days > max
        {
            let observed = format!("security.txt expires on {expires}, in {days} days");
            return Some(at.fail(observed, format!("a day to expire at most {max} days ahead")));
        }
        Some(at.pass(format_args!("security.txt expires on {expires}")))
    }
}

fn form(capture: &Capture, file: &SecurityTxt) -> Vec<Verdict> {
    let mut faults: Vec<(String, &str)> =
        file.problems.iter().map(|problem| (problem.to_string(), "fields as RFC 9116 has them")).collect();
    if capture.media.as_str() != "text/plain" {
        faults.push((format!("the file is served as {}", capture.media.as_str()), "text/plain"));
    }
    if capture.url.scheme() == "http" {
        faults.push(("the file is served by plain http".to_string(), "the file by HTTPS"));
    }
    let canonical: Vec<Url> = file.values("canonical").filter_map(|value| Url::parse(value).ok()).collect();
    let names_itself =
        canonical.iter().map(address::canonical).any(|named| named == capture.url || named == capture.requested);
    if !canonical.is_empty() && !names_itself && capture.headers.is_some() {
        faults.push((format!("Canonical does not name {}", capture.url), "a Canonical with the address of the file"));
    }
    if faults.is_empty() {
        return vec![Locator::whole().pass("security.txt has the fields it needs")];
    }
    let observed = faults.iter().map(|(fault, _)| fault.as_str()).collect::<Vec<_>>().join("; ");
    let expected = faults.first().map_or("", |(_, expected)| *expected);
    vec![Locator::whole().fail(observed, expected)]
}
