//! What is read in the main text of a page: counts for each block, and a few words to show for them.
//!
//! In: the blocks of a page and the language it says it is in. Out: [`Prose`]. Running text is what ends like a sentence or is long
//! enough to be one, and is not mostly links. Invariant: each word is looked at once; what is kept for showing is bounded. Tested
//! below.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::blocks::{Block, Kind};
use super::measures::{Counts, LONG};
use super::sentences::Lowered;
use super::{acronyms, passive, sentences, syllables, wording};
use crate::facts::sieve::Fnv;
use crate::facts::spoken;

/// Words from which a block without a point at its end is running text all the same.
const RUNNING: usize = 12;
/// Fewest words of running text in a block.
const FEWEST: usize = 4;
/// Octets of text that are enough to tell a language.
const SAMPLE: usize = 4_000;
/// Things of a kind that are kept for showing.
const SHOWN: usize = 8;
/// Words whose syllables are remembered.
const MOST_KNOWN: usize = 4_096;
/// Octets of a sentence that are shown.
const QUOTED: usize = 80;

/// The main text of a page, as read.
#[derive(Debug)]
pub struct Prose<'a> {
    /// The blocks with what was read in each, in document order.
    pub blocks: Vec<(Block<'a>, Read)>,
    /// The language that the text is in; `None` where that is not sure.
    pub language: Option<&'static str>,
    /// What to show for the counts.
    pub hints: Vec<Hint>,
}

/// What was read in a block.
#[derive(Clone, Debug, Default)]
pub struct Read {
    /// Of its sentences; nothing where it has none.
    pub counts: Counts,
    /// Hashes of its words in lower case, in order.
    pub words: Vec<u64>,
}

/// Something to show for a count.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Hint {
    /// Which block it stands in.
    pub block: usize,
    /// What it is.
    pub what: Hinted,
    /// Words of the longest sentence, the number of a phrase in its list; else 0.
    pub number: u16,
    /// The words as written; empty for phrases, which their number tells.
    pub text: String,
}

/// What a hint shows.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, serde::Deserialize, serde::Serialize)]
pub enum Hinted {
    /// The beginning of the longest sentence of a block.
    Longest,
    /// A passive with the words before it.
    Passive,
    /// A phrase with a simpler twin.
    Wordy,
    /// An acronym that the page does not explain.
    Acronym,
}

/// What is gathered while blocks are read.
struct Reader {
    language: Option<&'static str>,
    hints: Vec<Hint>,
    acronyms: Vec<(usize, String)>,
    explained: Vec<String>,
    lower: String,
    /// Syllables of the words met so far, by their hashes: most words of a page come again.
    said: HashMap<u64, u32, BuildHasherDefault<Fnv>>,
}

