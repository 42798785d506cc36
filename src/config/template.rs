//! The configuration file that `init` writes.
//!
//! In: nothing. Out: TOML with every key, commented out with its default. Invariant: it loads, and names every key there is.
//! Tested in `tests/it/cli.rs`.

/// `idea-audit.toml` with every key explained.
pub const TEMPLATE: &str = r##"# idea-audit.toml: read from the working directory by `idea-audit scan`.
# Keys are the long names of `idea-audit scan --help`. A flag wins over a variable (IDEA_AUDIT_MAX_PAGES), a variable over this
# file; `idea-audit config show` says what counts and where it came from. Everything is optional.
# For an editor that checks it: idea-audit config schema > idea-audit.schema.json, and as the first line of this file:
#:schema ./idea-audit.schema.json

# What to look at: URLs, folders of a built site, page files, "@list.txt", CSV files.
# targets = ["https://www.agency.example/"]
# The address a folder is published at.
# as = "https://www.agency.example"

# Hosts that you run: robots.txt is a fact there and not an order, and they are not asked slowly.
# my-site = ["www.agency.example"]
# Who to write to when the crawl disturbs; goes into the User-Agent. Needed for lists.
# contact = "https://www.agency.example/contact"
# Private networks that redirects and links may lead into, for staging sites.
# allow-private = ["10.0.0.0/8"]

# Pages: globs over the whole decoded path; * within a segment, ** across segments.
# include = ["/**"]
# exclude = ["/archive/**"]
# include-subdomains = false
# no-follow = false
# Which pages: "full", "home" (the front page, robots.txt, the sitemap, a path that cannot exist, the doors by http and with www.),
# or "sample=20" (so many pages of different shapes).
# plan = "full"
# max-pages = 500
# max-depth = 20
# Seconds and octets a site, octets of a page, seconds the whole run.
# max-time = 3600
# max-bytes = 2147483648
# max-body = 10485760
# max-run-time = 86400
# Documents that pages link to, and their octets, a site; 0 documents reads none.
# max-documents = 50
# max-document-bytes = 104857600

# Manners: requests in flight, requests a second to a host and to an IP address, seconds a request.
# concurrency = 64
# rate = 1
# ip-rate = 10
# timeout = 30
# user-agent = "agency-audit/1.0 (+https://www.agency.example/contact)"
# Ask for each home page once more under the name of a browser, and report whether it shows the program something else.
# compare-agent = false

# Pages whose colours, sizes and layout are measured: all, sample (home pages and a tenth of the others), home, off.
# Lists and fleets measure home pages unless this says otherwise.
# render = "all"

# Sent to the targets' own origins only.
# header = ["X-Staging: yes"]
# cookie = ["session=…"]
# auth = "user:password"
# proxy = "http://proxy.agency.example:3128"
# resolve = ["www.agency.example:127.0.0.1"]
# Certificates are not verified; the report says so.
# insecure = false
# ca-file = ["agency-roots.pem"]
# no-tls-probe = false
# probe-timeout = 5
# dns-server = "192.0.2.53:53"
# hsts-preload = "transport_security_state_static.json"

# Rules: folders of your own packs; rule ids, packs, requirement keys or success criteria to run or to leave out.
# rules = ["our-rules"]
# A list of domains and their owners as the .gov registry publishes it, to infer owners from; the bundled one is a part of it.
# dotgov = "current-full.csv"
# select = ["accessibility", "idea-3a5", "1.1.1"]
# skip = ["search/sitemap"]
# Days: what "today" is, and whose law applies. Both are the day of the run.
# today = "2026-11-22"
# policy-as-of = "2026-11-22"

# The gate: failures that make exit code 1. Words joined by commas hold together: an impact (critical, high, medium, low,
# info), an obligation (must, should, advice), names of rules, new (against the baseline). A list has alternatives; or never.
# fail-on = "high"
# Where runs are written down: a file, or postgres://user@host/database. Lists use idea-audit.db here. Whether the last run
# there that did not end goes on. And whether pages that did not change since the last run of this kind are left out of judging: what
# was found of them is carried over.
# store = "audits.db"
# resume = false
# changed-only = false
# An earlier JSON report to compare with, and the number of new failures that is accepted, of whatever impact.
# baseline = "baseline.json"
# max-new = 0
# Files with waivers and reviews, besides those below.
# waivers = ["waivers.toml"]
# The share of pages that has to be seen (0 to 1), else exit code 3.
# min-coverage = 0
# Where a summary of each run is sent, signed with the secret (which belongs into IDEA_AUDIT_WEBHOOK_SECRET rather than here).
# webhook = "https://hooks.agency.example/audits"
# webhook-secret = "sixteen characters or more"

# What is known of the owner; unknown answers turn failures of duties that only some sites have into "needs review".
# What is not said here is taken from the target list, then inferred from the dotgov list; the report says which.
[profile]
# branch = "executive"        # executive, legislative, judicial, state-local, none
# role = "principal"          # principal, sub-agency, secondary, application, inspector-general
# tld = "gov"                 # the top-level domain the public will see, for copies under other names
# agency = "Department of Examples"
# acronym = "DEX"             # the short name, as in the address of the analytics script
# bureau = "Office of Samples"
# high-impact = false         # whether the site serves a designated high-impact service
# launched = "2020-01-31"     # the day the site became public
# search-exempt = false       # whether it may do without a search: a very small site, or one that is a look-up itself
# small-place = false         # a state or local site: a population under 50,000, or a special district

# Another gate for some addresses: a glob over paths, perhaps after https://host. The first that fits counts.
# [[level]]
# path = "/archive/**"
# fail-on = "critical"

# What is accepted for now: the rule, where (a glob over paths, steps of a selector, a fingerprint; all that is given has to fit),
# why, who answers for it, where the work is followed, and the last day it holds. Waived findings stay in the report.
# [[waiver]]
# rule = "security/hsts-max-age"
# where = { url = "/archive/**", selector = "#map", fingerprint = "0123456789abcdef" }
# reason = "The load balancer is replaced in January."
# owner = "web@agency.example"
# issue = "https://issues.agency.example/123"
# expires = 2027-01-31

# What a person concluded where a machine could not tell: passed or failed. `idea-audit review export` lists what is open.
# [[review]]
# rule = "content/link-text"
# where = { url = "/news/**" }
# outcome = "passed"
# reviewer = "A. Person"
# date = 2026-11-22
# expires = 2027-11-22
# evidence = "Read each link with the sentence around it."
"##;
