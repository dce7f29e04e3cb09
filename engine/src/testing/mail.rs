//! Mail in a world: what stands in the outbox, and a mail server of its own that keeps what it is given.

use std::sync::{Arc, Mutex, PoisonError};

use domain::Instant;
use sea_orm::{EntityTrait, QueryOrder};
use secrecy::{ExposeSecret, SecretString};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

use super::{World, config};
use crate::{Engine, config::Smtp, notification, store::outbox::row};

/// A message as it stands in the outbox.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Where to.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its plain text.
    pub text: String,
    /// Its HTML.
    pub html: String,
}

/// A message on its way, or where that ended.
#[derive(Clone, Debug)]
pub struct Posted {
    /// Its id, which is in its Message-ID too.
    pub id: String,
    /// The number of the record that caused it.
    pub record: Option<i64>,
    /// Where to.
    pub to: String,
    /// When it was noted that the mail server took it.
    pub delivered_at: Option<Instant>,
    /// Whether it is still to be tried.
    pub waits: bool,
}

impl World {
    /// What became of all messages, oldest first.
    pub async fn posted(&self) -> Vec<Posted> {
        let rows = row::Entity::find().order_by_asc(row::Column::EventSeq).all(self.engine.readers());
        let posted = |row: row::Model| Posted {
            id: row.id.to_string(),
            record: row.event_seq,
            to: row.address,
            delivered_at: crate::store::at_opt(row.delivered_at).unwrap(),
            waits: row.next_try_at.is_some(),
        };
        rows.await.unwrap().into_iter().map(posted).collect()
    }

    /// All messages, in the order in which they were caused.
    pub async fn mail(&self) -> Vec<Mail> {
        let written = notification::all_written(&self.engine).await.unwrap();
        written.into_iter().map(|(to, subject, text, html)| Mail { to, subject, text, html }).collect()
    }

    /// The subjects of all messages to this person of [`World::person`].
    pub async fn mail_to(&self, name: &str) -> Vec<String> {
        let address = format!("{}@halden.example", name.to_lowercase().replace(' ', "."));
        self.mail().await.into_iter().filter(|mail| mail.to == address).map(|mail| mail.subject).collect()
    }

    /// Another instance on the same database, with the same clock and a mail server.
    pub async fn instance_with_mail(&self, server: &MailServer) -> Engine {
        let mut config = config(self.engine.config().database_url.expose_secret().to_owned());
        config.smtp = Some(Smtp {
            url: SecretString::from(server.url.clone()),
            from: "stint@halden.example".to_owned(),
        });
        Engine::open(config, self.engine.env().clone()).await.unwrap()
    }
}

/// A mail server on a port of its own: as much of RFC 5321 as sending needs.
#[derive(Clone, Debug)]
pub struct MailServer {
    /// Where it listens.
    pub url: String,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    taken: Vec<String>,
    /// What to answer at the end of the next messages instead of taking them.
    refusals: Vec<String>,
    /// Whose messages it never answers.
    stalled: Vec<String>,
    /// After how many of the next messages it goes away instead of answering, although it took them.
    hang_ups: usize,
}

impl MailServer {
    /// Starts one.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let server = Self { url, state: Arc::default() };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = serving.clone();
                tokio::spawn(async move { server.converse(stream).await });
            }
        });
        server
    }

    /// Answers the next message with this instead of taking it.
    pub fn refuse_next(&self, answer: &str) {
        self.lock().refusals.push(answer.to_owned());
    }

    /// Takes the next messages, and goes away each time before it says so.
    pub fn hang_up(&self, times: usize) {
        self.lock().hang_ups = times;
    }

    /// Never answers whoever has something for this address.
    pub fn stall(&self, address: &str) {
        self.lock().stalled.push(address.to_owned());
    }

    /// The messages that it took, headers and all.
    pub fn taken(&self) -> Vec<String> {
        self.lock().taken.clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn converse(&self, stream: TcpStream) {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        let mut data: Option<String> = None;
        let mut say = "220 sink".to_owned();
        loop {
            if !say.is_empty() && write.write_all(format!("{say}\r\n").as_bytes()).await.is_err() {
                return;
            }
            let Ok(Some(line)) = lines.next_line().await else { return };
            if line.starts_with("RCPT") && self.stalls(&line) {
                std::future::pending::<()>().await;
            }
            say = match (&mut data, line.as_str()) {
                (Some(_), ".") => match self.take(data.take().unwrap_or_default()) {
                    Some(answer) => answer,
                    None => return,
                },
                (Some(body), line) => {
                    body.push_str(line.strip_prefix('.').unwrap_or(line));
                    body.push('\n');
                    String::new()
                }
                (None, "DATA") => {
                    data = Some(String::new());
                    "354 go on".to_owned()
                }
                (None, "QUIT") => "221 bye".to_owned(),
                (None, _) => "250 fine".to_owned(),
            };
        }
    }

    fn stalls(&self, line: &str) -> bool {
        self.lock().stalled.iter().any(|address| line.contains(address.as_str()))
    }

    /// The answer to a message; none when the connection is to break instead.
    fn take(&self, message: String) -> Option<String> {
        let mut state = self.lock();
        if !state.refusals.is_empty() {
            return Some(state.refusals.remove(0));
        }
        state.taken.push(message);
        if state.hang_ups > 0 {
            state.hang_ups -= 1;
            return None;
        }
        Some("250 taken".to_owned())
    }
}
