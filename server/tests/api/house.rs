//! The fixture: a router, the people who knock at it, and what they send.

use std::{
    collections::HashMap,
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header},
};
use domain::{
    Span,
    person::{ChangePerson, PersonId, PersonKind},
};
use engine::{
    Client,
    testing::{Database, World},
};
use secrecy::ExposeSecret;
use serde_json::Value;
use tower::ServiceExt;

/// Where a world says that people reach it.
pub const ORIGIN: &str = "http://127.0.0.1:8080";

/// The kinds of people who ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Caller {
    /// Not signed in.
    Nobody,
    /// Signed in, without anything.
    Member,
    /// The same, from outside the organisation.
    Guest,
    /// Whose requests and assignments the cases are about.
    Requester,
    /// Named as approver in the roles that the cases are about.
    Approver,
    /// Holds Stint User Administrator.
    UserAdministrator,
    /// Holds Stint Auditor.
    Auditor,
    /// Holds Stint Privileged Role Administrator.
    Administrator,
}

impl Caller {
    pub const ALL: [Self; 8] = [
        Self::Nobody,
        Self::Member,
        Self::Guest,
        Self::Requester,
        Self::Approver,
        Self::UserAdministrator,
        Self::Auditor,
        Self::Administrator,
    ];

    /// As a column of the printed table.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Member => "member",
            Self::Guest => "guest",
            Self::Requester => "requester",
            Self::Approver => "approver",
            Self::UserAdministrator => "user administrator",
            Self::Auditor => "auditor",
            Self::Administrator => "administrator",
        }
    }

    /// By which name they sign in.
    pub fn sign_in_name(self) -> String {
        self.word().replace(' ', "-")
    }
}

/// A router over a world, and everybody who asks there.
pub struct House {
    pub world: World,
    pub router: Router,
    people: HashMap<Caller, PersonId>,
    tokens: Mutex<HashMap<Caller, String>>,
    operations: HashMap<String, (Method, String)>,
    next: AtomicU32,
}

impl House {
    /// On a file, with everybody in it.
    pub async fn new() -> Self {
        Self::around(World::on(Database::Sqlite).await.unwrap()).await
    }

    /// Around a world, with everybody in it.
    pub async fn around(world: World) -> Self {
        let mut people = HashMap::new();
        for caller in Caller::ALL.into_iter().filter(|caller| *caller != Caller::Nobody) {
            let name = caller.word();
            let person = match caller {
                Caller::UserAdministrator => world.user_administrator(name).await,
                Caller::Auditor => world.auditor(name).await,
                Caller::Administrator => world.administrator(name).await,
                _ => world.person(name).await,
            };
            world.with_credentials(person, &caller.sign_in_name()).await;
            people.insert(caller, person);
        }
        let guest = ChangePerson {
            kind: PersonKind::Guest,
            name: Caller::Guest.word().to_owned(),
            addresses: Vec::new(),
            version: 1,
        };
        let administrator = world.ctx(people[&Caller::Administrator]);
        engine::person::change(&world.engine, &administrator, people[&Caller::Guest], guest).await.unwrap();
        let router = router(&world);
        let operations = operations();
        Self { world, router, people, tokens: Mutex::default(), operations, next: AtomicU32::new(0) }
    }

    /// Who this is.
    pub fn person(&self, caller: Caller) -> PersonId {
        self.people[&caller]
    }

    /// A number that was not given before, for names.
    pub fn number(&self) -> u32 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// An operation of the API by the name of its use case; `ids` in the order in which they stand in its path.
    pub fn call(&self, operation: &str, ids: &[&str]) -> Sent {
        let found = self.operations.get(operation);
        let (method, template) = found.unwrap_or_else(|| panic!("no such operation: {operation}"));
        let mut ids = ids.iter();
        let path = template
            .split('/')
            .map(|part| if part.starts_with('{') { ids.next().copied().unwrap_or("missing") } else { part })
            .collect::<Vec<_>>()
            .join("/");
        Sent::new(method.clone(), &format!("/api/v1{path}"))
    }

    /// The names of all operations of the API.
    pub fn operations(&self) -> impl Iterator<Item = &str> {
        self.operations.keys().map(String::as_str)
    }

    /// An access token that is good now. Signs in anew when the last one was used up.
    pub async fn token(&self, caller: Caller) -> String {
        let client = Client::default();
        let kept = self.tokens.lock().unwrap().get(&caller).cloned();
        if let Some(kept) = &kept
            && let Ok(signed) = engine::session::authenticate(&self.world.engine, kept, &client).await
            && self.world.engine.now() < Span::minutes(8).after(signed.mfa_at)
        {
            return kept.clone();
        }
        if kept.is_some() {
            // The code of this half minute was used already.
            self.world.advance(Span::seconds(31));
        }
        let signed_in = self.world.signed_in(&caller.sign_in_name()).await;
        let token = signed_in.tokens.access.expose_secret().to_owned();
        self.tokens.lock().unwrap().insert(caller, token.clone());
        token
    }

