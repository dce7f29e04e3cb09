//! Assignments: made, changed and removed by administrators.

pub(crate) mod guard;
