//! The drill: the program serves, a backup is made of it, life goes on, and the backup is put back. By the real program and
//! its command line, on a file and on PostgreSQL.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may")]

#[path = "../torture/http.rs"]
mod http;

use std::{
    fs::File,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use domain::role_settings::{RoleSettings, SecondFactor};
use engine::testing::{Database, World, sign_in::PASSWORD};
use serde_json::json;

use http::{Answer, Sent, send};

/// The program on the database of a world.
struct Program {
    world: World,
    flags: Vec<String>,
}

/// One that serves. Ends with this.
struct Serving {
    child: Child,
    port: u16,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Program {
    fn new(world: World) -> Self {
        let key = world.folder().join("stint.key");
        // The key of a world: 32 times the byte 7.
        std::fs::write(&key, "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n").unwrap();
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
        let flags = [
            ("--database-url", world.url().to_owned()),
            ("--key-file", key.display().to_string()),
            ("--anchor-file", world.folder().join("stint.anchor").display().to_string()),
            ("--log", "warn".to_owned()),
        ];
        let flags = flags.into_iter().flat_map(|(flag, value)| [flag.to_owned(), value]).collect();
        Self { world, flags }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.world.folder().join(name)
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stint"));
        command.args(words).args(&self.flags).stdin(Stdio::null());
        command
    }

    /// Runs a command that must work; what it said.
    fn run(&self, words: &[&str]) -> String {
        let output = self.command(words).output().unwrap();
        assert!(output.status.success(), "stint {words:?}: {}", said(&output));
        said(&output)
    }

    /// Runs a command that must refuse; its one line.
    fn refused(&self, words: &[&str]) -> String {
        let output = self.command(words).output().unwrap();
        assert!(!output.status.success(), "stint {words:?} was not refused: {}", said(&output));
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(error.lines().count(), 1, "{error}");
        error
    }

    async fn serve(&self) -> Serving {
        let began = Instant::now();
        loop {
            let port = free_port();
            let log = File::options().create(true).append(true).open(self.path("stint.log")).unwrap();
            let mut command = self.command(&["serve"]);
            let command = command.arg(format!("--listen=127.0.0.1:{port}"));
            let child = command.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
            let mut serving = Serving { child, port };
            while serving.child.try_wait().unwrap().is_none() {
                if send(port, "", &Sent::get("/readyz")).await.is_ok_and(|answer| answer.is_done()) {
                    return serving;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            // Somebody else took the port.
            let log = std::fs::read_to_string(self.path("stint.log")).unwrap_or_default();
            assert!(began.elapsed() < Duration::from_secs(20), "it does not serve:\n{log}");
        }
    }

    /// A backup, as the documents say.
    fn back_up(&self, database: Database) {
        let copy = self.path("copy");
        match database {
            Database::Sqlite => {
                let said = self.run(&["backup", copy.to_str().unwrap()]);
                assert!(said.contains("The key is not in it"), "{said}");
            }
            Database::Postgres => {
                let mut dump = Command::new("pg_dump");
                done(dump.args(["--format=custom", "--file"]).arg(copy).arg(self.world.url()));
            }
        }
    }

    /// Puts it back, as the documents say.
    fn restore(&self, database: Database) -> String {
        let copy = self.path("copy");
        match database {
            Database::Sqlite => self.run(&["restore", copy.to_str().unwrap()]),
            Database::Postgres => {
                let mut restore = Command::new("pg_restore");
                restore.args(["--clean", "--if-exists", "--exit-on-error", "--dbname", self.world.url()]);
                done(restore.arg(copy));
                let refused = self.refused(&["serve"]);
                assert!(refused.contains("stint restore --in-place"), "{refused}");
                self.run(&["restore", "--in-place"])
            }
        }
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn done(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", said(&output));
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

async fn asked(serving: &Serving, token: &str, sent: Sent) -> Answer {
    send(serving.port, token, &sent).await.unwrap()
}

async fn signed_in(serving: &Serving, code: &str) -> Answer {
    let given = json!({ "name": "ada", "password": PASSWORD, "code": code });
    asked(serving, "", Sent::post("session", given)).await
}

async fn drill(database: Database) {
    let Some(world) = World::by_the_clock(database).await else { return };
    let mut settings = RoleSettings::initial();
    settings.activation.second_factor = SecondFactor::NotAsked;
    let ada = world.person("ada").await;
    world.with_credentials(ada, "ada").await;
    let role = world.role_with("exchange", settings).await;
    world.eligible(ada, role).await;
    world.administrator("Marta").await;
    world.engine.close().await;
    let program = Program::new(world);

    let serving = program.serve().await;
    let code = program.world.code("ada");
    let session = signed_in(&serving, &code).await;
    assert_eq!(session.status, 201, "{}", session.body);
    let token = session.json()["access"].as_str().unwrap().to_owned();
    let wanted = json!({ "role": role, "duration": "PT1H", "justification": "Rotate the certificate" });
    let held = asked(&serving, &token, Sent::post("activations", wanted.clone())).await;
    assert_eq!(held.status, 201, "{}", held.body);
    let held = held.json()["id"].as_str().unwrap().to_owned();
    // While it serves.
    program.back_up(database);
    let given_back = asked(&serving, &token, Sent::post(format!("activations/{held}/deactivate"), json!({})));
    assert!(given_back.await.is_done());
    let check = || Sent::get("check?role=exchange");
    let checked = asked(&serving, &token, check()).await;
    assert_eq!(checked.json()["held"], false, "{} {}", checked.status, checked.body);
    // Nobody restores under a server that runs.
    let in_use = program.refused(&["restore", "--in-place"]);
    assert!(in_use.contains("a process uses the database"), "{in_use}");
    drop(serving);

    let told = program.restore(database);
    assert!(told.contains("Ended: 1 activations and requests"), "{told}");
    assert!(told.contains("Who administers Stint now: Marta."), "{told}");
    let serving = program.serve().await;
    assert_eq!(asked(&serving, &token, check()).await.status, 401);
    let again = signed_in(&serving, &code).await;
    assert_eq!(again.code(), "mfa_reused", "{}", again.body);
    drop(serving);
    let anchors = program.path("stint.anchor");
    let verified = program.run(&["audit", "verify", "--anchor", anchors.to_str().unwrap()]);
    assert!(verified.contains("The record is whole") && verified.contains("An older state was restored"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_a_file_is_put_back_and_gives_nothing_that_ended_since() {
    drill(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dump_of_a_server_is_put_back_and_gives_nothing_that_ended_since() {
    drill(Database::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_that_was_copied_over_the_file_is_not_served() {
    let world = World::by_the_clock(Database::Sqlite).await.unwrap();
    let program = Program::new(world);
    program.run(&["backup", program.path("copy").to_str().unwrap()]);
    program.world.engine.close().await;
    let stray = program.path("stray");
    std::fs::create_dir_all(&stray).unwrap();
    std::fs::rename(program.path("copy"), stray.join("stint.db")).unwrap();
    let program = Program {
        flags: program
            .flags
            .iter()
            .map(|flag| {
                if flag.starts_with("sqlite:") {
                    format!("sqlite://{}/stint.db", stray.display())
                } else {
                    flag.clone()
                }
            })
            .collect(),
        world: program.world,
    };
    for words in [["serve"].as_slice(), &["recover", "ada"], &["clock", "accept"]] {
        let refused = program.refused(words);
        assert!(refused.contains("this is a backup from"), "{refused}");
        assert!(refused.contains("`stint restore --in-place` makes it safe to use"), "{refused}");
    }
    // Neither is a key made up for it.
    std::fs::remove_file(program.path("stint.key")).unwrap();
    let refused = program.refused(&["restore", "--in-place"]);
    assert!(refused.contains("put the key there that belongs to the backup"), "{refused}");
}
