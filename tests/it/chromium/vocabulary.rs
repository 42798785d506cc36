//! How Chromium's words for roles and ours belong together.

pub fn same_role(theirs: &str, ours: &str) -> bool {
    let ours = if ours == "none" { "generic" } else { ours };
    theirs == ours
        || WORDS.iter().any(|(word, role)| *word == theirs && *role == ours)
        || theirs.starts_with("MathML") && ours == "generic"
}

const WORDS: &[(&str, &str)] = &[
    ("image", "img"),
    ("image", "graphics-document"),
    ("SvgRoot", "graphics-document"),
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
    ("LayoutTable", "table"),
    ("LayoutTableRow", "row"),
    ("LayoutTableCell", "cell"),
    ("Legend", "generic"),
    ("PluginObject", "generic"),
    ("Ruby", "generic"),
    ("Video", "generic"),
    ("list", "directory"),
];

pub fn collapsed(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
