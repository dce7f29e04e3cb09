//! Signing in: passwords, codes, one-time links.

pub mod link;
pub mod password;
