//! The program `stint`. What it can do is in `cli`.

/// Pages are made of many small pieces, in several threads at once.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    server::cli::run()
}
