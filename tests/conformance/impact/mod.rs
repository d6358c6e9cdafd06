//! Impact: both public creations, the reports, and what an installation can get wrong.

mod check;
mod create;
mod hostile;
mod reports;
mod world;
