//! How hosts are looked at beside the crawl: what was typed about handshakes, roots, resolvers and the list of browsers.
//!
//! In: [`Raw`] values and the files they name. Out: settings of the probe. Invariant: a file that is not what it should be is
//! refused before anything is fetched. Tested in `tests/it/probe.rs` and below.

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::path::Path;
use std::time::Duration;

use super::{ConfigError, Raw};
use crate::probe::{Probing, Settings};
use crate::web::preload::Preloaded;

/// The settings of the probe.
pub(super) fn probe(raw: &Raw, timeout: Option<Duration>, spacing: Option<Duration>) -> Result<Settings, ConfigError> {
    let defaults = Settings::default();
    let server = |word: &String| {
        word.parse().map_err(|_| {
            ConfigError::of(
                format!("--dns-server {word} is not an address with a port"),
                "write --dns-server 192.0.2.53:53 or --dns-server [2001:db8::53]:53",
            )
        })
    };
    Ok(Settings {
        probing: if raw.no_tls_probe == Some(true) { Probing::Off } else { Probing::On },
        timeout: timeout.unwrap_or(defaults.timeout),
        spacing,
        dns_server: raw.dns_server.as_ref().map(server).transpose()?,
        own_roots: roots(raw)?,
        ..defaults
    })
}

/// The roots of `--ca-file`, DER.
pub(super) fn roots(raw: &Raw) -> Result<Vec<Vec<u8>>, ConfigError> {
    let mut roots = Vec::new();
    for file in &raw.ca_file {
        let todo = "name a file with certificates in PEM, each between BEGIN CERTIFICATE and END CERTIFICATE";
        let text = read(file, "--ca-file", todo)?;
        let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text.as_bytes()).collect();
        let found = found.unwrap_or_default();
        if found.is_empty() {
            return Err(ConfigError::of(format!("--ca-file {}: there is no certificate in it", file.display()), todo));
        }
        roots.extend(found.into_iter().map(|der| der.to_vec()));
    }
    Ok(roots)
}

/// The list of `--hsts-preload`, else the slice that ships.
pub(super) fn preloaded(raw: &Raw) -> Result<Preloaded, ConfigError> {
    let Some(file) = &raw.hsts_preload else { return Ok(Preloaded::default()) };
    let todo = "name a copy of Chromium's net/http/transport_security_state_static.json";
    let text = read(file, "--hsts-preload", todo)?;
    Preloaded::read(&text)
        .map_err(|reason| ConfigError::of(format!("--hsts-preload {}: {reason}", file.display()), todo))
}

fn read(file: &Path, flag: &str, todo: &str) -> Result<String, ConfigError> {
    std::fs::read_to_string(file).map_err(|error| ConfigError::of(format!("{flag} {}: {error}", file.display()), todo))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_wrong_is_refused_with_what_to_do() {
        for (raw, words) in [
            (Raw { dns_server: Some("resolver".to_string()), ..Raw::default() }, "--dns-server resolver"),
            (Raw { ca_file: vec!["Cargo.toml".into()], ..Raw::default() }, "no certificate"),
            (Raw { ca_file: vec!["no such file".into()], ..Raw::default() }, "no such file"),
        ] {
            let error = probe(&raw, None, None).expect_err("is refused");
            assert!(error.to_string().contains(words), "{error}");
        }
        let raw = Raw { hsts_preload: Some("Cargo.toml".into()), ..Raw::default() };
        assert!(preloaded(&raw).expect_err("is refused").to_string().contains("not Chromium's list"));
    }
}
