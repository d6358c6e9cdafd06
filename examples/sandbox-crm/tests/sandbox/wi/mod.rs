//! Wi's sign-up, the links it gives, and its buckets.

mod autologin;
mod buckets;
mod signup;
