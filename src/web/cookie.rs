//! The `Set-Cookie` header as browsers read it (RFC 6265, 5.2).
//!
//! In: one value of the header. Out: [`SetCookie`]: the cookie's name and its flags; values of cookies are not kept.
//! Invariant: parsing never fails; what has no name is no cookie. Tested below.

/// A cookie that an answer sets.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SetCookie {
    /// Its name.
    pub name: String,
    /// `Secure`: it travels over HTTPS only.
    pub secure: bool,
    /// `HttpOnly`: scripts cannot read it.
    pub http_only: bool,
    /// The value of `SameSite`, lower case.
    pub same_site: Option<String>,
    /// `Max-Age` in seconds.
    pub max_age: Option<i64>,
    /// `Expires` as written.
    pub expires: Option<String>,
    /// True when the header takes a cookie back instead of setting one: no value and an age or day in the past.
    pub is_removal: bool,
}

impl SetCookie {
    /// Reads one value of the header; `None` when it names no cookie.
    pub fn parse(value: &str) -> Option<Self> {
        let mut parts = value.split(';');
        let (name, content) = parts.next()?.split_once('=')?;
        let (name, content) = (name.trim(), content.trim().trim_matches('"'));
        if name.is_empty() {
            return None;
        }
        let mut cookie = Self {
            name: name.to_string(),
            secure: false,
            http_only: false,
            same_site: None,
            max_age: None,
            expires: None,
            is_removal: false,
        };
        let mut is_over = false;
        for part in parts {
            let (attribute, argument) = part.split_once('=').unwrap_or((part, ""));
            let argument = argument.trim();
            match attribute.trim().to_ascii_lowercase().as_str() {
                "secure" => cookie.secure = true,
                "httponly" => cookie.http_only = true,
                "samesite" => cookie.same_site = Some(argument.to_ascii_lowercase()),
                "max-age" => {
                    cookie.max_age = argument.parse().ok();
                    is_over |= argument.starts_with('-') || argument == "0";
                }
                // Whoever takes a cookie back dates it to the beginning of time.
                "expires" => {
                    cookie.expires = Some(argument.to_string());
                    is_over |= argument.contains("1970") || argument.contains("-70 ");
                }
                _ => {}
            }
        }
        let is_emptied = content.is_empty() || matches!(content.to_ascii_lowercase().as_str(), "deleted" | "deleteme");
        cookie.is_removal = is_over && is_emptied;
        Some(cookie)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn flags_are_read_whatever_their_spelling_and_order() {
        for (value, want) in [
            ("a=1", (false, false, None)),
            ("a=1; Secure; HttpOnly; SameSite=Lax", (true, true, Some("lax"))),
            ("a=1;path=/;HTTPONLY;secure", (true, true, None)),
            ("a=x=y; samesite = None ;Secure=1", (true, false, Some("none"))),
            ("a=secure; path=/secure", (false, false, None)),
        ] {
            let cookie = SetCookie::parse(value).unwrap();
            assert_eq!((cookie.secure, cookie.http_only, cookie.same_site.as_deref()), want, "{value}");
            assert_eq!(cookie.name, "a");
        }
    }

    #[test]
    fn a_cookie_that_is_taken_back_is_no_cookie_that_is_set() {
        for (value, removal) in [
            ("a=; Max-Age=0", true),
            ("a=deleted; expires=Thu, 01-Jan-1970 00:00:01 GMT", true),
            ("a=1; Max-Age=0", false),
            ("a=; Max-Age=60", false),
        ] {
            assert_eq!(SetCookie::parse(value).unwrap().is_removal, removal, "{value}");
        }
        assert_eq!(SetCookie::parse("no name"), None);
        assert_eq!(SetCookie::parse("=1"), None);
    }

    proptest! {
        #[test]
        fn any_value_is_read(value in "[a-zA-Z=;, -]{0,40}") {
            SetCookie::parse(&value);
        }
    }
}
