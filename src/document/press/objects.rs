//! A PDF file, object by object.
//!
//! In: the text of objects, and how the file is laid out. Out: octets. Invariant: objects keep the numbers they were given, from 1.
//! Tested in `tests/it/documents.rs`.

use flate2::Compression;
use flate2::write::ZlibEncoder;
use std::io::Write;

use super::cipher::Cipher;

/// How objects are kept in a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Layout {
    /// A cross-reference table (ISO 32000-1, 7.5.4).
    Table,
    /// Object streams and a cross-reference stream (7.5.7, 7.5.8).
    Streams,
}

/// The objects of a file.
#[derive(Clone, Debug, Default)]
pub struct Objects {
    all: Vec<Object>,
    info: Option<usize>,
}

#[derive(Clone, Debug)]
enum Object {
    Plain(String),
    Stream { dict: String, data: Vec<u8> },
}

impl Objects {
    /// Adds an object; gives its number.
    pub fn add(&mut self, object: impl Into<String>) -> usize {
        self.all.push(Object::Plain(object.into()));
        self.all.len()
    }

    /// Adds a stream with further entries of its dictionary, compressed.
    pub fn compressed(&mut self, dict: &str, data: &[u8]) -> usize {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        let written = encoder.write_all(data).and_then(|()| encoder.finish());
        self.stream(&format!("{dict} /Filter /FlateDecode"), &written.expect("a vector takes everything"))
    }

    /// Adds a stream with further entries of its dictionary, as it is.
    pub fn stream(&mut self, dict: &str, data: &[u8]) -> usize {
        self.all.push(Object::Stream { dict: dict.to_string(), data: data.to_vec() });
        self.all.len()
    }

    /// Puts another object in the place of one: what refers to each other needs numbers first.
    pub fn replace(&mut self, number: usize, object: impl Into<String>) {
        self.all[number - 1] = Object::Plain(object.into());
    }

    /// Names the information dictionary.
    pub fn inform(&mut self, number: usize) {
        self.info = Some(number);
    }

    /// The file: the catalog is `root`.
    pub fn file(&self, root: usize, layout: Layout) -> Vec<u8> {
        match layout {
            Layout::Table => self.table(root, None),
            Layout::Streams => self.streams(root),
        }
    }

    /// The file with its strings and streams enciphered.
    pub(super) fn enciphered(&self, root: usize, cipher: &Cipher) -> Vec<u8> {
        self.table(root, Some(cipher))
    }

    fn information(&self) -> String {
        self.info.map(|number| format!(" /Info {number} 0 R")).unwrap_or_default()
    }

    fn table(&self, root: usize, cipher: Option<&Cipher>) -> Vec<u8> {
        let mut file = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
        let mut places = Vec::new();
        for (at, object) in self.all.iter().enumerate() {
            places.push(file.len());
            let number = at + 1;
            file.extend(format!("{number} 0 obj\n").bytes());
            match object {
                Object::Plain(text) => match cipher {
                    Some(cipher) => file.extend(cipher.strings(number, text).bytes()),
                    None => file.extend(text.bytes()),
                },
                Object::Stream { dict, data } => {
                    let data = cipher.map_or(data.clone(), |cipher| cipher.apply(number, data));
                    file.extend(stream(dict, &data));
                }
            }
            file.extend(b"\nendobj\n");
        }
        let mut trailer = format!("/Size {} /Root {root} 0 R{}", places.len() + 1, self.information());
        if let Some(cipher) = cipher {
            trailer.push_str(&format!(" /ID [<{0}> <{0}>] /Encrypt {1}", super::cipher::ID, cipher.dictionary()));
        }
        let start = file.len();
        file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).bytes());
        places.iter().for_each(|place| file.extend(format!("{place:010} 00000 n \n").bytes()));
        file.extend(format!("trailer\n<< {trailer} >>\nstartxref\n{start}\n%%EOF\n").bytes());
        file
    }

    fn streams(&self, root: usize) -> Vec<u8> {
        let mut file = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
        let packer = self.all.len() + 1;
        let mut entries: Vec<(u8, usize, usize)> = vec![(0, 0, 65_535)];
        let (mut index, mut packed, mut inside) = (String::new(), String::new(), 0);
        for (at, object) in self.all.iter().enumerate() {
            match object {
                Object::Plain(text) => {
                    index.push_str(&format!("{} {} ", at + 1, packed.len()));
                    packed.push_str(text);
                    packed.push('\n');
                    entries.push((2, packer, inside));
                    inside += 1;
                }
                Object::Stream { dict, data } => {
                    entries.push((1, file.len(), 0));
                    file.extend(format!("{} 0 obj\n", at + 1).bytes());
                    file.extend(stream(dict, data));
                    file.extend(b"\nendobj\n");
                }
            }
        }
        entries.push((1, file.len(), 0));
        let dict = format!("/Type /ObjStm /N {inside} /First {}", index.len());
        file.extend(format!("{packer} 0 obj\n").bytes());
        file.extend(stream(&dict, format!("{index}{packed}").as_bytes()));
        let start = file.len() + b"\nendobj\n".len();
        entries.push((1, start, 0));
        let rows: Vec<u8> = entries
            .iter()
            .flat_map(|(kind, a, b)| [&[*kind][..], &(*a as u32).to_be_bytes(), &(*b as u16).to_be_bytes()].concat())
            .collect();
        let dict = format!("/Type /XRef /W [1 4 2] /Size {} /Root {root} 0 R{}", entries.len(), self.information());
        file.extend(format!("\nendobj\n{} 0 obj\n", packer + 1).bytes());
        file.extend(stream(&dict, &rows));
        file.extend(format!("\nendobj\nstartxref\n{start}\n%%EOF\n").bytes());
        file
    }
}

fn stream(dict: &str, data: &[u8]) -> Vec<u8> {
    let head = format!("<< {dict} /Length {} >>\nstream\n", data.len());
    [head.as_bytes(), data, b"\nendstream"].concat()
}
