//! security.txt: how to tell an organisation of a fault in its site (RFC 9116).
//!
//! In: the text of the file. Out: [`SecurityTxt`]: its fields in order, and what is wrong with its form. A clear-signed file
//! is read through its signature, which is not verified. Invariant: parsing never fails. Never: whether it has expired; that
//! takes a day, which the caller has. Tested below.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// A file as read.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct SecurityTxt {
    /// Field names in lower case with their values, in order.
    fields: Vec<(String, String)>,
    /// True when an OpenPGP signature surrounds it (2.3).
    pub is_signed: bool,
    /// What is wrong with its form.
    pub problems: Vec<SecurityTxtProblem>,
}

/// A fault of the file.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum SecurityTxtProblem {
    /// A line that is neither a field nor a comment (2.2).
    #[error("line {0} is neither a field nor a comment")]
    Line(usize),
    /// No `Contact` (2.5.3).
    #[error("there is no Contact")]
    NoContact,
    /// A `Contact` that is no URI (2.5.3).
    #[error("the Contact \"{0}\" is no URI; an address of mail begins with mailto:")]
    ContactNoUri(String),
    /// A web address by plain http (2.5).
    #[error("{0} names an address by plain http")]
    PlainHttp(String),
    /// No `Expires` (2.5.5).
    #[error("there is no Expires")]
    NoExpires,
    /// An `Expires` that is no date of RFC 3339 (2.5.5).
    #[error("Expires is \"{0}\", which is no date and time of RFC 3339")]
    BadExpires(String),
    /// A field that may stand once and stands more often (2.5.5, 2.5.8).
    #[error("{0} stands more than once")]
    Repeated(String),
}

/// Fields whose values are addresses (2.5.1 to 2.5.7).
const ADDRESSES: [&str; 6] = ["acknowledgments", "canonical", "contact", "encryption", "hiring", "policy"];

impl SecurityTxt {
    /// Reads a file.
    pub fn parse(text: &str) -> Self {
        let mut file = Self::default();
        let mut lines = text.trim_start_matches('\u{feff}').lines().enumerate().peekable();
        if lines.next_if(|(_, line)| line.trim_end() == "-----BEGIN PGP SIGNED MESSAGE-----").is_some() {
            file.is_signed = true;
            // Armour headers ("Hash: SHA512") end with the first empty line.
            while lines.next_if(|(_, line)| !line.trim().is_empty()).is_some() {}
        }
        for (index, line) in lines {
            let line = if file.is_signed { line.strip_prefix("- ").unwrap_or(line) } else { line };
            if file.is_signed && line.trim_end() == "-----BEGIN PGP SIGNATURE-----" {
                break;
            }
            file.take(index + 1, line.trim());
        }
        file.look_over();
        file
    }

    /// The values of a field, by its name in lower case.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.fields.iter().filter(move |(held, _)| held == name).map(|(_, value)| value.as_str())
    }

    /// The day it expires, in universal time; `None` without one valid `Expires`.
    pub fn expires(&self) -> Option<Date> {
        day(self.values("expires").next()?)
    }

    fn take(&mut self, number: usize, line: &str) {
        if line.is_empty() || line.starts_with('#') {
            return;
        }
        match line.split_once(':') {
            Some((name, value)) if is_field_name(name) && !value.trim().is_empty() => {
                self.fields.push((name.to_ascii_lowercase(), value.trim().to_string()));
            }
            Some(_) | None => self.problems.push(SecurityTxtProblem::Line(number)),
        }
    }

    fn look_over(&mut self) {
        use SecurityTxtProblem::{BadExpires, ContactNoUri, NoContact, NoExpires, PlainHttp, Repeated};
        let mut found = Vec::new();
        found.extend(self.values("contact").next().is_none().then_some(NoContact));
        let bare = self.values("contact").filter(|contact| !has_scheme(contact));
        found.extend(bare.map(|contact| ContactNoUri(contact.to_string())));
        for (name, value) in &self.fields {
            let plain = value.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("http:"));
            found.extend((plain && ADDRESSES.contains(&name.as_str())).then(|| PlainHttp(capitalised(name))));
        }
        match self.values("expires").next() {
            None => found.push(NoExpires),
            Some(value) => found.extend(day(value).is_none().then(|| BadExpires(value.to_string()))),
        }
        for name in ["expires", "preferred-languages"] {
            found.extend((self.values(name).count() > 1).then(|| Repeated(capitalised(name))));
        }
        self.problems.extend(found);
    }
}

fn day(value: &str) -> Option<Date> {
    value.parse::<Timestamp>().ok().map(|time| time.to_zoned(TimeZone::UTC).date())
}

fn is_field_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'-')
}

/// RFC 3986, 3.1.
fn has_scheme(value: &str) -> bool {
    value.split_once(':').is_some_and(|(scheme, rest)| {
        !rest.is_empty()
            && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"+-.".contains(&octet))
    })
}

fn capitalised(name: &str) -> String {
    name.split('-')
        .map(|word| word.get(..1).unwrap_or_default().to_ascii_uppercase() + word.get(1..).unwrap_or_default())
        .collect::<Vec<_>>()
        .join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use SecurityTxtProblem::{BadExpires, ContactNoUri, Line, NoContact, NoExpires, PlainHttp, Repeated};
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn a_valid_file_is_read_signed_or_not() {
        let plain = "\u{feff}# Tell us\r\nContact: mailto:security@agency.example\r\nCONTACT: https://a.example/\r\n\
                     Expires: 2027-01-31T23:00:00-05:00\r\n";
        let signed = format!(
            "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n{plain}-----BEGIN PGP SIGNATURE-----\n\niQ=\n-----END PGP SIGNATURE-----\n"
        );
        for text in [plain.to_string(), signed.replace('\u{feff}', "")] {
            let file = SecurityTxt::parse(&text);
            assert_eq!(file.problems, [], "{text}");
            assert_eq!(file.values("contact").count(), 2);
            assert_eq!(file.expires(), Some(date(2027, 2, 1)));
        }
    }

    #[test]
    fn each_fault_is_named() {
        let valid = "Contact: tel:+1-202-555-0100\nExpires: 2027-01-01T00:00:00Z\n";
        for (text, want) in [
            ("Expires: 2027-01-01T00:00:00Z", vec![NoContact]),
            ("Contact: https://a.example/", vec![NoExpires]),
            (
                "Contact: security@a.example\nExpires: 2027-01-01",
                vec![ContactNoUri("security@a.example".into()), BadExpires("2027-01-01".into())],
            ),
            (&format!("{valid}Policy: http://a.example/p"), vec![PlainHttp("Policy".into())]),
            (&format!("{valid}Tell us\n"), vec![Line(3)]),
            (
                &format!("{valid}Preferred-Languages: en\npreferred-languages: es"),
                vec![Repeated("Preferred-Languages".into())],
            ),
        ] {
            assert_eq!(SecurityTxt::parse(text).problems, want, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "\\PC{0,60}") {
            SecurityTxt::parse(&text);
        }
    }
}
