//! The proxy over HTTP: every status and every kind of request, against real programs.

mod accepted;
mod agreements;
mod assets;
mod bad_bodies;
mod bots;
mod concurrency;
mod delivered;
mod fields;
mod form_token;
mod idempotency;
mod loader;
mod logs;
mod operations;
mod origins;
mod rates;
mod refused;
mod registered;
mod routing;
mod slow_bodies;
mod status;
mod store_down;
mod tickets;
mod tracking;
mod under_way;
mod visits;
mod words;
