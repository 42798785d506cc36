-- What was read of the pages of a site when it was last looked at with --changed-only, for the next time.
DROP TABLE readings;

CREATE TABLE readings (
    site_id BIGINT NOT NULL REFERENCES sites (id),
    key {blob} NOT NULL,                 -- stands for the address
    settings TEXT NOT NULL,              -- a digest of what the reading depends on besides the page
    day TEXT,                            -- where it holds in a year or on a day only: that year, or that day
    etag TEXT,
    modified TEXT,                       -- Last-Modified
    media TEXT NOT NULL,
    body {blob} NOT NULL,                -- two digests of the body: of its octets, and of those that are no digits
    steady {blob} NOT NULL,              -- what the header fields said of the page, a number of eight octets each
    entry {blob} NOT NULL,               -- the reading: opaque to the store
    PRIMARY KEY (site_id, key)
){rowless};
