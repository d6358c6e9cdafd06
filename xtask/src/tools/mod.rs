//! Tools that the build needs: found where they are, installed where they are not.

mod apt;
pub(crate) mod browser;
pub(crate) mod faketime;
pub(crate) mod installed;
pub(crate) mod nginx;
pub(crate) mod npm;
pub(crate) mod pinned;
pub(crate) mod postgres;
pub(crate) mod prerequisites;
pub(crate) mod rust;
