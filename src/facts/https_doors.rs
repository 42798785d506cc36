//! Four endpoints as pshtt looks at them: which is live, which leads where, which is the one people arrive at.
//!
//! In: two hosts. Out: [`Doors`]. "Internal" is what stays under one registered name. Invariant: three values; a question
//! whose answer depends on an endpoint that nobody could ask has none. Tested in `https.rs` and `tests/it/probe.rs`.

use jiff::civil::Date;
use url::Url;

use super::{Endpoint, HostFacts};
use crate::web::registered;
use crate::web::tls::Tls;

/// The four endpoints of a name.
pub(super) struct Doors<'h> {
    plain: Door<'h>,
    plain_www: Door<'h>,
    secure: Door<'h>,
    secure_www: Door<'h>,
}

/// One endpoint.
#[derive(Clone, Copy)]
pub(super) struct Door<'h> {
    host: Option<&'h HostFacts>,
    pub(super) is_secure: bool,
    is_www: bool,
}

impl<'h> Doors<'h> {
    /// The endpoints of the name without `www.` and with it; a host that is not there is down.
    pub(super) fn of(root: Option<&'h HostFacts>, www: Option<&'h HostFacts>) -> Self {
        let door = |host, is_secure, is_www| Door { host, is_secure, is_www };
        Self {
            plain: door(root, false, false),
            plain_www: door(www, false, true),
            secure: door(root, true, false),
            secure_www: door(www, true, true),
        }
    }

    pub(super) fn all(&self) -> Vec<&Door<'h>> {
        vec![&self.plain, &self.plain_www, &self.secure, &self.secure_www]
    }

    pub(super) fn secure(&self) -> Vec<&Door<'h>> {
        vec![&self.secure, &self.secure_www]
    }

    pub(super) fn plain(&self) -> Vec<&Door<'h>> {
        vec![&self.plain, &self.plain_www]
    }

    pub(super) fn root_secure(&self) -> Option<&Door<'h>> {
        Some(&self.secure).filter(|door| door.host.is_some())
    }

    pub(super) fn any(&self, doors: &[&Door<'h>], is: fn(&Door<'h>) -> Option<bool>) -> Option<bool> {
        or(doors.iter().map(|door| is(door)))
    }

    fn every(&self, doors: &[&Door<'h>], is: impl Fn(&Door<'h>) -> Option<bool>) -> Option<bool> {
        and(doors.iter().map(|door| is(door)))
    }

    /// The endpoint at which people arrive; `None` when nobody knows.
    pub(super) fn canonical(&self) -> Option<&Door<'h>> {
        let www = self.prefers_www()?;
        let secure = self.prefers_https()?;
        Some(match (secure, www) {
            (true, true) => &self.secure_www,
            (true, false) => &self.secure,
            (false, true) => &self.plain_www,
            (false, false) => &self.plain,
        })
    }

    /// The secure endpoint of the host at which people arrive.
    pub(super) fn canonical_secure(&self) -> Option<&Door<'h>> {
        Some(if self.prefers_www()? { &self.secure_www } else { &self.secure })
    }

    fn prefers_www(&self) -> Option<bool> {
        let www = [&self.plain_www, &self.secure_www];
        let roots = [&self.plain, &self.secure];
        let live = self.any(&www, Door::is_live);
        let unused = self.every(&roots, Door::is_unused);
        let down = self.every(&roots, |door| door.is_live().map(|live| !live));
        let leads = self.any(&roots, Door::leads_to_www);
        and([live, unused, or([down, leads])])
    }

    fn prefers_https(&self) -> Option<bool> {
        let good = or(self.secure().iter().map(|door| and([door.is_live(), door.is_named()])));
        let unused = self.every(&self.plain(), Door::is_unused);
        let down = self.every(&self.plain(), |door| door.is_live().map(|live| !live));
        let leads = self.any(&self.plain(), Door::leads_to_own_https);
        and([good, unused, or([down, leads])])
    }

    /// One of these leads to another registered name, and every other does or is down.
    pub(super) fn is_redirect_domain(&self, doors: &[&Door<'h>]) -> Option<bool> {
        let leads = self.any(doors, Door::leads_away);
        let others = self.every(doors, |door| or([door.leads_away(), door.is_out_of_use()]));
        and([leads, others])
    }

    /// Somebody answers by HTTPS, and nobody stays on plain http.
    pub(super) fn strictly_forces(&self) -> Option<bool> {
        let somewhere = self.any(&self.secure(), Door::is_live);
        let nowhere = self.every(&self.plain(), |door| {
            let down = door.is_live().map(|live| !live);
            or([down, door.leads_at_once(|to| to.scheme() == "https")])
        });
        and([somewhere, nowhere])
    }

    /// What stood in the way, for people.
    pub(super) fn notes(&self) -> Option<String> {
        let notes: Vec<String> = self.all().iter().filter_map(|door| door.note()).collect();
        (!notes.is_empty()).then(|| notes.join("; "))
    }
}

