//! What a host and its pages do to keep people's connections safe: checks on HTTPS, HSTS, header fields, cookies, what pages
//! load from elsewhere, and how a site hears of its faults.
//!
//! One file per check; the registry lists them. Tested by the examples of the rules that use them.

mod cookie_flag;
mod cookie_lifetime;
mod endpoint_header;
mod framing;
mod hsts;
mod http_redirects;
mod https_answers;
mod https_first;
mod mixed_content;
mod policy_allows;
mod resource_hosts;
mod script_integrity;
mod security_txt;

pub(super) use cookie_flag::ENTRY as COOKIE_FLAG;
pub(super) use cookie_lifetime::ENTRY as COOKIE_LIFETIME;
pub(super) use endpoint_header::ENTRY as ENDPOINT_HEADER;
pub(super) use framing::ENTRY as FRAMING;
pub(super) use hsts::ENTRY as HSTS;
pub(super) use http_redirects::ENTRY as HTTP_REDIRECTS;
pub(super) use https_answers::ENTRY as HTTPS_ANSWERS;
pub(super) use https_first::ENTRY as HTTPS_FIRST;
pub(super) use mixed_content::ENTRY as MIXED_CONTENT;
pub(super) use policy_allows::ENTRY as POLICY_ALLOWS;
pub(super) use resource_hosts::ENTRY as RESOURCE_HOSTS;
pub(super) use script_integrity::ENTRY as SCRIPT_INTEGRITY;
pub(super) use security_txt::ENTRY as SECURITY_TXT;
