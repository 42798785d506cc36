//! Families of pages that are built alike.
//!
//! In: the templates of a site and how many pages each has. Out: [`Family`]s, largest first. The most used template of those that are left
//! draws in all that are like it. Invariant: each template is in one family; the order in which pages came does not show. Tested below.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Survey;
use crate::facts::imprint::{Bones, Parts};

/// Pages that are named of a family.
const NAMED: usize = 3;

/// Pages that are built alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Family {
    /// The template that most of its pages have.
    pub template: u64,
    /// Its pages.
    pub pages: usize,
    /// Templates that differ in details.
    pub templates: Vec<u64>,
    /// The first pages by address.
    pub examples: Vec<String>,
    /// Where it differs from the largest family: header, menu, footer, style sheets, skeleton.
    pub differs: Vec<&'static str>,
}

/// The families of a site's pages, templates that share at least `likeness` of their marks together.
pub fn families(survey: &Survey<'_>, likeness: f64) -> Vec<Family> {
    let mut counts: BTreeMap<u64, (usize, Vec<&Arc<url::Url>>)> = BTreeMap::new();
    for page in &survey.pages {
        let (count, examples) = counts.entry(page.imprint.template).or_default();
        *count += 1;
        if examples.len() < NAMED {
            examples.push(page.url);
        }
    }
    let mut left: Vec<(u64, usize)> = counts.iter().map(|(template, (count, _))| (*template, *count)).collect();
    left.sort_by_key(|(template, count)| (std::cmp::Reverse(*count), *template));
    let nothing = Bones::default();
    let bones = |template: u64| survey.facts.templates.get(&template).unwrap_or(&nothing);
    let mut found: Vec<Family> = Vec::new();
    for (template, pages) in left {
        let home = found.iter_mut().find(|family| bones(family.template).likeness(bones(template)) >= likeness);
        let named = counts[&template].1.iter().map(ToString::to_string);
        match home {
            Some(family) => {
                family.pages += pages;
                family.templates.push(template);
                family.examples.extend(named);
            }
            None => found.push(Family {
                template,
                pages,
                templates: vec![template],
                examples: named.collect(),
                differs: Vec::new(),
            }),
        }
    }
    found.sort_by_key(|family| (std::cmp::Reverse(family.pages), family.template));
    let main = found.first().map(|family| bones(family.template).parts).unwrap_or_default();
    for (at, family) in found.iter_mut().enumerate() {
        family.examples.sort();
        family.examples.truncate(NAMED);
        if at > 0 {
            family.differs = differs(main, bones(family.template).parts);
        }
    }
    found
}

fn differs(one: Parts, other: Parts) -> Vec<&'static str> {
    let parts = [
        ("header", one.header, other.header),
        ("menu", one.menu, other.menu),
        ("footer", one.footer, other.footer),
        ("style sheets", one.sheets, other.sheets),
        ("skeleton", one.skeleton, other.skeleton),
    ];
    parts.into_iter().filter(|(_, one, other)| one != other).map(|(name, _, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_from_the_largest_family_is_named() {
        let one = Parts { header: 1, menu: 2, footer: 3, sheets: 4, skeleton: 5 };
        assert_eq!(differs(one, Parts { footer: 9, sheets: 0, ..one }), ["footer", "style sheets"]);
        assert!(differs(one, one).is_empty());
    }
}
