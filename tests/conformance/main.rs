//! Each CRM's operations, as its document has them: the request on the wire, the answer as it is read, every error of the
//! document, and every answer that no document has. Through the real binary, against the simulated CRM, over real sockets.

mod broctagon;
mod command;
mod impact_check;
mod impact_create;
mod impact_hostile;
mod impact_reports;
mod impact_world;
mod trading;
mod wi_buckets;
mod wi_signup;
