//! Settings of roles: changed as a whole, in versions.

mod approvers;
mod change;
pub(crate) mod ticket;

pub use change::change;

#[cfg(test)]
mod tests;
