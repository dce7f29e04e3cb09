//! `wrk`, which does the loading. What it sends is written to a file as the very bytes of each request; the script only hands
//! them out.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// What is sent, and how.
pub struct Load<'l> {
    pub port: u16,
    /// How many connections at once; each sends its next request when the answer came.
    pub connections: usize,
    pub seconds: u64,
    pub requests: &'l Requests,
    /// Which request is the first; nothing when they go round.
    pub from: Option<usize>,
}

/// Requests in a file.
pub struct Requests(PathBuf);

impl Requests {
    /// Writes them down.
    pub fn new(folder: &Path, name: &str, requests: impl IntoIterator<Item = String>) -> Self {
        let path = folder.join(name);
        let mut bytes = String::new();
        for request in requests {
            bytes += &format!("{}\n{request}", request.len());
        }
        std::fs::write(&path, bytes).unwrap();
        Self(path)
    }
}

/// What came of it.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    pub per_second: f64,
    /// Half of the answers came within so many milliseconds.
    pub p50: f64,
    /// All but one in a hundred did.
    pub p99: f64,
    /// How many were answered.
    pub answers: usize,
}

/// Loads a server.
///
/// # Panics
/// When any answer is a refusal or an error.
pub async fn load(load: Load<'_>) -> Seen {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/speed/send.lua");
    let mut wrk = Command::new("wrk");
    wrk.args([
        "-t1",
        "--timeout",
        "30s",
        &format!("-c{}", load.connections),
        &format!("-d{}s", load.seconds),
    ]);
    wrk.arg("-s").arg(script).arg(format!("http://127.0.0.1:{}", load.port)).arg("--").arg(&load.requests.0);
    wrk.args(load.from.map(|from| from.to_string()));
    let output =
        tokio::task::spawn_blocking(move || wrk.output().expect("wrk is here: scripts/install.sh bench"));
    let output = output.await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let line =
        said.lines().find_map(|line| line.strip_prefix("SEEN ")).unwrap_or_else(|| panic!("wrk: {output:?}"));
    let numbers: Vec<f64> = line.split(' ').map(|number| number.parse().unwrap()).collect();
    let [answers, us, wrong, p50, p99] = numbers.as_slice() else { panic!("{line}") };
    assert!(*wrong == 0.0, "{wrong} answers were refusals or errors:\n{said}");
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
    let count = *answers as usize;
    Seen { per_second: answers / us * 1e6, p50: p50 / 1e3, p99: p99 / 1e3, answers: count }
}

/// The bytes of a request that keeps its connection.
pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> String {
    // The address that Stint is reached at, whatever its port is here.
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n");
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    if !body.is_empty() {
        text += &format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
    }
    text + "\r\n" + body
}
