//! What every HTTP edge finds around it.

use std::time::Duration;

use service::Keyroll;

use crate::Site;

/// Keyroll as it is served.
pub struct Edge {
    pub keyroll: Keyroll,
    pub site: Site,
    /// Whether a proxy in front tells the client's address in `X-Forwarded-For`.
    pub trust_proxy: bool,
    pub limits: Limits,
}

/// What a client may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Time for the head of a request, from the first byte of the connection or the end of the request before.
    pub head: Duration,
    /// Time for the body of a request.
    pub body: Duration,
    /// Bytes of a request's body.
    pub body_size: usize,
    /// Bytes of a request's body that brings a picture.
    pub picture_size: usize,
    /// Time for running requests to end once the server is to stop.
    pub farewell: Duration,
    /// Requests per second with one token of the management API.
    pub api_rate: u32,
    /// How often an event stream looks whether its session still holds, and says that it is alive.
    pub beat: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(30),
            body: Duration::from_secs(30),
            body_size: 64 * 1024,
            // 512 kB in base64, with what is around it.
            picture_size: 700 * 1024,
            farewell: Duration::from_secs(10),
            api_rate: 50,
            beat: Duration::from_secs(15),
        }
    }
}
