//! Mounting the pages: each route of the one route table, with the context that pages are drawn in.

use app::{App, ReturnPath, shell};
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

/// All pages, and what is shown where there is none.
pub fn routes(process: &Process) -> Router<Process> {
    let whole = || get(render_app_async_with_context(context(process), shell));
    let mut router = Router::new();
    for listing in generate_route_list(App) {
        router = router.route(listing.path(), whole());
    }
    router.layer(middleware::from_fn(sign_in_first)).fallback(whole())
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

/// Who is not signed in goes there first, and comes back.
async fn sign_in_first(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_open = OPEN.iter().any(|open| path.starts_with(open));
    let is_signed_in = request.extensions().get::<Ctx>().is_some_and(|ctx| ctx.signed().is_ok());
    if is_open || is_signed_in {
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
