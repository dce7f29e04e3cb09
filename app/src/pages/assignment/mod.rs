//! The pages of assignments: a new one in steps that stand in the address, and one of them with its end.

mod assign;
mod change;
mod check;
mod how_long;
mod plan;
mod remove;
mod steps;
mod who;

pub use assign::AssignPage;
pub use change::AssignmentPage;
pub use remove::AssignmentRemovePage;
