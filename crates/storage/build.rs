//! The migrations become part of the program: a new one compiles the crate anew.

fn main() {
    println!("cargo::rerun-if-changed=../../migrations");
}
