//! Every example of every rule. `RULE=security/hsts cargo test every_example` narrows to the rules whose id contains the word.

use idea_audit::rehearse::rehearse;
use idea_audit::rules::RuleSet;

#[test]
fn every_example_of_every_rule_comes_out_as_the_rule_says() {
    let set = RuleSet::bundled().unwrap_or_else(|diagnostics| panic!("the bundled rules do not load:\n{diagnostics}"));
    let wanted = std::env::var("RULE").unwrap_or_default();
    let rules: Vec<_> = set.rules.iter().filter(|rule| rule.id.as_str().contains(&wanted)).collect();
    let mismatches: Vec<String> =
        rules.iter().flat_map(|rule| rehearse(rule, &set.sources)).map(|mismatch| mismatch.to_string()).collect();
    let examples: usize = rules.iter().map(|rule| rule.examples().len()).sum();
    assert!(mismatches.is_empty(), "{} of {examples} examples:\n\n{}", mismatches.len(), mismatches.join("\n"));
}
