//! Stand-in until the real parser is merged.
use std::time::Duration;
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct Robots {
    rules: Vec<String>,
    delay: Option<Duration>,
    sitemaps: Vec<String>,
}
#[allow(missing_docs)]
pub struct Ruling {
    pub allowed: bool,
    pub rule: Option<String>,
    pub line: Option<u32>,
}
#[allow(missing_docs)]
impl Robots {
    pub fn parse(body: &[u8]) -> Robots {
        let mut robots = Robots::default();
        for line in String::from_utf8_lossy(body).lines() {
            if let Some(path) = line.strip_prefix("Disallow:") {
                robots.rules.push(path.trim().to_string());
            }
            if let Some(delay) = line.strip_prefix("Crawl-delay:") {
                robots.delay = delay.trim().parse().ok().map(Duration::from_secs_f64);
            }
            if let Some(url) = line.strip_prefix("Sitemap:") {
                robots.sitemaps.push(url.trim().to_string());
            }
        }
        robots
    }
    pub fn verdict(&self, _agent: &str, url: &str) -> Ruling {
        let path = url::Url::parse(url).map_or(url.to_string(), |url| url.path().to_string());
        let rule = self.rules.iter().find(|rule| !rule.is_empty() && path.starts_with(rule.as_str()));
        Ruling { allowed: rule.is_none(), rule: rule.map(|rule| format!("Disallow: {rule}")), line: Some(1) }
    }
    pub fn crawl_delay(&self, _agent: &str) -> Option<Duration> {
        self.delay
    }
    pub fn sitemaps(&self) -> &[String] {
        &self.sitemaps
    }
}
