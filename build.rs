//! Compiles the contract without protoc: into Rust for the service, and into a descriptor set for reflection.

#![expect(clippy::disallowed_methods, reason = "a build script is told everything through the environment")]

use std::env;
use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use prost::Message;

const CONTRACT: &str = "rhapsode/v1/speech.proto";

fn main() -> Result<(), Box<dyn Error>> {
    compile_contract()?;
    println!("cargo::rustc-env=RHAPSODE_REVISION={}", revision());
    Ok(())
}

fn compile_contract() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=proto");
    let descriptors = protox::Compiler::new(["proto"])?
        .include_imports(true)
        .include_source_info(true)
        .open_files([CONTRACT])?
        .encode_file_descriptor_set();
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("rhapsode_descriptor.bin"), &descriptors)?;
    tonic_prost_build::configure()
        .bytes(".rhapsode.v1.AudioChunk.data")
        .bytes(".rhapsode.v1.SynthesizeClipResponse.audio")
        .boxed(".rhapsode.v1.StreamingSynthesizeResponse.event.utterance_completed")
        .compile_fds(prost_types::FileDescriptorSet::decode(descriptors.as_slice())?)?;
    Ok(())
}

/// The commit, from the environment of an image build or from the checkout, for `GetServiceInfo`.
fn revision() -> String {
    println!("cargo::rerun-if-env-changed=RHAPSODE_BUILD_REVISION");
    println!("cargo::rerun-if-changed=.git/HEAD");
    env::var("RHAPSODE_BUILD_REVISION").unwrap_or_else(|_| {
        Command::new("git")
            .args(["rev-parse", "--short=12", "HEAD"])
            .output()
            .ok()
            .filter(|output| output.status.success())
            .and_then(|output| String::from_utf8(output.stdout).ok())
            .map_or_else(|| "unknown".to_owned(), |id| id.trim().to_owned())
    })
}
