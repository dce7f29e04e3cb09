//! Everything the process answers to, and the order in which a request passes through.

use axum::{
    Router, middleware,
    routing::{any, get, post},
};

use crate::{
    api, auth, events, export, files, forms, headers, health, origin, pages, process::Process, request,
};

/// The whole of it.
pub fn router(process: &Process) -> Router {
    let with = |process: &Process| process.clone();
    Router::new()
        .nest("/api", api::routes(process))
        .route("/fn/{*function}", any(forms::serve))
        .route("/events", get(events::serve))
        .route("/audit/export", post(export::serve))
        .merge(pages::routes(process))
        // Who asks, once it is clear from where.
        .layer(middleware::from_fn_with_state(with(process), auth::identify))
        .layer(middleware::from_fn_with_state(with(process), pages::one_origin))
        .layer(middleware::from_fn_with_state(with(process), origin::guard))
        .route("/pkg/{*file}", get(files::serve))
        .route("/icon.svg", get(files::serve))
        .route("/robots.txt", get(robots))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .layer(tower_http::limit::RequestBodyLimitLayer::new(request::BODY))
        .layer(middleware::from_fn_with_state(with(process), request::carry))
        // Around everything: what is refused on the way is an answer too.
        .layer(middleware::from_fn_with_state(with(process), headers::secure))
        .with_state(process.clone())
}

/// Nothing here is for search engines.
async fn robots() -> &'static str {
    "User-agent: *\nDisallow: /\n"
}
