//! What people do with requests, on both databases.

mod decide;
mod end;
mod follow;
mod race;
mod read;
mod request;
