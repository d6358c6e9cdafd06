//! What the system tests stand on: real programs in a temporary folder, on free ports, and the words to talk to them.
//!
//! A test begins with a [`World`]: the simulated CRM and the proxy, ready. What is special about it is told to its [`Setup`].
//! Whatever has to happen first is waited for with [`until`], never slept for.

mod answer;
mod captcha;
mod folders;
mod landing;
mod portal;
mod ports;
mod postgres;
mod process;
mod proxy;
mod sandbox;
mod setup;
mod store;
mod wait;
mod world;

pub use answer::{Answer, send};
pub use captcha::Captcha;
pub use folders::{program, screenshots, target_dir};
pub use landing::Landing;
pub use portal::{PORTAL_PASSWORD, PORTAL_SECRET, Portal};
pub use ports::free_port;
pub use postgres::Postgres;
pub use process::{Ended, Program};
pub use proxy::Proxy;
pub use sandbox::{Sandbox, SimulatedCrm};
pub use setup::{CAPTCHA_SECRET, CRM_KEY, DESK, PINNED_AFFILIATE, PROJECT, SECRETS, STORE_KEY, Setup};
pub use store::{Lock, Store};
pub use wait::until;
pub use world::{LANDING, World};
