//! The `rhapsode` binary.

use std::env;
use std::process::ExitCode;

use mimalloc::MiMalloc;

use rhapsode::cli;
use rhapsode::config;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    cli::run(env::args_os(), config::environment())
}
