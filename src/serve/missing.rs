//! Pages for what cannot be shown.
//!
//! In: a status, a sentence. Out: a page that says what went wrong and where to go on. Never: shows more of a wrong address than its visitor
//! typed. Tested in `tests/it/serve.rs`.

use axum::http::StatusCode;

use super::frame::{self, Tab};
use super::reply::Reply;
use crate::report::markup::Markup;

/// A page for a wrong request.
pub(super) fn page(status: StatusCode, told: &str) -> Reply {
    let title = match status {
        StatusCode::BAD_REQUEST => "That cannot be read",
        StatusCode::NOT_FOUND => "Not found",
        StatusCode::METHOD_NOT_ALLOWED => "Only reading is possible",
        StatusCode::MISDIRECTED_REQUEST => "Not for this name",
        _ => "That did not work",
    };
    let mut page = Markup::new();
    frame::begin(title, "", Tab::None, None, &mut page);
    page.leaf("p", &[("class", "lead")], told);
    page.raw(
        "<p>Go on with the <a href=\"/\">overview</a>, the <a href=\"/agencies\">agencies</a>, the \
         <a href=\"/sites\">sites</a>, the <a href=\"/rules\">rules</a> or the <a href=\"/runs\">runs</a>, or search.</p>\n",
    );
    frame::end(&mut page);
    Reply::page(status, page.into_text())
}
