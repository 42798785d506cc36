//! What is true of a page, a host or a site, without any opinion.
//!
//! In: captures and parsed documents. Out: [`PageFacts`] (lazy, borrowed), [`HostFacts`] and [`SiteFacts`] (small,
//! serialisable, merge in any order).
//! Never: a law, a threshold, the word "should". Tested beside each fact and by the examples of the rules.

pub mod allowed_roles;
pub mod aria;
mod aside;
pub mod dates;
pub mod descriptions;
mod documents;
pub mod domain;
pub mod e_signature;
mod embedded;
pub mod focus;
mod form_asks;
pub mod forms;
mod grams;
mod hints;
mod hollow;
mod host;
mod https;
mod https_doors;
pub mod imprint;
pub mod language;
mod links;
pub mod names;
mod native_names;
mod need;
mod note;
mod notes;
mod packed;
mod page;
mod place;
pub mod prose;
mod referred;
mod refresh;
mod region;
mod resources;
pub mod role_traits;
pub mod roles;
pub mod shared_services;
mod sieve;
mod site;
mod soft_404;
pub mod spoken;
pub mod style;
pub mod survey;
pub mod table;
mod text;
pub mod top;
pub mod visibility;
mod web_form;
pub mod words;

pub use aside::Aside;
pub use documents::{DocumentPlace, Documents, Found, LinkedDocument};
pub use form_asks::Asked;
pub use grams::Grams;
pub use host::{Endpoint, HostFacts, HostStanding, Landing, Looked};
pub use https::Https;
pub use links::{Link, LinkMatch, links};
pub use need::{Need, twin};
pub use note::{Note, Noted};
pub use notes::Notes;
pub use page::{Holds, Page, PageFacts, Standing};
pub use place::{At, Heard, Place};
pub use referred::{Referred, Referrer};
pub use region::Region;
pub use resources::{Resource, ResourceKind};
pub use site::{PageDigest, Parsed, Reply, ServiceUse, SiteFacts, SiteView};
pub use text::{is_block, visible as visible_text, whole as whole_text};
pub use web_form::{Beside, WebForm, web_forms};
