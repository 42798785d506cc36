//! The rules as a whole: what they cite exists, what they say they do, and lists show what the code reads.

use idea_audit::checks;

#[test]
fn checks_are_sorted_by_name_and_named_once() {
    let names: Vec<&str> = checks::ALL.iter().map(|entry| entry.name).collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(names, sorted);
}
