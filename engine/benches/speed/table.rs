//! The table: what was measured, on which database, and whether it is what it should be. Printed as it grows, and written
//! between the marks of a file at the end.

use std::{fmt::Write as _, process::Command};

use engine::testing::{Database, told};

/// A line of a part: what it is about, and what was found on each database.
struct Row {
    part: &'static str,
    what: String,
    aim: String,
    sqlite: String,
    postgres: String,
}

/// What was measured.
#[derive(Default)]
pub struct Table {
    rows: Vec<Row>,
    at: Option<(&'static str, Database)>,
}

const BEGIN: &str = "<!-- measured -->";
const END: &str = "<!-- end of what was measured -->";

impl Table {
    /// From now on lines are about this.
    pub fn part(&mut self, part: &'static str, database: Database) {
        println!("\n== {part}, {database:?}");
        self.at = Some((part, database));
    }

    /// Something that was found, without an aim.
    pub fn found(&mut self, what: &str, found: String) {
        self.line(what, "", found);
    }

    /// Something that was found, and should be so.
    pub fn aimed(&mut self, what: &str, aim: &str, found: &str, is_met: bool) {
        self.line(what, aim, if is_met { found.to_owned() } else { format!("**{found}**") });
    }

    fn line(&mut self, what: &str, aim: &str, found: String) {
        println!("{what}: {found}{}{aim}", if aim.is_empty() { "" } else { ", aim " });
        let (part, database) = self.at.expect("a part has begun");
        let row = match self.rows.iter_mut().find(|row| row.part == part && row.what == what) {
            Some(row) => row,
            None => {
                self.rows.push(Row {
                    part,
                    what: what.to_owned(),
                    aim: aim.to_owned(),
                    sqlite: String::new(),
                    postgres: String::new(),
                });
                self.rows.last_mut().unwrap()
            }
        };
        match database {
            Database::Sqlite => row.sqlite = found,
            Database::Postgres => row.postgres = found,
        }
    }

    /// Writes the file that was asked for.
    pub fn write(&self) {
        let text = self.drawn();
        println!("\n{text}");
        let Some(path) = told("STINT_BENCH_TABLE") else { return };
        let file = std::fs::read_to_string(&path).unwrap();
        let (before, rest) = file.split_once(BEGIN).unwrap_or_else(|| panic!("{path} has no {BEGIN}"));
        let (_, after) = rest.split_once(END).unwrap_or_else(|| panic!("{path} has no {END}"));
        std::fs::write(&path, format!("{before}{BEGIN}\n\n{text}\n{END}{after}")).unwrap();
    }

    fn drawn(&self) -> String {
        let mut text = machine();
        let mut part = "";
        for row in &self.rows {
            if row.part != part {
                part = row.part;
                let _ = write!(
                    text,
                    "\n### {}\n\n| | aim | SQLite | PostgreSQL |\n|---|---|---|---|\n",
                    title(part)
                );
            }
            let _ = writeln!(text, "| {} | {} | {} | {} |", row.what, row.aim, row.sqlite, row.postgres);
        }
        text
    }
}

fn title(part: &str) -> &str {
    match part {
        "calls" => "Calls",
        "activations" => "Activations",
        "ends" => "Ends at the same second",
        "sign_ins" => "Sign-ins",
        "rest" => "Start and rest",
        "growth" => "A large database",
        other => other,
    }
}

/// On what it was measured.
fn machine() -> String {
    let said = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output().unwrap();
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    };
    let of = |file: &str, name: &str| {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned();
        line.split_once(':').map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    let memory: u64 = of("/proc/meminfo", "MemTotal").trim_end_matches(" kB").parse().unwrap_or_default();
    format!(
        "Measured on {} by Stint {}: {} processors ({}), {} GiB, Linux {}, temporary files on {}.\n",
        said("date", &["-u", "+%-d %B %Y"]),
        env!("CARGO_PKG_VERSION"),
        said("nproc", &[]),
        of("/proc/cpuinfo", "model name"),
        memory.div_ceil(1024 * 1024),
        said("uname", &["-r"]),
        said("stat", &["-f", "-c", "%T", &std::env::temp_dir().display().to_string()]),
    )
}
