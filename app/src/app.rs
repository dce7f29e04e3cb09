//! The document, the contexts of all pages, and the one route table.

use leptos::prelude::*;
use leptos_meta::{Link, MetaTags, Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::path;

use crate::{
    api::theme::Theme,
    form::provide_draft,
    pages::{self, before::Before, inside::Inside, not_found::NotFoundPage},
    refresh::provide_refresh,
    ui::{ToastRegion, escaped, provide_now, provide_toasts},
};

/// What the process tells all pages about itself: the same for every request. In the context while rendering.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// The organisation's name.
    pub organisation: String,
    /// Whom people turn to when they need help.
    pub service_desk: Option<String>,
    /// Whether everything here is invented.
    pub demo: bool,
    /// The address of the style sheet, if the binary holds one.
    pub css: Option<String>,
    /// The addresses of the browser's half, JavaScript and WASM, if the binary holds it.
    pub browser: Option<(String, String)>,
}

/// What of [`Site`] the browser's half needs too.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct About {
    /// The organisation's name.
    pub organisation: String,
    /// Whom people turn to when they need help.
    pub service_desk: Option<String>,
    /// Whether everything here is invented.
    pub demo: bool,
    /// The person's choice of light or dark.
    pub theme: Theme,
}

/// The organisation, the theme, whether this is a demo. In the context of every page.
pub fn use_about() -> About {
    use_context::<StoredValue<About>>().map(|about| about.get_value()).unwrap_or_default()
}

