//! The pages' files, from inside the binary: compressed beforehand, kept by browsers for ever under their hash.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::audit::hex;
use rust_embed::RustEmbed;

use crate::process::Process;

/// What `scripts/bundle.sh` made. Without it pages work as plain forms.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../site/"]
#[allow_missing = true]
struct Site;

/// The files by path.
pub struct Files(BTreeMap<String, File>);

struct File {
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
    kind: &'static str,
    hash: String,
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Files {
    /// Those in the binary.
    pub fn embedded() -> Self {
        let load = |path: &str| Site::get(path).map(|file| (bytes(file.data), file.metadata.sha256_hash()));
        Self::of(Site::iter().map(Cow::into_owned), load)
    }

    fn of(paths: impl Iterator<Item = String>, load: impl Fn(&str) -> Option<(Bytes, [u8; 32])>) -> Self {
        let is_copy = |path: &str| path.ends_with(".br") || path.ends_with(".gz");
        let file = |path: String| {
            let (plain, hash) = load(&path)?;
            let copy = |ending: &str| load(&format!("{path}.{ending}")).map(|(bytes, _)| bytes);
            let hash = hex(&hash).chars().take(16).collect();
            let file = File { plain, brotli: copy("br"), gzip: copy("gz"), kind: kind(&path), hash };
            Some((path, file))
        };
        Self(paths.filter(|path| !is_copy(path)).filter_map(file).collect())
    }

    /// The address of a file with its hash, so that browsers may keep it.
    pub fn address(&self, path: &str) -> Option<String> {
        self.0.get(path).map(|file| format!("/{path}?v={}", file.hash))
    }

    fn answer(&self, path: &str, query: Option<&str>, headers: &HeaderMap) -> Response {
        let Some(file) = self.0.get(path) else { return StatusCode::NOT_FOUND.into_response() };
        let etag = format!("\"{}\"", file.hash);
        let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
        let (body, coding) = file.best(headers);
        let mut response = if known
            .is_some_and(|known| known.split(',').any(|one| one.trim().trim_start_matches("W/") == etag))
        {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            Response::new(Body::from(body))
        };
        let is_exact = query.and_then(|query| query.strip_prefix("v=")) == Some(file.hash.as_str());
        let cache = if is_exact { "public, max-age=31536000, immutable" } else { "no-cache" };
        let answer = response.headers_mut();
        answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.kind));
        answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Ok(etag) = HeaderValue::from_str(&etag) {
            answer.insert(header::ETAG, etag);
        }
        if let Some(coding) = coding {
            answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        response
    }
}

impl File {
    /// The smallest that the browser takes.
    fn best(&self, headers: &HeaderMap) -> (Bytes, Option<&'static str>) {
        let accepted =
            headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let takes = |coding: &str| {
            accepted.split(',').map(str::trim).any(|one| {
                let (name, quality) = one.split_once(';').unwrap_or((one, ""));
                name.trim() == coding && !matches!(quality.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
            })
        };
        match (&self.brotli, &self.gzip) {
            (Some(brotli), _) if takes("br") => (brotli.clone(), Some("br")),
            (_, Some(gzip)) if takes("gzip") => (gzip.clone(), Some("gzip")),
            _ => (self.plain.clone(), None),
        }
    }
}

fn bytes(data: Cow<'static, [u8]>) -> Bytes {
    match data {
        Cow::Borrowed(data) => Bytes::from_static(data),
        Cow::Owned(data) => Bytes::from(data),
    }
}

fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("json") => "application/json",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Answers with a file.
pub async fn serve(State(process): State<Process>, request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    process.files().answer(path, request.uri().query(), request.headers())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Files {
        let paths = ["pkg/stint.js", "pkg/stint.js.br", "pkg/stint.css"].map(str::to_owned);
        Files::of(paths.into_iter(), |path| {
            path.starts_with("pkg/stint.js")
                .then(|| (Bytes::from(path.to_owned()), [7; 32]))
                .or_else(|| (path == "pkg/stint.css").then(|| (Bytes::from_static(b"css"), [8; 32])))
        })
    }

    fn ask(path: &str, query: Option<&str>, pairs: &[(header::HeaderName, &str)]) -> Response {
        let headers =
            pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap())).collect();
        files().answer(path, query, &headers)
    }

    #[test]
    fn the_smallest_copy_that_a_browser_takes_is_sent() {
        let coding = |accepted: &str| {
            let response = ask("pkg/stint.js", None, &[(header::ACCEPT_ENCODING, accepted)]);
            response.headers().get(header::CONTENT_ENCODING).map(|value| value.to_str().unwrap().to_owned())
        };
        assert_eq!(coding("gzip, deflate, br").as_deref(), Some("br"));
        assert_eq!(coding("gzip;q=1, br;q=0"), Some("gzip".to_owned()));
        assert_eq!(coding("identity"), None);
    }

    #[test]
    fn files_are_kept_for_ever_under_their_hash_only() {
        let address = files().address("pkg/stint.css").unwrap();
        let (_, query) = address.split_once('?').unwrap();
        let cache = |query| ask("pkg/stint.css", query, &[]).headers()[header::CACHE_CONTROL].clone();
        assert_eq!(cache(Some(query)), "public, max-age=31536000, immutable");
        assert_eq!(cache(Some("v=old")), "no-cache");
        let etag = ask("pkg/stint.css", None, &[]).headers()[header::ETAG].to_str().unwrap().to_owned();
        assert_eq!(
            ask("pkg/stint.css", None, &[(header::IF_NONE_MATCH, &etag)]).status(),
            StatusCode::NOT_MODIFIED
        );
        assert_eq!(ask("pkg/stint.css", None, &[(header::IF_NONE_MATCH, "\"x\"")]).status(), StatusCode::OK);
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        assert_eq!(ask("pkg/../Cargo.toml", None, &[]).status(), StatusCode::NOT_FOUND);
        assert_eq!(ask("pkg/stint.js.br", None, &[]).status(), StatusCode::NOT_FOUND);
    }
}
