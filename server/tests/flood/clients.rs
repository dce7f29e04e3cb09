//! Clients that mean harm. Each goes on until its time is over, and counts what it did.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use engine::testing::Forger;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    task::JoinHandle,
};

use crate::http::{self, Sent};

/// What they did and saw.
#[derive(Debug, Default)]
pub struct Tally {
    /// Connections that were opened and never said a whole request.
    pub half_open: AtomicU64,
    /// Of these, closed by the program.
    pub closed: AtomicU64,
    /// Requests whose head or body came byte by byte.
    pub slow: AtomicU64,
    /// Answers that nobody read.
    pub unread: AtomicU64,
    /// Sign-ins with a wrong password.
    pub wrong_passwords: AtomicU64,
    /// Of these, turned away because the queue for passwords was full, or told to wait.
    pub turned_away: AtomicU64,
    pub forged: AtomicU64,
    /// What should not be: a status of failure other than *unavailable*, or somebody let in.
    pub failures: AtomicU64,
}

fn one_more(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// The flood: where it goes, and until when.
#[derive(Clone)]
pub struct Flood {
    pub port: u16,
    pub until: Instant,
    pub tally: Arc<Tally>,
    /// The session of somebody who may read the record, for answers that are long.
    pub reader: String,
}

impl Flood {
    fn goes_on(&self) -> bool {
        Instant::now() < self.until
    }

    fn left(&self) -> Duration {
        self.until.saturating_duration_since(Instant::now())
    }

    async fn connect(&self) -> Option<TcpStream> {
        let connected = TcpStream::connect(("127.0.0.1", self.port)).await;
        if connected.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        connected.ok()
    }

    /// Begins it. The numbers are those of clients at once.
    pub fn begin(&self) -> Vec<JoinHandle<()>> {
        let mut all = Vec::new();
        for _ in 0..500 {
            all.push(tokio::spawn(self.clone().half_open()));
        }
        for number in 0..100 {
            all.push(tokio::spawn(self.clone().slow(number % 2 == 0)));
        }
        for number in 0..40 {
            all.push(tokio::spawn(self.clone().never_reads(number)));
        }
        for number in 0..64 {
            all.push(tokio::spawn(self.clone().signs_in(number)));
        }
        for number in 0..32 {
            all.push(tokio::spawn(self.clone().forges(number)));
        }
        all
    }

    /// Says half a request and waits.
    async fn half_open(self) {
        while self.goes_on() {
            let Some(mut stream) = self.connect().await else { continue };
            let said = stream.write_all(b"GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nAccept: text/").await;
            if said.is_err() {
                continue;
            }
            one_more(&self.tally.half_open);
            let mut rest = Vec::new();
            if tokio::time::timeout(self.left(), stream.read_to_end(&mut rest)).await.is_ok() {
                one_more(&self.tally.closed);
            }
        }
    }

    /// Sends the head, or the body, byte by byte.
    async fn slow(self, head: bool) {
        while self.goes_on() {
            let Some(mut stream) = self.connect().await else { continue };
            let begins = if head {
                "GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nX-Long: "
            } else {
                "POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n"
            };
            let mut sent = stream.write_all(begins.as_bytes()).await;
            one_more(&self.tally.slow);
            while sent.is_ok() && self.goes_on() {
                tokio::time::sleep(Duration::from_millis(400)).await;
                sent = stream.write_all(b"x").await;
            }
        }
    }

    /// Asks for a lot and reads nothing: the record as a file, live events, page after page on one connection.
    async fn never_reads(self, number: usize) {
        let head = format!("HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nCookie: stint_access={}\r\n", self.reader);
        let asked = match number % 4 {
            0 => format!("GET /events?since=1 {head}\r\n"),
            1 => format!("GET /audit {head}Accept: text/html\r\n\r\n").repeat(50),
            _ => {
                let body = r#"{"format":"json_lines"}"#;
                format!(
                    "POST /api/v1/records/export HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nAuthorization: Bearer {}\r\n\
                     Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                    self.reader,
                    body.len()
                )
            }
        };
        while self.goes_on() {
            let socket = TcpSocket::new_v4().unwrap();
            let _ = socket.set_recv_buffer_size(2_048);
            let Ok(mut stream) = socket.connect(([127, 0, 0, 1], self.port).into()).await else { continue };
            let _ = tokio::time::timeout(self.left(), stream.write_all(asked.as_bytes())).await;
            one_more(&self.tally.unread);
            // For a while nothing is read; then another one comes, so that what is let go of counts too.
            tokio::time::sleep(self.left().min(Duration::from_secs(5))).await;
        }
    }

    /// Signs in with wrong passwords, from an address of its own each time.
    async fn signs_in(self, number: usize) {
        let names = ["rosa", "ravi", "otto", "anna", "nobody", "<script>", ""];
        let mut round = 0_usize;
        while self.goes_on() {
            round += 1;
            let given = json!({ "name": names[round % names.len()], "password": format!("guess {number} {round}"), "code": "000000" });
            let from = format!("10.{number}.{}.{}", round / 250 % 250, round % 250);
            let sent = Sent { from: Some(from), ..Sent::post("session", given) };
            let Ok(answer) = http::send(self.port, "", &sent).await else { continue };
            one_more(&self.tally.wrong_passwords);
            match answer.status {
                429 | 503 => one_more(&self.tally.turned_away),
                401 | 422 => {}
                _ => {
                    one_more(&self.tally.failures);
                    println!("a wrong password was answered {}: {}", answer.status, answer.body);
                }
            }
        }
    }

    /// Asks with tokens that are none.
    async fn forges(self, number: usize) {
        let forger = Forger::new(u64::try_from(number).unwrap());
        while self.goes_on() {
            let forged = forger.changed(&self.reader, "");
            if !forged.bytes().all(|byte| byte.is_ascii_graphic())
                || forged.len() > 20_000
                || forged.is_empty()
            {
                continue;
            }
            let Ok(answer) = http::send(self.port, &forged, &Sent::get("me")).await else { continue };
            one_more(&self.tally.forged);
            if !matches!(answer.status, 400 | 401 | 503) {
                one_more(&self.tally.failures);
                println!("a forged token was answered {}: {}", answer.status, answer.body);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
