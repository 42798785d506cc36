//! stub
pub struct Paint;
pub fn text() {}
