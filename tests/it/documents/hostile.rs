//! Documents made to hurt: no crash of the program, no hang, and the next document is read.

use flate2::write::ZlibEncoder;
use flate2::{Compress, Compression, FlushCompress};
use idea_audit::document::press::{Draft, DraftField, FieldKind, Layout, Objects};
use idea_audit::document::{Document, State};
use idea_audit::worker::{Lost, Pool};
use std::io::Write;
use std::time::{Duration, Instant};

use super::{pool, program, read};

/// So many megabytes of blanks, compressed so many times. A flush makes the compressed megabyte one that can be repeated as it is.
fn bomb(megabytes: usize, times: usize) -> Vec<u8> {
    let mut encoder = Compress::new(Compression::best(), false);
    let mut block = Vec::with_capacity(64 << 10);
    let blanks = vec![b' '; 1 << 20];
    encoder.compress_vec(&blanks, &mut block, FlushCompress::Full).expect("there is room");
    // The head of a zlib stream, the repeated blocks, and an empty last one; nobody gets as far as the checksum.
    let mut packed = [&[0x78, 0xda][..], &block.repeat(megabytes), &[0x03, 0x00, 0, 0, 0, 0]].concat();
    for _ in 1..times {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&packed).expect("a vector takes everything");
        packed = encoder.finish().expect("a vector takes everything");
    }
    packed
}

/// A document of one page whose parts are these; the page is object 3, its content object 4.
fn page(extra: &str, content: &[u8], dict: &str, more: &[&str]) -> Vec<u8> {
    let mut file = Objects::default();
    file.add(format!("<< /Type /Catalog /Pages 2 0 R {extra} >>"));
    file.add("<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    file.add(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
    );
    file.stream(dict, content);
    for object in more {
        file.add(*object);
    }
    file.file(1, Layout::Table)
}

fn hostile() -> Vec<(&'static str, Vec<u8>)> {
    let flate = "/Filter /FlateDecode";
    let plain = |text: &str| text.as_bytes().to_vec();
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(50_000), close.repeat(50_000));
    let fields = "/AcroForm << /Fields [5 0 R] >>";
    let font = "<< /Type /Font /Subtype /Type0 /ToUnicode 4 0 R /DescendantFonts [6 0 R] >>";
    let ranges = b"beginbfrange <0000> <FFFFFFFF> <0041> <0000> <FFFF> <0042> endbfrange BT /F 9 Tf <0001> Tj ET";
    let unended = "1 0 obj\n<< /Length 99999999 >>\nstream\n".repeat(20_000);
    vec![
        ("nothing", Vec::new()),
        ("a header", plain("%PDF-1.7")),
        ("a header and a marker", plain("%PDF-1.7\nstartxref\n0\n%%EOF")),
        ("zeros", [b"%PDF-1.7\n".to_vec(), vec![0; 4 << 20]].concat()),
        ("a stream that swells a thousandfold", page("", &bomb(2_000, 1), flate, &[])),
        ("a stream that swells a millionfold", page("", &bomb(2_000, 2), "/Filter [/FlateDecode /FlateDecode]", &[])),
        (
            "a swelling list of objects",
            page("", &bomb(2_000, 1), "/Type /ObjStm /N 4000000000 /First 10 /Filter /FlateDecode", &[]),
        ),
        ("kids in a circle", replaced(&page("", b"", "", &[]), "/Kids [3 0 R]", "/Kids [2 0 R]")),
        ("a parent that is a page", replaced(&page("", b"", "", &[]), "/Parent 2 0 R", "/Parent 3 0 R")),
        (
            "fields in a circle",
            page(fields, b"", "", &["<< /T (a) /FT /Tx /Kids [5 0 R 6 0 R] >>", "<< /T (b) /Kids [5 0 R 6 0 R] >>"]),
        ),
        ("content that is its page", replaced(&page("", b"", "", &[]), "/Contents 4 0 R", "/Contents 3 0 R")),
        ("a length that is itself", replaced(&page("", b"BT ET", "", &[]), "/Length 5", "/Length 4 0 R")),
        ("deep arrays", page(&format!("/X {}", deep("[", "]")), b"", "", &[])),
        ("deep dictionaries", page(&format!("/X {}", deep("<< /A ", ">>")), b"", "", &[])),
        ("deep arrays of operands", page("", deep("[", "] TJ").as_bytes(), "", &[])),
        ("saved states without end", page("", "q ".repeat(2_000_000).as_bytes(), "", &[])),
        ("operands without an operator", page("", "1 ".repeat(2_000_000).as_bytes(), "", &[])),
        ("pictures without an end", page("", "BI /W 1 ID x ".repeat(5_000).as_bytes(), "", &[])),
        ("a font whose ranges never end", page("", ranges, "", &[font, "<< /W [0 4294967295 500] /DW 1 >>"])),
        ("a huge table of places", replaced(&page("", b"", "", &[]), "xref\n0 5", "xref\n0 4294967295")),
        ("a table far away", replaced(&page("", b"", "", &[]), "startxref\n", "startxref\n99999999")),
        ("a table that leads to itself", replaced(&page("", b"", "", &[]), "trailer\n<<", "trailer\n<< /Prev 9 ")),
        ("streams without an end", plain(&format!("%PDF-1.7\n{unended}"))),
        ("a hundred thousand pages", many_pages()),
        ("names of a megabyte", page(&format!("/{}", "A".repeat(1 << 20)), b"", "", &[])),
        (
            "numbers beyond all types",
            replaced(&page("", b"1e999 -99999999999999999999 Td", "", &[]), "/Count 1", "/Count -99999999999999999999"),
        ),
        ("an archive with a huge count", [&b"PK\x03\x04"[..], &[0; 40], b"PK\x05\x06", &[0xff; 18]].concat()),
    ]
}

