//! The commands: what they say, and what they end with.

mod check;
mod export;
mod funnels;
mod help;
mod keys;
mod list;
mod people;
mod purge;
mod reconcile;
mod retry;
