//! Pages for tests: random ones of the kind that hurts parsers, and real ones where they are at hand.
//!
//! In: proptest's randomness; the folder that `IDEA_AUDIT_SHARED` names. Out: source texts. Invariant: test code only,
//! and tests that find no real pages say so and pass. Used in `reader.rs`, `path.rs` and `document.rs`.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::sample::select;

/// At least `cases` cases; `PROPTEST_CASES` asks for more.
pub(super) fn config(cases: u32) -> ProptestConfig {
    let default = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    ProptestConfig { cases: default.cases.max(cases), ..default }
}

/// A page of up to 40 shards.
pub(super) fn page() -> impl Strategy<Value = String> {
    let noise = "[<>/!?a-cé日🏛&;#x\"'= \\r\\n\\t\u{0}\u{c}\u{feff}-]{0,6}";
    let tag = (select(&["<", "</"][..]), select(NAMES), select(ATTRIBUTES), select(&[">", "/>", "", " >"][..]));
    let shard = prop_oneof![
        4 => tag.prop_map(|(open, name, attribute, close)| format!("{open}{name}{attribute}{close}")),
        3 => select(SHARDS).prop_map(str::to_owned),
        1 => noise,
    ];
    proptest::collection::vec(shard, 0..40).prop_map(|shards| shards.concat())
}

const NAMES: &[&str] = &[
    "a",
    "b",
    "i",
    "p",
    "P",
    "div",
    "span",
    "table",
    "tbody",
    "tr",
    "td",
    "th",
    "caption",
    "col",
    "ul",
    "li",
    "dl",
    "dd",
    "form",
    "button",
    "select",
    "option",
    "optgroup",
    "input",
    "img",
    "image",
    "svg",
    "g",
    "foreignObject",
    "desc",
    "title",
    "math",
    "mi",
    "annotation-xml",
    "template",
    "noscript",
    "script",
    "style",
    "textarea",
    "pre",
    "xmp",
    "iframe",
    "noframes",
    "plaintext",
    "frameset",
    "frame",
    "html",
    "head",
    "body",
    "meta",
    "link",
    "base",
    "br",
    "hr",
    "nobr",
    "font",
    "h1",
    "h2",
    "ruby",
    "rt",
    "applet",
    "object",
    "marquee",
    "mglyph",
    "linearGradient",
    "x:y",
    "a<b",
    "b\0",
];

const ATTRIBUTES: &[&str] = &[
    "",
    "",
    "",
    " id=x",
    " id=y",
    " id='1 2'",
    " id=\"a.b\"",
    " id=''",
    " class='a\nb'",
    " a=1 a=2",
    "\nhref='>'",
    " alt=\"<b>\"",
    " x=&amp",
    " x='&lt;&notit;'",
    " type=hidden",
    " xlink:href=#a",
    " encoding=text/html",
    " color=red",
    " =",
    " 'q",
    " t=\"unclosed",
    " a\0b=\0",
    "/",
    "\r\nk = v",
    " é=日",
];

const SHARDS: &[&str] = &[
    "text",
    " ",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "<",
    "<<",
    "< ",
    "<3",
    "</>",
    "</ ",
    "<!",
    "<!>",
    "<!-",
    "<!--",
    "-->",
    "--!>",
    "<!-->",
    "<!-- <p> -->",
    "<?",
    "<?xml version=\"1.0\"?>",
    "<!doctype html>",
    "<!DOCTYPE html PUBLIC \"-//W3C//DTD HTML 3.2//EN\">",
    "<![CDATA[",
    "]]>",
    "<![CDATA[<b>]]>",
    "]",
    "&",
    "&lt",
    "&lt;",
    "&amp",
    "&#60",
    "&#x3c;",
    "&notit;",
    "&#0;",
    "\0",
    "\u{feff}",
    ">",
    "\"",
    "'",
    "<script>a<b</script>",
    "<script><!-- <script> </script> -->",
    "<title></title>",
    "<table><tr><td>",
    "</table>",
    "<svg><title>",
    "</svg>",
    "<b><p>",
    "</b>",
    "</p>",
    "</br>",
    "<a href=1><a href=2>",
    "日本語",
    "🏛",
    "é",
    "<template><p>",
    "</template>",
    "<select><option>",
    "</select>",
    "<math><annotation-xml encoding=text/html>",
];

/// Every HTML file of the corpus beside the project with its text, by path; empty where there is no corpus.
pub(super) fn real_pages() -> Vec<(PathBuf, String)> {
    let shared = std::env::var_os("IDEA_AUDIT_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let mut paths = Vec::new();
    html_files(&shared.join("corpus"), &mut paths);
    if paths.is_empty() {
        eprintln!("skipped: no corpus below {}", shared.display());
    }
    let text =
        |path: &Path| String::from_utf8_lossy(&std::fs::read(path).expect("a listed file can be read")).into_owned();
    paths.into_iter().map(|path| (path.clone(), text(&path))).collect()
}

fn html_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            html_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "html" || extension == "htm") {
            found.push(path);
        }
    }
}
