//! Stand-in until the real parser is merged.
#[allow(missing_docs)]
pub fn parse(value: &str, _now: jiff::Timestamp) -> Option<std::time::Duration> {
    value.parse().ok().map(std::time::Duration::from_secs)
}
