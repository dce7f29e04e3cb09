//! How the browser's half asks the server: one way for all server functions, compiled once and not for each of them.

use std::future::Future;

use leptos::server_fn::{Http, Protocol, client::Client, codec::Json, server::Server};
use serde::{Serialize, de::DeserializeOwned};

use crate::{AppError, AppResult};

/// The protocol of server functions that scripts call: JSON both ways, on the wire the same as [`Http<Json, Json>`].
#[derive(Debug)]
pub struct JsonCall;

impl<I, O, C, S> Protocol<I, O, C, S, AppError> for JsonCall
where
    I: Serialize + Send,
    O: DeserializeOwned + Send,
    C: Client<AppError>,
    S: Server<AppError>,
    Http<Json, Json>: Protocol<I, O, C, S, AppError>,
{
    const METHOD: http::Method = <Http<Json, Json> as Protocol<I, O, C, S, AppError>>::METHOD;

    fn run_server<F, Fut>(
        request: S::Request,
        server_fn: F,
    ) -> impl Future<Output = Result<S::Response, AppError>> + Send
    where
        F: Fn(I) -> Fut + Send,
        Fut: Future<Output = AppResult<O>> + Send,
    {
        <Http<Json, Json> as Protocol<I, O, C, S, AppError>>::run_server(request, server_fn)
    }

    #[cfg(feature = "hydrate")]
    async fn run_client(path: &str, input: I) -> AppResult<O> {
        let input = serde_json::to_string(&input).map_err(|_| AppError::Unreachable)?;
        understood(&browser::exchange(path.to_owned(), "application/json", input, None).await?)
    }

    #[cfg(not(feature = "hydrate"))]
    fn run_client(path: &str, input: I) -> impl Future<Output = AppResult<O>> + Send {
        <Http<Json, Json> as Protocol<I, O, C, S, AppError>>::run_client(path, input)
    }
}

/// Reads an answer.
///
/// # Errors
/// [`AppError::Unreachable`] when this is not what was to come.
pub(crate) fn understood<T: DeserializeOwned>(answer: &str) -> AppResult<T> {
    serde_json::from_str(answer).map_err(|_| AppError::Unreachable)
}

#[cfg(feature = "hydrate")]
pub(crate) mod browser {
    use std::pin::Pin;

    use gloo_net::http::Request;
    use leptos::{
        leptos_dom::helpers::location,
        server_fn::redirect::{REDIRECT_HEADER, call_redirect_hook},
    };
    use send_wrapper::SendWrapper;

    use super::{AppError, AppResult, Future, understood};

    /// Sends this and gives the answer as it came. Goes where the answer leads, unless the page that sent it, if one is
    /// named, has been left meanwhile.
    pub(crate) fn exchange(
        path: String,
        kind: &'static str,
        body: String,
        from: Option<String>,
    ) -> Pin<Box<dyn Future<Output = AppResult<String>> + Send>> {
        Box::pin(SendWrapper::new(async move {
            let said = said(&path, kind, body, from).await;
            said.map_err(|_| AppError::Unreachable).and_then(|outcome| outcome)
        }))
    }

    async fn said(
        path: &str,
        kind: &str,
        body: String,
        from: Option<String>,
    ) -> Result<AppResult<String>, gloo_net::Error> {
        let request = Request::post(path).header("Content-Type", kind).header("Accept", "application/json");
        let response = request.body(body)?.send().await?;
        let text = response.text().await?;
        if response.status() >= 400 {
            return Ok(Err(understood(&text).unwrap_or_else(|unreachable| unreachable)));
        }
        let headers = response.headers();
        // Something in between may answer with a page of its own.
        if headers.get("Content-Type").is_none_or(|kind| !kind.starts_with("application/json")) {
            return Ok(Err(AppError::Unreachable));
        }
        if headers.get(REDIRECT_HEADER).is_some() && from.is_none_or(|from| from == here()) {
            call_redirect_hook(&headers.get("Location").unwrap_or_default());
        }
        Ok(Ok(text))
    }

    /// The address of the page that is shown.
    pub(crate) fn here() -> String {
        let location = location();
        let part = |part: Result<String, _>| part.unwrap_or_default();
        part(location.pathname()) + &part(location.search())
    }
}
