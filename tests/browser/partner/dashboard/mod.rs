//! `<latchkey-dashboard>`: an affiliate's figures, people and money, over CRMs that are simulated.

mod chart;
mod exports;
mod links;
mod looks;
mod overview;
mod payouts;
mod people;
mod period;
mod removed;
mod stage;
mod tables;
mod tabs;
mod tokens;
mod trouble;
