//! As much of HTTP as a tool needs that may lose its answer at any byte: one request a connection, and an answer only
//! when all of it arrived.

use std::{io, time::Duration};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A request to the API.
#[derive(Clone, Debug)]
pub struct Sent {
    pub method: &'static str,
    /// Below `/api/v1`, or a page when it begins with a slash.
    pub path: String,
    pub body: Option<Value>,
    /// The key under which it is carried out once.
    pub key: Option<String>,
    /// Where a proxy says that it comes from.
    pub from: Option<String>,
    /// The access token of a browser that asks for a page.
    pub cookie: Option<String>,
}

impl Sent {
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: "GET", path: path.into(), body: None, key: None, from: None, cookie: None }
    }

    pub fn post(path: impl Into<String>, body: Value) -> Self {
        Self { method: "POST", path: path.into(), body: Some(body), key: None, from: None, cookie: None }
    }

    fn head(&self, token: &str, length: usize) -> String {
        let path =
            if self.path.starts_with('/') { self.path.clone() } else { format!("/api/v1/{}", self.path) };
        let mut head = format!("{} {path} HTTP/1.0\r\nHost: 127.0.0.1:8080\r\n", self.method);
        if !token.is_empty() {
            head += &format!("Authorization: Bearer {token}\r\n");
        }
        if let Some(key) = &self.key {
            head += &format!("Idempotency-Key: {key}\r\n");
        }
        if let Some(token) = &self.cookie {
            head += &format!("Cookie: stint_access={token}\r\nAccept: text/html\r\n");
        }
        if let Some(from) = &self.from {
            head += &format!("X-Forwarded-For: {from}\r\n");
        }
        if self.body.is_some() {
            head += &format!("Content-Type: application/json\r\nContent-Length: {length}\r\n");
        }
        head + "\r\n"
    }
}

/// An answer that arrived whole.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub body: String,
}

impl Answer {
    pub fn is_done(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// The code of a refusal.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// After so long an answer counts as lost.
const PATIENCE: Duration = Duration::from_secs(40);

/// Sends a request once.
pub async fn send(port: u16, token: &str, sent: &Sent) -> io::Result<Answer> {
    tokio::time::timeout(PATIENCE, exchange(port, token, sent))
        .await
        .unwrap_or_else(|_| Err(io::Error::other("no answer")))
}

async fn exchange(port: u16, token: &str, sent: &Sent) -> io::Result<Answer> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let body = sent.body.as_ref().map(Value::to_string).unwrap_or_default();
    stream.write_all((sent.head(token, body.len()) + &body).as_bytes()).await?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await?;
    whole(&String::from_utf8_lossy(&bytes)).ok_or_else(|| io::Error::other("the answer is cut short"))
}

fn whole(text: &str) -> Option<Answer> {
    let (head, body) = text.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let length = lines.filter_map(|line| line.split_once(": "));
    let mut length = length.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length: Option<usize> = length.next_back().and_then(|(_, length)| length.parse().ok());
    let complete = length.is_none_or(|length| length == body.len());
    complete.then(|| Answer { status, body: body.to_owned() })
}
