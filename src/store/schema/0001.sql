-- What scans leave behind. The same tables on SQLite and PostgreSQL; words in braces stand for what the two spell differently.

CREATE TABLE runs (
    id {id},
    uuid TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,                 -- running, stopped, finished
    plan TEXT NOT NULL,                  -- full, home, sample N
    settings TEXT NOT NULL,              -- a digest of what the verdicts depend on: who resumes must have the same
    started TEXT NOT NULL,               -- RFC 3339, UTC
    finished TEXT,
    judged_on TEXT NOT NULL,             -- a day
    dictionary {blob} NOT NULL,          -- the rules of the run in the order of the octets of outcomes
    frame {blob} NOT NULL,               -- the report without its sites, pages, findings and problems
    settled BIGINT NOT NULL DEFAULT 0    -- 1 where the frame is that of the whole run, 0 where it has to be summed up from the sites
);

CREATE TABLE rules (
    id {id},
    name TEXT NOT NULL UNIQUE
);

-- A site over all runs.
CREATE TABLE sites (
    id {id},
    name TEXT NOT NULL UNIQUE
);

-- A target in a run, and the site it led to.
CREATE TABLE audits (
    id {id},
    run_id BIGINT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    target TEXT NOT NULL,
    site_id BIGINT REFERENCES sites (id),
    attempt BIGINT NOT NULL,             -- who writes must know it: an earlier attempt writes nothing any more
    state TEXT NOT NULL,                 -- waiting, running, done, partly (stopped), same (another target led to the site)
    agency TEXT,
    bureau TEXT,
    branch TEXT,
    started TEXT,
    finished TEXT,
    judged BIGINT NOT NULL DEFAULT 0,    -- pages
    missed BIGINT NOT NULL DEFAULT 0,    -- pages with a problem
    findings BIGINT NOT NULL DEFAULT 0,
    problems BIGINT NOT NULL DEFAULT 0,
    outcomes {blob},                     -- one octet a rule
    body {blob},                         -- what else the report says of the site
    UNIQUE (run_id, target)
);
CREATE INDEX audits_by_site ON audits (site_id, run_id);
CREATE INDEX audits_by_agency ON audits (run_id, agency);

CREATE TABLE pages (
    audit_id BIGINT NOT NULL REFERENCES audits (id) ON DELETE CASCADE,
    no BIGINT NOT NULL,                  -- in the order of addresses
    url TEXT NOT NULL,
    status BIGINT,
    media TEXT,
    judged BIGINT NOT NULL,              -- 0 or 1
    problem TEXT,
    file TEXT,
    aliases TEXT,                        -- one a line
    outcomes {blob} NOT NULL,            -- one octet a rule
    findings {blob},                     -- the findings of the page
    digest {blob},                       -- of the body as it came
    etag TEXT,
    modified TEXT,                       -- Last-Modified
    PRIMARY KEY (audit_id, no)
){rowless};

-- A finding over all runs of its site.
CREATE TABLE findings (
    site_id BIGINT NOT NULL REFERENCES sites (id),
    fingerprint TEXT NOT NULL,
    rule_id BIGINT NOT NULL REFERENCES rules (id),
    first_run BIGINT NOT NULL,
    last_run BIGINT NOT NULL,
    outcome BIGINT NOT NULL,             -- of the last run that had it; as in outcomes
    PRIMARY KEY (site_id, fingerprint)
){rowless};
CREATE INDEX findings_by_rule ON findings (rule_id, last_run);

CREATE TABLE problems (
    audit_id BIGINT NOT NULL REFERENCES audits (id) ON DELETE CASCADE,
    no BIGINT NOT NULL,
    url TEXT NOT NULL,
    kind TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (audit_id, no)
){rowless};

-- What a run that is under way has heard and read: opaque to the store, and emptied as sites end.
CREATE TABLE journal (
    run_id BIGINT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    key {blob} NOT NULL,
    host TEXT NOT NULL,
    entry {blob} NOT NULL,
    PRIMARY KEY (run_id, key)
){rowless};

-- What was read of the pages of a site when it was last looked at, for a scan that judges again only what changed.
CREATE TABLE readings (
    site_id BIGINT NOT NULL REFERENCES sites (id),
    key {blob} NOT NULL,
    settings TEXT NOT NULL,
    etag TEXT,
    modified TEXT,
    digest {blob} NOT NULL,
    entry {blob} NOT NULL,
    PRIMARY KEY (site_id, key)
){rowless};
