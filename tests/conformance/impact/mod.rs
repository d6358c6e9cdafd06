//! Impact: both public creations, the reports, and what an installation can get wrong.

mod check;
mod create;
mod hostile;
mod look_up;
mod reports;
mod world;
