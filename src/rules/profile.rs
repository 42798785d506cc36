//! What is known of a site's owner: the questions a rule may ask before it applies, and who answered.
//!
//! In: what was typed, what a target list says, what a [`DomainList`] knows of the host. Out: [`Profile`]. Invariant: an unknown
//! answer stays unknown, nothing is assumed, and every answer says where it came from. Tested below and in `tests/it/profile.rs`.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;

use super::DomainList;

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

    /// The branch as published lists write it: "Executive", "Federal - Executive", "City"; `None` for other words.
    pub fn listed(cell: &str) -> Option<Self> {
        let cell = cell.to_lowercase();
        match cell.rsplit(" - ").next().unwrap_or(&cell).trim() {
            "executive" | "federal agency" => Some(Self::Executive),
            "legislative" => Some(Self::Legislative),
            "judicial" => Some(Self::Judicial),
            "city"
            | "county"
            | "state"
            | "tribal"
            | "interstate"
            | "independent intrastate"
            | "special district"
            | "school district"
            | "state-local"
            | "state local" => Some(Self::StateLocal),
            "none" => Some(Self::None),
            _ => None,
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
    /// Every role.
    pub const ALL: [Self; 5] =
        [Self::Principal, Self::SubAgency, Self::Secondary, Self::Application, Self::InspectorGeneral];

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

/// A question about a site's owner.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Question {
    /// Which branch of government?
    Branch,
    /// Which role within the agency?
    Role,
    /// Which top-level domain will the public see?
    Tld,
    /// Which agency?
    Agency,
    /// What is the agency called for short?
    Acronym,
    /// Which part of the agency?
    Bureau,
    /// Does it serve a designated high-impact service?
    HighImpact,
    /// When did it become public?
    Launched,
    /// Is it exempt from offering a search of its own?
    SearchExempt,
    /// Is it of a place that the law gives more time because it is small?
    SmallPlace,
}

impl Question {
    /// The key in reports and the name of `--profile NAME=VALUE`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Branch => "branch",
            Self::Role => "role",
            Self::Tld => "tld",
            Self::Agency => "agency",
            Self::Acronym => "acronym",
            Self::Bureau => "bureau",
            Self::HighImpact => "high-impact",
            Self::Launched => "launched",
            Self::SearchExempt => "search-exempt",
            Self::SmallPlace => "small-place",
        }
    }

    /// What people read before the answer.
    pub fn words(self) -> &'static str {
        match self {
            Self::Branch => "branch",
            Self::Role => "role",
            Self::Tld => "top-level domain",
            Self::Agency => "agency",
            Self::Acronym => "short name",
            Self::Bureau => "part of the agency",
            Self::HighImpact => "high-impact service",
            Self::Launched => "public since",
            Self::SearchExempt => "exempt from a search",
            Self::SmallPlace => "small place",
        }
    }
}

/// Where an answer came from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Origin {
    /// Typed, or written in the configuration.
    Given,
    /// A column of the target list.
    Listed,
    /// Concluded from something, which is named.
    Inferred(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given => f.write_str("given"),
            Self::Listed => f.write_str("listed"),
            Self::Inferred(from) => write!(f, "inferred from {from}"),
        }
    }
}

impl Serialize for Origin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Origin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        Ok(match word.as_str() {
            "given" => Self::Given,
            "listed" => Self::Listed,
            other => Self::Inferred(other.strip_prefix("inferred from ").unwrap_or(other).to_string()),
        })
    }
}

/// The answers known for a site; `None` is "nobody said".
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Profile {
    /// The branch of government.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<Branch>,
    /// What the site is within its agency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// The top-level domain the public sees, "gov" for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tld: Option<String>,
    /// The agency's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
    /// The agency's short name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acronym: Option<String>,
    /// The bureau or component.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bureau: Option<String>,
    /// Whether the site serves a designated high-impact service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high_impact: Option<bool>,
    /// The day the site became public.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub launched: Option<Date>,
    /// Whether the site may do without a search: it is very small, or is itself a look-up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search_exempt: Option<bool>,
    /// Whether it is a small place, which a source may give more time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub small_place: Option<bool>,
    /// Where each answer came from.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub known_from: BTreeMap<Question, Origin>,
}