impl<'h> Door<'h> {
    fn endpoint(&self) -> Option<&'h Endpoint> {
        self.host.map(|host| if self.is_secure { &host.https } else { &host.http })
    }

    /// Somebody answers. With a certificate that is not trusted the handshake is the answer.
    pub(super) fn is_live(&self) -> Option<bool> {
        let Some(endpoint) = self.endpoint() else { return Some(false) };
        if self.tls().is_some() { Some(true) } else { endpoint.is_live() }
    }

    /// HTTP was spoken there.
    pub(super) fn spoke(&self) -> bool {
        self.endpoint().and_then(Endpoint::is_live) == Some(true)
    }

    /// The header fields are known.
    pub(super) fn knows_headers(&self) -> bool {
        self.endpoint().is_some_and(|endpoint| endpoint.answer().is_some())
    }

    pub(super) fn header(&self, name: &str) -> Option<&'h str> {
        self.endpoint()?.answer()?.1.first(name)
    }

    pub(super) fn tls(&self) -> Option<&'h Tls> {
        self.host.filter(|_| self.is_secure)?.tls.seen()
    }

    pub(super) fn day(&self) -> Date {
        self.host.map(|host| host.day).unwrap_or_default()
    }

    pub(super) fn address(&self) -> String {
        let scheme = if self.is_secure { "https" } else { "http" };
        let host = self.host.map_or("", |host| &host.host);
        format!("{scheme}://{host}")
    }

    pub(super) fn ip(&self) -> Option<String> {
        match self.endpoint()? {
            Endpoint::Answered { peer, .. } => peer.map(|ip| ip.to_string()),
            Endpoint::Problem { .. } | Endpoint::NotAsked(_) => self.tls()?.address.map(|ip| ip.to_string()),
        }
    }

    /// Where its redirects lead in the end.
    pub(super) fn lands(&self) -> Option<&'h Url> {
        match self.endpoint()? {
            Endpoint::Answered { lands, location, .. } => lands.as_ref().map(|lands| &lands.url).or(location.as_ref()),
            Endpoint::Problem { .. } | Endpoint::NotAsked(_) => None,
        }
    }

    /// From HTTPS back to plain http under the same registered name; `None` when nobody heard its answer.
    pub(super) fn downgrades(&self) -> Option<bool> {
        self.knows_headers().then_some(())?;
        self.leads_at_once(|to| to.scheme() == "http" && !self.is_outside(to))
    }

    /// The certificate names the host; plain http has none and cannot be wrong.
    fn is_named(&self) -> Option<bool> {
        match self.tls() {
            Some(tls) => tls.named,
            None if self.spoke() => Some(true),
            None => Some(false),
        }
    }

    /// Redirects, is down, has the wrong certificate, or answers with an error: nobody stays there.
    fn is_unused(&self) -> Option<bool> {
        let Some(endpoint) = self.endpoint() else { return Some(true) };
        if self.tls().is_some_and(|tls| tls.named == Some(false)) {
            return Some(true);
        }
        match endpoint {
            Endpoint::Answered { status, .. } => Some(!(200..300).contains(status)),
            Endpoint::Problem { kind, .. } if kind.is_an_answer() => Some(true),
            Endpoint::Problem { .. } if self.tls().is_some() => None,
            Endpoint::Problem { .. } | Endpoint::NotAsked(_) => endpoint.is_live().map(|live| !live),
        }
    }

    /// Is down, has the wrong certificate, or answers with an error.
    fn is_out_of_use(&self) -> Option<bool> {
        let Some(endpoint) = self.endpoint() else { return Some(true) };
        match endpoint {
            Endpoint::Answered { status, .. } => Some(*status >= 400),
            Endpoint::Problem { .. } | Endpoint::NotAsked(_) => self.is_unused(),
        }
    }

    fn leads_at_once(&self, there: impl Fn(&Url) -> bool) -> Option<bool> {
        match self.endpoint() {
            None => Some(false),
            Some(Endpoint::Answered { location: Some(to), status: 300..=399, .. }) => Some(there(to)),
            Some(Endpoint::Answered { .. }) => Some(false),
            Some(other) => other.is_live().map(|_| false),
        }
    }

    fn leads_to_www(&self) -> Option<bool> {
        self.leads_at_once(|to| to.host_str().is_some_and(|host| host.starts_with("www.")) && !self.is_outside(to))
    }

    fn leads_to_own_https(&self) -> Option<bool> {
        self.leads_at_once(|to| to.scheme() == "https" && !self.is_outside(to))
    }

    fn leads_away(&self) -> Option<bool> {
        match self.endpoint() {
            Some(Endpoint::Answered { status: 300..=399, .. }) => {
                Some(self.lands().is_some_and(|to| self.is_outside(to)))
            }
            Some(Endpoint::Answered { .. }) | None => Some(false),
            Some(other) => other.is_live().map(|_| false),
        }
    }

    /// Under another registered name than the door itself.
    fn is_outside(&self, to: &Url) -> bool {
        let own = self.host.map_or("", |host| host.host.split(':').next().unwrap_or_default());
        let there = to.host_str().unwrap_or_default();
        match (registered(own), registered(there)) {
            (Some(own), Some(there)) => own != there,
            (None, _) | (_, None) => own != there,
        }
    }

    fn note(&self) -> Option<String> {
        let Endpoint::Problem { kind, detail } = self.endpoint()? else { return None };
        let www = if self.is_www && !self.address().contains("www.") { " (www)" } else { "" };
        Some(format!("{}{www}: {} ({detail})", self.address(), kind.as_str()))
    }
}

/// True when all are, false when one is not, else unknown.
fn and(all: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = Some(true);
    for one in all {
        match one {
            Some(false) => return Some(false),
            Some(true) => {}
            None => known = None,
        }
    }
    known
}

/// True when one is, false when none is, else unknown.
fn or(all: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = Some(false);
    for one in all {
        match one {
            Some(true) => return Some(true),
            Some(false) => {}
            None => known = None,
        }
    }
    known
}
