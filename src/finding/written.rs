//! A finding as reports write it: its own and what it says in one row.
//!
//! In: findings, or rows of a report. Out: the other. Invariant: the keys have the order of `docs/report.schema.json`, and what is absent has no
//! key but where the schema wants one. Tested in `tests/it/sinks.rs`.

use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};
use smol_str::SmolStr;
use std::sync::Arc;

use super::{Finding, Reviewed, Said, Since, Waived, Where};
use crate::rules::{Impact, RuleId, Says};
use crate::verdict::Outcome;

/// The row, as it is read.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Written {
    fingerprint: SmolStr,
    rule: RuleId,
    outcome: Outcome,
    impact: Impact,
    obligation: Says,
    url: Arc<str>,
    #[serde(rename = "where")]
    place: Where,
    observed: Arc<str>,
    expected: Arc<str>,
    #[serde(default)]
    question: Option<Arc<str>>,
    waived: Option<Box<Waived>>,
    #[serde(default)]
    review: Option<Box<Reviewed>>,
    #[serde(default)]
    baseline: Option<Since>,
}

impl From<Written> for Finding {
    fn from(row: Written) -> Self {
        let Written { fingerprint, url, waived, review, baseline, .. } = row;
        let Written { rule, outcome, impact, obligation, place, observed, expected, question, .. } = row;
        let said = Said { rule, outcome, impact, obligation, place, observed, expected, question };
        Self { fingerprint, url, said: Arc::new(said), waived, review, baseline }
    }
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut row = to.serialize_struct("Finding", 13)?;
        row.serialize_field("fingerprint", &self.fingerprint)?;
        row.serialize_field("rule", &self.rule)?;
        row.serialize_field("outcome", &self.outcome)?;
        row.serialize_field("impact", &self.impact)?;
        row.serialize_field("obligation", &self.obligation)?;
        row.serialize_field("url", &self.url)?;
        row.serialize_field("where", &self.place)?;
        row.serialize_field("observed", &self.observed)?;
        row.serialize_field("expected", &self.expected)?;
        if_any(&mut row, "question", self.question.as_ref())?;
        row.serialize_field("waived", &self.waived)?;
        if_any(&mut row, "review", self.review.as_ref())?;
        if_any(&mut row, "baseline", self.baseline.as_ref())?;
        row.end()
    }
}

fn if_any<R: SerializeStruct>(row: &mut R, key: &'static str, value: Option<&impl Serialize>) -> Result<(), R::Error> {
    match value {
        Some(value) => row.serialize_field(key, value),
        None => row.skip_field(key),
    }
}
