//! Hundreds of small documents of many kinds, each with the facts that went into it.

use idea_audit::document::press::{Draft, DraftField, FieldKind, Layout, Objects, Padding, Protection};
use idea_audit::document::{Form, Kind, State};
use std::time::Instant;

use super::{known, pool};

const TEXT: &str = "Berths of the harbor\nAsk the harbor master before you arrive.\u{c}Fees are due on the first day.";

fn field(name: &str, kind: FieldKind, tooltip: Option<&str>) -> DraftField {
    DraftField { name: name.to_string(), kind, tooltip: tooltip.map(str::to_string) }
}

/// Every combination of the properties that are either there or not, for each layout and protection.
fn combined() -> Vec<(Draft, Layout)> {
    let mut all = Vec::new();
    let kept = [
        (Layout::Table, Protection::None),
        (Layout::Streams, Protection::None),
        (Layout::Table, Protection::Open),
        (Layout::Table, Protection::NotAloud),
    ];
    for (layout, protection) in kept {
        for bits in 0..64u8 {
            let has = |bit: u8| bits & 1 << bit != 0;
            let text_field = field("n", FieldKind::Text, Some("Last name"));
            let signature = field("s", FieldKind::Signature, None);
            let draft = Draft {
                text: TEXT.to_string(),
                title: has(0).then(|| "A harbor guide".to_string()),
                shows_title: has(0) && has(1),
                language: has(1).then(|| "en-US".to_string()),
                tagged: has(2),
                claims: has(3).then(|| "1".to_string()),
                scanned: has(4),
                fields: if has(5) { vec![text_field, signature] } else { Vec::new() },
                protection,
                ..Draft::default()
            };
            all.push((draft, layout));
        }
    }
    all
}

#[test]
fn what_went_into_hundreds_of_documents_comes_out_again() {
    let pool = pool();
    let all = combined();
    assert!(all.len() >= 200, "{}", all.len());
    let started = Instant::now();
    let mut octets = 0;
    for (draft, layout) in &all {
        let file = draft.pdf(*layout);
        octets += file.len();
        let seen = known(&pool, &file);
        let told = format!("{draft:?} {layout:?}\n{seen:?}");
        assert_eq!((seen.kind, seen.state, seen.pages), (Kind::Pdf, State::Read, Some(2)), "{told}");
        assert_eq!(
            (&seen.title, &seen.language, &seen.claims),
            (&draft.title, &draft.language, &draft.claims),
            "{told}"
        );
        assert_eq!((seen.tagged, seen.shows_title), (Some(draft.tagged), Some(draft.shows_title)), "{told}");
        assert_eq!((seen.is_scan(), seen.scanned), (draft.scanned, if draft.scanned { 2 } else { 0 }), "{told}");
        assert_eq!(seen.words, if draft.scanned { 0 } else { 18 }, "{told}");
        let fields = draft.fields.len() as u32;
        assert_eq!((seen.fields, seen.unnamed, seen.signatures), (fields, fields / 2, fields / 2), "{told}");
        assert_eq!(seen.form, if fields > 0 { Form::Fields } else { Form::None }, "{told}");
        let assistive = match draft.protection {
            Protection::None => None,
            Protection::Open => Some(true),
            Protection::NotAloud | Protection::Password => Some(false),
        };
        assert_eq!(seen.lock.map(|lock| lock.assistive), assistive.map(Some), "{told}");
        let text = if draft.scanned { "" } else { "Berths of the harbor\nAsk the harbor master before you arrive." };
        assert!(seen.text.trim_start().starts_with(text), "{told}");
    }
    let each = started.elapsed() / u32::try_from(all.len()).unwrap_or(1);
    println!("{} documents, {} octets each: {each:?} a document", all.len(), octets / all.len());
}

