//! The pages of groups: the list, adding a group, and one group with its members.

mod add;
mod change;
mod detail;
mod list;
mod member;
mod picker;
mod remove;

pub use add::NewGroupPage;
pub use detail::GroupPage;
pub use list::GroupsPage;
