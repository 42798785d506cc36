//! Why an address that was known was not fetched.
//!
//! A skip is the crawl's own choice, a problem is the world's; both are counted. Tested through traps, scope and crawl.

/// A reason for leaving an address alone.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Skip {
    /// Another host, or a path that the globs leave out.
    OutOfScope,
    /// A page of ours that redirects to somewhere out of scope.
    RedirectOutOfScope,
    /// A document, image, script or other thing that is not a page, by its name or its media type.
    NotAPage,
    /// The http twin of an https address that is known already.
    HttpDuplicate,
    /// Deeper than the depth budget.
    DepthBudget,
    /// More pages than the page budget.
    PageBudget,
    /// The site's time was up.
    TimeBudget,
    /// The site sent more octets than the byte budget.
    ByteBudget,
    /// The host was given up after it stopped answering or asked for too long a wait.
    HostGivenUp,
    /// Disallowed by robots.txt, beyond the number reported one by one.
    RobotsDisallowed,
    /// The crawl was stopped.
    Stopped,
    /// Longer than any real address.
    TooLong,
    /// More path segments than any real site has.
    TooDeep,
    /// The path repeats itself.
    RepeatedSegments,
    /// Too many query variants of one path.
    QueryVariants,
    /// A calendar without an end.
    Calendar,
    /// Addresses of this pattern keep giving the same body.
    SameBody,
    /// Sitemap addresses beyond the cap, or sitemap files beyond theirs.
    SitemapCap,
    /// Listed in a sitemap but on another host.
    SitemapElsewhere,
    /// A link of a folder that leads out of it through the file system.
    LeavesFolder,
    /// A page file of a folder whose name begins with a dot.
    HiddenFile,
}

impl Skip {
    /// The name the counts use, "page-budget" for one.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OutOfScope => "out-of-scope",
            Self::RedirectOutOfScope => "redirect-out-of-scope",
            Self::NotAPage => "not-a-page",
            Self::HttpDuplicate => "http-duplicate",
            Self::DepthBudget => "depth-budget",
            Self::PageBudget => "page-budget",
            Self::TimeBudget => "time-budget",
            Self::ByteBudget => "byte-budget",
            Self::HostGivenUp => "host-given-up",
            Self::RobotsDisallowed => "robots-disallowed",
            Self::Stopped => "stopped",
            Self::TooLong => "too-long",
            Self::TooDeep => "too-deep",
            Self::RepeatedSegments => "repeated-segments",
            Self::QueryVariants => "query-variants",
            Self::Calendar => "calendar",
            Self::SameBody => "same-body",
            Self::SitemapCap => "sitemap-cap",
            Self::SitemapElsewhere => "sitemap-elsewhere",
            Self::LeavesFolder => "leaves-folder",
            Self::HiddenFile => "hidden-file",
        }
    }
}