#[test]
fn kinds_and_states_beyond_the_plain_ones_are_told_apart() {
    let pool = pool();
    let draft = Draft { text: TEXT.to_string(), ..Draft::default() };
    let locked = known(&pool, &Draft { protection: Protection::Password, ..draft.clone() }.file());
    assert_eq!((locked.state, locked.lock.map(|lock| lock.opens)), (State::Locked, Some(false)));
    assert_eq!(known(&pool, &Draft { broken: true, ..draft.clone() }.file()).state, State::Broken);
    let xfa = Draft { xfa: true, ..draft.clone() };
    assert_eq!(known(&pool, &xfa.file()).form, Form::DynamicXfa);
    let both = Draft { fields: vec![field("n", FieldKind::Text, None)], ..xfa };
    assert_eq!(known(&pool, &both.file()).form, Form::Xfa);
    let long = known(&pool, &Draft { padding: Padding { pages: 150, octets: 0 }, ..draft.clone() }.file());
    assert_eq!((long.pages, long.is_whole(), long.pages_read), (Some(152), false, 60));
    let button = Draft { fields: vec![field("print", FieldKind::Button, None)], ..draft.clone() };
    assert_eq!(known(&pool, &button.file()).form, Form::None);

    let word = Draft {
        word: true,
        text: TEXT.replace('\u{c}', "\n"),
        title: Some("Berths & fees".to_string()),
        language: Some("es-US".to_string()),
        fields: vec![field("a", FieldKind::Text, None), field("b", FieldKind::Checkbox, None)],
        ..draft.clone()
    };
    let seen = known(&pool, &word.file());
    assert_eq!(
        (seen.kind, seen.title.as_deref(), seen.language.as_deref()),
        (Kind::Word, Some("Berths & fees"), Some("es-US"))
    );
    assert_eq!((seen.form, seen.fields, seen.tagged), (Form::Fields, 2, None));
    assert!(seen.text.contains("Ask the harbor master before you arrive.\n"), "{}", seen.text);
    assert_eq!(known(&pool, &Draft { broken: true, ..word }.file()).state, State::Broken);
    assert_eq!(known(&pool, b"<!DOCTYPE html><title>Gone</title>").kind, Kind::Page);
    assert_eq!(known(&pool, b"").kind, Kind::Other);
}

#[test]
fn text_is_read_through_composite_fonts_pictures_of_pictures_and_moving_pens() {
    let pool = pool();
    let map = b"1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange <0001> <0010> <0061> endbfrange 1 beginbfchar <0020> <0020> endbfchar";
    let mut file = Objects::default();
    let root = file.add("<< /Type /Catalog /Pages 2 0 R >>");
    let tree = file.add("<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    file.add("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents [7 0 R 8 0 R] /Resources << /Font << /F 4 0 R >> /XObject << /X 9 0 R >> >> >>");
    file.add("<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /ToUnicode 5 0 R /DescendantFonts [6 0 R] >>");
    file.compressed("", map);
    file.add("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /DW 600 /W [1 [500 500] 3 9 550] >>");
    file.compressed("", b"q 1 0 0 1 72 700 cm BT /F 10 Tf [<0001000200030004> -300 <0005>] TJ ET Q");
    file.compressed(
        "",
        b"BT /F 10 Tf 1 0 0 1 72 650 Tm <0006> Tj 40 0 Td <0007> Tj 0 -14 TD <0008> Tj T* <0009> Tj ET /X Do",
    );
    file.compressed(
        "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /Font << /F 4 0 R >> /XObject << /X 9 0 R >> >>",
        b"BT /F 10 Tf 72 600 Td <000a> Tj ET /X Do",
    );
    assert_eq!((root, tree), (1, 2));
    for layout in [Layout::Table, Layout::Streams] {
        let seen = known(&pool, &file.file(root, layout));
        let words: Vec<&str> = seen.text.split_whitespace().collect();
        // The picture that shows itself is walked to a depth and no further.
        assert_eq!(words[..6], ["abcd", "e", "f", "g", "h", "i"], "{layout:?} {}", seen.text);
        assert!(words[6..].len() <= 8 && words[6..].iter().all(|word| word.chars().all(|c| c == 'j')), "{words:?}");
    }
}
