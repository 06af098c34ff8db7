//! SCIM's words (RFC 7643 and 7644), without HTTP and without a database.

pub mod filter;
