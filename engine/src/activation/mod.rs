//! Activations: asking for a role and everything that happens to the request.

pub(crate) mod follow;
