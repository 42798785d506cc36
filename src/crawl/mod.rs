//! Fetches sites politely, or replays them from a folder, and says what every address answered.
//!
//! In: [`Settings`], seeds, the links of each page, and [`Ask`]s for single addresses. Out: [`Event`]s in the order the
//! answers came. Invariants: no address is requested twice, no host is asked faster than it allows, no private address is
//! reached that nobody typed. Never: reads HTML, judges, knows that rules exist.
//! Tested beside each part and against a loopback server in `tests/it/crawl.rs`.

mod arrival;
mod before;
mod coordinator;
mod credentials;
mod decode;
mod diary;
mod dispatch;
mod errand;
mod event;
mod fetch;
mod folder;
mod frontier;
mod guard;
mod hurry;
mod key;
mod landing;
mod lane;
mod late;
mod memo;
mod names;
mod outlet;
mod pace;
mod permits;
mod publish;
mod reserved;
mod robots;
mod schedule;
mod scope;
mod settings;
mod shelf;
mod site;
mod sitemaps;
mod skip;
mod snapshot;
mod sniff;
mod traps;
mod turns;
mod wire;

pub use before::{Before, BodyKeys, note_key};
pub use coordinator::Crawl;
pub use diary::{Diary, NoteKey, Recalled, Said};
pub use event::{Ask, Content, Event, Looked, Redirects, Reply, SiteId, Voice};
pub use folder::Folder;
pub use names::Doorkeeper;
pub use outlet::{Outlet, Taken};
pub use settings::{Certificates, Follow, Settings, SetupError, Span, Subdomains};
pub use skip::Skip;
pub use snapshot::{Snapshot, Waiting};
pub use turns::{Permission, Turns};