fn many_pages() -> Vec<u8> {
    let mut file = Objects::default();
    file.add("<< /Type /Catalog /Pages 2 0 R >>");
    file.add(format!(
        "<< /Type /Pages /Count 100000 /Kids [{}] >>",
        "<< /Type /Page /Parent 2 0 R >> ".repeat(100_000)
    ));
    file.file(1, Layout::Table)
}

fn replaced(file: &[u8], from: &str, to: &str) -> Vec<u8> {
    let at = file.windows(from.len()).position(|window| window == from.as_bytes()).expect("it is there");
    [&file[..at], to.as_bytes(), &file[at + from.len()..]].concat()
}

#[test]
fn documents_made_to_hurt_cost_themselves_only() {
    let pool = pool();
    let good = Draft { text: "All is well.".to_string(), ..Draft::default() }.file();
    for (name, file) in hostile() {
        let started = Instant::now();
        let said = read(&pool, &file);
        let took = started.elapsed();
        let told = match &said {
            Ok(Ok(document)) => format!("{:?}, {:?} pages", document.state, document.pages),
            Ok(Err(why)) => why.clone(),
            Err(lost) => lost.to_string(),
        };
        println!("{name} ({} octets): {told}, {took:?}", file.len());
        assert_ne!(said.as_ref().err(), Some(&Lost::Late), "{name} is over before the clock");
        let next = read(&pool, &good).expect("the next reader lives").expect("it is a document");
        assert_eq!((next.state, next.words), (State::Read, 3), "after {name}");
    }
}

#[test]
fn a_document_cut_anywhere_is_read_or_broken() {
    let pool = pool();
    let fields = vec![DraftField { name: "n".to_string(), kind: FieldKind::Text, tooltip: None }];
    let draft = Draft { text: "All is well.".to_string(), tagged: true, fields, ..Draft::default() };
    for layout in [Layout::Table, Layout::Streams] {
        let file = draft.pdf(layout);
        let mut states = [0; 2];
        for cut in (0..file.len()).step_by(23) {
            let seen = read(&pool, &file[..cut]).expect("the reader lives").expect("it is never a mystery");
            states[usize::from(seen.state == State::Read)] += 1;
        }
        println!("{layout:?}: {} cuts broken, {} mended or unknown", states[0], states[1]);
        assert!(states[0] > 0, "{layout:?}");
    }
}

/// Numbers that are the same on every machine (xorshift).
struct Chance(u64);

impl Chance {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % below.max(1) as u64).unwrap_or(0)
    }

    /// A file with some octets changed, doubled, moved or lost.
    fn mutated(&mut self, file: &[u8]) -> Vec<u8> {
        const TOKENS: [&str; 12] =
            ["<<", ">>", "[", "]", "(", "stream\n", "endobj", "0 R", "-1", "99999999999", "/Kids", "/Length 0"];
        let mut file = file.to_vec();
        for _ in 0..=self.next(8) {
            let at = self.next(file.len());
            match self.next(5) {
                0 => file[at] = self.next(256) as u8,
                1 => drop(file.drain(at..(at + self.next(40)).min(file.len()))),
                2 => {
                    let token = TOKENS[self.next(TOKENS.len())];
                    drop(file.splice(at..at, token.bytes()));
                }
                3 => {
                    let end = (at + self.next(200)).min(file.len());
                    let part = file[at..end].to_vec();
                    let to = self.next(file.len());
                    drop(file.splice(to..to, part));
                }
                _ => file[at] ^= 1 << self.next(8),
            }
            if file.is_empty() {
                file.push(0);
            }
        }
        file
    }
}

#[test]
fn mutated_documents_never_take_a_reader_beyond_its_clock() {
    let pool = pool();
    let field = |name: &str, kind| DraftField { name: name.to_string(), kind, tooltip: Some(name.to_string()) };
    let rich = Draft {
        text: "Form HB-12\nOMB No. 9999-0123 Expires 05/31/2027\nSignature: ____________".to_string(),
        title: Some("A form".to_string()),
        language: Some("en".to_string()),
        tagged: true,
        claims: Some("1".to_string()),
        fields: vec![field("n", FieldKind::Text), field("s", FieldKind::Signature)],
        xfa: true,
        ..Draft::default()
    };
    let word = Draft { word: true, ..rich.clone() };
    let seeds = [rich.pdf(Layout::Table), rich.pdf(Layout::Streams), word.file()];
    let mut chance = Chance(0x1dea_a0d1_7000_0001);
    let (mut documents, mut lost) = (0, Vec::new());
    let started = Instant::now();
    for round in 0..400 {
        let file = chance.mutated(&seeds[round % seeds.len()]);
        match read(&pool, &file) {
            Ok(Ok(Document { .. }) | Err(_)) => documents += 1,
            Err(why) => lost.push((round, why)),
        }
    }
    println!("{documents} mutated documents read, lost {lost:?}, {:?} each", started.elapsed() / 400);
    assert!(!lost.iter().any(|(_, why)| *why == Lost::Late || matches!(why, Lost::Unstarted(_))), "{lost:?}");
    assert!(lost.len() <= 8, "a reader that often dies is no reader: {lost:?}");
}

#[test]
fn large_documents_are_read_one_after_the_other_by_one_reader() {
    let reader = Pool::of(program(), 1, Duration::from_secs(120));
    for megabytes in [20, 50, 64] {
        let mut body = b"%PDF-1.7\n".to_vec();
        body.resize(megabytes << 20, b' ');
        let answer = reader.ask(&body);
        assert!(
            answer.is_ok(),
            "{megabytes} MB: {answer:?}; what was given back must not count for the bound of a reader"
        );
    }
}
