//! Signing in: name and password on one page, the code on the next.

mod code;
mod demo;
mod password;

pub use code::CodePage;
pub use password::SignInPage;
