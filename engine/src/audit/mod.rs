//! The record: reading, verifying, anchoring, exporting.

pub(crate) mod refusals;
pub(crate) mod verify;
