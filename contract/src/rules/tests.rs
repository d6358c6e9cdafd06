//! Set when the rules are written.
