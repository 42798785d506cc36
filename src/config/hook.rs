//! Whom to tell when a run has ended.
//!
//! In: `--webhook` and the secret. Out: a [`Hook`]. Invariant: an address that cannot be told anything is refused before anything is
//! fetched, and neither the address nor the secret is repeated in a message. Tested below and in `tests/it/notify.rs`.

use url::Url;

use super::{ConfigError, Raw};
use crate::notify::{Hook, Pauses};

/// Fewer characters can be guessed.
const SHORTEST_SECRET: usize = 16;

/// The hook of what was typed, when there is one.
///
/// # Errors
/// An address that is none, and a secret that anybody could guess.
pub fn hook(raw: &Raw) -> Result<Option<Hook>, ConfigError> {
    let Some(word) = &raw.webhook else { return Ok(None) };
    let wrong =
        || ConfigError::of("--webhook is no web address", "write --webhook https://hooks.agency.example/audits");
    let url = Url::parse(word.trim()).map_err(|_| wrong())?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(wrong());
    }
    let secret = raw.webhook_secret.clone().filter(|secret| !secret.is_empty());
    if secret.as_ref().is_some_and(|secret| secret.len() < SHORTEST_SECRET) {
        return Err(ConfigError::of(
            format!("the secret of --webhook has fewer than {SHORTEST_SECRET} characters"),
            "set IDEA_AUDIT_WEBHOOK_SECRET to a long random word: openssl rand -hex 32",
        ));
    }
    Ok(Some(Hook { url, secret, pauses: Pauses::default() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_told_anything_is_refused_without_repeating_it() {
        for (webhook, secret, says) in [
            ("hooks.agency.example/token", None, "no web address"),
            ("ftp://hooks.agency.example/token", None, "no web address"),
            ("https://hooks.agency.example/token", Some("short"), "fewer than 16"),
        ] {
            let raw = Raw {
                webhook: Some(webhook.to_string()),
                webhook_secret: secret.map(str::to_string),
                ..Raw::default()
            };
            let error = hook(&raw).err().expect("is refused").to_string();
            assert!(error.contains(says) && !error.contains("token") && !error.contains("short"), "{error}");
        }
        let raw = Raw { webhook: Some("https://hooks.agency.example/".to_string()), ..Raw::default() };
        assert_eq!(hook(&raw).expect("is understood").expect("is there").secret, None);
    }
}
