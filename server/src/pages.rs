//! Mounting the pages: each route of the one route table, with the context that pages are drawn in.

use std::sync::LazyLock;

use app::{App, AppError, ReturnPath, reader::Reading, refresh::Seen, shell};
use axum::{
    Router,
    extract::{Request, State},
    http::header,
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use engine::Ctx;
use leptos::{nonce, prelude::*};
use leptos_axum::{generate_route_list, render_app_async_with_context};

use crate::{headers::Nonce, process::Process};

/// Pages that need no session.
const OPEN: [&str; 3] = ["/sign-in", "/set-up/", "/link/"];

/// The addresses of all pages, as routes of axum. Found once in a process: while Leptos looks for them, no resource of
/// any page loads, and a page that is being drawn meanwhile would wait for ever.
pub fn page_routes() -> &'static [String] {
    static ROUTES: LazyLock<Vec<String>> =
        LazyLock::new(|| generate_route_list(App).iter().map(|listing| listing.path().to_owned()).collect());
    &ROUTES
}

/// All pages, and what is shown where there is none.
pub fn routes(process: &Process) -> Router<Process> {
    let whole = || get(render_app_async_with_context(context(process), shell));
    let mut router = Router::new();
    for path in page_routes() {
        router = router.route(path, whole());
    }
    router.layer(middleware::from_fn_with_state(process.clone(), sign_in_first)).fallback(whole())
}

/// What pages find in their context besides the request.
fn context(process: &Process) -> impl Fn() + Clone + Send + Sync + 'static + use<> {
    let site = process.site().clone();
    move || {
        provide_context(site.clone());
        let nonce =
            use_context::<http::request::Parts>().and_then(|parts| parts.extensions.get::<Nonce>().cloned());
        if let Some(Nonce(nonce)) = nonce {
            provide_context(nonce::Nonce::from_value(nonce));
        }
    }
}

/// Who is not signed in goes there first, and comes back. Who is, is known before their page is drawn.
async fn sign_in_first(State(process): State<Process>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if OPEN.iter().any(|open| path.starts_with(open)) {
        return next.run(request).await;
    }
    let ctx = request.extensions().get::<Ctx>().filter(|ctx| ctx.signed().is_ok()).cloned();
    if let Some(ctx) = ctx {
        let engine = process.engine();
        let seen = Seen(*engine.live().listen().borrow());
        let reading = Reading::of(engine, &ctx).await;
        let reading = reading.map_err(|error| AppError::Problem(error.told(&ctx.request_id)));
        request.extensions_mut().insert(seen);
        request.extensions_mut().insert(reading);
        return next.run(request).await;
    }
    let here = request.uri().path_and_query().map(http::uri::PathAndQuery::as_str);
    let mut response = Redirect::to(&ReturnPath::or_home(here).sign_in()).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    response
}

/// The address without its host names is the same: on this machine people mix up `localhost` and `127.0.0.1`, which are
/// two origins to a browser.
pub async fn one_origin(State(process): State<Process>, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let own = process.origin().strip_prefix("http://");
    let bare = |host: &str| host.rsplit_once(':').map_or(host, |(name, _)| name).to_owned();
    let Some(own) = own.filter(|own| {
        *own != host && crate::config::is_loopback(&bare(host)) && request.method() == http::Method::GET
    }) else {
        return next.run(request).await;
    };
    let path = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    Redirect::temporary(&format!("http://{own}{path}")).into_response()
}
