//! The pages' files, from inside the binary: compressed beforehand, kept by browsers for ever under their hash.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use app::{BrowserHalf, parts::Part};
use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::audit::{GENESIS, hex, link};
use rust_embed::RustEmbed;

use crate::process::Process;

/// What `scripts/bundle.sh` made. Without it pages work as plain forms.
#[derive(RustEmbed)]
#[folder = "../site/"]
#[allow_missing = true]
struct Site;

/// The files by path, and by what name the present ones of `pkg/` go together.
pub struct Files {
    all: BTreeMap<String, File>,
    bundle: String,
}

struct File {
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
    kind: &'static str,
    hash: String,
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.all.keys()).finish()
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
        let all: BTreeMap<_, _> = paths.filter(|path| !is_copy(path)).filter_map(file).collect();
        let mut hash = GENESIS;
        for (path, file) in &all {
            hash = link(&hash, &format!("{path} {}", file.hash));
        }
        Self { all, bundle: hex(&hash).chars().take(16).collect() }
    }

    /// The address of a file in `pkg/`. The files there speak of each other, so that all of them stand under one name that
    /// changes with any of them: browsers may keep what they find there.
    pub fn address(&self, name: &str) -> Option<String> {
        self.all.contains_key(&format!("pkg/{name}")).then(|| format!("/pkg/{}/{name}", self.bundle))
    }

    /// Where the browser finds its half.
    pub fn browser_half(&self) -> Option<BrowserHalf> {
        let (js, wasm) = self.address("stint.js").zip(self.address("stint.wasm"))?;
        let parts = self.all.get("pkg/parts.json").and_then(|file| serde_json::from_slice(&file.plain).ok());
        let parts: BTreeMap<String, Vec<String>> = parts.unwrap_or_default();
        let of = |part: Part| {
            let files = parts.get(part.word()).into_iter().flatten();
            (part, files.filter_map(|name| self.address(name)).collect())
        };
        let imports = self.address("__wasm_split.js").into_iter().collect();
        Some(BrowserHalf { js, imports, wasm, parts: Part::ALL.map(of).to_vec() })
    }

    /// The path of a file that is asked for, and whether under the name of the present bundle. What an older page asks for is
    /// not there: files of two bundles do not fit together.
    fn find(&self, path: &str) -> Option<(&File, bool)> {
        let named = path.strip_prefix("pkg/").and_then(|rest| rest.split_once('/'));
        let (path, is_exact) = match named {
            Some((bundle, name)) if bundle == self.bundle => (Cow::Owned(format!("pkg/{name}")), true),
            _ => (Cow::Borrowed(path), false),
        };
        self.all.get(path.as_ref()).map(|file| (file, is_exact))
    }

    fn answer(&self, path: &str, headers: &HeaderMap) -> Response {
        let Some((file, is_exact)) = self.find(path) else { return StatusCode::NOT_FOUND.into_response() };
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
    process.files().answer(path, request.headers())
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

    fn ask(path: &str, pairs: &[(header::HeaderName, &str)]) -> Response {
        let headers =
            pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap())).collect();
        files().answer(path, &headers)
    }

    #[test]
    fn the_smallest_copy_that_a_browser_takes_is_sent() {
        let coding = |accepted: &str| {
            let response = ask("pkg/stint.js", &[(header::ACCEPT_ENCODING, accepted)]);
            response.headers().get(header::CONTENT_ENCODING).map(|value| value.to_str().unwrap().to_owned())
        };
        assert_eq!(coding("gzip, deflate, br").as_deref(), Some("br"));
        assert_eq!(coding("gzip;q=1, br;q=0"), Some("gzip".to_owned()));
        assert_eq!(coding("identity"), None);
    }

    #[test]
    fn files_are_kept_for_ever_under_the_name_of_their_bundle_only() {
        let address = files().address("stint.css").unwrap();
        let cache = |path: &str| ask(path, &[]).headers()[header::CACHE_CONTROL].clone();
        assert_eq!(cache(address.trim_start_matches('/')), "public, max-age=31536000, immutable");
        assert_eq!(cache("pkg/stint.css"), "no-cache");
        assert_eq!(ask("pkg/0123456789abcdef/stint.css", &[]).status(), StatusCode::NOT_FOUND);
        let etag = ask("pkg/stint.css", &[]).headers()[header::ETAG].to_str().unwrap().to_owned();
        assert_eq!(
            ask("pkg/stint.css", &[(header::IF_NONE_MATCH, &etag)]).status(),
            StatusCode::NOT_MODIFIED
        );
        assert_eq!(ask("pkg/stint.css", &[(header::IF_NONE_MATCH, "\"x\"")]).status(), StatusCode::OK);
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        assert_eq!(ask("pkg/../Cargo.toml", &[]).status(), StatusCode::NOT_FOUND);
        assert_eq!(ask("pkg/stint.js.br", &[]).status(), StatusCode::NOT_FOUND);
    }
}
