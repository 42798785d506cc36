//! The front doors of a site's host and of its twin: what is asked there, and what the answers say.
//!
//! In: a site's root. Out: asks with keys that name the door, then [`Doors`], then the facts of hosts. They go through the crawl
//! like every ask: paced, guarded, remembered, and kept to robots.txt, because a front door is a page like any other. Each
//! door is asked twice by name and once in fact: for the redirect itself, and for where it leads. Tested in `tests/it/probe.rs`.

use std::collections::BTreeMap;
use url::Url;

use crate::crawl::{Ask, Redirects, Reply as Heard, SiteId};
use crate::facts::{Endpoint, HostStanding, Landing};
use crate::web::{Capture, address, registered};

/// The front doors of a host, by scheme.
const SCHEMES: [&str; 2] = ["http", "https"];

/// What was heard at the doors of a site.
#[derive(Debug, Default)]
pub(super) struct Doors {
    endpoints: BTreeMap<(&'static str, &'static str), Endpoint>,
    landings: BTreeMap<(&'static str, &'static str), Landing>,
}

/// Whose door, as keys spell it.
fn word(standing: HostStanding) -> &'static str {
    match standing {
        HostStanding::Own => "own",
        HostStanding::Twin => "twin",
    }
}

/// The root of the same registered name with `www.`, or without it; `None` for names below it, other ports, addresses.
pub(super) fn twin(root: &Url) -> Option<Url> {
    let host = root.domain().filter(|_| root.port().is_none())?;
    let bare = address::without_www(host);
    if registered(bare) != Some(bare) {
        return None;
    }
    let other = if bare == host { format!("www.{bare}") } else { bare.to_string() };
    let mut url = root.join("/").ok()?;
    url.set_host(Some(&other)).ok()?;
    Some(url)
}

/// The asks at the doors of a host on the usual ports and of its twin; a host on another port has one door only.
pub(super) fn asks(site: SiteId, root: &Url) -> Vec<Ask> {
    let mut asks = Vec::new();
    for (standing, root) in [(HostStanding::Own, Some(root.clone())), (HostStanding::Twin, twin(root))] {
        let Some(root) = root else { continue };
        for scheme in SCHEMES {
            let mut url = root.clone();
            url.set_path("/");
            if (url.port().is_some() && url.scheme() != scheme) || url.set_scheme(scheme).is_err() {
                continue;
            }
            for (what, follow) in [("door", Redirects::Record), ("way", Redirects::Follow)] {
                let key = format!("{what}:{}:{scheme}", word(standing));
                asks.push(Ask { site, key, url: url.clone(), follow });
            }
        }
    }
    asks
}

impl Doors {
    /// Takes in the reply to one of [`asks`]; gives it back when it is to something else.
    ///
    /// # Errors
    /// The reply, when the key is no door's.
    pub(super) fn take(&mut self, key: &str, heard: Heard) -> Result<(), Heard> {
        let mut parts = key.split(':');
        let what = parts.next();
        let find = |part: Option<&str>, known: [&'static str; 2]| known.into_iter().find(|word| part == Some(*word));
        let whose = find(parts.next(), [word(HostStanding::Own), word(HostStanding::Twin)]);
        let door = whose.zip(find(parts.next(), SCHEMES));
        match (what, door) {
            (Some("door"), Some(door)) => drop(self.endpoints.insert(door, endpoint(heard))),
            (Some("way"), Some(door)) => {
                if let Heard::Captured(capture) = heard {
                    self.landings.insert(door, landing(&capture));
                }
            }
            (Some(_) | None, _) => return Err(heard),
        }
        Ok(())
    }

    /// True when nobody asked at any door.
    pub(super) fn is_empty(&self) -> bool {
        self.endpoints.is_empty()
    }

    /// What was heard at both doors of a host: http, then https.
    pub(super) fn of(&mut self, standing: HostStanding) -> [Endpoint; 2] {
        SCHEMES.map(|scheme| {
            let door = (word(standing), scheme);
            let why = "the host answers on another port, whose twin is not known";
            let mut endpoint = self.endpoints.remove(&door).unwrap_or(Endpoint::NotAsked(why.to_string()));
            if let Endpoint::Answered { lands, .. } = &mut endpoint {
                *lands = self.landings.remove(&door);
            }
            endpoint
        })
    }
}

/// True for the key of a door whose silence is no loss: the other name need not exist, and a way has its door.
pub(super) fn may_be_silent(key: &str) -> bool {
    key.starts_with("way:") || key.starts_with("door:twin:")
}

fn endpoint(heard: Heard) -> Endpoint {
    match heard {
        Heard::Captured(capture) => Endpoint::Answered {
            status: capture.status,
            headers: capture.headers.clone().unwrap_or_default(),
            location: capture.header("location").and_then(|location| capture.url.join(location).ok()),
            lands: None,
            peer: capture.peer,
        },
        Heard::Missing | Heard::Unknown => Endpoint::NotAsked("it was not asked".to_string()),
        Heard::Problem(problem) => Endpoint::Problem { kind: problem.kind, detail: problem.detail },
    }
}

fn landing(capture: &Capture) -> Landing {
    let steps = capture.hops.iter().map(|hop| (hop.url.clone(), hop.status)).collect();
    Landing { steps, url: capture.url.clone(), status: capture.status }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_registered_name_has_a_twin() {
        for (root, other) in [
            ("https://agency.gov/", Some("https://www.agency.gov/")),
            ("https://www.ci.springfield.or.us/a", None),
            ("https://springfield.or.us/", Some("https://www.springfield.or.us/")),
            ("https://data.agency.gov/", None),
            ("http://127.0.0.1/", None),
            ("http://agency.gov:8080/", None),
        ] {
            let found = twin(&Url::parse(root).expect("a constant address"));
            assert_eq!(found.as_ref().map(Url::as_str), other, "{root}");
        }
    }

    #[test]
    fn every_door_of_a_name_and_its_twin_is_asked() {
        let asked = |root: &str| asks(SiteId(0), &Url::parse(root).expect("a constant address")).len();
        assert_eq!(asked("https://agency.gov/"), 8);
        assert_eq!(asked("https://data.agency.gov/"), 4);
        assert_eq!(asked("http://127.0.0.1:8080/"), 2);
    }
}
