//! What people do with requests, on both databases.

mod decide;
mod end;
mod follow;
mod read;
mod request;
