//! What every answer says to browsers, whichever it is: each operation and server function done and refused, each page,
//! wrong methods, files, redirects, what is too large.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use engine::{
    Engine, Env,
    testing::{beginning, config, scratch},
};
use serde_json::json;

use crate::{
    cases,
    house::{Answer, Caller, House, ORIGIN, Sent},
};

/// The nonce of a policy, after looking at all of it.
fn nonce(answer: &Answer) -> String {
    let policy = answer.header("content-security-policy");
    let (before, rest) = policy.split_once("'nonce-").unwrap_or_else(|| panic!("no nonce in {policy}"));
    let (nonce, after) = rest.split_once('\'').unwrap();
    assert_eq!(before, "default-src 'none'; script-src ");
    assert_eq!(
        after,
        " 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
         form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    );
    assert!(nonce.len() >= 22, "{nonce}");
    nonce.to_owned()
}

/// What has been looked at.
#[derive(Default)]
struct Looked {
    nonces: BTreeSet<String>,
    statuses: BTreeSet<u16>,
}

impl Looked {
    /// Looks at everything that any answer must say.
    fn at(&mut self, what: &str, answer: &Answer) {
        self.statuses.insert(answer.status.as_u16());
        let nonce = nonce(answer);
        for script in answer.text().match_indices("<script").map(|(at, _)| answer.text()[at..].to_owned()) {
            let tag = script.split('>').next().unwrap().to_owned();
            assert!(tag.contains(&nonce), "{what}: {tag}");
        }
        assert!(self.nonces.insert(nonce), "{what}: a nonce twice");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("strict-transport-security", ""),
            ("access-control-allow-origin", ""),
            ("access-control-allow-credentials", ""),
            ("server", ""),
            ("x-powered-by", ""),
        ] {
            assert_eq!(answer.header(name), value, "{what}: {name}");
        }
        assert!(answer.header("permissions-policy").contains("camera=()"), "{what}");
        assert_eq!(answer.header("x-request-id").len(), 36, "{what}");
        let has_type = !answer.header("content-type").is_empty();
        assert!(has_type || answer.body.is_empty(), "{what}: what has no type is guessed: {}", answer.text());
        let location = answer.header("location");
        let is_here = location.is_empty()
            || (location.starts_with('/') && !location.starts_with("//"))
            || location.starts_with(&format!("{ORIGIN}/"));
        assert!(is_here, "{what}: leads to {location}");
        for cookie in answer.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            assert!(cookie.contains("; Path=/;") && cookie.contains("HttpOnly"), "{what}: {cookie}");
            assert!(cookie.contains("SameSite=Lax"), "{what}: {cookie}");
        }
    }

    /// The same for what nobody may keep: everything but files.
    fn at_kept_by_nobody(&mut self, what: &str, answer: &Answer) {
        self.at(what, answer);
        assert_eq!(answer.header("cache-control"), "no-store", "{what}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_and_server_function_answers_with_the_headers_that_protect_it() {
    let house = House::new().await;
    let mut looked = Looked::default();
    for case in cases::all() {
        for caller in [Caller::Nobody, Caller::Member, Caller::Administrator] {
            let answer = house.try_case(&case, caller).await;
            looked.at_kept_by_nobody(&format!("{} as {}", case.name(), caller.word()), &answer);
        }
    }
    for status in [200, 201, 204, 401, 403, 404, 409] {
        assert!(looked.statuses.contains(&status), "{status} was among them: {:?}", looked.statuses);
    }
    let huge = vec![b' '; 64 * 1024 + 1];
    for path in [
        "/api/v1/roles",
        "/api/v1/session",
        "/fn/role/create",
        "/audit/export",
        "/sign-in",
        "/pkg/x",
        "/healthz",
    ] {
        let sent = Sent::new(Method::POST, path).header("origin", ORIGIN);
        let sent = sent.content("application/x-www-form-urlencoded", huge.clone());
        let told = sent.clone().header("content-length", &huge.len().to_string());
        for sent in [sent, told] {
            looked.at_kept_by_nobody(
                &format!("64 KiB and more to {path}"),
                &house.ask(Caller::Administrator, sent).await,
            );
        }
    }
    assert!(looked.statuses.contains(&413), "{:?}", looked.statuses);
    house.world.engine.close().await;
}

/// Every path there is, with something in place of what is open in it.
fn paths(house: &House) -> BTreeSet<String> {
    let pages = server::page_routes().iter().cloned();
    let operations = house.operations().map(|name| house.call(name, &["none", "none"]).path);
    let others =
        ["/events", "/audit/export", "/fn/person/me", "/fn/none", "/pkg/none.js", "/icon.svg", "/robots.txt"];
    let more = [
        "/healthz",
        "/readyz",
        "/api",
        "/api/",
        "/api/openapi.json",
        "/api/v2/x",
        "/none",
        "//evil.example/x",
    ];
    let open = |path: String| {
        path.split('/')
            .map(|part| if part.starts_with('{') { "none" } else { part })
            .collect::<Vec<_>>()
            .join("/")
    };
    pages.map(open).chain(operations).chain(others.into_iter().chain(more).map(str::to_owned)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_address_answers_every_method_with_the_headers_that_protect_it() {
    let house = House::new().await;
    let mut looked = Looked::default();
    let methods =
        ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND"];
    for path in paths(&house) {
        for method in methods {
            for caller in [Caller::Nobody, Caller::Member] {
                // What a signed-in person is answered to GET is looked at page by page elsewhere, and a stream never ends.
                if caller == Caller::Member && (method == "POST" || (path == "/events" && method == "GET")) {
                    continue;
                }
                let method: Method = method.parse().unwrap();
                let sent =
                    Sent::new(method.clone(), &path).header("accept", "text/html").header("origin", ORIGIN);
                let what = format!("{method} {path} as {}", caller.word());
                let answer = house.ask(caller, sent).await;
                assert!(!answer.status.is_server_error(), "{what}: {}", answer.text());
                let is_file = path == "/icon.svg" && answer.status.is_success();
                if is_file { looked.at(&what, &answer) } else { looked.at_kept_by_nobody(&what, &answer) }
            }
        }
    }
    assert!(looked.statuses.contains(&405) && looked.statuses.contains(&303), "{:?}", looked.statuses);
    house.world.engine.close().await;
}

#[tokio::test]
async fn files_errors_and_redirects_carry_the_headers_too() {
    let house = House::new().await;
    let mut looked = Looked::default();
    let page = house.send(Sent::page("/sign-in")).await;
    looked.at_kept_by_nobody("the sign-in page", &page);
    let text = page.text();
    let files: BTreeSet<_> = text
        .split(['"', '\''])
        .filter(|part| part.starts_with("/pkg/") || *part == "/icon.svg")
        .map(|part| part.replace("&amp;", "&"))
        .collect();
    for file in &files {
        for coding in ["identity", "gzip", "br"] {
            let sent = Sent::new(Method::GET, file).header("accept-encoding", coding);
            let answer = house.send(sent.clone()).await;
            looked.at(&format!("{file} in {coding}"), &answer);
            // Without a bundle there are none, but then there is none at all.
            assert!(answer.status.is_success() || files.len() == 1, "every page asks for {file}");
            if !answer.status.is_success() {
                continue;
            }
            assert_ne!(answer.header("cache-control"), "no-store", "{file}");
            let etag = answer.header("etag").to_owned();
            let again = house.send(sent.header("if-none-match", &etag)).await;
            looked.at(&format!("{file} again"), &again);
        }
    }
    let own = house.token(Caller::Member).await;
    for (what, sent, status) in [
        ("from another origin", Sent::new(Method::POST, "/sign-in").cookie("a", "b"), 403),
        ("another name of this machine", Sent::page("/roles").header("host", "localhost:8080"), 307),
        (
            "a bearer token and a cookie",
            Sent::new(Method::GET, "/api/v1/me")
                .header("authorization", "Bearer x")
                .cookie("stint_access", "y"),
            400,
        ),
        ("no bearer token", Sent::new(Method::GET, "/api/v1/me").header("authorization", "Basic x"), 400),
        ("a stale cookie", Sent::page("/").cookie("stint_access", "x").cookie("stint_refresh", "y"), 303),
        ("signed out of a stream", Sent::new(Method::GET, "/events"), 401),
        (
            "a refused form",
            Sent::function("group/create")
                .form(&[("name", ""), ("key", "k")])
                .header("accept", "text/html")
                .header("referer", &format!("{ORIGIN}/groups/new"))
                .cookie("stint_access", &own),
            302,
        ),
        (
            "a refused form that came from nowhere",
            Sent::function("group/create")
                .form(&[("name", ""), ("key", "k")])
                .header("accept", "text/html")
                .cookie("stint_access", &own),
            403,
        ),
        ("a page for others", Sent::page("/people").cookie("stint_access", &own), 403),
        ("a link that is none", Sent::page("/link/abc"), 404),
        (
            "an export by nobody",
            Sent::new(Method::POST, "/audit/export")
                .header("origin", ORIGIN)
                .content("application/x-www-form-urlencoded", "format=csv"),
            303,
        ),
        ("nothing there", Sent::function("no/such").json(&json!({})), 404),
    ] {
        let answer = house.send(sent).await;
        assert_eq!(answer.status.as_u16(), status, "{what}: {}", answer.text());
        looked.at_kept_by_nobody(what, &answer);
    }
    house.world.engine.close().await;
}

#[tokio::test]
async fn behind_tls_browsers_are_told_to_stay_there() {
    let folder = scratch();
    let mut config = config(format!("sqlite://{}/stint.db", folder.display()));
    config.public_url = "https://stint.halden.example".to_owned();
    let engine = Engine::open(config, Env::fixed(beginning(), 1)).await.unwrap();
    let router = server::router(&server::Process::new(engine.clone(), Vec::new()));
    for sent in [
        Sent::page("/sign-in"),
        Sent::page("/none"),
        Sent::new(Method::GET, "/pkg/none"),
        Sent::new(Method::GET, "/api/v1/me"),
    ] {
        let answer = sent.through(&router).await;
        assert_eq!(answer.header("strict-transport-security"), "max-age=31536000");
    }
    // Names that the browser itself refuses without TLS or for another path.
    let theme =
        Sent::new(Method::POST, "/fn/session/sign_out").header("origin", "https://stint.halden.example");
    let answer = theme.form(&[]).through(&router).await;
    assert_eq!(answer.status, StatusCode::OK);
    let cookies: Vec<_> =
        answer.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap()).collect();
    assert!(!cookies.is_empty());
    for cookie in cookies {
        assert!(cookie.starts_with("__Host-") && cookie.contains("; Path=/;"), "{cookie}");
        assert!(
            cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("; Secure")
        );
    }
    engine.close().await;
    std::fs::remove_dir_all(folder).unwrap();
}
