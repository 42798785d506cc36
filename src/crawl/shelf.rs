//! The files of a folder on disk.
//!
//! In: a folder or a single file. Out: which files there are, which of them are pages, and their bytes. Invariants:
//! nothing outside the folder is read, whatever its links say; hidden files stay hidden (`.well-known` is not);
//! only plain files are opened. Tested in `folder` and below.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::settings::SetupError;
use super::sniff;
use crate::web::MediaType;

/// The first octets of a file that are looked at.
const PROBE: u64 = 1024;
/// Files larger than this are not read.
pub(super) const LARGEST: u64 = 64 << 20;

/// The files of a folder.
#[derive(Debug)]
pub(super) struct Shelf {
    root: PathBuf,
    files: BTreeMap<Vec<u8>, Entry>,
    /// Links that lead out of the folder.
    pub(super) leaving: u64,
    /// Page files with a name that begins with a dot.
    pub(super) hidden: u64,
    alone: Option<Vec<u8>>,
}

/// One file.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Where it is.
    pub(super) path: PathBuf,
    /// What it is.
    pub(super) kind: Kind,
}

/// What a file is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    /// A page of this type.
    Page(MediaType),
    /// Something that pages use.
    Other(MediaType),
    /// It could not be opened, and why.
    Unreadable(String),
}

impl Shelf {
    /// The files below a folder; or a single file, whose neighbours are looked up when somebody asks.
    ///
    /// # Errors
    /// A path that does not exist or cannot be read.
    pub(super) fn open(path: &Path) -> Result<Self, SetupError> {
        let refused = |reason: String| SetupError::Folder { path: path.display().to_string(), reason };
        let full = fs::canonicalize(path).map_err(|cause| refused(format!("cannot be opened: {cause}")))?;
        if full.is_dir() {
            let mut shelf = Self { root: full.clone(), files: BTreeMap::new(), leaving: 0, hidden: 0, alone: None };
            fs::read_dir(&full).map_err(|cause| refused(format!("cannot be read: {cause}")))?;
            shelf.walk(&full, b"", &mut vec![full.clone()]);
            return Ok(shelf);
        }
        let (Some(root), Some(name)) = (full.parent(), full.file_name()) else {
            return Err(refused("is neither a folder nor a file".to_string()));
        };
        if !full.is_file() {
            return Err(refused("is neither a folder nor a plain file".to_string()));
        }
        let name = name.as_encoded_bytes().to_vec();
        let kind = kind(&full, &name);
        let files = BTreeMap::from([(name.clone(), Entry { path: full.clone(), kind })]);
        Ok(Self { root: root.to_path_buf(), files, leaving: 0, hidden: 0, alone: Some(name) })
    }

    /// What the folder is called.
    pub(super) fn name(&self) -> String {
        let name = match &self.alone {
            Some(name) => return String::from_utf8_lossy(name).into_owned(),
            None => self.root.file_name(),
        };
        name.map_or_else(|| "/".to_string(), |name| name.to_string_lossy().into_owned())
    }

    /// True when this is a single file, whose neighbours are not known beforehand.
    pub(super) fn is_single(&self) -> bool {
        self.alone.is_some()
    }

    /// Every file, by its path relative to the folder.
    pub(super) fn files(&self) -> impl Iterator<Item = (&[u8], &Entry)> {
        self.files.iter().map(|(name, entry)| (name.as_slice(), entry))
    }

    /// The file at a relative path.
    pub(super) fn find(&self, name: &[u8]) -> Option<Entry> {
        if let Some(entry) = self.files.get(name) {
            return Some(entry.clone());
        }
        self.alone.as_ref()?;
        let text = std::str::from_utf8(name).ok()?;
        if text.split('/').any(|part| part.is_empty() || part == ".." || is_hidden(part.as_bytes())) {
            return None;
        }
        let path = fs::canonicalize(self.root.join(text)).ok()?;
        let inside = path.starts_with(&self.root) && path.is_file();
        inside.then(|| Entry { kind: kind(&path, name), path })
    }

    fn walk(&mut self, folder: &Path, above: &[u8], open: &mut Vec<PathBuf>) {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(cause) => {
                let kind = Kind::Unreadable(cause.to_string());
                self.files.insert(above.to_vec(), Entry { path: folder.to_path_buf(), kind });
                return;
            }
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            if is_hidden(name.as_encoded_bytes()) {
                let page = sniff::page_by_name(&name.to_string_lossy()).is_some();
                self.hidden += u64::from(page && entry.file_type().is_ok_and(|kind| kind.is_file()));
                continue;
            }
            let relative = [above, name.as_encoded_bytes()].concat();
            self.shelve(&entry.path(), relative, open);
        }
    }

    fn shelve(&mut self, path: &Path, relative: Vec<u8>, open: &mut Vec<PathBuf>) {
        let full = match fs::canonicalize(path) {
            Ok(full) => full,
            Err(cause) => {
                if sniff::page_by_name(&String::from_utf8_lossy(&relative)).is_some() {
                    let kind = Kind::Unreadable(cause.to_string());
                    self.files.insert(relative, Entry { path: path.to_path_buf(), kind });
                }
                return;
            }
        };
        if !full.starts_with(&self.root) {
            self.leaving += 1;
            return;
        }
        if full.is_file() {
            let kind = kind(&full, &relative);
            self.files.insert(relative, Entry { path: full, kind });
        } else if full.is_dir() && !open.contains(&full) {
            open.push(full.clone()); // a link to a folder above would go round for ever
            self.walk(&full, &[&relative[..], b"/"].concat(), open);
            open.pop();
        }
    }
}

/// The bytes of a file.
///
/// # Errors
/// One sentence for a person.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn is_hidden(name: &[u8]) -> bool {
    name.starts_with(b".") && name != b".well-known"
}

/// What a file is: by its extension, else by its first octets.
fn kind(path: &Path, relative: &[u8]) -> Kind {
    let name = String::from_utf8_lossy(relative);
    if let Some(media) = sniff::page_by_name(&name) {
        return Kind::Page(media);
    }
    let mut start = Vec::new();
    match File::open(path).and_then(|file| file.take(PROBE).read_to_end(&mut start)) {
        Ok(_) if sniff::is_text_by_name(&name) => Kind::Other(sniff::other_by_name(&name)),
        Ok(_) if sniff::begins_like_html(&start) => Kind::Page(MediaType::of("text/html")),
        Ok(_) => match sniff::xml_by_beginning(&start).filter(|_| sniff::is_bare(&name)) {
            Some(media) => Kind::Page(media),
            None => Kind::Other(sniff::other_by_name(&name)),
        },
        Err(_) if sniff::is_text_by_name(&name) => Kind::Other(sniff::other_by_name(&name)),
        Err(cause) => Kind::Unreadable(cause.to_string()),
    }
}
