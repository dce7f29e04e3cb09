//! The pages and server functions of Stint. Not here: rules (domain), use cases (engine), HTTP plumbing (server).

pub mod act;
pub mod api;
mod app;
mod error;
mod exchange;
pub mod form;
pub mod load;
pub mod loading;
pub mod pages;
pub mod paging;
pub mod parts;
pub mod reader;
pub mod refresh;
mod return_path;
pub mod step_up;
pub mod ui;
pub mod when;

pub use app::{App, BrowserHalf, Site, shell};
pub use error::{AppError, AppResult};
pub use return_path::ReturnPath;
