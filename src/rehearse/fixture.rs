//! A folder of `fixtures/sites` as an exchange: its files, and what `site.toml` says a file server cannot.
//!
//! In: the site's name. Out: an [`Exchange`]. Invariant: `site.toml` keys are closed. Tested by the examples that use sites.

use serde::Deserialize;
use std::collections::BTreeMap;
use url::Url;

use super::exchange::{Exchange, answer};
use crate::rules::bundled_site;
use crate::web::{Capture, Headers};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct SiteFile {
    address: Url,
    #[allow(dead_code, reason = "read by people; closed keys need it named")]
    title: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    route: Vec<Route>,
    #[serde(default)]
    not_found: Option<Route>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Route {
    #[serde(default)]
    path: String,
    #[serde(default)]
    status: Option<u16>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    file: Option<String>,
    #[serde(default)]
    body: Option<String>,
    #[serde(default, rename = "type")]
    kind: Option<String>,
}

/// The exchange of a bundled site.
pub(super) fn exchange(name: &str, folder: bool) -> Result<Exchange, String> {
    let files: BTreeMap<String, &'static [u8]> =
        bundled_site(name).ok_or_else(|| format!("fixtures/sites has no `{name}`"))?.into_iter().collect();
    let about = files.get("site.toml").ok_or_else(|| format!("fixtures/sites/{name} has no site.toml"))?;
    let site: SiteFile = toml::from_str(&String::from_utf8_lossy(about))
        .map_err(|error| format!("fixtures/sites/{name}/site.toml: {error}"))?;
    let mut captures = Vec::new();
    for (path, bytes) in files.iter().filter(|(path, _)| *path != "site.toml") {
        let url = published(&site.address, path)?;
        captures.push(answer(url, 200, headers(&site.headers, &BTreeMap::new(), media(path)), *bytes, folder));
    }
    for route in &site.route {
        captures.push(routed(&site, route, &route.path, &files, folder)?);
    }
    let otherwise = site.not_found.as_ref().map(|route| routed(&site, route, "/", &files, folder)).transpose()?;
    Ok(Exchange::from_captures(site.address.clone(), folder, captures, otherwise))
}

fn routed(
    site: &SiteFile,
    route: &Route,
    path: &str,
    files: &BTreeMap<String, &'static [u8]>,
    folder: bool,
) -> Result<Capture, String> {
    let url = site.address.join(path).map_err(|error| format!("`{path}`: {error}"))?;
    let body = match (&route.file, &route.body) {
        (Some(file), _) => {
            files.get(file).ok_or_else(|| format!("site.toml names `{file}`, which is not there"))?.to_vec()
        }
        (None, Some(body)) => body.clone().into_bytes(),
        (None, None) => Vec::new(),
    };
    let kind = route.kind.clone().unwrap_or_else(|| media(route.file.as_deref().unwrap_or("x.html")).to_string());
    Ok(answer(url, route.status.unwrap_or(404), headers(&site.headers, &route.headers, &kind), body, folder))
}

fn published(root: &Url, path: &str) -> Result<Url, String> {
    let shown = match path.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
        Some(_) | None => path,
    };
    root.join(shown).map_err(|error| format!("`{path}`: {error}"))
}

fn headers(site: &BTreeMap<String, String>, own: &BTreeMap<String, String>, kind: &str) -> Headers {
    let kind = [("content-type".to_string(), kind.to_string())];
    Headers::of(kind.into_iter().chain(site.clone()).chain(own.clone()))
}

fn media(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" | "htm" => "text/html; charset=utf-8",
        "css" => "text/css",
        "js" => "text/javascript",
        "svg" => "image/svg+xml",
        "xml" => "application/xml",
        "png" => "image/png",
        "txt" => "text/plain; charset=utf-8",
        "pdf" => "application/pdf",
        _ => "application/octet-stream",
    }
}
