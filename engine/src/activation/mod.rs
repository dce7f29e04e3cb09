//! Activations: asking for a role and everything that happens to the request.

mod decide;
pub(crate) mod due;
mod end;
pub(crate) mod follow;
mod form;
mod get;
mod known;
mod list;
mod my_roles;
mod request;
mod rows;
mod sight;

#[cfg(test)]
mod tests;

pub use decide::{approve, deny};
pub use end::{cancel, deactivate, revoke};
pub use form::{form, form_by_key};
pub use get::get;
pub(crate) use known::may_know;
pub(crate) use list::count_to_decide;
pub use list::{decided, list, mine, to_decide};
pub use my_roles::my_roles;
pub use request::request;
pub(crate) use sight::may_see;
