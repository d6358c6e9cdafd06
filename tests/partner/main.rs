//! The affiliate's side: embed tokens, the mirror, figures, tables, look-ups, exports; and that nobody sees what is another's.

mod buckets;
mod exports;
mod figures;
mod isolation;
mod mirror;
mod own;
mod prompt;
mod secrets;
mod stage;
mod tables;
mod tokens;