impl Profile {
    /// These answers, where they were not told apart before all of one origin.
    pub fn from(self, origin: &Origin) -> Self {
        Self::default().or(&self, origin)
    }

    /// These answers, and those of another where these have none.
    pub fn or(mut self, other: &Self, origin: &Origin) -> Self {
        let mut filled = Vec::new();
        fill(&mut self.branch, &other.branch, Question::Branch, &mut filled);
        fill(&mut self.role, &other.role, Question::Role, &mut filled);
        fill(&mut self.tld, &other.tld, Question::Tld, &mut filled);
        fill(&mut self.agency, &other.agency, Question::Agency, &mut filled);
        fill(&mut self.acronym, &other.acronym, Question::Acronym, &mut filled);
        fill(&mut self.bureau, &other.bureau, Question::Bureau, &mut filled);
        fill(&mut self.high_impact, &other.high_impact, Question::HighImpact, &mut filled);
        fill(&mut self.launched, &other.launched, Question::Launched, &mut filled);
        fill(&mut self.search_exempt, &other.search_exempt, Question::SearchExempt, &mut filled);
        fill(&mut self.small_place, &other.small_place, Question::SmallPlace, &mut filled);
        self.known_from.extend(filled.into_iter().map(|question| (question, origin.clone())));
        self
    }

    /// These answers with what lists of domains know of the host, the first list first. A row that contradicts what is
    /// known already (another branch, another agency) is about somebody else and answers nothing.
    pub fn inferred(self, host: &str, lists: &[DomainList]) -> Self {
        let host = host.split(':').next().unwrap_or(host).trim_end_matches('.').to_ascii_lowercase();
        let mut profile = self;
        if let Some((_, tld)) = host.rsplit_once('.')
            && !tld.chars().all(|c| c.is_ascii_digit())
        {
            let named = Self { tld: Some(tld.to_string()), ..Self::default() };
            profile = profile.or(&named, &Origin::Inferred("the host name".to_string()));
        }
        if profile.branch == Some(Branch::None) {
            return profile;
        }
        let Some((list, domain, row)) =
            lists.iter().find_map(|list| list.find(&host).map(|(domain, row)| (list, domain, row)))
        else {
            return profile;
        };
        if profile.branch.is_some_and(|branch| row.branch.is_some_and(|listed| listed != branch)) {
            return profile;
        }
        let other_agency = profile.agency.as_ref().is_some_and(|agency| row.agency.as_ref() != Some(agency));
        let known = if other_agency { Self { branch: row.branch, ..Self::default() } } else { row.clone() };
        profile.or(&known, &Origin::Inferred(format!("{domain} in {}", list.name())))
    }

    /// The value of a question that rules may name in their parameters, as text.
    pub fn value(&self, name: &str) -> Option<&str> {
        match name {
            "agency" => self.agency.as_deref(),
            "acronym" => self.acronym.as_deref(),
            "bureau" => self.bureau.as_deref(),
            _ => None,
        }
    }

    /// Every answer in words with where it came from, in the order of the questions.
    pub fn answers(&self) -> Vec<(Question, String, Option<&Origin>)> {
        let yes = |word: bool| if word { "yes" } else { "no" }.to_string();
        let all = [
            (Question::Branch, self.branch.map(|branch| branch.as_str().to_string())),
            (Question::Role, self.role.map(|role| role.as_str().to_string())),
            (Question::Tld, self.tld.clone()),
            (Question::Agency, self.agency.clone()),
            (Question::Acronym, self.acronym.clone()),
            (Question::Bureau, self.bureau.clone()),
            (Question::HighImpact, self.high_impact.map(yes)),
            (Question::Launched, self.launched.map(|day| day.to_string())),
            (Question::SearchExempt, self.search_exempt.map(yes)),
            (Question::SmallPlace, self.small_place.map(yes)),
        ];
        let known = all.into_iter().filter_map(|(question, answer)| Some((question, answer?)));
        known.map(|(question, answer)| (question, answer, self.known_from.get(&question))).collect()
    }
}

