//! Which sites and pages have a duty at all.
//!
//! In: a rule's `applies-to` and a site's [`Profile`]. Out: [`Asked`]: yes, no, or the question that nobody answered.
//! Invariant: an unanswered question softens, it never accuses and never excuses. Tested below.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Branch, Profile, Role};

/// The facets of `[applies-to]`, joined by "and"; an empty facet asks nothing.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct AppliesTo {
    /// Branches of government that have the duty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub branch: Vec<Branch>,
    /// Roles of sites that have it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub role: Vec<Role>,
    /// Top-level domains that have it, "gov" for one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tld: Vec<String>,
    /// True: only sites that serve a designated high-impact service have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high_impact: Option<bool>,
    /// False: sites that are exempt from offering a search do not have it. An unknown exemption is a stated limit, not a
    /// softening.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search_exempt: Option<bool>,
    /// Sites made public after this day have it. An unknown day is a stated limit, not a softening.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub launched_after: Option<Date>,
    /// Pages it is asked of.
    pub pages: Pages,
}

/// The pages a page rule is asked of.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pages {
    /// Every page that people get to read.
    #[default]
    Every,
    /// Every page, also one that only sends its reader elsewhere.
    EveryAnswer,
    /// The home page only.
    Home,
    /// Pages with a form that asks people for data (not a search box).
    WithForm,
}

/// Whether a rule is asked of a site.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Asked {
    /// Yes.
    Yes,
    /// No: the duty is not this site's.
    No,
    /// Nobody answered a question; what it asks and what answers it.
    Unanswered(String),
}

impl AppliesTo {
    /// Whether a site of this profile and host has the duty.
    pub fn asked(&self, profile: &Profile, host: &str) -> Asked {
        let last = || host.split(':').next().unwrap_or(host).rsplit('.').next().unwrap_or_default();
        let tld = profile.tld.as_deref().unwrap_or_else(last);
        if !self.tld.is_empty() && !self.tld.iter().any(|wanted| wanted == tld) {
            return Asked::No;
        }
        if self.search_exempt.zip(profile.search_exempt).is_some_and(|(asked, is)| asked != is) {
            return Asked::No;
        }
        if let (Some(after), Some(launched)) = (self.launched_after, profile.launched)
            && launched <= after
        {
            return Asked::No;
        }
        let branch = facet(&self.branch, profile.branch, || {
            format!("is this a site of the {} branch? (--profile BRANCH)", words(&self.branch, Branch::as_str))
        });
        let role = facet(&self.role, profile.role, || {
            format!("is this a site with the role {}? (--profile role=ROLE)", words(&self.role, Role::as_str))
        });
        let high_impact = facet(self.high_impact.as_slice(), profile.high_impact, || {
            "does this site serve a designated high-impact service? (--profile high-impact=yes or no)".to_string()
        });
        let all = [branch, role, high_impact];
        if all.contains(&Asked::No) {
            return Asked::No;
        }
        all.into_iter().find(|asked| matches!(asked, Asked::Unanswered(_))).unwrap_or(Asked::Yes)
    }
}

fn facet<T: PartialEq>(wanted: &[T], answer: Option<T>, question: impl FnOnce() -> String) -> Asked {
    if wanted.is_empty() {
        return Asked::Yes;
    }
    match answer {
        None => Asked::Unanswered(question()),
        Some(answer) if wanted.contains(&answer) => Asked::Yes,
        Some(_) => Asked::No,
    }
}

fn words<T: Copy>(values: &[T], word: impl Fn(T) -> &'static str) -> String {
    values.iter().map(|value| word(*value)).collect::<Vec<_>>().join(" or ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(branch: Option<Branch>) -> Asked {
        let duty = AppliesTo { branch: vec![Branch::Executive], ..AppliesTo::default() };
        duty.asked(&Profile { branch, ..Profile::default() }, "www.agency.example")
    }

    #[test]
    fn a_duty_of_the_executive_branch_is_not_asked_of_the_others_and_a_question_when_unknown() {
        assert_eq!(asked(Some(Branch::Executive)), Asked::Yes);
        assert_eq!(asked(Some(Branch::Legislative)), Asked::No);
        assert!(matches!(asked(None), Asked::Unanswered(question) if question.contains("--profile")));
    }

    #[test]
    fn a_no_to_one_question_settles_it_even_when_another_is_open() {
        let duty = AppliesTo { branch: vec![Branch::Executive], role: vec![Role::Principal], ..AppliesTo::default() };
        let profile = Profile { role: Some(Role::Secondary), ..Profile::default() };
        assert_eq!(duty.asked(&profile, "a.example"), Asked::No);
    }
}
