//! Stand-in until the real parser is merged.
#[allow(missing_docs)]
pub fn recognise(_status: u16, _headers: &super::Headers, body: &[u8]) -> Option<&'static str> {
    String::from_utf8_lossy(body).contains("<title>Just a moment...</title>").then_some("Just a moment...")
}
