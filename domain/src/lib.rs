//! The rules of Stint: types, refusals and events, shared by browser and server.
//!
//! Pure: no clock, no randomness, no I/O. Whatever depends on the time takes `now` as a value.
//! One file is one noun; `problem` is everything we can say to a caller, `access` is who may do what,
//! `event` is every fact that goes on record.

pub mod access;
pub mod activation;
pub mod assignment;
pub mod audit;
pub mod event;
pub mod group;
pub mod id;
pub mod live;
pub mod notification;
pub mod page;
pub mod person;
pub mod problem;
pub mod role;
pub mod role_settings;
pub mod scope;
pub mod session;
pub mod sign_in;
pub mod text;
pub mod time;

pub use id::Id;
pub use page::Page;
pub use problem::{Code, Problem};
pub use scope::Scope;
pub use time::{Instant, Span};
