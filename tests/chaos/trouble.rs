//! What goes wrong on our side: proxies are killed, and the database is restarted.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use crate::{plan::Plan, stage::Stage};

const LOOK_EVERY: Duration = Duration::from_millis(10);
/// How long the database is away.
const AWAY: Duration = Duration::from_secs(2);

#[derive(Default)]
pub(crate) struct Troubles {
    pub(crate) kills: u32,
    pub(crate) database_restarts: u32,
}

enum Trouble {
    Kill,
    RestartDatabase,
}

/// Makes it all happen, spread by chance over the time in which people sign up. Where there is a database, it is restarted in the middle.
pub(crate) async fn make(stage: &mut Stage, plan: &Plan, begun: &AtomicU32) -> Troubles {
    let mut dice = fastrand::Rng::with_seed(plan.seed);
    let mut moments: Vec<_> = (0..plan.kills).map(|_| (dice.u32(0..plan.signups), Trouble::Kill)).collect();
    if stage.world.store.server.is_some() {
        moments.push((plan.signups / 2, Trouble::RestartDatabase));
    }
    moments.sort_by_key(|(moment, _)| *moment);
    let mut troubles = Troubles::default();
    for (moment, trouble) in moments {
        while begun.load(Ordering::Relaxed) <= moment {
            tokio::time::sleep(LOOK_EVERY).await;
            for proxy in stage.proxies() {
                assert!(!proxy.has_ended(), "a proxy ended by itself: {}", proxy.logs());
            }
        }
        match trouble {
            Trouble::Kill => {
                kill(stage, &mut dice).await;
                troubles.kills += 1;
            }
            Trouble::RestartDatabase => {
                restart_database(stage).await;
                troubles.database_restarts += 1;
            }
        }
    }
    for proxy in stage.proxies() {
        proxy.ready().await;
    }
    troubles
}

/// One that answers, or that has just been started: also a start may be cut off.
async fn kill(stage: &mut Stage, dice: &mut fastrand::Rng) {
    // Not always in step with a request that comes in.
    tokio::time::sleep(Duration::from_millis(dice.u64(0..300))).await;
    let mut proxies = stage.proxies();
    let victim = dice.usize(0..proxies.len());
    proxies[victim].kill();
    proxies[victim].start_again();
}

async fn restart_database(stage: &mut Stage) {
    // One that finds no database at its start ends: a service manager would start it again.
    for proxy in stage.proxies() {
        proxy.ready().await;
    }
    if let Some(server) = &mut stage.world.store.server {
        server.stop();
        tokio::time::sleep(AWAY).await;
        server.restart().await;
    }
}
