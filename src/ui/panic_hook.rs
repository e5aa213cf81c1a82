//! Tells the user that the viewer stopped, where a panic ended it.

use std::panic::PanicHookInfo;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// Shows the overlay of `src/start.js`, which needs nothing of this program: after a panic no code
    /// of it may run again.
    #[wasm_bindgen(js_name = viewerStopped, catch)]
    fn viewer_stopped(why: &str) -> Result<(), JsValue>;
}

/// Has every panic written to the console and shown in the page.
pub(crate) fn set() {
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        // A page that did not start this program with `start.js` has no overlay.
        let _ = viewer_stopped(&report(panic));
    }));
}

/// Where the panic was, and why, without anything of the user's: a message that was put together at
/// run time may quote data, so only a literal one is in it.
fn report(panic: &PanicHookInfo<'_>) -> String {
    let place = panic.location().map_or_else(String::new, |location| {
        format!("{}:{}", in_crate(location.file()), location.line())
    });
    let message = panic
        .payload()
        .downcast_ref::<&'static str>()
        .unwrap_or(&"see the console");
    ["Panic at ", &place, ": ", message].concat()
}

/// A source file of a library, from the library's own folder on: where the registry is on the machine that built this
/// says nothing.
fn in_crate(file: &str) -> &str {
    let in_registry = file
        .split_once("/registry/src/")
        .and_then(|(_, rest)| rest.split_once('/'));
    in_registry.map_or(file, |(_, file)| file)
}
