//! The pages of roles: the list, the catalogue, one role with its assignments, settings and history.

mod assignments;
mod change;
mod create;
mod head;
mod history;
mod import;
mod list;
mod row;
mod settings;
mod switch;
mod words;

pub use assignments::RolePage;
pub use change::RoleChangePage;
pub use create::RoleCreatePage;
pub use history::RoleHistoryPage;
pub use import::RoleImportPage;
pub use list::RolesPage;
pub use settings::RoleSettingsPage;
pub use switch::RoleOffPage;
