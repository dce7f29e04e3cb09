//! A disk that takes 4 ms more for each sync: the library of `slow.c`, which the script compiles and loads before the
//! PostgreSQL server. Both read from one file how long they wait.

use std::{path::PathBuf, process::Command};

use engine::testing::told;

/// Syncs are slow until the end of this.
pub struct Slow {
    library: PathBuf,
    file: PathBuf,
}

impl Slow {
    /// From now on.
    pub fn begin() -> Self {
        let named =
            |name| told(name).map_or_else(|| panic!("{name} is not there: use make bench"), PathBuf::from);
        let slow = Self { library: named("STINT_SLOW_LIBRARY"), file: named("STINT_SLOW_SYNC") };
        slow.write("4000");
        slow
    }

    /// For this command too.
    pub fn on<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command.env("LD_PRELOAD", &self.library)
    }

    /// No more.
    pub fn end(self) {
        self.write("0");
    }

    fn write(&self, us: &str) {
        std::fs::write(&self.file, us).unwrap();
    }
}
