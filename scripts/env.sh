# shellcheck shell=bash
# Sourced, not executed: puts the tools that scripts/setup installed on PATH and exports
#   WASM_TOOLCHAIN  rustup toolchain for wasm builds; empty where the active one has the target
#   CHROMIUM, NGINX_COMMAND, PYTHON_CLIENT  the test tools; empty where not set up
#   BENCH_PEERS_DIR  where scripts/setup installs what scripts/bench compares with
# Tool versions are pinned here and nowhere else, but for two kinds: Trunk needs the wasm-bindgen CLI at
# exactly the crate's version, so that one comes from Cargo.lock; and what comes from npm has lock files,
# in scripts/npm and tests/bench, which pin what it brings along too.

TRUNK_VERSION=0.21.14
WASM_SPLIT_VERSION=0.2.4
DENY_VERSION=0.20.2
DEPLOY_CLIENT_VERSION=2.12.0
CARGO_FUZZ_VERSION=0.13.2

PROJECT_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# The version of a package of npm's that scripts/npm pins.
npm_version() {
    sed -n "s/.*\"$1\": \"\([0-9.]*\)\".*/\1/p" "$PROJECT_ROOT/scripts/npm/$1/package.json"
}
BINARYEN_VERSION=$(npm_version binaryen)
TERSER_VERSION=$(npm_version terser)
AXE_VERSION=$(npm_version axe-core)
TOOL_CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/jobrun-viewer
WASM_BINDGEN_VERSION=$(
    sed -n '/^name = "wasm-bindgen"$/{n;s/^version = "\(.*\)"$/\1/p;}' "$PROJECT_ROOT/Cargo.lock" 2>/dev/null
) || WASM_BINDGEN_VERSION=

TRUNK_DIR=$TOOL_CACHE/trunk-$TRUNK_VERSION
WASM_BINDGEN_DIR=$TOOL_CACHE/wasm-bindgen-$WASM_BINDGEN_VERSION
WASM_SPLIT_DIR=$TOOL_CACHE/wasm-split-$WASM_SPLIT_VERSION
BINARYEN_DIR=$TOOL_CACHE/binaryen-$BINARYEN_VERSION
export TERSER_DIR=$TOOL_CACHE/terser-$TERSER_VERSION
export AXE_DIR=$TOOL_CACHE/axe-core-$AXE_VERSION
DENY_DIR=$TOOL_CACHE/cargo-deny-$DENY_VERSION
PYTHON_CLIENT_DIR=$TOOL_CACHE/google-cloud-deploy-$DEPLOY_CLIENT_VERSION
CARGO_FUZZ_DIR=$TOOL_CACHE/cargo-fuzz-$CARGO_FUZZ_VERSION
BENCH_PEERS_DIR=$TOOL_CACHE/bench-peers-$(cksum <"$PROJECT_ROOT/tests/bench/package-lock.json" | cut -d' ' -f1)
export BENCH_PEERS_DIR

for tool_path in "$TRUNK_DIR/bin" "$WASM_BINDGEN_DIR/bin" "$WASM_SPLIT_DIR/bin" "$DENY_DIR/bin" "$CARGO_FUZZ_DIR/bin" \
    "$BINARYEN_DIR/node_modules/.bin"; do
    case ":$PATH:" in
    *":$tool_path:"*) ;;
    *) [ ! -d "$tool_path" ] || PATH=$tool_path:$PATH ;;
    esac
done
unset tool_path
export PATH

# Whether the active toolchain holds the wasm32 standard library.
has_wasm_std() {
    local libdir
    libdir=$(cd "$PROJECT_ROOT" &&
        rustc --print target-libdir --target wasm32-unknown-unknown 2>/dev/null) &&
        compgen -G "$libdir/libstd-*.rlib" >/dev/null
}

# Whether Debian's rustc-web has one that scripts/setup built for that very compiler, and whether
# rustup knows that compiler.
DEBIAN_WASM_DIR=/usr/lib/rustlib/wasm32-unknown-unknown
has_debian_wasm_std() {
    [ -x /usr/bin/rustc ] && [ -f "$DEBIAN_WASM_DIR/built-by" ] &&
        [ "$(/usr/bin/rustc -V)" = "$(cat "$DEBIAN_WASM_DIR/built-by")" ]
}
has_debian_wasm() {
    has_debian_wasm_std && [ "$(RUSTUP_TOOLCHAIN=debian-web rustc --print sysroot 2>/dev/null)" = /usr ]
}

WASM_TOOLCHAIN=
if ! has_wasm_std && has_debian_wasm; then WASM_TOOLCHAIN=debian-web; fi
export WASM_TOOLCHAIN

# Makes ready for 'trunk … --offline'. That option keeps trunk from looking for tools to download,
# as they are on PATH, but cargo from downloading crates too: hence the fetch.
prepare_trunk() {
    if [ -n "$WASM_TOOLCHAIN" ]; then export RUSTUP_TOOLCHAIN=$WASM_TOOLCHAIN; fi
    # Trunk takes NO_COLOR for a switch of its own and refuses the customary value 1.
    if [ -n "${NO_COLOR:-}" ]; then export NO_COLOR=true; fi
    # Leptos' erased components are a tenth smaller in the bundle and quicker to compile. Paths of
    # this machine have no place in what others load.
    local flags=(
        "--cfg erase_components"
        "-Cllvm-args=-inline-threshold=0"
        "--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}/registry/src=crates"
        "--remap-path-prefix=$PROJECT_ROOT=."
    )
    export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="${flags[*]}"
    cargo fetch --locked --quiet
}

# The first of the names that is a command, as a path; the environment's own choice wins.
first_command() {
    local name
    for name; do command -v "$name" && return; done
    true
}
CHROMIUM=${CHROMIUM:-$(first_command chromium chromium-browser google-chrome google-chrome-stable)}
# Debian puts it where only root's PATH looks. A variable NGINX would be one of nginx itself.
NGINX_COMMAND=${NGINX_COMMAND:-$(PATH=$PATH:/usr/sbin first_command nginx)}
PYTHON_CLIENT=${PYTHON_CLIENT:-}
if [ -z "$PYTHON_CLIENT" ] && [ -x "$PYTHON_CLIENT_DIR/bin/python" ]; then
    PYTHON_CLIENT=$PYTHON_CLIENT_DIR/bin/python
fi
export CHROMIUM NGINX_COMMAND PYTHON_CLIENT
