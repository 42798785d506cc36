//! robots.txt: who may fetch what (RFC 9309).
//!
//! In: the octets of a robots.txt answered with 2xx. Out: [`Robots`], which rules on an address for a crawler and names the
//! line that decided. `lines` knows the syntax and its leniencies, `pattern` the comparison of paths, this file the groups.
//! Invariant: parsing never fails and a ruling costs at most (octets of the rules + octets of the path) per group read.
//! Never: fetching, or what an unreachable robots.txt means (that is `crawl`'s). Tested below and, against the suites of
//! other parsers, in `tests/it/robots_conformance.rs`.

mod lines;
mod pattern;

use std::cmp::Reverse;
use std::time::Duration;
use url::Url;

use lines::{Field, lines};
use pattern::{Path, Pattern};

pub use lines::{LINE_CAP, SIZE_CAP};

/// A robots.txt as read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Robots {
    groups: Vec<Group>,
    sitemaps: Vec<String>,
    truncated: bool,
}

/// One or more `User-agent` lines and the rules that follow them (RFC 9309, 2.2.1).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    agents: Vec<Agent>,
    rules: Vec<Rule>,
    /// The longest delay asked of each run of `User-agent` lines.
    delays: Vec<Option<Duration>>,
}

/// What one line of a group asks.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    access: Access,
    text: String,
    line: u32,
    pattern: Pattern,
}

/// Whether a rule opens or closes what it matches.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Access {
    /// `Allow`.
    Allow,
    /// `Disallow`.
    Disallow,
}

/// An answer of robots.txt about one address.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Ruling {
    /// False when the address may not be fetched.
    pub allowed: bool,
    /// The line that decided, as written and without its comment, "Disallow: /x" for one; `None` when nothing matched.
    pub rule: Option<String>,
    /// The number of that line, from 1.
    pub line: Option<u32>,
}

/// A name in a `User-agent` line, and which run of such lines it stands in.
#[derive(Clone, Debug, Default, PartialEq)]
struct Agent {
    written: String,
    run: usize,
}

impl Robots {
    /// Reads at most [`SIZE_CAP`] octets (RFC 9309, 2.5), cut at the end of a line. Lines that cannot be understood are
    /// ignored; rules before the first `User-agent` belong to nobody; records other than `User-agent`, `Allow` and
    /// `Disallow` do not end a group (2.2.4).
    pub fn parse(body: &[u8]) -> Self {
        let mut robots = Self { truncated: body.len() > SIZE_CAP, ..Self::default() };
        let mut reading = Reading::Rules;
        for line in lines(body) {
            match line.field {
                Field::UserAgent => {
                    if reading == Reading::Rules {
                        robots.groups.push(Group::default());
                    }
                    let Some(group) = robots.groups.last_mut() else { continue };
                    if reading != Reading::Agents {
                        group.delays.push(None);
                    }
                    group.agents.push(Agent { written: line.value_text(), run: group.delays.len() - 1 });
                    reading = Reading::Agents;
                }
                Field::Allow | Field::Disallow => {
                    reading = Reading::Rules;
                    if let Some(group) = robots.groups.last_mut() {
                        group.rules.extend(rules_of(&line));
                    }
                }
                Field::CrawlDelay => {
                    if reading == Reading::Agents {
                        reading = Reading::Delay;
                    }
                    if let Some(last) = robots.groups.last_mut().and_then(|group| group.delays.last_mut()) {
                        *last = (*last).max(seconds(&line.value_text()));
                    }
                }
                Field::Sitemap => robots.sitemaps.extend(Some(line.value_text()).filter(|value| !value.is_empty())),
            }
        }
        for group in &mut robots.groups {
            // The first rule that matches then decides: most octets first, Allow before Disallow (RFC 9309, 2.2.2).
            group.rules.sort_by_key(|rule| (Reverse(rule.pattern.octets()), rule.access == Access::Disallow));
        }
        robots
    }

