//! What Stint's calls are measured against: an axum handler that does nothing, and one that reads one row by its primary key
//! through the kind of pool that Stint reads by. A process of its own, as Stint is.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use axum::{Router, extract::State, http::StatusCode, routing::get, serve::ListenerExt};
use domain::{Id, person::PersonId};
use engine::testing::plain::Readers;

/// The two handlers, being served.
pub struct Yardstick {
    child: Child,
    pub port: u16,
}

impl Yardstick {
    /// Starts this program once more, as a server on this database, where this person is.
    pub fn start(url: &str, person: PersonId) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["yardstick", url, &person.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, port: line.trim().parse().unwrap() }
    }
}

impl Drop for Yardstick {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves until it is killed; says its port first.
pub async fn serve(url: &str, person: &str) {
    let person: PersonId = Id::parse(person).unwrap();
    let readers = Readers::open(url).await.unwrap();
    let router = Router::new()
        .route("/empty", get(async || StatusCode::OK))
        .route("/read", get(read))
        .with_state((readers, person));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("{}", listener.local_addr().unwrap().port());
    let listener = listener.tap_io(|stream| stream.set_nodelay(true).unwrap());
    axum::serve(listener, router).await.unwrap();
}

async fn read(State((readers, person)): State<(Readers, PersonId)>) -> Result<String, StatusCode> {
    let name = readers.name(person).await.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    name.ok_or(StatusCode::NOT_FOUND)
}
