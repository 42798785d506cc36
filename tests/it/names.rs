//! What naming elements may cost: it ends on every tangle of references, at every depth and size, and grows with the page only.
//!
//! In: made-up pages. Out: pass or fail. Invariant: no clock decides; growth is the processor time of this thread at two sizes,
//! with room for noise. `cargo bench` prints the figures.

use std::time::Duration;

use cpu_time::ThreadTime;
use idea_audit::facts::{descriptions, names, roles, visibility};
use idea_audit::html::{Document, Limits};
use proptest::prelude::*;

/// Names, roles, descriptions and visibility of all elements; the octets of the longest name.
fn all_of(document: &Document) -> usize {
    let longest = document.elements().map(|element| {
        let (name, description) = (names::name(&element), descriptions::description(&element));
        assert!(!roles::role(&element).as_str().is_empty());
        visibility::is_exposed(&element);
        name.len().max(description.len())
    });
    longest.max().unwrap_or_default()
}

/// Elements that take part in names, each with attributes that point at any of the others.
fn tangle() -> impl Strategy<Value = String> {
    let tag = prop::sample::select(vec![
        "a href=x", "b", "button", "div", "fieldset", "input", "label", "legend", "li", "p", "section", "select",
        "table", "caption", "ul", "svg", "title", "details", "summary",
    ]);
    let attribute = prop::sample::select(vec![
        "aria-labelledby",
        "aria-describedby",
        "aria-owns",
        "for",
        "aria-label",
        "title",
        "role",
        "hidden",
        "aria-hidden",
    ]);
    let value = prop::sample::select(vec![
        "e0",
        "e1 e0",
        "e2 e3",
        "e4",
        "e5 e1 e2",
        "e6",
        "e0 e1 e2 e3 e4 e5 e6 e7",
        "true",
        "button",
        "row",
        "none",
        "",
    ]);
    let element = (tag, prop::collection::vec((attribute, value), 0..4), any::<bool>());
    prop::collection::vec(element, 1..40).prop_map(|elements| {
        let mut html = String::new();
        for (at, (tag, attributes, closes)) in elements.into_iter().enumerate() {
            let said: Vec<String> = attributes.iter().map(|(name, value)| format!(" {name}='{value}'")).collect();
            let name = tag.split(' ').next().unwrap_or(tag);
            html.push_str(&format!("<{tag} id=e{}{}>w{at}", at % 8, said.concat()));
            if closes {
                html.push_str(&format!("</{name}>"));
            }
        }
        html
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_tangle_of_references_has_names_with_an_end(html in tangle()) {
        prop_assert!(all_of(&Document::parse(&html)) < 100_000);
    }

    #[test]
    fn a_name_has_no_space_too_many_and_is_found_where_it_is_said_to_come_from(html in tangle()) {
        for element in Document::parse(&html).elements() {
            let name = names::computed(&element);
            prop_assert_eq!(name.text.split_whitespace().collect::<Vec<_>>().join(" "), name.text.clone());
            prop_assert_eq!(name.text.is_empty(), name.from.is_none());
        }
    }
}

#[test]
fn elements_that_point_at_each_other_in_a_ring_have_names() {
    for attribute in ["aria-labelledby", "aria-owns", "aria-describedby"] {
        let ring: String = (0..2_000)
            .map(|at| format!("<button id=r{at} {attribute}='r{} r{at}'>{at}</button>", (at + 1) % 2_000))
            .collect();
        assert!(all_of(&Document::parse(&ring)) > 0, "{attribute}");
    }
}

#[test]
fn ten_thousand_levels_cost_neither_stack_nor_patience() {
    let limits = Limits { max_depth: 20_000, clock: Duration::from_secs(600), ..Limits::default() };
    let kinds = ["div role=button", "div role=group aria-labelledby=x", "div title=x", "div aria-owns=x role=heading"];
    let open: String = kinds.iter().cycle().take(10_000).map(|kind| format!("<{kind}>")).collect();
    let document = Document::parse_within(&format!("<i id=x>top</i>{open}deep"), &limits);
    assert!(document.elements().any(|element| element.depth() > 10_000));
    let innermost = document.elements().last().expect("there are elements");
    assert!(visibility::is_exposed(&innermost));
    let longest = document.elements().map(|element| names::name(&element).len()).max();
    assert!(longest < Some(100_000));
}

/// What a page is, and how one of so many parts is written.
type Shape = (&'static str, fn(usize) -> String);

/// Pages that once took, or might take, more than their share.
const SHAPES: [Shape; 9] = [
    ("links", |many| "<p>Read <a href=x>more <b>about</b> it</a> today</p>".repeat(many / 3)),
    ("one label around all fields", |many| {
        format!("<label>{}{}</label>", "<b>x</b>".repeat(many / 2), "<input>".repeat(many / 2))
    }),
    ("a label for each field", |many| {
        (0..many / 2).map(|at| format!("<label for=f{at}>Name</label><input id=f{at}>")).collect()
    }),
    ("references to everything", |many| {
        format!(
            "<div id=all>{}</div>{}",
            "<b>x</b>".repeat(many / 2),
            "<button aria-labelledby=all>x</button>".repeat(many / 2)
        )
    }),
    ("a row of headers", |many| format!("<table><tr>{}</table>", "<th>x".repeat(many))),
    ("a table of one column", |many| format!("<table>{}</table>", "<tr><td>x".repeat(many / 2))),
    ("summaries in one closed details", |many| format!("<details>{}</details>", "<summary>x</summary>".repeat(many))),
    ("one choice of many options, pointed at", |many| {
        format!(
            "<select id=s>{}</select>{}",
            "<option>x".repeat(many / 2),
            "<button aria-labelledby=s></button>".repeat(many / 2)
        )
    }),
    ("fields of one disabled set", |many| {
        format!("<fieldset disabled>{}<legend>x</legend></fieldset>", "<input>".repeat(many))
    }),
];

#[test]
fn naming_all_elements_of_a_page_grows_with_the_page_only() {
    let cost = |html: String| {
        let document = Document::parse(&html);
        let begun = ThreadTime::now();
        all_of(&document);
        begun.elapsed().as_secs_f64()
    };
    for (name, shape) in SHAPES {
        let (small, large) = (cost(shape(2_000)), cost(shape(8_000)));
        println!("{name}: {:.1} ms, four times the page {:.1} ms", small * 1000.0, large * 1000.0);
        // Four times the page may cost four times as much; what grows with the square would cost sixteen times.
        assert!(large < small * 9.0 + 0.1, "{name}: {small} s, then {large} s");
    }
}

#[test]
fn a_page_of_three_megabytes_is_named_to_its_end() {
    let html =
        "<li class=item><a href=/x title=more>Read <b>more</b></a><input placeholder=Find></li>\n".repeat(38_000);
    assert!(html.len() > 3_000_000);
    let patient = Limits { clock: Duration::from_secs(600), ..Limits::default() };
    let document = Document::parse_within(&html, &patient);
    assert_eq!(document.cut(), None);
    let last = document.elements().last().expect("there are elements");
    assert_eq!(names::name(&last), "Find");
    assert!(all_of(&document) < 100);
}
