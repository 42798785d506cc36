//! Chromium's words for what we call a role.
//!
//! In: a role as Chromium's accessibility tree spells it, and ours. Out: whether both mean the same. Chromium has words of its own
//! for elements that HTML-AAM gives no role (a label, a frame), for tables it takes for layout (platforms are told "table", with a
//! note that it is a guess), and for drawings. Invariant: no difference of meaning is hidden here; those are in `differences.rs`.

/// Chromium's word and the role it stands for.
const WORDS: [(&str, &str); 26] = [
    ("image", "img"),
    ("image", "graphics-document"),
    ("SvgRoot", "graphics-document"),
    ("MathMLMath", "math"),
    ("Abbr", "generic"),
    ("Audio", "generic"),
    ("Canvas", "generic"),
    ("ColorWell", "generic"),
    ("Date", "generic"),
    ("DateTime", "generic"),
    ("InputTime", "generic"),
    ("DescriptionList", "generic"),
    ("DisclosureTriangle", "generic"),
    ("DisclosureTriangleGrouped", "generic"),
    ("EmbeddedObject", "generic"),
    ("Figcaption", "generic"),
    ("Iframe", "generic"),
    ("LabelText", "generic"),
    ("Legend", "generic"),
    ("PluginObject", "generic"),
    ("Ruby", "generic"),
    ("Video", "generic"),
    ("LayoutTable", "table"),
    ("LayoutTableRow", "row"),
    ("LayoutTableCell", "cell"),
    ("list", "directory"),
];

/// True when Chromium's word and our role mean the same. Decoration that is in its tree at all is generic there.
pub fn is_same(theirs: &str, ours: &str) -> bool {
    let ours = if ours == "none" { "generic" } else { ours };
    let is_formula = theirs.starts_with("MathML") && ours == "generic";
    theirs == ours || is_formula || WORDS.contains(&(theirs, ours))
}

/// Words with single spaces.
pub fn collapsed(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
