//! The process: configuration, authentication, JSON API, mounting the pages, command line. Knows no SQL.

pub mod address;
pub mod api;
pub mod auth;
pub mod cli;
pub mod config;
mod events;
mod export;
mod files;
mod forms;
mod headers;
mod health;
mod listen;
mod log;
mod metrics;
mod origin;
mod pages;
mod place;
mod problem;
mod process;
mod request;
mod router;
mod serve;
mod stall;

pub use pages::page_routes;
pub use process::Process;
pub use router::router;
