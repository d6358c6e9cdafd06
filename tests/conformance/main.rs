//! Each CRM's operations, as its document has them: the request on the wire, the answer as it is read, every error of the
//! document, and every answer that no document has. Through the real binary, against the simulated CRM, over real sockets.

// What cannot be unwrapped here fails the test that needs it.
#![allow(clippy::unwrap_used)]

mod broctagon;
mod command;
mod impact;
mod trading;
mod unknown;
mod wi;
