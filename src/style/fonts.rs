//! The types that pages are laid out in: metric-compatible with those most pages ask for, and the same on every machine.
//!
//! In: nothing. Out: a font context for the engine. Liberation 2.1.5 (SIL Open Font License 1.1, `fonts/LICENSE`), unmodified but for being
//! compressed; of the type of fixed width one face, since its faces are equally wide. Invariant: no font of the system is used, none of a page is
//! loaded. Tested below.

use std::cell::RefCell;
use std::io::Read;
use std::sync::Arc;

use blitz_dom::FontContext;
use flate2::read::GzDecoder;
use parley::fontique::{Blob, Collection, CollectionOptions, FamilyId, FontInfoOverride, GenericFamily, SourceCache};

/// Faces of one design, and the names that pages know it by.
type Design = (&'static [&'static [u8]], &'static [&'static str], &'static [GenericFamily]);

const DESIGNS: [Design; 3] = [
    (
        &[
            include_bytes!("fonts/LiberationSans-Regular.ttf.gz"),
            include_bytes!("fonts/LiberationSans-Bold.ttf.gz"),
            include_bytes!("fonts/LiberationSans-Italic.ttf.gz"),
            include_bytes!("fonts/LiberationSans-BoldItalic.ttf.gz"),
        ],
        &["Liberation Sans", "Arial", "Helvetica", "Arimo"],
        &[
            GenericFamily::SansSerif,
            GenericFamily::SystemUi,
            GenericFamily::UiSansSerif,
            GenericFamily::Cursive,
            GenericFamily::Fantasy,
        ],
    ),
    (
        &[
            include_bytes!("fonts/LiberationSerif-Regular.ttf.gz"),
            include_bytes!("fonts/LiberationSerif-Bold.ttf.gz"),
            include_bytes!("fonts/LiberationSerif-Italic.ttf.gz"),
            include_bytes!("fonts/LiberationSerif-BoldItalic.ttf.gz"),
        ],
        &["Liberation Serif", "Times New Roman", "Times", "Tinos"],
        &[GenericFamily::Serif, GenericFamily::UiSerif],
    ),
    (
        &[include_bytes!("fonts/LiberationMono-Regular.ttf.gz")],
        &["Liberation Mono", "Courier New", "Courier", "Cousine"],
        &[GenericFamily::Monospace, GenericFamily::UiMonospace],
    ),
];

thread_local! {
    static CONTEXT: RefCell<Option<FontContext>> = const { RefCell::new(None) };
}

/// The fonts, read once for each thread.
pub(super) fn context() -> FontContext {
    CONTEXT.with(|held| held.borrow_mut().get_or_insert_with(read).clone())
}

fn read() -> FontContext {
    let mut collection = Collection::new(CollectionOptions { shared: false, system_fonts: false });
    for (faces, names, generics) in DESIGNS {
        let blobs: Vec<Blob<u8>> = faces.iter().map(|face| inflated(face)).collect();
        let mut first: Option<FamilyId> = None;
        for name in names {
            for blob in &blobs {
                let named = FontInfoOverride { family_name: Some(name), ..FontInfoOverride::default() };
                let registered = collection.register_fonts(blob.clone(), Some(named));
                first = first.or(registered.first().map(|(family, _)| *family));
            }
        }
        for generic in generics {
            collection.append_generic_families(*generic, first.into_iter());
        }
    }
    FontContext { collection, source_cache: SourceCache::new_shared() }
}

/// A face as the engine reads it.
fn inflated(face: &[u8]) -> Blob<u8> {
    let mut octets = Vec::new();
    GzDecoder::new(face).read_to_end(&mut octets).expect("the program comes with whole faces");
    Blob::new(Arc::new(octets))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_find_the_types_they_ask_for() {
        let mut context = context();
        for name in ["Arial", "Helvetica", "Times New Roman", "Courier New"] {
            assert!(context.collection.family_id(name).is_some(), "{name}");
        }
        for generic in
            [GenericFamily::SansSerif, GenericFamily::Serif, GenericFamily::Monospace, GenericFamily::SystemUi]
        {
            assert!(context.collection.generic_families(generic).next().is_some(), "{generic:?}");
        }
    }
}
