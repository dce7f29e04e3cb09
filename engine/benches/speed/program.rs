//! The program `stint`: started on a database, asked whether it serves, looked at, ended.

use std::{
    fs::File,
    io::{Read, Write},
    net::TcpStream,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU16, Ordering},
    time::{Duration, Instant},
};

use engine::testing::{World, told};

/// One that serves. Ends with this.
pub struct Program {
    child: Child,
    pub port: u16,
    /// From its start to its first answer.
    pub start: Duration,
}

/// A command of the program on the database of this world, with its key.
pub fn command(world: &World) -> Command {
    let folder = world.folder();
    let key = folder.join("stint.key");
    // The key of a world: 32 times the byte 7.
    std::fs::write(&key, "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n").unwrap();
    let binary = told("STINT_BINARY")
        .map_or_else(|| panic!("STINT_BINARY names no program: use make bench"), PathBuf::from);
    let mut command = Command::new(binary);
    command.arg("--database-url").arg(world.url()).arg("--key-file").arg(key);
    command.arg("--anchor-file").arg(folder.join("stint.anchor")).args(["--trusted-proxies", "127.0.0.1"]);
    // What an operator keeps, in a file.
    let log = File::options().create(true).append(true).open(folder.join("stint.log")).unwrap();
    command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
    command
}

/// Ports below the range that the kernel gives to clients.
fn next_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let number = u16::try_from(std::process::id() % 7_000).unwrap();
    15_000 + number + NEXT.fetch_add(1, Ordering::Relaxed)
}

impl Program {
    /// Starts it, and waits until it serves.
    pub fn start(world: &World) -> Self {
        Self::of(&mut command(world), world)
    }

    /// The same with this command.
    pub fn of(command: &mut Command, world: &World) -> Self {
        let port = next_port();
        let began = Instant::now();
        let child = command.arg("serve").arg(format!("--listen=127.0.0.1:{port}")).spawn().unwrap();
        let mut program = Self { child, port, start: Duration::ZERO };
        while !serves(port) {
            let said = || std::fs::read_to_string(world.folder().join("stint.log")).unwrap_or_default();
            assert!(program.child.try_wait().unwrap().is_none(), "stint ended:\n{}", said());
            assert!(began.elapsed() < Duration::from_secs(30), "stint does not serve:\n{}", said());
            std::thread::sleep(Duration::from_millis(1));
        }
        program.start = began.elapsed();
        program
    }

    /// How much of the machine's memory it holds, in MiB.
    pub fn resident(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").trim().parse::<f64>().unwrap() / 1024.0
    }

    /// Asks it to end, and waits for that.
    pub fn stop(mut self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success(), "stint did not end well");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serves(port: u16) -> bool {
    let asked = || {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.write_all(b"GET /readyz HTTP/1.0\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        std::io::Result::Ok(answer)
    };
    asked().is_ok_and(|answer| answer.contains(" 200 "))
}
