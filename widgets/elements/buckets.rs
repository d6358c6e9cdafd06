//! The WASM of `<latchkey-buckets>`: what the crate holds with that feature alone.
#![no_main]

use latchkey_widgets as _;
