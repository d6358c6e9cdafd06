//! `chaos`: many people sign up while proxies are killed and every CRM misbehaves. In the end nobody may be lost, and nobody twice
//! in a CRM.
//!
//! The counts come from the CRMs' own records. The program ends well only where they are as they have to be; `cargo xtask chaos` runs
//! it large, and the test `chaos_in_small` small.

mod crowd;
mod plan;
mod stage;
mod table;
mod tally;
mod trouble;

use std::{
    process::ExitCode,
    sync::{Arc, atomic::AtomicU32},
    time::Instant,
};

use clap::Parser;

use crate::{crowd::Crowd, plan::Plan, stage::Stage, tally::Tally};

#[tokio::main]
async fn main() -> ExitCode {
    let plan = Plan::parse();
    let start = Instant::now();
    let mut stage = Stage::set_up(&plan).await;
    let sent = Arc::new(AtomicU32::new(0));
    let crowd = Crowd::new(&stage, &plan, sent.clone());

    stage.storm().await;
    let visitors = tokio::spawn(crowd.sign_up());
    let troubles = trouble::make(&mut stage, &plan, &sent).await;
    let visitors = visitors.await.expect("no visitor panics");
    stage.calm().await;
    stage.delivered(&plan).await;

    let tally = Tally::count(&visitors, &stage.world.signups().await, &stage.users().await);
    print!("{}", table::shown(&plan, &visitors, &troubles, &tally, start.elapsed()));
    let mut mistakes = tally.mistakes();
    match stage.unknown_and_not_parked().await {
        0 => {}
        count => mistakes.push(format!("broctagon: {count} may have arrived, and are not parked")),
    }
    mistakes.iter().for_each(|mistake| eprintln!("chaos: {mistake}"));
    if mistakes.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
