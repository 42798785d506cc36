//! Our roles and names against the accessibility tree of Chromium, element by element.
#![allow(dead_code)]
mod browser;
mod vocabulary;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use browser::{Browser, Seen};
use idea_audit::facts::{names, roles, visibility};
use idea_audit::html::{Document, Element};
use idea_audit::web::charset;
use serde_json::Value;

#[test]
fn look() {
    let shared = std::env::var_os("IDEA_AUDIT_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let mut browser = Browser::start(Browser::command().expect("chromium"));
    let (mut same, mut all) = (0, 0);
    let mut kinds: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for page in pages(&shared.join("corpus")) {
        let bytes = std::fs::read(&page).expect("page");
        let text = charset::decode(&bytes, None).text.to_string();
        let document = Document::parse(&text);
        let seen = browser.show(&text);
        let Some(pairs) = paired(&document, &seen) else {
            println!("DOM differs {}", page.display());
            continue;
        };
        let (mut s, mut a) = (0, 0);
        for (element, node) in &pairs {
            let word = |key: &str| node[key]["value"].as_str().unwrap_or_default().trim().to_string();
            let (their_role, their_name) = (word("role"), vocabulary::collapsed(&word("name")));
            let (our_role, our_name) = (roles::role(element).as_str().to_string(), names::name(element));
            let exposed = visibility::is_exposed(element);
            a += 1;
            let r = vocabulary::same_role(&their_role, &our_role);
            let n = their_name == our_name;
            if r && n && exposed {
                s += 1;
                continue;
            }
            let kind = if !exposed {
                format!("NOT EXPOSED {}", element.name())
            } else if !r {
                format!("ROLE {their_role} / {our_role} <{}>", element.name())
            } else {
                format!("NAME {our_role} <{}>", element.name())
            };
            let entry = kinds.entry(kind).or_insert((0, String::new()));
            entry.0 += 1;
            if entry.1.len() < 1500 {
                entry.1.push_str(&format!(
                    "\n      {} {}: theirs {their_name:?} ours {our_name:?} {}",
                    page.strip_prefix(shared.join("corpus")).unwrap().display(),
                    element.position().line,
                    element.start_tag().chars().take(140).collect::<String>()
                ));
            }
        }
        println!("{s}/{a} {}", page.display());
        same += s;
        all += a;
    }
    for (kind, (count, samples)) in &kinds {
        println!("{count} {kind}{samples}");
    }
    println!("{same} of {all}: {:.2} %", 100.0 * same as f64 / all as f64);
}

fn pages(corpus: &Path) -> Vec<PathBuf> {
    let mut chosen = Vec::new();
    let mut sites: Vec<_> =
        std::fs::read_dir(corpus).expect("corpus").map(|e| e.unwrap().path()).filter(|p| p.is_dir()).collect();
    sites.sort();
    for site in sites {
        let mut found = Vec::new();
        let mut open = vec![site];
        while let Some(folder) = open.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path)
                } else if path.extension().is_some_and(|e| e == "html" || e == "htm") {
                    found.push(path)
                }
            }
        }
        found.sort();
        let take = found.len().min(90);
        for at in 0..take {
            chosen.push(found[at * found.len() / take].clone());
        }
    }
    chosen
}

fn paired<'d>(document: &'d Document, seen: &'d Seen) -> Option<Vec<(Element<'d>, &'d Value)>> {
    let ours: Vec<Element<'_>> =
        document.elements().filter(|e| !e.ancestors().any(|a| a.name() == "noscript")).collect();
    if ours.len() != seen.elements.len()
        || ours.iter().zip(&seen.elements).any(|(o, (name, _))| !o.name().eq_ignore_ascii_case(name))
    {
        let at = ours.iter().zip(&seen.elements).position(|(o, (name, _))| !o.name().eq_ignore_ascii_case(name));
        println!("{} {} {:?}", ours.len(), seen.elements.len(), at.map(|at| (&ours[at], &seen.elements[at])));
        return None;
    }
    let by_number: BTreeMap<i64, Element<'_>> = ours.iter().zip(&seen.elements).map(|(o, (_, n))| (*n, *o)).collect();
    Some(
        seen.nodes
            .iter()
            .filter(|n| n["ignored"] == false)
            .filter_map(|n| Some((*by_number.get(&n["backendDOMNodeId"].as_i64()?)?, n)))
            .collect(),
    )
}
