//! Which protocols and weak cipher suites a host takes, each offered by hand.
//!
//! In: a caller, and what the first handshake has told. Out: the rest of [`Tls::versions`] and [`Tls::weak`]. A closed
//! connection is a refusal, because the host has just proved that it speaks TLS; silence is unknown, because firewalls drop
//! what they do not like. The first silence ends it. Tested in `tests/it/probe.rs`.

use super::Silence;
use super::caller::Caller;
use crate::web::ProblemKind;
use crate::web::tls::record::{self, Said, Suites, weakness};
use crate::web::tls::{Support, Tls, Version, Weakness};

/// Asks for everything that the first handshake left open.
pub(super) async fn ask(caller: &mut Caller, host: &str, tls: &mut Tls) {
    if let Err(silence) = versions(caller, host, tls).await {
        tls.silence = Some(silence.detail);
    }
    if let Err(silence) = weak(caller, host, tls).await {
        tls.silence.get_or_insert(silence.detail);
    }
}

/// Makes one offer.
///
/// # Errors
/// The host cannot be reached any more, or stays silent.
pub(super) async fn offer(caller: &mut Caller, host: &str, version: Version, suites: &Suites) -> Result<Said, Silence> {
    let salt = *blake3::hash(host.as_bytes()).as_bytes();
    if version == Version::Ssl2 {
        return caller.ask(&record::ssl2_hello(salt), record::read_ssl2).await;
    }
    let named = host.parse::<std::net::IpAddr>().is_err() && !host.starts_with('[');
    caller.ask(&record::hello(named.then_some(host), version, suites, salt), record::read).await
}

async fn versions(caller: &mut Caller, host: &str, tls: &mut Tls) -> Result<(), Silence> {
    // From the newest: a server answers with the best it has at or below the offer.
    for version in [Version::Tls12, Version::Tls11, Version::Tls10, Version::Ssl3, Version::Ssl2] {
        if tls.versions.contains_key(&version) {
            continue;
        }
        tls.versions.insert(version, Support::Unknown);
        let took = match offer(caller, host, version, &Suites::Usual).await {
            Ok(Said::Took { version, .. }) => Some(version),
            Ok(Said::Alert(_) | Said::Nonsense) => None,
            Err(silence) if silence.kind == ProblemKind::Tls => None,
            Err(silence) => {
                let rest = [Version::Tls11, Version::Tls10, Version::Ssl3, Version::Ssl2];
                for older in rest.into_iter().filter(|older| *older < version) {
                    tls.versions.entry(older).or_insert(Support::Unknown);
                }
                return Err(silence);
            }
        };
        settle(tls, version, took);
    }
    Ok(())
}

/// What an answer to the offer of a version says of that version, of the one taken, and of those between them.
fn settle(tls: &mut Tls, offered: Version, took: Option<Version>) {
    match took {
        Some(took) if took == offered => {
            tls.versions.insert(offered, Support::Accepted);
        }
        Some(took) => {
            tls.versions.insert(offered, Support::Refused);
            let between = [Version::Tls11, Version::Tls10, Version::Ssl3];
            for passed in between.into_iter().filter(|passed| *passed < offered && *passed > took) {
                tls.versions.entry(passed).or_insert(Support::Refused);
            }
            if took < offered {
                tls.versions.insert(took, Support::Accepted);
            }
        }
        // One alert to an old offer speaks for the versions of TLS below it, too: each of them was offered in it.
        None => {
            tls.versions.insert(offered, Support::Refused);
            if matches!(offered, Version::Tls11 | Version::Tls12) {
                tls.versions.entry(Version::Tls10).or_insert(Support::Refused);
                tls.versions.entry(Version::Tls11).or_insert(Support::Refused);
            }
        }
    }
}

async fn weak(caller: &mut Caller, host: &str, tls: &mut Tls) -> Result<(), Silence> {
    let mut open: Vec<Weakness> = Weakness::ALL.to_vec();
    while !open.is_empty() {
        let said = offer(caller, host, Version::Tls12, &Suites::Weak(open.clone())).await;
        let found = match said {
            Ok(Said::Took { suite, .. }) => weakness(suite).filter(|kind| open.contains(kind)),
            Ok(Said::Alert(_) | Said::Nonsense) => None,
            Err(silence) if silence.kind == ProblemKind::Tls => None,
            Err(silence) => {
                tls.weak.extend(open.into_iter().map(|kind| (kind, Support::Unknown)));
                return Err(silence);
            }
        };
        // What was taken is offered no more, and the rest once again; one no is a no to all that are left.
        match found {
            Some(kind) => {
                tls.weak.insert(kind, Support::Accepted);
                open.retain(|other| *other != kind);
            }
            None => tls.weak.extend(open.drain(..).map(|kind| (kind, Support::Refused))),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_answer_settles_what_lies_between() {
        use Support::{Accepted, Refused};
        use Version::{Ssl3, Tls10, Tls11, Tls12};
        for (offered, took, want) in [
            (Tls12, Some(Tls12), vec![(Tls12, Accepted)]),
            (Tls12, Some(Tls10), vec![(Tls10, Accepted), (Tls11, Refused), (Tls12, Refused)]),
            (Tls11, Some(Ssl3), vec![(Ssl3, Accepted), (Tls10, Refused), (Tls11, Refused)]),
            (Tls11, None, vec![(Tls10, Refused), (Tls11, Refused)]),
            (Ssl3, None, vec![(Ssl3, Refused)]),
            (Ssl3, Some(Tls12), vec![(Ssl3, Refused)]),
        ] {
            let mut tls = Tls::default();
            settle(&mut tls, offered, took);
            assert_eq!(tls.versions.into_iter().collect::<Vec<_>>(), want, "{offered:?} {took:?}");
        }
    }
}
