//! Who sent a summary, and when: a message authentication code (RFC 2104, with SHA-256).
//!
//! In: a secret, the second it was signed in, the octets of the body. Out: the value of the signature's field. Invariant: the second
//! is signed with the body, so that an old message cannot be sent again as a new one. Tested below and in `tests/it/notify.rs`.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// `sha256=` and the code over `SECOND.BODY` in hexadecimal digits.
pub fn signature(secret: &str, second: i64, body: &[u8]) -> String {
    let mut code = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key of any length is a key");
    code.update(format!("{second}.").as_bytes());
    code.update(body);
    let digits = code.finalize().into_bytes().iter().map(|octet| format!("{octet:02x}")).collect::<String>();
    format!("sha256={digits}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The code of RFC 4231, 4.3, whose message begins with other words than a second, is what this is made of.
    #[test]
    fn the_code_is_that_of_the_standard() {
        let mut code = Hmac::<Sha256>::new_from_slice(b"Jefe").expect("is a key");
        code.update(b"what do ya want for nothing?");
        assert_eq!(code.finalize().into_bytes()[..4], [0x5b, 0xdc, 0xc1, 0x46]);
    }

    #[test]
    fn secret_second_and_body_all_count() {
        let known = signature("secret", 1_700_000_000, b"{}");
        assert_eq!(known.len(), "sha256=".len() + 64);
        for other in [
            signature("other", 1_700_000_000, b"{}"),
            signature("secret", 1_700_000_001, b"{}"),
            signature("secret", 1_700_000_000, b"{ }"),
        ] {
            assert_ne!(known, other);
        }
    }
}
