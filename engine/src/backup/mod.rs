//! Backups: a copy of an SQLite file while others write to it, and what makes an older state safe to use again. PostgreSQL has
//! programs of its own for copies; what makes them safe is the same.

mod file;
mod make;
mod restore;

#[cfg(test)]
mod tests;

pub use file::restore_file;
pub use make::{Made, make};
pub use restore::{Restored, restore};