impl<'a> Prose<'a> {
    /// Reads the main text of a page that says it is in a language; where its words are not sure, that is believed.
    pub fn of(blocks: Vec<Block<'a>>, said: Option<&str>) -> Self {
        let language = language(&blocks);
        let read_as = language.or(said);
        let mut reader = Reader {
            language: ["en", "es"].into_iter().find(|known| read_as == Some(known)),
            hints: Vec::new(),
            acronyms: Vec::new(),
            explained: Vec::new(),
            lower: String::new(),
            said: HashMap::default(),
        };
        let blocks: Vec<(Block<'a>, Read)> = blocks
            .into_iter()
            .enumerate()
            .map(|(at, block)| (reader.read(at, &block), block))
            .map(|(r, b)| (b, r))
            .collect();
        reader.explain_by_markup(&blocks);
        let Reader { mut hints, acronyms, explained, .. } = reader;
        for (block, text) in acronyms {
            if !explained.contains(&text) {
                hints.push(Hint { block, what: Hinted::Acronym, number: 0, text });
            }
        }
        keep_few(&mut hints);
        Self { blocks, language, hints }
    }
}

/// For each kind the first few, and of longest sentences the longest.
fn keep_few(hints: &mut Vec<Hint>) {
    hints
        .sort_by_key(|hint| (hint.what, std::cmp::Reverse(if hint.what == Hinted::Longest { hint.number } else { 0 })));
    let mut held = (Hinted::Longest, 0);
    hints.retain(|hint| {
        held = if held.0 == hint.what { (hint.what, held.1 + 1) } else { (hint.what, 1) };
        held.1 <= if matches!(hint.what, Hinted::Longest | Hinted::Passive) { 2 } else { SHOWN }
    });
}

/// The language of a sample of running text, first of blocks that are no headings and cells.
fn language(blocks: &[Block<'_>]) -> Option<&'static str> {
    let mut sample = String::new();
    let running = blocks.iter().filter(|block| matches!(block.kind, Kind::Text | Kind::Item));
    let rest = blocks.iter().filter(|block| !matches!(block.kind, Kind::Text | Kind::Item));
    for block in running.chain(rest) {
        if sample.len() > SAMPLE {
            break;
        }
        let end = (0..=SAMPLE.min(block.text.len())).rev().find(|at| block.text.is_char_boundary(*at)).unwrap_or(0);
        sample.push_str(&block.text[..end]);
        sample.push(' ');
    }
    spoken::language_of(&sample)
}

impl Reader {
    fn read(&mut self, at: usize, block: &Block<'_>) -> Read {
        // A word and what parts it from the next take some six octets.
        let mut words: Vec<sentences::Word<'_>> = Vec::with_capacity(block.text.len() / 6 + 1);
        words.extend(sentences::words(&block.text));
        self.lower.clear();
        let mut ends = Vec::with_capacity(words.len());
        for word in &words {
            if word.text.is_ascii() {
                self.lower.push_str(word.text);
                let start = self.lower.len() - word.text.len();
                self.lower[start..].make_ascii_lowercase();
            } else {
                self.lower.extend(word.text.chars().flat_map(char::to_lowercase));
            }
            ends.push(self.lower.len());
        }
        let lower = std::mem::take(&mut self.lower);
        let lowered: Vec<Lowered<'_>> =
            ends.iter().scan(0, |start, end| Some(Lowered::of(&lower[std::mem::replace(start, *end)..*end]))).collect();
        let mut read = Read { words: lowered.iter().map(Lowered::hash).collect(), ..Read::default() };
        if let Some(language) = self.language.filter(|_| is_running(block, words.len())) {
            read.counts = self.count(at, language, block, &words, &lowered);
        }
        if self.language.is_some() {
            self.find_acronyms(at, block, &words);
        }
        self.lower = lower;
        read
    }

    fn count(
        &mut self,
        at: usize,
        language: &str,
        block: &Block<'_>,
        words: &[sentences::Word<'_>],
        lowered: &[Lowered<'_>],
    ) -> Counts {
        let mut counts = Counts::default();
        for sentence in sentences::sentences(&block.text, words) {
            let length = sentence.words.len();
            counts.sentences += 1;
            counts.words += length as u32;
            for (count, bound) in counts.long.iter_mut().zip(LONG) {
                *count += u32::from(length > bound);
            }
            if length > LONG[0] {
                let text = quoted(&block.text[words[sentence.words.start].at..]);
                self.hints.push(Hint { block: at, what: Hinted::Longest, number: length as u16, text });
            }
            let low = &lowered[sentence.words.clone()];
            if let Some(place) = passive::passives(language, low).first() {
                counts.passive += 1;
                let start = sentence.words.start + place.saturating_sub(2);
                let end = words[sentence.words.start + place];
                let text = block.text[words[start].at..end.at + end.text.len()].to_string();
                self.hints.push(Hint { block: at, what: Hinted::Passive, number: 0, text });
            }
            for word in low {
                let said = self.syllables(language, *word);
                counts.syllables += said;
                counts.polysyllables += u32::from(said > 2);
            }
            self.count_words(at, language, &words[sentence.words], low, &mut counts);
        }
        counts
    }

    fn syllables(&mut self, language: &str, word: Lowered<'_>) -> u32 {
        if let Some(said) = self.said.get(&word.hash()) {
            return *said;
        }
        let said =
            if language == "es" { syllables::of_spanish(word.text) } else { syllables::of_english(word.text) } as u32;
        if self.said.len() < MOST_KNOWN {
            self.said.insert(word.hash(), said);
        }
        said
    }

    fn count_words(
        &mut self,
        at: usize,
        language: &str,
        words: &[sentences::Word<'_>],
        low: &[Lowered<'_>],
        counts: &mut Counts,
    ) {
        let mut after_phrase = 0;
        for (place, word) in low.iter().enumerate() {
            counts.letters += letters(word.text);
            counts.to_reader += u32::from(speaks_to_reader(word.text));
            let is_name = place > 0 && words[place].text.starts_with(char::is_uppercase);
            if place < after_phrase || is_name {
                continue;
            }
            if let Some(found) = wording::simpler(language, &low[place..]) {
                counts.wordy += 1;
                after_phrase = place + found.words;
                self.hints.push(Hint { block: at, what: Hinted::Wordy, number: found.number, text: String::new() });
            }
        }
    }

    fn find_acronyms(&mut self, at: usize, block: &Block<'_>, words: &[sentences::Word<'_>]) {
        let is_in_capitals = |word: &&sentences::Word<'_>| {
            // Most words end in a small letter of ASCII.
            !word.text.as_bytes()[word.text.len() - 1].is_ascii_lowercase() && !word.text.contains(char::is_lowercase)
        };
        let in_capitals = words.iter().filter(is_in_capitals).count();
        let shouts = block.kind == Kind::Heading || in_capitals * 2 > words.len();
        for word in words {
            let Some(found) = acronyms::acronym(word.text) else { continue };
            if acronyms::is_explained(&block.text, word.at, found.len()) {
                self.explained.push(found.to_string());
            } else if !shouts && !acronyms::is_known(found) && !self.acronyms.iter().any(|(_, held)| held == found) {
                self.acronyms.push((at, found.to_string()));
            }
        }
    }

    /// `abbr` and `dfn` with a title explain what they hold.
    fn explain_by_markup(&mut self, blocks: &[(Block<'_>, Read)]) {
        if self.acronyms.is_empty() {
            return;
        }
        let Some((block, _)) = blocks.first() else { return };
        let document = block.element.document();
        let marks = document.with_attr("title").filter(|element| matches!(element.name(), "abbr" | "acronym" | "dfn"));
        self.explained.extend(marks.map(|element| element.text().trim().to_string()));
    }
}

/// True for text that is made of sentences.
fn is_running(block: &Block<'_>, words: usize) -> bool {
    let is_text = matches!(block.kind, Kind::Text | Kind::Item);
    let ends = || {
        let last = block.text.chars().rev().find(|c| !matches!(c, '"' | '\u{201d}' | ')' | ']' | ' '));
        matches!(last, Some('.' | '!' | '?' | ':' | ';' | '\u{2026}'))
    };
    is_text && words >= FEWEST && block.linked * 2 <= block.text.len() && (words >= RUNNING || ends())
}

fn letters(word: &str) -> u32 {
    let count = if word.is_ascii() {
        word.bytes().filter(u8::is_ascii_alphanumeric).count()
    } else {
        word.chars().filter(|c| c.is_alphanumeric()).count()
    };
    count as u32
}

fn speaks_to_reader(word: &str) -> bool {
    let begins = word.as_bytes().first().is_some_and(|first| matches!(first, b'y' | b'u' | b's' | b't' | b'l'));
    if !begins {
        return false;
    }
    matches!(
        word,
        "you" | "your" | "yours" | "yourself" | "you're" | "you’re" | "you'll" | "you’ll" | "usted" | "ustedes"
    ) || matches!(word, "su" | "sus" | "tú" | "tu" | "tus" | "le")
}

fn quoted(text: &str) -> String {
    if text.len() <= QUOTED {
        return text.to_string();
    }
    let end = (0..=QUOTED).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let cut = &text[..end];
    format!("{} …", cut.rfind(' ').map_or(cut, |space| &cut[..space]))
}

#[cfg(test)]
mod tests {
    use super::super::blocks::blocks;
    use super::*;
    use crate::html::Document;

    fn sum(document: &Document) -> (Counts, Vec<Hint>, Option<&'static str>) {
        let prose = Prose::of(blocks(document), None);
        let mut counts = Counts::default();
        prose.blocks.iter().for_each(|(_, read)| counts.add(&read.counts));
        (counts, prose.hints, prose.language)
    }

    #[test]
    fn sentences_of_running_text_are_counted_and_menus_and_headings_are_not() {
        let document = Document::parse(
            "<h1>Fees for the boats</h1><p>You pay at the gate. The fee is utilized prior to the season by the SORN office.</p>\
             <ul><li><a href=/a>Read all about the fees of the year.</a></ul><p>Home | Forms</p>",
        );
        let (counts, hints, language) = sum(&document);
        assert_eq!(language, Some("en"));
        assert_eq!((counts.sentences, counts.passive, counts.wordy, counts.to_reader), (2, 1, 2, 1));
        let shown: Vec<(Hinted, &str)> = hints.iter().map(|hint| (hint.what, hint.text.as_str())).collect();
        assert!(shown.contains(&(Hinted::Passive, "fee is utilized")), "{shown:?}");
        assert!(shown.contains(&(Hinted::Acronym, "SORN")), "{shown:?}");
    }

    #[test]
    fn an_acronym_is_explained_by_brackets_anywhere_and_by_markup() {
        for (html, left) in [
            ("<p>The SORN is for you and the office. A system of records notice (SORN) is a list.</p>", 0),
            ("<p>The <abbr title='system of records notice'>SORN</abbr> is for you and all of the others.</p>", 0),
            ("<p>The SORN and the PIA are for you and for all of the others who ask.</p>", 2),
            ("<p>THE SORN AND THE PIA ARE FOR YOU AND FOR ALL OF THE OTHERS.</p>", 0),
        ] {
            let document = Document::parse(html);
            let (_, hints, _) = sum(&document);
            assert_eq!(hints.iter().filter(|hint| hint.what == Hinted::Acronym).count(), left, "{html}");
        }
    }

    #[test]
    fn a_quotation_is_cut_between_letters() {
        for text in ["é".repeat(100), format!("{}éé", "x".repeat(79)), format!("a {}", "é".repeat(90))] {
            assert!(quoted(&text).len() <= QUOTED + 4);
        }
    }

    #[test]
    fn a_long_sentence_is_shown_by_its_beginning() {
        let text = "the boat and ".repeat(20);
        let document = Document::parse(&format!("<p>Here is {text} the end of it for you.</p>"));
        let (counts, hints, _) = sum(&document);
        assert_eq!(counts.long, [1, 1, 1]);
        assert!(hints[0].text.len() < 100 && hints[0].text.ends_with('…'));
    }
}
