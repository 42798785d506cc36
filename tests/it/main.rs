//! The one integration binary: a second one links everything again.

mod catalog;
mod rules;
mod sinks;
