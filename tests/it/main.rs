//! The one integration binary: a second one links everything again.

mod catalog;
mod robots_conformance;
mod rules;
mod tidy;
