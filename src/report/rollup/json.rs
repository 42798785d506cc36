//! `--format rollup-json`: agencies, bureaus and the whole as one object (`docs/rollup.schema.json`).
//!
//! In: a report. Out: JSON with a group for each agency, its bureaus in it, shares with their ranks. Invariant: a share that nobody could tell
//! is null. Tested in `tests/it/rollup.rs`.

use serde_json::{Map, Value, json};
use std::io::{self, Write};

use super::{Group, Level, MEASURES, Rollup, Share, ranks};
use crate::report::{Run, Tally, Tool};

/// The name and version of the shape.
const SCHEMA: &str = "idea-audit-rollup/1";
/// Rules named for each group.
const MOST_RULES: usize = 10;

/// Places among the groups of a level.
struct Places {
    measures: Vec<Vec<Option<u64>>>,
    requirements: Vec<Vec<Option<u64>>>,
}

impl Places {
    fn of(groups: &[Group], rollup: &Rollup) -> Self {
        let by = |share: &dyn Fn(&Group) -> Share| ranks(&groups.iter().map(share).collect::<Vec<_>>());
        Self {
            measures: (0..MEASURES.len()).map(|at| by(&|group| group.shares[at])).collect(),
            requirements: (0..rollup.requirements.len())
                .map(|at| by(&|group| Share::of(&group.requirements[at])))
                .collect(),
        }
    }
}

/// Writes the roll-up of a run as one object.
///
/// # Errors
/// Only those of the writer.
pub fn rollup_json(tool: &Tool, run: &Run, rollup: &Rollup, mut out: impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut out, &of_run(tool, run, rollup))?;
    writeln!(out)
}

/// The roll-up of a run as one object.
pub fn of_run(tool: &Tool, run: &Run, rollup: &Rollup) -> Value {
    let (agencies, bureaus) = (rollup.groups(Level::Agency), rollup.groups(Level::Bureau));
    let (first, second) = (Places::of(&agencies, rollup), Places::of(&bureaus, rollup));
    let agency = |(at, group): (usize, &Group)| {
        let mut value = of_group(group, Some((at, &first)), rollup);
        let of_it = bureaus.iter().enumerate().filter(|(_, one)| one.agency == group.agency && one.bureau.is_some());
        value["bureaus"] = of_it.map(|(at, one)| of_group(one, Some((at, &second)), rollup)).collect();
        value
    };
    let requirements = rollup.requirements.iter().map(
        |head| json!({"requirement": head.requirement, "title": head.title, "source": head.source, "part": head.part}),
    );
    let measures = MEASURES.iter().map(|measure| json!({"measure": measure.key, "title": measure.title}));
    json!({
        "schema": SCHEMA,
        "tool": tool,
        "run": {
            "id": run.id, "started": run.started, "finished": run.finished,
            "judged-on": run.judged_on, "policy-as-of": run.policy_as_of, "stopped": run.stopped,
        },
        "measures": measures.collect::<Vec<_>>(),
        "requirements": requirements.collect::<Vec<_>>(),
        "total": of_group(&rollup.total(), None, rollup),
        "agencies": agencies.iter().enumerate().map(agency).collect::<Vec<_>>(),
    })
}

fn of_group(group: &Group, place: Option<(usize, &Places)>, rollup: &Rollup) -> Value {
    let rank =
        |of: fn(&Places) -> &Vec<Vec<Option<u64>>>, row: usize| place.and_then(|(at, places)| of(places)[row][at]);
    let adoption = MEASURES.iter().zip(&group.shares).enumerate().map(|(row, (measure, share))| {
        let value = of_share(share, rank(|places| &places.measures, row));
        (measure.key.to_string(), value)
    });
    let scorecard = rollup.requirements.iter().zip(&group.requirements).enumerate().map(|(row, (head, tally))| {
        let value = of_tally(tally, rank(|places| &places.requirements, row));
        (head.requirement.clone(), value)
    });
    let worst = group.worst(MOST_RULES).into_iter().map(|(at, sites)| {
        let (rule, tally) = (&rollup.rules[at], &group.rules[at]);
        let judged = tally.passed + tally.failed + tally.cant_tell;
        json!({"rule": rule.id, "title": rule.title, "impact": rule.impact, "obligation": rule.obligation,
            "sites-failed": sites, "sites-judged": judged})
    });
    let counts = &group.counts;
    json!({
        "agency": group.agency,
        "bureau": group.bureau,
        "sites": {"all": group.sites, "seen": group.seen, "not-seen": group.unseen(), "not-seen-by": group.hindered,
            "failing-a-must": group.failing},
        "pages": {"all": counts.pages, "judged": counts.judged},
        "problems": counts.problems,
        "findings": {"failed": counts.failed, "needs-review": counts.review},
        "adoption": adoption.collect::<Map<_, _>>(),
        "design-system-versions": group.design_versions,
        "scorecard": scorecard.collect::<Map<_, _>>(),
        "worst-rules": worst.collect::<Vec<_>>(),
    })
}

fn percent(share: &Share) -> Option<f64> {
    share.hundredths().map(|hundredths| hundredths as f64 / 100.0)
}

fn of_share(share: &Share, rank: Option<u64>) -> Value {
    json!({"yes": share.yes, "no": share.no, "undetermined": share.undetermined, "not-asked": share.not_asked,
        "percent": percent(share), "rank": rank})
}

fn of_tally(tally: &Tally, rank: Option<u64>) -> Value {
    json!({"sites": tally, "percent-passed": percent(&Share::of(tally)), "rank": rank})
}