/// The document around the pages. Rendered on the server only.
pub fn shell() -> impl IntoView {
    let site = use_context::<Site>().unwrap_or_default();
    let theme = theme().word();
    view! {
        <!DOCTYPE html>
        <html lang="en-GB" data-theme=theme>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                <meta name="color-scheme" content="light dark" />
                {site.css.map(|href| view! { <link rel="stylesheet" href=href /> })}
                {site.browser.map(|(js, wasm)| browser_half(&js, &wasm))}
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Starts the browser's half. The addresses change with the content, so that they may be kept for ever.
fn browser_half(js: &str, wasm: &str) -> impl IntoView + use<> {
    let nonce = leptos::nonce::use_nonce();
    let start = format!(
        "import('{js}').then(stint => stint.default({{ module_or_path: '{wasm}' }}).then(() => stint.hydrate()))"
    );
    let (js, wasm) = (js.to_owned(), wasm.to_owned());
    view! {
        <link rel="modulepreload" href=js nonce=nonce.clone() />
        <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="" />
        <script type="module" nonce=nonce>{start}</script>
    }
}

/// Everything inside the document.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let about = SharedValue::new(about).into_inner();
    provide_context(StoredValue::new(about));
    provide_draft();
    provide_now(server_seconds);
    provide_toasts();
    provide_refresh();
    view! {
        <Title formatter=titled />
        <Link rel="icon" type_="image/svg+xml" href="/icon.svg" />
        <Router>
            // A page has one line here. The server renders each whole before the first byte leaves: only then is its
            // status known, and only then it is all there for who has no JavaScript.
            <Routes fallback=NotFoundPage>
                <ParentRoute path=path!("") view=Before>
                    <Route path=path!("/sign-in") view=pages::sign_in::SignInPage />
                    <Route path=path!("/sign-in/code") view=pages::sign_in::CodePage />
                    <Route path=path!("/sign-in/recovery-codes") view=pages::recovery_codes::FirstCodesPage />
                    <Route path=path!("/set-up/:token") view=pages::link::LinkPage />
                    <Route path=path!("/set-up/:token/app") view=pages::link::LinkAppPage />
                    <Route path=path!("/link/:token") view=pages::link::LinkPage />
                    <Route path=path!("/link/:token/app") view=pages::link::LinkAppPage />
                </ParentRoute>
                <ParentRoute path=path!("") view=Inside>
                    <Route path=path!("/people") view=pages::person::PeoplePage />
                    <Route path=path!("/people/new") view=pages::person::NewPersonPage />
                    <Route path=path!("/people/:id") view=pages::person::PersonPage />
                    <Route path=path!("/groups") view=pages::group::GroupsPage />
                    <Route path=path!("/groups/new") view=pages::group::NewGroupPage />
                    <Route path=path!("/groups/:id") view=pages::group::GroupPage />
                    <Route path=path!("/roles") view=pages::role::RolesPage />
                    <Route path=path!("/roles/new") view=pages::role::RoleCreatePage />
                    <Route path=path!("/roles/import") view=pages::role::RoleImportPage />
                    <Route path=path!("/roles/:id") view=pages::role::RolePage />
                    <Route path=path!("/roles/:id/settings") view=pages::role::RoleSettingsPage />
                    <Route path=path!("/roles/:id/history") view=pages::role::RoleHistoryPage />
                    <Route path=path!("/roles/:id/change") view=pages::role::RoleChangePage />
                    <Route path=path!("/roles/:id/off") view=pages::role::RoleOffPage />
                    <Route path=path!("/roles/:id/assign") view=pages::assignment::AssignPage />
                    <Route path=path!("/assignments/:id") view=pages::assignment::AssignmentPage />
                    <Route path=path!("/assignments/:id/remove") view=pages::assignment::AssignmentRemovePage />
                    <ParentRoute path=path!("") view=pages::activation::MyRolesPage>
                        <Route path=path!("") view=|| () />
                        <Route path=path!("activate/:key") view=pages::activation::ActivateSheet />
                    </ParentRoute>
                    <Route path=path!("/requests") view=pages::activation::RequestsPage />
                    <Route path=path!("/requests/:id") view=pages::activation::RequestPage />
                    <ParentRoute path=path!("/approvals") view=pages::activation::ApprovalsPage>
                        <Route path=path!("") view=pages::activation::NoApprovalPage />
                        <Route path=path!(":id") view=pages::activation::ApprovalPage />
                    </ParentRoute>
                    <Route path=path!("/account") view=pages::account::AccountPage />
                    <Route path=path!("/account/recovery-codes") view=pages::recovery_codes::NewCodesPage />
                    <Route path=path!("/record") view=pages::audit::OwnRecordPage />
                    <Route path=path!("/audit") view=pages::audit::AuditPage />
                    <Route path=path!("/outbox") view=pages::notification::OutboxPage />
                    <Route path=path!("/outbox/:id") view=pages::notification::MessagePage />
                    <Route path=path!("/no-access") view=pages::no_access::NoAccessPage />
                </ParentRoute>
            </Routes>
        </Router>
        <ToastRegion />
    }
}

/// The title of the document. The server writes it into the page as it stands, so that it is escaped there; the browser
/// sets it as text.
fn titled(page: String) -> String {
    let title = if page.is_empty() { "Stint".to_owned() } else { format!("{page}, Stint") };
    if cfg!(feature = "ssr") { escaped(&title) } else { title }
}

fn about() -> About {
    #[cfg(feature = "ssr")]
    {
        let site = use_context::<Site>().unwrap_or_default();
        About {
            organisation: site.organisation,
            service_desk: site.service_desk,
            demo: site.demo,
            theme: theme(),
        }
    }
    #[cfg(not(feature = "ssr"))]
    About::default()
}

#[cfg(feature = "ssr")]
fn theme() -> Theme {
    let word =
        crate::api::server::headers().ok().and_then(|all| crate::api::cookies::read(&all, "stint_theme"));
    Theme::read(word.as_deref())
}

#[cfg(not(feature = "ssr"))]
const fn theme() -> Theme {
    Theme::System
}

fn server_seconds() -> i64 {
    #[cfg(feature = "ssr")]
    return crate::api::server::context().map(|(engine, _)| engine.now().timestamp()).unwrap_or_default();
    #[cfg(not(feature = "ssr"))]
    0
}
