//! Stint as others see it: the real router in process, over a real engine on a database of its own, with a clock that
//! stands still. One test program, because each one is linked with all of Stint.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may")]

mod canary;
mod cases;
mod endpoints;
mod forged;
mod form;
mod headers;
mod house;
mod idempotency;
mod page;
mod problem;
mod session;
mod strangers;
mod walk;
