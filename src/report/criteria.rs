//! The success criteria of WCAG 2.1 at levels A and AA: numbers, levels and the names links to them use.
//!
//! In: a number, "1.1.1". Out: [`Criterion`]. Source: Web Content Accessibility Guidelines (WCAG) 2.1, W3C Recommendation;
//! every criterion of 2.0 at these levels is among them. Tested below.

/// How much a criterion asks for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Level {
    /// The least.
    A,
    /// The middle.
    Aa,
}

/// A success criterion.
#[derive(Clone, Copy, Debug)]
pub(super) struct Criterion {
    /// Its number.
    pub(super) number: &'static str,
    /// Its level.
    pub(super) level: Level,
    /// Its anchor in the text of the W3C.
    pub(super) handle: &'static str,
}

/// Every criterion in the order of the guidelines.
pub(super) fn all() -> impl Iterator<Item = Criterion> {
    CRITERIA.iter().map(|(number, level, handle)| Criterion { number, level: *level, handle })
}

/// A criterion by its number.
pub(super) fn of(number: &str) -> Option<Criterion> {
    all().find(|one| one.number == number)
}

const CRITERIA: [(&str, Level, &str); 50] = [
    ("1.1.1", Level::A, "non-text-content"),
    ("1.2.1", Level::A, "audio-only-and-video-only-prerecorded"),
    ("1.2.2", Level::A, "captions-prerecorded"),
    ("1.2.3", Level::A, "audio-description-or-media-alternative-prerecorded"),
    ("1.2.4", Level::Aa, "captions-live"),
    ("1.2.5", Level::Aa, "audio-description-prerecorded"),
    ("1.3.1", Level::A, "info-and-relationships"),
    ("1.3.2", Level::A, "meaningful-sequence"),
    ("1.3.3", Level::A, "sensory-characteristics"),
    ("1.3.4", Level::Aa, "orientation"),
    ("1.3.5", Level::Aa, "identify-input-purpose"),
    ("1.4.1", Level::A, "use-of-color"),
    ("1.4.2", Level::A, "audio-control"),
    ("1.4.3", Level::Aa, "contrast-minimum"),
    ("1.4.4", Level::Aa, "resize-text"),
    ("1.4.5", Level::Aa, "images-of-text"),
    ("1.4.10", Level::Aa, "reflow"),
    ("1.4.11", Level::Aa, "non-text-contrast"),
    ("1.4.12", Level::Aa, "text-spacing"),
    ("1.4.13", Level::Aa, "content-on-hover-or-focus"),
    ("2.1.1", Level::A, "keyboard"),
    ("2.1.2", Level::A, "no-keyboard-trap"),
    ("2.1.4", Level::A, "character-key-shortcuts"),
    ("2.2.1", Level::A, "timing-adjustable"),
    ("2.2.2", Level::A, "pause-stop-hide"),
    ("2.3.1", Level::A, "three-flashes-or-below-threshold"),
    ("2.4.1", Level::A, "bypass-blocks"),
    ("2.4.2", Level::A, "page-titled"),
    ("2.4.3", Level::A, "focus-order"),
    ("2.4.4", Level::A, "link-purpose-in-context"),
    ("2.4.5", Level::Aa, "multiple-ways"),
    ("2.4.6", Level::Aa, "headings-and-labels"),
    ("2.4.7", Level::Aa, "focus-visible"),
    ("2.5.1", Level::A, "pointer-gestures"),
    ("2.5.2", Level::A, "pointer-cancellation"),
    ("2.5.3", Level::A, "label-in-name"),
    ("2.5.4", Level::A, "motion-actuation"),
    ("3.1.1", Level::A, "language-of-page"),
    ("3.1.2", Level::Aa, "language-of-parts"),
    ("3.2.1", Level::A, "on-focus"),
    ("3.2.2", Level::A, "on-input"),
    ("3.2.3", Level::Aa, "consistent-navigation"),
    ("3.2.4", Level::Aa, "consistent-identification"),
    ("3.3.1", Level::A, "error-identification"),
    ("3.3.2", Level::A, "labels-or-instructions"),
    ("3.3.3", Level::Aa, "error-suggestion"),
    ("3.3.4", Level::Aa, "error-prevention-legal-financial-data"),
    ("4.1.1", Level::A, "parsing"),
    ("4.1.2", Level::A, "name-role-value"),
    ("4.1.3", Level::Aa, "status-messages"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_thirty_criteria_at_level_a_and_twenty_at_level_aa() {
        assert_eq!(all().filter(|one| one.level == Level::A).count(), 30);
        assert_eq!(all().filter(|one| one.level == Level::Aa).count(), 20);
        assert_eq!(of("1.4.3").map(|one| one.handle), Some("contrast-minimum"));
    }
}
