//! People.

pub(crate) mod privilege;
