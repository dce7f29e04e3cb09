//! Assignments: made, changed and removed by administrators.

pub(crate) mod guard;
mod rows;

pub(crate) use rows::rows;
