//! Asks the linker for what `scripts/finish-dist.mjs` needs to take the page's wasm apart.

use std::env;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|set| set == value);
    if is("CARGO_CFG_TARGET_ARCH", "wasm32")
        && is("PROFILE", "release")
        && env::var("CARGO_FEATURE_WEB").is_ok()
    {
        println!("cargo:rustc-link-arg-bin=jobrun-viewer=--emit-relocs");
    }
}
