//! The front doors of a site's host and of its twin: what is asked there, and what the answers say.
//!
//! In: a site's root. Out: asks with keys that name the door, then [`Doors`], then the facts of hosts. They go through the crawl
//! like every ask: paced, guarded, remembered, and kept to robots.txt, because a front door is a page like any other. Each
//! door is asked twice by name and once in fact: for the redirect itself, and for where it leads. Tested in `tests/it/probe.rs`.

use std::collections::BTreeMap;
use url::Url;

use crate::crawl::{Ask, Redirects, Reply as Heard, SiteId};
use crate::facts::{Endpoint, HostStanding, Landing, twin};
use crate::web::{Capture, address};

/// The front doors of a host, by scheme.
const SCHEMES: [&str; 2] = ["http", "https"];

const ALL: [HostStanding; 4] = [HostStanding::Own, HostStanding::Twin, HostStanding::Typed, HostStanding::TypedTwin];

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
        HostStanding::Typed => "typed",
        HostStanding::TypedTwin => "typed-twin",
    }
}

/// The names of a site: its own, the one that was typed where that is another, and the twins of both.
pub(super) fn names(root: &Url, typed: &Url) -> Vec<(HostStanding, Url)> {
    let mut names = vec![(HostStanding::Own, root.clone())];
    let bare = |url: &Url| address::without_www(&address::site_of(url)).to_string();
    if bare(root) != bare(typed)
        && let Ok(typed) = typed.join("/")
    {
        names.push((HostStanding::Typed, typed));
    }
    let twins: Vec<_> = names.iter().filter_map(|(standing, url)| Some((standing.twin(), twin(url)?))).collect();
    names.extend(twins);
    names
}

/// The asks at the doors of a host on the usual ports; a host on another port has one door only.
pub(super) fn asks(site: SiteId, standing: HostStanding, root: &Url) -> Vec<Ask> {
    let mut asks = Vec::new();
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
        let (whose, scheme) = (parts.next(), parts.next());
        let whose = ALL.into_iter().map(word).find(|word| whose == Some(*word));
        let door = whose.zip(SCHEMES.into_iter().find(|known| scheme == Some(*known)));
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
                *lands = self.landings.remove(&door).map(Box::new);
            }
            endpoint
        })
    }
}

/// True for the key of a door whose silence is no loss: the other name need not exist, and a way has its door.
pub(super) fn may_be_silent(key: &str) -> bool {
    key.starts_with("way:") || key.contains("twin:")
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
    fn every_door_of_every_name_is_asked() {
        let url = |text: &str| Url::parse(text).expect("a constant address");
        let asked = |root: &str, typed: &str| {
            let names = names(&url(root), &url(typed));
            names.iter().map(|(standing, url)| asks(SiteId(0), *standing, url).len()).sum::<usize>()
        };
        assert_eq!(asked("https://agency.gov/", "https://agency.gov/"), 8);
        assert_eq!(asked("https://www.agency.gov/", "http://agency.gov/a"), 8);
        assert_eq!(asked("https://www.agency.gov/", "http://old.gov/"), 16);
        assert_eq!(asked("https://data.agency.gov/", "https://data.agency.gov/"), 4);
        assert_eq!(asked("http://127.0.0.1:8080/", "http://127.0.0.1:8080/"), 2);
    }
}
