//! Interactive forms (ISO 32000-1, 12.7): what people fill in, and what assistive technology calls it.
//!
//! In: the catalog. Out: counts in the [`Document`]. Invariants: each field is counted once, however its references run; depth and
//! number of fields are bounded. Tested in `tests/it/documents.rs`.

use hayro_syntax::object::{Array, Dict, MaybeRef, Name, ObjRef, Object, String as Octets};
use hayro_syntax::xref::XRef;
use std::collections::HashSet;

use super::{drawn_by, string};
use crate::document::Document;

/// The most fields that are looked at.
const FIELDS: usize = 20_000;
/// The deepest that fields are nested.
const DEEPEST: usize = 64;
/// A button that only does something (table 226, bit 17).
const PUSH: i64 = 1 << 16;

/// What a field has from those above it (12.7.3.1).
#[derive(Clone)]
struct Inherited {
    kind: Option<Vec<u8>>,
    flags: i64,
    named: bool,
    depth: usize,
}

/// Counts the fields of a document, and says what its form is drawn by.
pub(super) fn count<'a>(xref: &'a XRef, catalog: &Dict<'a>, document: &mut Document) {
    let Some(form) = catalog.get::<Dict<'a>>("AcroForm") else { return };
    let mut seen: HashSet<ObjRef> = HashSet::new();
    let top = Inherited { kind: None, flags: 0, named: false, depth: 0 };
    let mut waiting: Vec<(Dict<'a>, Inherited)> = children(xref, &form, "Fields", &mut seen, &top);
    let mut looked = 0;
    while let Some((field, above)) = waiting.pop() {
        looked += 1;
        if looked > FIELDS {
            break;
        }
        let here = Inherited {
            kind: field.get::<Name<'_>>("FT").map(|name| name.as_ref().to_vec()).or(above.kind),
            flags: field.get::<i64>("Ff").unwrap_or(above.flags),
            named: above.named || field.get::<Octets<'_>>("TU").is_some_and(|name| !string::text(&name).is_empty()),
            depth: above.depth + 1,
        };
        let kids = children(xref, &field, "Kids", &mut seen, &here);
        // Kids without a name of their own are the places where one field is drawn.
        let (fields, drawn): (Vec<_>, Vec<_>) = kids.into_iter().partition(|(kid, _)| kid.contains_key("T"));
        if fields.is_empty() {
            let drawn_named = drawn.iter().any(|(_, kid)| kid.named);
            take(&Inherited { named: here.named || drawn_named, ..here }, document);
        } else {
            waiting.extend(fields);
        }
    }
    document.form = drawn_by(&form, catalog, document.fields);
}

fn take(field: &Inherited, document: &mut Document) {
    match field.kind.as_deref() {
        Some(b"Btn") if field.flags & PUSH != 0 => return,
        Some(b"Sig") => document.signatures += 1,
        Some(b"Tx" | b"Btn" | b"Ch") => {}
        Some(_) | None => return,
    }
    document.fields += 1;
    document.unnamed += u32::from(!field.named);
}

/// The dictionaries of an array that were not seen before; what refers to nothing is left out.
fn children<'a>(
    xref: &'a XRef,
    of: &Dict<'a>,
    key: &str,
    seen: &mut HashSet<ObjRef>,
    above: &Inherited,
) -> Vec<(Dict<'a>, Inherited)> {
    if above.depth > DEEPEST {
        return Vec::new();
    }
    let Some(array) = of.get::<Array<'a>>(key) else { return Vec::new() };
    let dict = |item| match item {
        MaybeRef::Ref(reference) if seen.insert(reference) => xref.get::<Dict<'a>>(reference.into()),
        MaybeRef::Ref(_) => None,
        MaybeRef::NotRef(object) => Object::into_dict(object),
    };
    array.raw_iter().take(FIELDS).filter_map(dict).map(|dict| (dict, above.clone())).collect()
}
