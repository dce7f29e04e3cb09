//! The program `stint`. What it can do is in `cli`.

fn main() -> std::process::ExitCode {
    server::cli::run()
}
