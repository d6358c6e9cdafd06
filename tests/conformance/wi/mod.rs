//! Wi: the Traders Room's sign-up, and the buckets.

mod buckets;
mod look_up;
mod signup;
