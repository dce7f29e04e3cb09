//! The pages of the main job: my roles, activating one, requests, approvals.

mod activate;
mod approval;
mod approvals;
mod axis;
mod decide;
mod duty;
mod eligible;
mod end;
mod end_dialog;
mod my_roles;
mod request;
mod request_facts;
mod request_form;
mod requests;
mod story;
mod waiting;
mod watch;
mod words;

pub use activate::ActivateSheet;
pub use approval::ApprovalPage;
pub use approvals::{ApprovalsPage, NoApprovalPage};
pub use duty::{duty_actions, on_duty};
pub use my_roles::MyRolesPage;
pub use request::RequestPage;
pub use requests::RequestsPage;
