//! The text of the pages, and which of them are only pictures.
//!
//! In: an open document. Out: pages, words, the beginning of the text, scanned pages, in the [`Document`]. Invariants: pages, operators
//! and letters are counted and bounded; a picture within a picture is walked to a depth. Tested in `tests/it/documents.rs`.

use hayro_syntax::Pdf;
use hayro_syntax::content::UntypedIter;
use hayro_syntax::object::{Array, Dict, MaybeRef, Name, ObjRef, Object, Stream};
use hayro_syntax::page::{Page, Resources};
use std::collections::HashMap;
use std::rc::Rc;

use super::font::Font;
use super::place::{Gap, Matrix, Pen};
use super::stream;
use crate::document::Document;

/// Pages that are looked at.
const PAGES: usize = 60;
/// Operators of the whole document.
const OPERATORS: u64 = 3_000_000;
/// Octets of text that are read, and those that are kept.
const READ: usize = 400_000;
const KEPT: usize = 24_000;
/// How deep pictures stand within pictures.
const DEEPEST: usize = 6;

struct Reading {
    out: String,
    operators: u64,
    /// Whether this page shows a picture.
    picture: bool,
    fonts: HashMap<ObjRef, Rc<Font>>,
}

/// Reads the pages of a document.
pub(super) fn read(pdf: &Pdf, document: &mut Document) {
    let pages = pdf.pages();
    document.pages = u32::try_from(pages.len()).ok();
    let mut reading = Reading { out: String::new(), operators: OPERATORS, picture: false, fonts: HashMap::new() };
    for page in pages.iter().take(PAGES) {
        if reading.operators == 0 || reading.out.len() > READ {
            break;
        }
        let before = reading.out.len();
        reading.picture = false;
        reading.page(page);
        let silent = !reading.out[before..].chars().any(|c| c.is_alphanumeric() || c == char::REPLACEMENT_CHARACTER);
        document.scanned += u32::from(silent && reading.picture);
        document.pages_read += 1;
        reading.out.push('\n');
    }
    let words = reading.out.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count();
    document.words = u32::try_from(words).unwrap_or(u32::MAX);
    let mut text = reading.out;
    let end = (0..=KEPT.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.truncate(end);
    document.text = text;
}

impl Reading {
    fn page(&mut self, page: &Page<'_>) {
        let dict = page.raw();
        let mut content = Vec::new();
        if let Some(one) = dict.get::<Stream<'_>>("Contents") {
            content = stream::decoded(&one).unwrap_or_default();
        } else if let Some(parts) = dict.get::<Array<'_>>("Contents") {
            for item in parts.raw_iter().take(1000) {
                let part = match item {
                    MaybeRef::Ref(reference) => page.xref().get::<Stream<'_>>(reference.into()),
                    MaybeRef::NotRef(object) => object.into_stream(),
                };
                content.extend(part.and_then(|part| stream::decoded(&part)).unwrap_or_default());
                content.push(b'\n');
                if content.len() as u64 > stream::MOST {
                    break;
                }
            }
        }
        self.content(&content, page.resources(), &mut Pen::default(), 0);
    }

    fn content(&mut self, content: &[u8], resources: &Resources<'_>, pen: &mut Pen, depth: usize) {
        let mut operations = UntypedIter::new(content);
        let mut font: Option<Rc<Font>> = None;
        let mut saved: Vec<Matrix> = Vec::new();
        while let Some(operation) = operations.next() {
            if self.operators == 0 || self.out.len() > READ {
                return;
            }
            self.operators -= 1;
            let operands: Vec<&Object<'_>> = operation.operands().collect();
            let operator: &[u8] = operation.operator.as_ref();
            match (operator, &operands[..]) {
                (b"q", _) if saved.len() < 256 => saved.push(pen.page()),
                (b"Q", _) => saved.pop().into_iter().for_each(|page| pen.restore(page)),
                (b"cm", numbers) => matrix(numbers).into_iter().for_each(|by| pen.transform(by)),
                (b"BT", _) => pen.begin(),
                (b"Tf", [Object::Name(name), Object::Number(size)]) => {
                    pen.size(size.as_f32());
                    font = self.font(resources, name);
                }
                (b"TL", [Object::Number(leading)]) => pen.leading(leading.as_f32()),
                (b"Td", [Object::Number(x), Object::Number(y)]) => pen.move_by(x.as_f32(), y.as_f32()),
                (b"TD", [Object::Number(x), Object::Number(y)]) => {
                    pen.leading(-y.as_f32());
                    pen.move_by(x.as_f32(), y.as_f32());
                }
                (b"Tm", numbers) => matrix(numbers).into_iter().for_each(|at| pen.place(at)),
                (b"T*", _) => pen.next_line(),
                (b"Tj", [Object::String(text)]) => self.show(text.as_bytes(), font.as_deref(), pen),
                (b"'", [Object::String(text)]) | (b"\"", [_, _, Object::String(text)]) => {
                    pen.next_line();
                    self.show(text.as_bytes(), font.as_deref(), pen);
                }
                (b"TJ", [Object::Array(parts)]) => self.show_all(parts, font.as_deref(), pen),
                (b"BI", _) => self.picture = true,
                (b"Do", [Object::Name(name)]) => self.picture(resources, name, pen, depth),
                _ => {}
            }
        }
    }

    fn show_all(&mut self, parts: &Array<'_>, font: Option<&Font>, pen: &mut Pen) {
        for part in parts.iter::<Object<'_>>() {
            match part {
                Object::String(text) => self.show(text.as_bytes(), font, pen),
                Object::Number(back) => pen.advance(-back.as_f32()),
                _ => {}
            }
        }
    }

    fn show(&mut self, octets: &[u8], font: Option<&Font>, pen: &mut Pen) {
        let spaced = self.out.is_empty() || self.out.ends_with(char::is_whitespace);
        match pen.gap() {
            Gap::Line if !self.out.ends_with('\n') => self.out.push('\n'),
            Gap::Space if !spaced => self.out.push(' '),
            Gap::Line | Gap::Space | Gap::None => {}
        }
        let plain = Font::default();
        let (way, _) = font.unwrap_or(&plain).show(octets, &mut self.out);
        pen.advance(way);
        pen.shown();
    }

    fn font(&mut self, resources: &Resources<'_>, name: &Name<'_>) -> Option<Rc<Font>> {
        let reference = resources.fonts.get_ref(name);
        if let Some(known) = reference.and_then(|reference| self.fonts.get(&reference)) {
            return Some(known.clone());
        }
        let font = Rc::new(Font::of(&resources.get_font(name)?));
        if let Some(reference) = reference {
            self.fonts.insert(reference, font.clone());
        }
        Some(font)
    }

    fn picture(&mut self, resources: &Resources<'_>, name: &Name<'_>, pen: &mut Pen, depth: usize) {
        let Some(shown) = resources.get_x_object(name) else { return };
        match shown.dict().get::<Name<'_>>("Subtype").as_ref().map(AsRef::as_ref) {
            Some(b"Image") => self.picture = true,
            Some(b"Form") if depth < DEEPEST => {
                let Some(content) = stream::decoded(&shown) else { return };
                let own = shown.dict().get::<Dict<'_>>("Resources").map(Resources::new);
                let page = pen.page();
                let numbers =
                    shown.dict().get::<Array<'_>>("Matrix").map(|matrix| matrix.iter::<f32>().take(6).collect());
                let by: Option<Matrix> = numbers.and_then(|numbers: Vec<f32>| numbers.try_into().ok());
                by.into_iter().for_each(|by| pen.transform(by));
                self.content(&content, own.as_ref().unwrap_or(resources), pen, depth + 1);
                pen.restore(page);
            }
            Some(_) | None => {}
        }
    }
}

fn matrix(operands: &[&Object<'_>]) -> Option<Matrix> {
    let number = |object: &&Object<'_>| match object {
        Object::Number(number) => Some(number.as_f32()),
        _ => None,
    };
    let numbers: Vec<f32> = operands.iter().filter_map(number).collect();
    numbers.try_into().ok()
}
