//! The pages and server functions of Stint. Not here: rules (domain), use cases (engine), HTTP plumbing (server).

pub mod ui;
