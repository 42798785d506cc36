//! Questions that make the program stumble: what a fault of ours costs, in the second stage of judging.
//!
//! A rule whose check panics stands in for the fault that nobody has found yet. It costs the site the judgement of its second stage,
//! which is told as a problem; its pages, other sites and the report stay whole.

use std::sync::Arc;

use idea_audit::audit::{Silent, audit};
use idea_audit::checks::{Check, SiteCheck};
use idea_audit::facts::SiteView;
use idea_audit::rules::Rule;
use idea_audit::verdict::{Outcome, Verdict};
use idea_audit::web::ProblemKind;

use crate::audit::plan;
use crate::server::{Response, Server};

/// Falls over every site, at once or when all were seen.
struct Falls {
    at_the_end: bool,
}

impl SiteCheck for Falls {
    fn waits_for_others(&self) -> bool {
        self.at_the_end
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        panic!("over {}", site.facts.name)
    }
}

#[tokio::test]
async fn a_site_check_that_falls_over_costs_its_site_the_second_stage_and_nobody_else_anything() {
    let home =
        "<!doctype html><html lang=en><head><title>Boats</title></head><body><main><h1>Boats</h1></main></body></html>";
    for at_the_end in [false, true] {
        let (one, other) =
            (Server::start(move |_| Response::html(home)).await, Server::start(move |_| Response::html(home)).await);
        let mut plan = plan(&[one.url("/"), other.url("/")]);
        let fallen = "duplication/home-page";
        plan.selected.retain(|rule| [fallen, "accessibility/page-title"].contains(&rule.id.as_str()));
        // The set holds the same rules and would share them.
        plan.set.rules.clear();
        let rules = plan.selected.iter_mut().map(|rule| Arc::get_mut(rule).expect("nobody shares it"));
        let rule: &mut Rule = rules.into_iter().find(|rule| rule.id.as_str() == fallen).expect("the rule is there");
        rule.check = Check::Site(Box::new(Falls { at_the_end }));
        rule.blanks = None;
        let report = audit(plan, &mut Silent).await.expect("the audit begins");
        assert_eq!((report.sites.len(), report.pages.len()), (2, 2));
        for page in &report.pages {
            assert!(
                page.outcomes
                    .iter()
                    .any(|(rule, outcome)| rule.as_str() == "accessibility/page-title" && outcome == Outcome::Passed)
            );
        }
        let told: Vec<_> = report.problems.iter().filter(|row| row.kind == ProblemKind::Internal.as_str()).collect();
        assert_eq!(told.len(), 2, "{at_the_end}: {:?}", report.problems);
        for site in &report.sites {
            let outcome = site.outcomes.iter().find(|(rule, _)| rule.as_str() == fallen).map(|(_, outcome)| outcome);
            assert_eq!(outcome, Some(Outcome::Untested), "{at_the_end}: {}", site.site);
        }
    }
}
