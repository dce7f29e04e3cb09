//! The pages: one file a route, one folder a noun. A page imports from `domain`, `ui`, `api` and the few files beside
//! this folder (`loading`, `load`, `act`, `form`, `refresh`, `when`), never from another page.
//!
//! How one is written:
//!
//! ```ignore
//! /// The settings of one role.
//! #[component]
//! pub fn RoleSettingsPage() -> impl IntoView {
//!     let id = id_param::<RoleId>();                                       // resources
//!     let changes = changes(&[Topic::Role]);
//!     let role = loading(move || (id.get(), changes.get()), |(id, _)| async move { role_get(id?).await });
//!     let save = FormAct::<RoleSettingsChange>::new();                     // acts
//!     let refusal = refusal(save);
//!     view! {                                                              // view
//!         <TopBar title="Settings" above=vec![("Roles".to_owned(), "/roles".to_owned())] />
//!         <Load resource=role let:role>
//!             <PageTitle text=move || role.with(|role| role.row.role.name.clone()) />
//!             <ActForm act=save>
//!                 <input type="hidden" name="form[id]" value=move || role.with(|role| role.row.role.id.to_string()) />
//!                 <FormKey act=save />
//!                 <TextField name="form[name]" label="Name" error=refusal.field("name")
//!                     value=typed::<RoleSettingsChange>("name", role.with_untracked(|role| role.row.role.name.clone())) />
//!                 …
//!             </ActForm>
//!         </Load>
//!     }
//! }
//! ```
//!
//! - The role above is a `Signal<RoleDetail>`: the page is built once and only what changed is drawn again.
//! - Every write is an `ActForm`, so that it works as a plain form too; `refusal` says what was wrong, `typed` brings
//!   back what had been typed. Whether it is shown at all is decided by the same function of `domain` that refuses.
//! - Times through `when::use_zone()`, distances through `ui::time` and `ui::use_now()`. Never the clock.
//! - No style attributes, no `inner_html`, no text as a child of `<textarea>`, `<style>` or `<script>`: a test looks.
//! - Its route is one line in `app.rs`, and the part of the bundle that it is in is one in `parts.rs`.

use domain::{Code, Problem};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::AppError;

pub mod account;
pub mod activation;
mod assigned;
pub mod assignment;
pub mod audit;
pub mod before;
mod enrolment;
pub mod group;
pub mod inside;
pub mod link;
pub mod no_access;
pub mod not_found;
pub mod notification;
mod object_bar;
pub mod person;
pub mod recovery_codes;
pub mod role;
pub mod sign_in;
pub mod sign_out;

/// The id in the path, `:id`. What is no id is answered like one that nobody knows.
pub fn id_param<T: std::str::FromStr + Clone + PartialEq + Send + Sync + 'static>()
-> Memo<Result<T, AppError>> {
    let params = use_params_map();
    Memo::new(move |_| {
        let id = params.with(|params| params.get_str("id").and_then(|id| id.parse().ok()));
        id.ok_or_else(|| AppError::Problem(Problem::new(Code::NotFound)))
    })
}
