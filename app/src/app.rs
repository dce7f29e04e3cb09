//! The document, the contexts of all pages, and the one route table.

use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::path;

use crate::{
    api::theme::Theme,
    form::provide_draft,
    pages::{inside::Inside, no_access::NoAccessPage, not_found::NotFoundPage},
    parts::{self, Part},
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
    /// The browser's half, if the binary holds it.
    pub browser: Option<BrowserHalf>,
}

/// Where the browser finds its half.
#[derive(Clone, Debug, Default)]
pub struct BrowserHalf {
    /// The JavaScript that starts it.
    pub js: String,
    /// What that imports.
    pub imports: Vec<String>,
    /// The WASM that all pages stand on.
    pub wasm: String,
    /// What else the pages of each part need.
    pub parts: Vec<(Part, Vec<String>)>,
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
                <link rel="icon" type="image/svg+xml" href="/icon.svg" />
                {site.css.map(|href| view! { <link rel="stylesheet" href=href /> })}
                {site.browser.map(browser_half)}
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Starts the browser's half, and fetches what this page needs of it meanwhile. The addresses change with the content, so
/// that they may be kept for ever.
fn browser_half(half: BrowserHalf) -> impl IntoView + use<> {
    let nonce = leptos::nonce::use_nonce();
    let BrowserHalf { js, imports, wasm, parts } = half;
    let start = format!(
        "import('{js}').then(stint => stint.default({{ module_or_path: '{wasm}' }}).then(() => stint.hydrate()))"
    );
    let here = parts_here();
    let mut needed: Vec<_> =
        parts.into_iter().filter(|(part, _)| here.contains(part)).flat_map(|(_, files)| files).collect();
    needed.sort_unstable();
    needed.dedup();
    let script = |href| view! { <link rel="modulepreload" href=href nonce=leptos::nonce::use_nonce() /> };
    let fetched = |href| {
        view! { <link rel="preload" href=href r#as="fetch" r#type="application/wasm" crossorigin="" /> }
    };
    view! {
        {std::iter::once(js).chain(imports).map(script).collect_view()}
        {std::iter::once(wasm).chain(needed).map(fetched).collect_view()}
        <script type="module" nonce=nonce>{start}</script>
    }
}

/// The parts of the page that is asked for.
fn parts_here() -> &'static [Part] {
    #[cfg(feature = "ssr")]
    let path = use_context::<http::request::Parts>().map(|parts| parts.uri.path().to_owned());
    #[cfg(not(feature = "ssr"))]
    let path: Option<String> = None;
    Part::of(path.as_deref().unwrap_or("/"))
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
        <Router>
            // A page has one line here. The server renders each whole before the first byte leaves: only then is its
            // status known, and only then it is all there for who has no JavaScript.
            <Routes fallback=NotFoundPage>
                <ParentRoute path=path!("") view=parts::Before::Frame>
                    <Route path=path!("/sign-in") view=parts::Before::SignIn />
                    <Route path=path!("/sign-in/code") view=parts::Before::Code />
                    <Route path=path!("/sign-in/recovery-codes") view=parts::Before::FirstCodes />
                    <Route path=path!("/set-up/:token") view=parts::Before::Link />
                    <Route path=path!("/set-up/:token/app") view=parts::Before::LinkApp />
                    <Route path=path!("/link/:token") view=parts::Before::Link />
                    <Route path=path!("/link/:token/app") view=parts::Before::LinkApp />
                </ParentRoute>
                <ParentRoute path=path!("") view=Inside>
                    <Route path=path!("/people") view=parts::Administer::People />
                    <Route path=path!("/people/new") view=parts::Administer::NewPerson />
                    <Route path=path!("/people/:id") view=parts::Administer::Person />
                    <Route path=path!("/groups") view=parts::Administer::Groups />
                    <Route path=path!("/groups/new") view=parts::Administer::NewGroup />
                    <Route path=path!("/groups/:id") view=parts::Administer::Group />
                    <Route path=path!("/roles") view=parts::Administer::Roles />
                    <Route path=path!("/roles/new") view=parts::Administer::NewRole />
                    <Route path=path!("/roles/import") view=parts::Administer::Import />
                    <Route path=path!("/roles/:id") view=parts::Administer::Role />
                    <Route path=path!("/roles/:id/settings") view=parts::Administer::Settings />
                    <Route path=path!("/roles/:id/history") view=parts::Administer::History />
                    <Route path=path!("/roles/:id/change") view=parts::Administer::ChangeRole />
                    <Route path=path!("/roles/:id/off") view=parts::Administer::RoleOff />
                    <Route path=path!("/roles/:id/assign") view=parts::Administer::Assign />
                    <Route path=path!("/assignments/:id") view=parts::Administer::Assignment />
                    <Route path=path!("/assignments/:id/remove") view=parts::Administer::RemoveAssignment />
                    <ParentRoute path=path!("") view=parts::Home::MyRoles>
                        <Route path=path!("") view=|| () />
                        <Route path=path!("activate/:key") view=parts::Activate::Sheet />
                    </ParentRoute>
                    <Route path=path!("/requests") view=parts::Own::Requests />
                    <Route path=path!("/requests/:id") view=parts::Own::Request />
                    <ParentRoute path=path!("/approvals") view=parts::Own::Approvals>
                        <Route path=path!("") view=parts::Own::NoApproval />
                        <Route path=path!(":id") view=parts::Own::Approval />
                    </ParentRoute>
                    <Route path=path!("/account") view=parts::Own::Account />
                    <Route path=path!("/account/recovery-codes") view=parts::Own::NewCodes />
                    <Route path=path!("/record") view=parts::Own::Record />
                    <Route path=path!("/audit") view=parts::Administer::Audit />
                    <Route path=path!("/outbox") view=parts::Administer::Outbox />
                    <Route path=path!("/outbox/:id") view=parts::Administer::Message />
                    <Route path=path!("/no-access") view=NoAccessPage />
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
