//! Stand-in until the real parser is merged.
use url::Url;
#[allow(missing_docs)]
pub fn canonical(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    url
}
#[allow(missing_docs)]
pub fn without_www(host: &str) -> &str {
    host.strip_prefix("www.").unwrap_or(host)
}
#[allow(missing_docs)]
pub fn site_of(url: &Url) -> String {
    match url.port() {
        Some(port) => format!("{}:{port}", url.host_str().unwrap_or_default()),
        None => url.host_str().unwrap_or_default().to_string(),
    }
}
#[allow(missing_docs)]
pub fn same_site(a: &Url, b: &Url) -> bool {
    without_www(&site_of(a)) == without_www(&site_of(b))
}
#[allow(missing_docs)]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}
#[allow(missing_docs)]
pub fn is_subdomain_of(host: &str, parent: &str) -> bool {
    host.strip_suffix(parent).is_some_and(|rest| rest.ends_with('.'))
}
#[allow(missing_docs)]
pub fn decoded_path(url: &Url) -> String {
    percent_encoding::percent_decode_str(url.path()).decode_utf8_lossy().into_owned()
}
