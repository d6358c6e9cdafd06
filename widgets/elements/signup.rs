//! The WASM of `<latchkey-signup>`: what the crate holds with that feature alone.
#![no_main]

use latchkey_widgets as _;
