//! The pages of people: the list, adding somebody, and one person.

mod add;
mod change;
mod detail;
mod disable;
mod facts;
mod link;
mod list;
mod made_link;
mod words;

pub use add::NewPersonPage;
pub use detail::PersonPage;
pub use list::PeoplePage;
