//! The XML forms of a sitemap, read as a stream.
//!
//! In: text that begins with "<". Out: entries. Elements are known by local name; a field must share the prefix of its entry,
//! so that `image:loc` is never a page.
//! Invariant: one octet a level is all that nesting costs; a reference that is no character stays as written.
//! Tested in the parent file.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::{Entry, Kind, NotASitemap, Reading, Sitemap};

/// What an open element is to us.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Element {
    Root,
    Entry,
    Field(Field),
    Other,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Field {
    Loc,
    Lastmod,
}

struct Walk {
    reading: Reading,
    kind: Option<Kind>,
    open: Vec<Element>,
    prefix: Option<String>,
    entry: Entry,
    text: String,
}

/// Reads a sitemap or feed.
pub(super) fn read(text: &str, reading: Reading) -> Result<Sitemap, NotASitemap> {
    let mut reader = Reader::from_str(text);
    let settings = reader.config_mut();
    settings.allow_dangling_amp = true;
    settings.allow_unmatched_ends = true;
    settings.check_end_names = false;
    let mut walk =
        Walk { reading, kind: None, open: Vec::new(), prefix: None, entry: Entry::default(), text: String::new() };
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(event) => {
                if walk.step(event)? == Step::Stop {
                    break;
                }
            }
            Err(error) => {
                walk.breaks(format!("broken at octet {}: {error}", reader.error_position()));
                break;
            }
        }
    }
    walk.finish()
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Step {
    Go,
    Stop,
}

impl Walk {
    fn step(&mut self, event: Event) -> Result<Step, NotASitemap> {
        match event {
            Event::Start(tag) => self.open(&tag)?,
            Event::Empty(tag) => {
                self.open(&tag)?;
                return Ok(self.close());
            }
            Event::End(_) => return Ok(self.close()),
            Event::Text(text) => self.push(&text),
            Event::CData(text) => self.push(&text),
            Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                Ok(Some(c)) => self.push(c.encode_utf8(&mut [0; 4])),
                Ok(None) | Err(_) => self.push(&named(&reference)),
            },
            Event::DocType(kind)
                if kind.trim_start().get(..4).is_some_and(|name| name.eq_ignore_ascii_case("html")) =>
            {
                return Err(NotASitemap::Html);
            }
            Event::DocType(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::Eof => {}
        }
        Ok(Step::Go)
    }

    fn open(&mut self, tag: &BytesStart) -> Result<(), NotASitemap> {
        let name = tag.name();
        let (prefix, local) = name.as_ref().split_once(':').map_or((None, name.as_ref()), |(p, l)| (Some(p), l));
        let is_feed = self.kind == Some(Kind::Feed);
        let element = match self.open.last() {
            None if self.kind.is_none() => {
                self.kind = Some(kind_of(local)?);
                Element::Root
            }
            Some(Element::Root) if !is_feed && matches!(local, "url" | "sitemap") => Element::Entry,
            Some(Element::Root | Element::Other) if is_feed && matches!(local, "item" | "entry") => Element::Entry,
            Some(Element::Entry) if prefix == self.prefix.as_deref() => match (is_feed, local) {
                (false, "loc") => Element::Field(Field::Loc),
                (false, "lastmod") | (true, "updated" | "pubDate") => Element::Field(Field::Lastmod),
                (true, "link") => {
                    self.take_link(tag);
                    Element::Field(Field::Loc)
                }
                (_, _) => Element::Other,
            },
            Some(_) | None => Element::Other,
        };
        match element {
            Element::Entry => {
                self.prefix = prefix.map(str::to_string);
                self.entry = Entry::default();
            }
            Element::Field(_) => self.text.clear(),
            Element::Root | Element::Other => {}
        }
        self.open.push(element);
        Ok(())
    }

    /// The address of an Atom `link`, which is an attribute (RFC 4287, 4.2.7); other relations than the entry itself are not
    /// its address.
    fn take_link(&mut self, tag: &BytesStart) {
        let value = |name: &str| {
            let found = tag.attributes().flatten().find(|attribute| attribute.key.as_ref() == name)?;
            Some(found.normalized_value(XmlVersion::Implicit1_0).unwrap_or_default().trim().to_string())
        };
        let is_itself = value("rel").is_none_or(|rel| rel == "alternate");
        if let Some(href) = value("href").filter(|_| is_itself && self.entry.loc.is_empty()) {
            self.entry.loc = href;
        }
    }

    fn close(&mut self) -> Step {
        match self.open.pop() {
            Some(Element::Field(Field::Loc)) if self.entry.loc.is_empty() => {
                self.entry.loc = self.text.trim().to_string()
            }
            Some(Element::Field(Field::Lastmod)) if self.entry.lastmod.is_none() => {
                self.entry.lastmod = Some(self.text.trim().to_string()).filter(|text| !text.is_empty());
            }
            Some(Element::Entry) => {
                let entry = std::mem::take(&mut self.entry);
                if entry.loc.is_empty() {
                    self.reading.note("an entry has no address".to_string());
                } else if !self.reading.keep(entry) {
                    return Step::Stop;
                }
            }
            Some(Element::Root) => return Step::Stop,
            Some(Element::Field(_) | Element::Other) | None => {}
        }
        Step::Go
    }

    fn push(&mut self, text: &str) {
        if matches!(self.open.last(), Some(Element::Field(_))) {
            self.text.push_str(text);
        }
    }

    /// Notes what breaks the text, unless it is our own cut.
    fn breaks(&mut self, error: String) {
        if !self.reading.truncated {
            self.reading.note(error);
        }
        self.open.clear();
    }

    fn finish(mut self) -> Result<Sitemap, NotASitemap> {
        let Some(kind) = self.kind else {
            return Err(NotASitemap::BrokenXml(
                self.reading.errors.pop().unwrap_or_else(|| "it has no root element".to_string()),
            ));
        };
        if !self.open.is_empty() {
            self.breaks("it ends before its root is closed".to_string());
        }
        Ok(self.reading.into_sitemap(kind))
    }
}

fn kind_of(root: &str) -> Result<Kind, NotASitemap> {
    match root.to_ascii_lowercase().as_str() {
        "urlset" => Ok(Kind::Urls),
        "sitemapindex" => Ok(Kind::Index),
        "rss" | "rdf" | "feed" => Ok(Kind::Feed),
        "html" | "head" | "body" | "title" | "meta" | "script" | "div" | "p" | "h1" => Err(NotASitemap::Html),
        _ => Err(NotASitemap::OtherXml(root.to_string())),
    }
}

/// The five entities of XML; any other is left as written, whatever a document type may say of it.
fn named(entity: &str) -> String {
    match entity {
        "amp" => "&".to_string(),
        "lt" => "<".to_string(),
        "gt" => ">".to_string(),
        "quot" => "\"".to_string(),
        "apos" => "'".to_string(),
        _ => format!("&{entity};"),
    }
}
