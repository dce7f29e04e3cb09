//! Settings of roles.
