//! Roles: Stint's own, those of the catalogue, and custom ones.

pub(crate) mod built_in;
