//! `--format gsa-csv`, `gsa-json`: the columns of GSA's Site Scanning snapshot, where this run knows the answer.
//!
//! In: a report. Out: a row for each site with the 104 columns of the 2026 snapshot in their order; blank (null in JSON) where
//! nobody looked. Invariant: a site that could not be seen answers nothing: blank is never false. Tested in
//! `tests/it/formats.rs`.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::io::{self, Write};
use url::Url;

use super::home::{Homes, bare};
use super::table::{row, table};
use super::{PageRow, ProblemRow, Report, RuleRow, SiteRow};
use crate::verdict::Outcome;
use crate::web::registered;

/// The columns, in the order of the snapshot.
const COLUMNS: [&str; 104] = [
    "name",
    "initial_url",
    "initial_domain",
    "initial_base_domain",
    "initial_top_level_domain",
    "redirect",
    "url",
    "domain",
    "base_domain",
    "top_level_domain",
    "live",
    "filter",
    "status_code",
    "media_type",
    "agency",
    "bureau",
    "branch",
    "404_test",
    "source_list",
    "scan_date",
    "primary_scan_status",
    "accessibility_scan_status",
    "dns_scan_status",
    "not_found_scan_status",
    "performance_scan_status",
    "robots_txt_scan_status",
    "security_scan_status",
    "sitemap_xml_scan_status",
    "www_scan_status",
    "page_hash",
    "accessibility_violations",
    "pageviews",
    "visits",
    "ipv6",
    "hostname",
    "cms",
    "login_provider",
    "login",
    "site_search",
    "search_dot_gov",
    "dap",
    "dap_parameters",
    "dap_version",
    "ga_tag_id",
    "third_party_service_domains",
    "third_party_service_urls",
    "third_party_service_count",
    "cookie_domains",
    "hyperlink_domains",
    "tooling",
    "viewport_meta_tag",
    "cumulative_layout_shift",
    "largest_contentful_paint",
    "required_links_url",
    "required_links_text",
    "feedback_links_text",
    "https_enforced",
    "hsts",
    "title",
    "description",
    "keywords",
    "og_title",
    "og_description",
    "og_article_published",
    "og_article_modified",
    "og_image",
    "og_type",
    "og_url",
    "canonical_link",
    "language",
    "language_link",
    "main_element_present",
    "robots_txt_detected",
    "robots_txt_url",
    "robots_txt_status_code",
    "robots_txt_media_type",
    "robots_txt_filesize",
    "robots_txt_crawl_delay",
    "robots_txt_sitemap_locations",
    "sitemap_xml_detected",
    "sitemap_xml_url",
    "sitemap_xml_status_code",
    "sitemap_xml_media_type",
    "sitemap_xml_filesize",
    "sitemap_xml_count",
    "sitemap_xml_lastmod",
    "sitemap_xml_pdf_count",
    "sitemap_xml_page_hash",
    "uswds_favicon",
    "uswds_favicon_in_css",
    "uswds_publicsans_font",
    "uswds_inpage_css",
    "uswds_usa_class_list",
    "uswds_banner_heres_how",
    "uswds_usa_classes",
    "uswds_usa_elements_list",
    "uswds_string",
    "uswds_string_in_css",
    "uswds_semantic_version",
    "uswds_version",
    "uswds_count",
    "www_url",
    "www_status_code",
    "www_title",
];

/// Columns that say yes or no, and that a rule answers which names them in its `standards`; with former names.
const ANSWERS: [(&str, &[&str]); 10] = [
    ("404_test", &["404_test", "target_url_404_test"]),
    ("dap", &["dap"]),
    ("hsts", &["hsts"]),
    ("https_enforced", &["https_enforced"]),
    ("main_element_present", &["main_element_present"]),
    ("robots_txt_detected", &["robots_txt_detected"]),
    ("site_search", &["site_search", "search_detected"]),
    ("sitemap_xml_detected", &["sitemap_xml_detected"]),
    ("uswds_banner_heres_how", &["uswds_banner_heres_how", "uswds_usa_banner"]),
    ("viewport_meta_tag", &["viewport_meta_tag"]),
];

/// A report with what is looked up for each site of it.
struct Run<'a> {
    report: &'a Report,
    homes: Homes<'a>,
    /// What was typed, by the host it names.
    targets: BTreeMap<String, &'a str>,
}

impl<'a> Run<'a> {
    fn of(report: &'a Report) -> Self {
        let mut targets = BTreeMap::new();
        for target in &report.run.targets {
            host_asked_for(target).map(|host| targets.entry(host).or_insert(target.as_str()));
        }
        Self { report, homes: Homes::of(report), targets }
    }
}

/// What is known of a site, by column.
type Known = BTreeMap<&'static str, Value>;

/// Writes a row for each site.
///
/// # Errors
/// Only those of the writer.
pub fn gsa_csv(report: &Report, out: impl Write) -> io::Result<()> {
    let mut table = table(out, &COLUMNS)?;
    let run = Run::of(report);
    for site in &report.sites {
        let known = known(site, &run);
        let cells: Vec<String> = COLUMNS.iter().map(|column| known.get(column).map(cell).unwrap_or_default()).collect();
        row(&mut table, &cells.iter().map(String::as_str).collect::<Vec<_>>())?;
    }
    table.flush()
}