    /// What `agent` may do with `url`; only the path and the query of the address count.
    ///
    /// `agent` is a product token or a whole `User-Agent` value (see [`Robots::crawl_delay`] for how it is read); an empty
    /// one obeys the groups of `*`.
    pub fn verdict(&self, agent: &str, url: &Url) -> Ruling {
        let path = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_string(),
        };
        self.verdict_on_path(agent, &path)
    }

    /// The same for a path with its query, "/a?b=c"; an empty one is "/".
    pub fn verdict_on_path(&self, agent: &str, path: &str) -> Ruling {
        let path = Path::of(path);
        if path.is_robots_txt() {
            return Ruling { allowed: true, rule: None, line: None };
        }
        let decisive = self
            .groups_for(agent)
            .filter_map(|(group, _)| group.rules.iter().find(|rule| rule.pattern.matches(&path)))
            .max_by_key(|rule| (rule.pattern.octets(), rule.access == Access::Allow, Reverse(rule.line)));
        match decisive {
            None => Ruling { allowed: true, rule: None, line: None },
            Some(rule) => {
                Ruling { allowed: rule.access == Access::Allow, rule: Some(rule.text.clone()), line: Some(rule.line) }
            }
        }
    }

    /// The longest `Crawl-delay` asked of `agent`; not part of RFC 9309, so a file without one asks nothing.
    ///
    /// A delay speaks of the `User-agent` lines right above it, although it does not end their group. Of a whole
    /// `User-Agent` value the first product counts, up to its "/"; after "Mozilla", which everybody claims to be, the next
    /// names are tried in turn.
    pub fn crawl_delay(&self, agent: &str) -> Option<Duration> {
        self.groups_for(agent).filter_map(|(_, delay)| delay).max()
    }

    /// The addresses of `Sitemap` lines as written, which belong to no group (RFC 9309, 2.2.4).
    pub fn sitemaps(&self) -> &[String] {
        &self.sitemaps
    }

    /// The groups in the order of the file, not merged.
    pub fn groups(&self) -> impl Iterator<Item = &Group> {
        self.groups.iter()
    }

    /// Every name of every `User-agent` line, as written, in order.
    pub fn agents(&self) -> impl Iterator<Item = &str> {
        self.groups.iter().flat_map(Group::agents)
    }

    /// True when the file was longer than [`SIZE_CAP`] and its end was not read.
    pub fn is_truncated(&self) -> bool {
        self.truncated
    }

    /// The groups that bind an agent, which count as one (RFC 9309, 2.2.1), each with the delay it asks: those that name
    /// it, else those of `*`.
    fn groups_for<'a>(&'a self, agent: &str) -> impl Iterator<Item = (&'a Group, Option<Duration>)> {
        let name = lines::product_names(agent)
            .into_iter()
            .find(|name| self.agents().any(|written| lines::names(written, name)))
            .unwrap_or_else(|| "*".to_string());
        self.groups.iter().filter_map(move |group| {
            let mut named = group.agents.iter().filter(|held| lines::names(&held.written, &name)).peekable();
            named.peek()?;
            Some((group, named.filter_map(|held| group.delays[held.run]).max()))
        })
    }
}

impl Group {
    /// The names of its `User-agent` lines, as written.
    pub fn agents(&self) -> impl Iterator<Item = &str> {
        self.agents.iter().map(|agent| agent.written.as_str())
    }

    /// Its rules, longest pattern first; empty patterns, which match nothing, are left out.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }
}

impl Rule {
    /// Whether it opens or closes.
    pub fn access(&self) -> Access {
        self.access
    }

    /// The line as written, without its comment.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The number of the line, from 1.
    pub fn line(&self) -> u32 {
        self.line
    }

    /// True for a pattern that matches every path: "/", "*", "/*".
    pub fn covers_everything(&self) -> bool {
        self.pattern.covers_everything()
    }
}

/// What the last line that matters to groups was.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Reading {
    Agents,
    Delay,
    Rules,
}

/// The rules of an `Allow` or `Disallow` line: none for an empty value, two for the index file of a folder, which Google
/// and the suites read as the folder itself too.
fn rules_of(line: &lines::Line) -> Vec<Rule> {
    let access = if line.field == Field::Allow { Access::Allow } else { Access::Disallow };
    let rule = |pattern| Rule { access, text: line.text(), line: line.number, pattern };
    let mut rules = Vec::new();
    if line.value.is_empty() {
        return rules;
    }
    rules.push(rule(Pattern::of(line.value)));
    let folder = line.value.iter().rposition(|octet| *octet == b'/').map(|slash| line.value.split_at(slash + 1));
    if let (Access::Allow, Some((folder, file))) = (access, folder)
        && file.starts_with(b"index.htm")
    {
        rules.push(rule(Pattern::of(&[folder, b"$"].concat())));
    }
    rules
}

