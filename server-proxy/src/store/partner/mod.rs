//! What an affiliate's dashboard is made of.
//!
//! | file | |
//! |---|---|
//! | `affiliates` | those that were added at a prompt |
//! | `tokens`, `exports` | embed tokens, and downloads that were asked for, by their hashes |
//! | `mirror` | how fresh a mirror is, and whose it is to bring it up to date |
//! | `records` | what is mirrored, written |
//! | `rows`, `sums` | the same, read: pages of it, and figures |

mod affiliates;
mod exports;
mod mirror;
mod records;
mod rows;
mod sums;
mod tokens;

pub(crate) use affiliates::StoredAffiliate;
pub(crate) use mirror::{Freshness, Mirror};
pub(crate) use rows::{Key, Order, Row, Search, Wanted};
pub(crate) use sums::{Measure, Sum};
pub(crate) use tokens::KnownToken;
