//! Server functions: the list of what the pages can ask for. One file a noun, one function a use case.
//!
//! How one is written, and there is no other way:
//!
//! ```ignore
//! #[cfg(feature = "ssr")]
//! use super::server::{context, told};
//!
//! /// A role with its settings.                                        reads: JSON, arguments by name
//! #[server(prefix = "/fn", endpoint = "role/get", protocol = JsonCall)]
//! pub async fn role_get(id: RoleId) -> AppResult<RoleDetail> {
//!     let (engine, ctx) = context()?;
//!     engine::role::get(&engine, &ctx, id).await.map_err(told)
//! }
//!
//! /// What the form of a new role sends.                               acts: a form, one struct argument `form`
//! #[derive(Clone, Debug, Serialize, Deserialize)]
//! #[serde(deny_unknown_fields)]
//! pub struct RoleForm { name: String, /* … */ code: String, key: String }
//!
//! /// Creates a role.
//! #[server(prefix = "/fn", endpoint = "role/create")]
//! pub async fn role_create(form: RoleForm) -> AppResult<()> {
//!     let (engine, ctx) = context()?;
//!     let ctx = once(ctx, &form.key, "role/create", &form);
//!     let ctx = stepped_up(&engine, ctx, &form.code, Act::Administer, Uuid::nil()).await?;
//!     let id = engine::role::create(&engine, &ctx, form.into()).await.map_err(told)?;
//!     go_to(&format!("/roles/{id}"));
//!     Ok(())
//! }
//! ```
//!
//! - The endpoint is `noun/verb`, the function `noun_verb`; both are also the words of the use case.
//! - What reads takes `protocol = JsonCall`. What acts takes a form (the default), so that it works as a plain `<form>`, and so
//!   that the server can tell an act from a page that refreshes itself: only acts and navigation keep a session awake.
//! - The one argument of an act is a struct with `deny_unknown_fields`, called `form`: its fields are named `form[name]`
//!   in HTML, and `name` in a problem. `#[serde(default)]` for what a plain form leaves out (check boxes, empty lists).
//! - No rule here. Text becomes domain input (`Span`, `Instant`, `Id`), a use case is called, its error is translated.
//! - Statuses are set elsewhere: here nobody thinks about HTTP but for [`server::go_to`] and cookies.

#[cfg(feature = "ssr")]
pub mod cookies;
#[cfg(feature = "ssr")]
mod made_link;
#[cfg(feature = "ssr")]
pub mod server;

pub mod activation;
pub mod assignment;
pub mod audit;
pub mod group;
pub mod notification;
pub mod person;
pub mod role;
pub mod role_settings;
pub mod session;
pub mod sign_in;
pub mod theme;
pub mod zone;

//NOIMPORT
