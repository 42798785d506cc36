//! Rebuilds the library when a rule or a fixture is added: the embedded folders are not tracked by the compiler. Generates nothing.

fn main() {
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=fixtures/sites");
}
