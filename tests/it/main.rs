//! The one integration binary: a second one links everything again.

mod act;
mod catalog;
mod rules;
