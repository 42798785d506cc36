//! Who may hear the secrets that were typed.
//!
//! In: headers, `--auth`, and the seeds as typed, perhaps with a user and password (RFC 3986, 3.2.1). Out: requests with
//! the fields their host may see. Invariants: a secret goes to the host that was typed, to its "www." twin and up to
//! https, never to another host and never from https down to http; no address keeps its password. Tested below.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use reqwest::RequestBuilder;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use url::Url;

use super::settings::{Settings, SetupError};
use crate::web::address;

/// User and password.
type Login = (String, String);

/// The secrets of a run.
#[derive(Debug)]
pub(super) struct Credentials {
    fields: HeaderMap,
    auth: Option<Login>,
    places: BTreeMap<(String, String, u16), Option<Login>>,
}

/// An address without user and password.
pub(super) fn without(url: &Url) -> Url {
    let mut url = url.clone();
    // An address that cannot have a user has none to lose.
    let _ = (url.set_username(""), url.set_password(None));
    url
}

impl Credentials {
    /// The secrets for the hosts of the seeds.
    ///
    /// # Errors
    /// A header that HTTP does not allow.
    pub(super) fn of(settings: &Settings, seeds: &[Url]) -> Result<Self, SetupError> {
        let mut fields = HeaderMap::new();
        for (name, value) in &settings.headers {
            let refused = || SetupError::Header(name.clone());
            let field = HeaderName::from_bytes(name.as_bytes()).map_err(|_| refused())?;
            fields.append(field, HeaderValue::from_str(value).map_err(|_| refused())?);
        }
        let mut places = BTreeMap::new();
        for seed in seeds {
            let place = place(seed);
            let upgrade = (place.0 == "http").then(|| {
                let port = if place.2 == 80 { 443 } else { place.2 };
                ("https".to_string(), place.1.clone(), port)
            });
            for place in [Some(place), upgrade].into_iter().flatten() {
                let held = places.entry(place).or_insert(None);
                *held = held.take().or_else(|| login(seed));
            }
        }
        Ok(Self { fields, auth: settings.auth.clone(), places })
    }

    /// The request with what its address may hear.
    pub(super) fn seal(&self, request: RequestBuilder, url: &Url) -> RequestBuilder {
        let Some(own) = self.places.get(&place(url)) else { return request };
        let request = request.headers(self.fields.clone());
        match self.auth.as_ref().or(own.as_ref()).filter(|_| !self.fields.contains_key(AUTHORIZATION)) {
            Some((user, password)) => request.basic_auth(user, Some(password)),
            None => request,
        }
    }
}

/// Scheme, host without "www." and port: what shares its secrets.
fn place(url: &Url) -> (String, String, u16) {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    let port = url.port_or_known_default().unwrap_or_default();
    (url.scheme().to_string(), address::without_www(host).to_string(), port)
}

fn login(url: &Url) -> Option<Login> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let plain = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    Some((plain(url.username()), plain(url.password().unwrap_or_default())))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a request to an address says for its authorization.
    fn said(credentials: &Credentials, url: &str) -> Option<String> {
        let url = Url::parse(url).expect(url);
        let request = credentials.seal(reqwest::Client::new().get(url.clone()), &url).build().expect("a request");
        request.headers().get(AUTHORIZATION).map(|value| value.to_str().expect("is text").to_string())
    }

    #[test]
    fn secrets_go_to_the_host_its_twin_and_up_to_https_and_nowhere_else() {
        let settings = Settings { auth: Some(("user".to_string(), "word".to_string())), ..Settings::default() };
        let table = [
            ("http://a.example", "http://a.example/x", true),
            ("http://a.example", "http://www.a.example/", true),
            ("http://www.a.example", "http://a.example/", true),
            ("http://a.example", "https://www.a.example/", true),
            ("http://a.example:8080", "https://a.example:8080/", true),
            ("http://a.example", "https://a.example:8443/", false),
            ("https://a.example", "http://a.example/", false),
            ("https://a.example", "http://www.a.example/", false),
            ("https://a.example", "https://b.a.example/", false),
            ("https://a.example", "https://a.example:8443/", false),
            ("https://a.example", "https://b.example/", false),
        ];
        for (seed, to, hears) in table {
            let credentials = Credentials::of(&settings, &[Url::parse(seed).expect(seed)]).expect("are good");
            assert_eq!(said(&credentials, to).is_some(), hears, "{seed} {to}");
        }
    }

    #[test]
    fn a_password_in_a_seed_is_for_that_seed_unless_one_was_given_for_all() {
        let seeds =
            ["https://us%40er:wo%20rd@a.example", "https://b.example"].map(|seed| Url::parse(seed).expect(seed));
        let own = Credentials::of(&Settings::default(), &seeds).expect("are good");
        assert_eq!(said(&own, "https://a.example/").as_deref(), Some("Basic dXNAZXI6d28gcmQ="));
        assert_eq!(said(&own, "https://b.example/"), None);
        let auth = Some(("user".to_string(), "word".to_string()));
        let all = Credentials::of(&Settings { auth, ..Settings::default() }, &seeds).expect("are good");
        assert_eq!(said(&all, "https://a.example/").as_deref(), Some("Basic dXNlcjp3b3Jk"));
        assert_eq!(without(&seeds[0]).as_str(), "https://a.example/");
    }
}