fn fill<T: Clone>(mine: &mut Option<T>, theirs: &Option<T>, question: Question, filled: &mut Vec<Question>) {
    if mine.is_none() && theirs.is_some() {
        mine.clone_from(theirs);
        filled.push(question);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lists() -> Vec<DomainList> {
        let text = "# dated 2026-01-02\nDomain name,Domain type,Organization name,Suborganization name,Acronym\n\
            agency.gov,Federal - Executive,Department of Examples,,DEX\nlab.agency.gov,Federal - Executive,Department of Examples,Sample Lab,DEX\n\
            town.gov,City,Exampletown,,\nmil,Federal - Executive,Department of Defense,,DOD\n";
        vec![DomainList::parse("the list", text).expect("a constant list")]
    }

    #[test]
    fn a_host_is_known_by_the_longest_row_above_it() {
        for (host, branch, agency, bureau) in [
            ("agency.gov", Some(Branch::Executive), Some("Department of Examples"), None),
            ("www.agency.gov:8443", Some(Branch::Executive), Some("Department of Examples"), None),
            ("a.lab.agency.gov", Some(Branch::Executive), Some("Department of Examples"), Some("Sample Lab")),
            ("town.gov", Some(Branch::StateLocal), Some("Exampletown"), None),
            ("unit.corps.mil", Some(Branch::Executive), Some("Department of Defense"), None),
            ("myagency.gov", None, None, None),
            ("agency.gov.example", None, None, None),
            ("127.0.0.1", None, None, None),
        ] {
            let profile = Profile::default().inferred(host, &lists());
            let found = (profile.branch, profile.agency.as_deref(), profile.bureau.as_deref());
            assert_eq!(found, (branch, agency, bureau), "{host}");
        }
    }

    #[test]
    fn what_was_given_wins_over_the_list_which_wins_over_what_is_inferred() {
        let given = Profile { acronym: Some("DX".to_string()), ..Profile::default() }.from(&Origin::Given);
        let row =
            Profile { acronym: Some("no".to_string()), bureau: Some("Row Office".to_string()), ..Profile::default() };
        let profile = given.or(&row, &Origin::Listed).inferred("lab.agency.gov", &lists());
        let told: Vec<String> = profile
            .answers()
            .iter()
            .map(|(question, answer, origin)| {
                format!("{}: {answer} ({})", question.as_str(), origin.expect("every answer has one"))
            })
            .collect();
        assert_eq!(
            told,
            [
                "branch: executive (inferred from lab.agency.gov in the list of 2026-01-02)",
                "tld: gov (inferred from the host name)",
                "agency: Department of Examples (inferred from lab.agency.gov in the list of 2026-01-02)",
                "acronym: DX (given)",
                "bureau: Row Office (listed)",
            ]
        );
    }

    #[test]
    fn a_row_that_contradicts_what_was_said_answers_nothing_more() {
        let private = Profile { branch: Some(Branch::None), ..Profile::default() }.inferred("agency.gov", &lists());
        assert_eq!((private.branch, private.agency), (Some(Branch::None), None));
        let state = Profile { branch: Some(Branch::StateLocal), ..Profile::default() }.inferred("agency.gov", &lists());
        assert_eq!(state.agency, None);
        let other = Profile { agency: Some("Another".to_string()), ..Profile::default() };
        let other = other.inferred("agency.gov", &lists());
        assert_eq!((other.branch, other.acronym), (Some(Branch::Executive), None));
    }

    #[test]
    fn lists_write_branches_in_their_own_words() {
        for (cell, branch) in [
            ("Federal - Executive", Some(Branch::Executive)),
            ("legislative", Some(Branch::Legislative)),
            ("Special district", Some(Branch::StateLocal)),
            ("state-local", Some(Branch::StateLocal)),
            ("", None),
            ("Unknown", None),
        ] {
            assert_eq!(Branch::listed(cell), branch, "{cell}");
        }
    }
}
