//! What every edge shares: who asks, from where, and how the answer is sent on its way.

pub(crate) mod body;
pub(crate) mod gate;
pub(crate) mod headers;
pub(crate) mod host;
pub(crate) mod origin;
pub(crate) mod refusal;
pub(crate) mod request;
pub(crate) mod session;
