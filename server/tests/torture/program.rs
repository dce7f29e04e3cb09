//! The program `stint` as the operating system sees it: started, asked whether it serves, killed.

use std::{
    fs::{File, OpenOptions},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use engine::testing::{MailServer, World};

use crate::http::{self, Sent};

/// A start may take this long until the first answer (I13).
pub const START: Duration = Duration::from_secs(10);

/// A port that no other process of these tests has: below those that the kernel gives to clients.
fn next_port() -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let port = 15_000 + (std::process::id() * 97 + NEXT.fetch_add(1, Ordering::Relaxed)) % 15_000;
    u16::try_from(port).unwrap()
}

/// How it is called.
pub struct Program {
    binary: PathBuf,
    flags: Vec<String>,
    environment: Vec<(String, String)>,
    log: PathBuf,
    anchor: PathBuf,
}

/// One that runs. Ends without a word when this goes.
pub struct Running {
    child: Child,
    pub port: u16,
    pub began: Instant,
}

impl Program {
    /// On the database of this world, with its key, with this mail server, and with these settings more.
    pub fn new(world: &World, mail: &MailServer, more: &[(&str, &str)]) -> Self {
        let folder = world.folder().to_owned();
        let key = folder.join("stint.key");
        // The key of a world: 32 times the byte 7.
        std::fs::write(&key, "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n").unwrap();
        let anchor = folder.join("stint.anchor");
        let flags = [
            ("--database-url", world.url().to_owned()),
            ("--key-file", key.display().to_string()),
            ("--anchor-file", anchor.display().to_string()),
            ("--smtp-url", mail.url.clone()),
            ("--smtp-from", "stint@halden.example".to_owned()),
            ("--shortest-period", "PT1S".to_owned()),
            ("--log", "warn".to_owned()),
        ];
        let more = more.iter().map(|(flag, value)| (*flag, (*value).to_owned()));
        let flags =
            flags.into_iter().chain(more).flat_map(|(flag, value)| [flag.to_owned(), value]).collect();
        #[expect(
            clippy::disallowed_methods,
            reason = "the long form is told which program by its environment"
        )]
        let binary = std::env::var_os("STINT_BINARY").filter(|path| !path.is_empty());
        let binary = binary.map_or_else(|| env!("CARGO_BIN_EXE_stint").into(), PathBuf::from);
        Self { binary, flags, environment: Vec::new(), log: folder.join("stint.log"), anchor }
    }

    /// Starts it with this in its environment from now on.
    pub fn with(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    pub fn binary(&self) -> String {
        self.binary.display().to_string()
    }

    /// Keeps what it says in this folder from now on.
    pub fn log_to(&mut self, folder: &std::path::Path) {
        self.log = folder.join("stint.log");
    }

    fn log(&self) -> File {
        OpenOptions::new().create(true).append(true).open(&self.log).unwrap()
    }

    /// What it said so far.
    pub fn said(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        let environment = self.environment.iter().map(|(name, value)| (name, value));
        command
            .args(&self.flags)
            .envs(environment)
            .stdin(Stdio::null())
            .stdout(self.log())
            .stderr(self.log());
        command
    }

    /// Starts it, without waiting for anything.
    pub fn spawn(&self) -> Running {
        let port = next_port();
        let began = Instant::now();
        let child = self.command().arg("serve").arg(format!("--listen=127.0.0.1:{port}")).spawn().unwrap();
        Running { child, port, began }
    }

    /// Starts it and waits until it serves; gives also how long that took.
    pub async fn start(&self) -> (Running, Duration) {
        loop {
            let mut running = self.spawn();
            if self.serves(&mut running).await {
                let took = running.began.elapsed();
                return (running, took);
            }
        }
    }

    /// Waits until it serves; false when its port is taken.
    async fn serves(&self, running: &mut Running) -> bool {
        loop {
            if let Some(ended) = running.child.try_wait().unwrap() {
                let said = self.said();
                let last = said.lines().last().unwrap_or_default();
                assert!(last.contains("something else listens"), "stint ended with {ended}:\n{said}");
                return false;
            }
            let answer = http::send(running.port, "", &Sent::get("/readyz")).await;
            if answer.is_ok_and(|answer| answer.is_done()) {
                return true;
            }
            assert!(running.began.elapsed() < START, "I13: not there after {START:?}:\n{}", self.said());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Runs one of its commands, which must succeed.
    pub fn run(&self, words: &[&str]) {
        let status = self.command().args(words).status().unwrap();
        assert!(status.success(), "stint {words:?} ended with {status}:\n{}", self.said());
    }

    /// Has the record verified by the program itself, against the anchors that were written.
    pub fn verify(&self) {
        let mut command = self.command();
        command.args(["audit", "verify"]);
        if self.anchor.exists() {
            command.arg("--anchor").arg(&self.anchor);
        }
        let status = command.status().unwrap();
        assert!(status.success(), "I7, I8: the record is not whole:\n{}", self.said());
    }
}

impl Running {
    /// Ends it in the middle of whatever it does.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Its number in the operating system.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    fn signal(&self, signal: &str) {
        let pid = self.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    }

    /// Holds it where it is, for a while.
    pub async fn freeze(&self, time: Duration) {
        self.signal("-STOP");
        tokio::time::sleep(time).await;
        self.signal("-CONT");
    }

    /// Asks it to end, and waits for that.
    pub async fn stop(mut self) {
        self.signal("-TERM");
        while self.child.try_wait().unwrap().is_none() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