/// Writes an object for each site, every column in it.
///
/// # Errors
/// Only those of the writer.
pub fn gsa_json(report: &Report, mut out: impl Write) -> io::Result<()> {
    let run = Run::of(report);
    let object = |site| {
        let known = known(site, &run);
        let value = |column: &&str| ((*column).to_string(), known.get(column).cloned().unwrap_or(Value::Null));
        Value::Object(COLUMNS.iter().map(value).collect::<Map<_, _>>())
    };
    let sites: Vec<Value> = report.sites.iter().map(object).collect();
    serde_json::to_writer_pretty(&mut out, &sites)?;
    writeln!(out)
}

/// As the snapshot writes it: yes and no in lower case, line feeds taken out.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.replace(['\r', '\n'], ""),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

fn known(site: &SiteRow, run: &Run<'_>) -> Known {
    let mut known = Known::new();
    let (report, home) = (run.report, run.homes.page(site));
    if let Some(initial) = run.targets.get(bare(&site.site)) {
        let bare = initial.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/');
        known.insert("initial_url", json!(bare));
        names(bare, ["initial_domain", "initial_base_domain", "initial_top_level_domain"], &mut known);
    }
    known.insert("name", json!(bare(&site.site)));
    known.insert("agency", json!(site.agency));
    known.insert("bureau", json!(site.bureau));
    known.insert("branch", json!(site.profile.branch.map(|branch| branch.as_str())));
    known.insert("ipv6", json!(site.facts["dns"][&site.site]["ipv6"].as_array().map(|found| !found.is_empty())));
    known.insert("scan_date", json!(report.run.finished));
    names(&site.site, ["domain", "base_domain", "top_level_domain"], &mut known);
    if let Some(home) = home {
        known.insert("url", json!(home.url));
        known.insert("status_code", json!(home.status));
        known.insert("media_type", json!(home.media));
        known.insert("live", json!(home.status.map(|status| (200..=206).contains(&status))));
    }
    known.insert("primary_scan_status", json!(standing(home, run.homes.problem(site))));
    // A home page nobody saw answers no question about the site.
    if let Some(home) = home.filter(|home| home.judged) {
        for (column, names) in ANSWERS {
            known.insert(column, json!(answer(names, site, home, &report.rules)));
        }
    }
    known.retain(|_, value| !value.is_null());
    known
}

/// The host a target names, without port and `www.`.
fn host_asked_for(target: &str) -> Option<String> {
    let url = Url::parse(target).or_else(|_| Url::parse(&format!("https://{target}"))).ok()?;
    url.host_str().map(|host| bare(host).to_string())
}

/// Host, registered domain (by the Public Suffix List) and top-level domain.
fn names(host: &str, columns: [&'static str; 3], known: &mut Known) {
    let host = host.split(['/', ':']).next().unwrap_or_default();
    let Some((_, top)) = host.rsplit_once('.') else { return };
    known.insert(columns[0], json!(host));
    if top.bytes().all(|b| b.is_ascii_digit()) {
        return;
    }
    known.insert(columns[1], json!(registered(host)));
    known.insert(columns[2], json!(top));
}

/// The snapshot's own words for how the visit ended.
fn standing(home: Option<&PageRow>, problem: Option<&ProblemRow>) -> Option<&'static str> {
    let kind = problem.map(|row| row.kind.as_str()).or_else(|| home.and_then(|home| home.problem.as_deref()));
    let Some(kind) = kind else { return home.and_then(|home| home.status).map(|_| "completed") };
    Some(match kind {
        "timeout" => "timeout",
        "dns" => "dns_resolution_error",
        "tls" => "invalid_ssl_cert",
        "connection" => "connection_refused",
        "malformed" => "invalid_response",
        "redirects" => "too_many_redirects",
        "blocked" | "bot-challenge" | "rate-limited" | "server-error" => "completed",
        _ => "unknown_error",
    })
}

/// What the rules say that name the column: yes when all passed, no when one failed, else nothing.
fn answer(names: &[&str], site: &SiteRow, home: &PageRow, rules: &[RuleRow]) -> Option<bool> {
    let asked = rules.iter().filter(|rule| rule.standards.gsa.iter().any(|column| names.contains(&column.as_str())));
    // The scanner looks at the home page only. Hosts and sites answer for rules that no page has anything to say about.
    let said = |rule: &RuleRow| home.outcomes.get(&rule.id).or_else(|| site.outcomes.get(&rule.id));
    let outcomes: Vec<Outcome> = asked.filter_map(said).collect();
    if outcomes.is_empty() {
        return None;
    }
    match Outcome::fold(outcomes) {
        Outcome::Passed => Some(true),
        Outcome::Failed => Some(false),
        Outcome::CantTell | Outcome::Untested | Outcome::Inapplicable => None,
    }
}
