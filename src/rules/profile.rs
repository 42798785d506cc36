//! What is known of a site's owner: the questions a rule may ask before it applies.
//!
//! In: what was typed, listed or inferred from the host name. Out: [`Profile`]. Invariant: an unknown answer stays unknown;
//! nothing is assumed. Tested in `tests/it/rules.rs`.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The branch of government that runs a site.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Branch {
    /// The federal executive branch.
    Executive,
    /// The federal legislative branch.
    Legislative,
    /// The federal judicial branch.
    Judicial,
    /// A state, territory, tribe, county, city or special district.
    StateLocal,
    /// Not a government site.
    None,
}

impl Branch {
    /// The word used on the command line and in rule files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Executive => "executive",
            Self::Legislative => "legislative",
            Self::Judicial => "judicial",
            Self::StateLocal => "state-local",
            Self::None => "none",
        }
    }
}

/// What a site is within its agency.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The agency's principal site.
    Principal,
    /// The site of a component of an agency.
    SubAgency,
    /// A topic or campaign site.
    Secondary,
    /// An application.
    Application,
    /// An inspector general's site.
    InspectorGeneral,
}

impl Role {
    /// The word used in the configuration and in rule files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Principal => "principal",
            Self::SubAgency => "sub-agency",
            Self::Secondary => "secondary",
            Self::Application => "application",
            Self::InspectorGeneral => "inspector-general",
        }
    }
}

/// The answers known for a site; `None` is "nobody said".
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Profile {
    /// The branch of government.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<Branch>,
    /// How the branch is known when nobody typed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch_inferred_from: Option<String>,
    /// What the site is within its agency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// The agency's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
    /// The bureau or component.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bureau: Option<String>,
    /// The day the site became public.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub launched: Option<Date>,
}

impl Profile {
    /// This profile with what the host name alone gives away: `.mil` and `.fed.us` are federal executive.
    pub fn with_host(mut self, host: &str) -> Self {
        let suffix = [".mil", ".fed.us"].into_iter().find(|suffix| host.ends_with(suffix));
        if let (None, Some(suffix)) = (self.branch, suffix) {
            self.branch = Some(Branch::Executive);
            self.branch_inferred_from = Some(format!("the host name ends in {suffix}"));
        }
        self
    }
}
