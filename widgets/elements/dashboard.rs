//! The WASM of `<latchkey-dashboard>`: what the crate holds with that feature alone.
#![no_main]

use latchkey_widgets as _;