    /// What this caller is answered: with a bearer token under `/api`, with a cookie elsewhere.
    pub async fn ask(&self, caller: Caller, sent: Sent) -> Answer {
        if caller == Caller::Nobody {
            return self.send(sent).await;
        }
        let token = self.token(caller).await;
        self.send(self.signed(sent, &token)).await
    }

    /// With this token, as it counts there.
    pub fn signed(&self, sent: Sent, token: &str) -> Sent {
        if sent.path.starts_with("/api/") {
            sent.header("authorization", &format!("Bearer {token}"))
        } else {
            sent.cookie("stint_access", token)
        }
    }

    /// A token of somebody whose last code is eleven minutes old.
    pub async fn with_an_old_factor(&self, caller: Caller) -> String {
        let tokens = self.world.signed_in(&caller.sign_in_name()).await.tokens;
        self.world.advance(Span::minutes(11));
        let refresh = tokens.refresh.expose_secret();
        let fresh = engine::session::refresh(&self.world.engine, refresh, &Client::default()).await.unwrap();
        fresh.access.expose_secret().to_owned()
    }

    /// The answer to a request as it is.
    pub async fn send(&self, sent: Sent) -> Answer {
        sent.through(&self.router).await
    }
}

/// The router over a world.
pub fn router(world: &World) -> Router {
    server::router(&server::Process::new(world.engine.clone(), Vec::new()))
}

/// Method and path of each operation, as the document says.
fn operations() -> HashMap<String, (Method, String)> {
    let document = serde_json::to_value(server::api::document()).unwrap();
    let mut operations = HashMap::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap().to_owned();
            let method = method.to_uppercase().parse().unwrap();
            assert!(operations.insert(name, (method, path.clone())).is_none());
        }
    }
    operations
}

/// A request before it is sent.
#[derive(Clone, Debug)]
pub struct Sent {
    pub method: Method,
    pub path: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Sent {
    /// Without headers and body.
    pub fn new(method: Method, path: &str) -> Self {
        Self { method, path: path.to_owned(), headers: HeaderMap::new(), body: Vec::new() }
    }

    /// A page.
    pub fn page(path: &str) -> Self {
        Self::new(Method::GET, path).header("accept", "text/html,application/xhtml+xml")
    }

    /// A server function, as the browser's half calls it from our own pages.
    pub fn function(endpoint: &str) -> Self {
        Self::new(Method::POST, &format!("/fn/{endpoint}")).header("origin", ORIGIN)
    }

    /// With one more header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().unwrap();
        self.headers.append(name, HeaderValue::from_str(value).unwrap());
        self
    }

    /// With one more cookie.
    pub fn cookie(mut self, name: &str, value: &str) -> Self {
        let pair = format!("{name}={value}");
        let all = match self.headers.get(header::COOKIE) {
            // What is there already may be no text.
            Some(others) => [others.as_bytes(), b"; ", pair.as_bytes()].concat(),
            None => pair.into_bytes(),
        };
        self.headers.insert(header::COOKIE, HeaderValue::from_bytes(&all).unwrap());
        self
    }

    /// With a query.
    pub fn query(mut self, query: &str) -> Self {
        self.path = format!("{}?{query}", self.path);
        self
    }

    /// With a JSON body.
    pub fn json(self, body: &Value) -> Self {
        self.content("application/json", body.to_string())
    }

    /// With the fields of a form, which a server function calls `form`.
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let pairs: Vec<_> =
            fields.iter().map(|(name, value)| format!("form%5B{name}%5D={}", escaped(value))).collect();
        self.content("application/x-www-form-urlencoded", pairs.join("&"))
    }

    /// With a body of this kind.
    pub fn content(mut self, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(kind).unwrap());
        self
    }

    /// The answer of this router.
    pub async fn through(self, router: &Router) -> Answer {
        let mut request = Request::builder().method(self.method).uri(&self.path);
        *request.headers_mut().unwrap() = self.headers;
        let response = router.clone().oneshot(request.body(Body::from(self.body)).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    }
}

/// Percent-encodes everything that has a meaning in a form.
pub fn escaped(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(byte);
    text.bytes()
        .map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// The code of a refusal, of the API or of a server function.
    pub fn code(&self) -> String {
        let json = self.json();
        let code = json["code"].as_str().or_else(|| json["problem"]["code"].as_str());
        code.unwrap_or_default().to_owned()
    }

    /// The value of a cookie that is to be kept.
    pub fn kept(&self, name: &str) -> Option<String> {
        let start = format!("{name}=");
        let cookies = self.headers.get_all(header::SET_COOKIE).iter();
        let mut values = cookies.filter_map(|cookie| cookie.to_str().unwrap().strip_prefix(&start));
        values.find_map(|rest| rest.split(';').next()).filter(|value| !value.is_empty()).map(str::to_owned)
    }

    /// Status and code, as the printed table says them.
    pub fn word(&self) -> String {
        let (status, code) = (self.status.as_u16(), self.code());
        if self.status.is_success() || code.is_empty() {
            status.to_string()
        } else {
            format!("{status} {code}")
        }
    }
}
