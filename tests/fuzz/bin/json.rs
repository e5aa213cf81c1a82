#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jobrun_viewer_fuzz::texts::json(data));