/// The number at the start of a `Crawl-delay` value; `None` for none, a negative or an unthinkable one.
fn seconds(value: &str) -> Option<Duration> {
    let end = value.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(value.len());
    Duration::try_from_secs_f64(value[..end].parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(robots: &str, agent: &str, path: &str, want: Option<(bool, u32)>) {
        let ruling = Robots::parse(robots.as_bytes()).verdict_on_path(agent, path);
        let got = ruling.line.map(|line| (ruling.allowed, line));
        assert_eq!(got, want, "{agent} asks for {path} of\n{robots}");
    }

    #[test]
    fn the_longest_rule_decides_and_allow_wins_a_tie() {
        let robots = "User-agent: *\nDisallow: /reports\nAllow: /reports/2026\nDisallow: /same\nAllow: /same\n";
        check(robots, "audit", "/reports/2025", Some((false, 2)));
        check(robots, "audit", "/reports/2026/a", Some((true, 3)));
        check(robots, "audit", "/same", Some((true, 5)));
        check(robots, "audit", "/other", None);
    }

    #[test]
    fn groups_that_name_the_same_agent_count_as_one() {
        let robots =
            "User-agent: audit\nDisallow: /a\n\nUser-agent: *\nDisallow: /\n\nUSER-AGENT: AUDIT/2\nDisallow: /b\n";
        check(robots, "Audit/1.0 (+https://agency.example)", "/a", Some((false, 2)));
        check(robots, "audit", "/b", Some((false, 8)));
        check(robots, "audit", "/c", None);
        check(robots, "", "/c", Some((false, 5)));
        check(robots, "*", "/c", Some((false, 5)));
    }

    #[test]
    fn other_records_do_not_end_a_group() {
        let robots =
            "User-agent: *\nCrawl-delay: 2\nSitemap: /s.xml\nUser-agent: visitor\nCrawl-delay: 5.5\nDisallow: /x\n";
        check(robots, "audit", "/x", Some((false, 6)));
        let robots = Robots::parse(robots.as_bytes());
        assert_eq!(robots.crawl_delay("audit"), Some(Duration::from_secs(2)));
        assert_eq!(robots.crawl_delay("visitor"), Some(Duration::from_millis(5500)));
        assert_eq!(robots.sitemaps(), ["/s.xml"]);
        assert_eq!(robots.agents().collect::<Vec<_>>(), ["*", "visitor"]);
        assert_eq!(robots.groups().count(), 1);
    }

    #[test]
    fn a_delay_is_a_number_that_may_be_followed_by_anything() {
        for (value, want) in
            [("10", Some(10_000)), ("0.5", Some(500)), ("10s", Some(10_000)), ("-1", None), ("", None), ("1.2.3", None)]
        {
            assert_eq!(seconds(value).map(|delay| delay.as_millis()), want, "{value}");
        }
        assert_eq!(seconds(&"9".repeat(400)), None);
    }

    #[test]
    fn robots_txt_itself_is_always_allowed() {
        check("User-agent: *\nDisallow: /", "audit", "/robots.txt", None);
        check("User-agent: *\nDisallow: /", "audit", "/robots.txt.bak", Some((false, 2)));
    }

    #[test]
    fn an_index_file_that_is_open_opens_its_folder() {
        let robots = "User-agent: *\nDisallow: /\nAllow: /open/index.html\n";
        check(robots, "audit", "/open/", Some((true, 3)));
        check(robots, "audit", "/open/index.html", Some((true, 3)));
        check(robots, "audit", "/open/other", Some((false, 2)));
    }

    #[test]
    fn the_product_token_after_mozilla_counts() {
        let robots = "User-agent: Audit\nDisallow: /a\n\nUser-agent: Mozilla\nDisallow: /m\n";
        check(robots, "Mozilla/5.0 (compatible; Audit/1.0; +https://agency.example)", "/a", Some((false, 2)));
        check(robots, "Mozilla/5.0 (compatible; Other/1.0)", "/m", Some((false, 5)));
        check(robots, "Mozilla", "/m", Some((false, 5)));
    }

    #[test]
    fn the_cap_cuts_at_the_end_of_a_line() {
        let mut robots = b"User-agent: *\nDisallow: /first\n".to_vec();
        while robots.len() < SIZE_CAP - 8 {
            robots.extend(b"#\n");
        }
        robots.extend(b"Disallow: /cut-here\nDisallow: /late\n");
        let robots = Robots::parse(&robots);
        assert!(robots.is_truncated());
        assert!(!robots.verdict_on_path("audit", "/first").allowed);
        assert!(robots.verdict_on_path("audit", "/anything").allowed, "half a rule must not become a wider one");
        assert!(robots.verdict_on_path("audit", "/late").allowed);
    }

    /// A matcher that backtracks never comes back from this one.
    #[test]
    fn twenty_thousand_wildcard_rules_are_read_in_one_pass_each() {
        let mut robots = b"User-agent: *\n".to_vec();
        for rule in 0..20_000 {
            robots.extend(format!("Disallow: /*a*a*a*{rule:05}$\n").bytes());
        }
        let robots = Robots::parse(&robots[..robots.len().min(SIZE_CAP)]);
        let path = format!("/{}", "a".repeat(2000));
        assert!(robots.verdict_on_path("audit", &path).allowed);
        assert_eq!(robots.verdict_on_path("audit", &format!("{path}00007")).line, Some(9));
    }

    proptest! {
        #[test]
        fn parsing_and_ruling_never_panic(body: Vec<u8>, agent: String, path: String) {
            let robots = Robots::parse(&body);
            robots.verdict_on_path(&agent, &path);
            robots.crawl_delay(&agent);
        }

        #[test]
        fn anything_that_looks_like_rules_never_panics(
            body in "((user-agent|disallow|allow|crawl-delay|sitemap) ?:? ?[/*$%a2#.é ]{0,12}[\r\n]{1,2}){0,12}",
            path in "/[/*$%a2#.?é]{0,12}",
        ) {
            Robots::parse(body.as_bytes()).verdict_on_path("a", &path);
        }
    }
}
