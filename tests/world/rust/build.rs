//! Reads reqwest's version out of Cargo.lock, so that the program can say it.
use std::fs;

fn main() {
    let lock = fs::read_to_string("Cargo.lock").unwrap();
    let version = lock.split("name = \"reqwest\"\nversion = \"").nth(1).unwrap();
    println!("cargo::rustc-env=REQWEST_VERSION={}", version.split('"').next().unwrap());
    println!("cargo::rerun-if-changed=Cargo.lock");
}
