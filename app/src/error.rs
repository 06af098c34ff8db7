//! What a server function answers when it does not do what was asked.

use domain::FieldError;
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use leptos::server_fn::{Bytes, Decodes};
use serde::{Deserialize, Serialize};

/// A code for the page, words for the person, and the refused fields. Never the inside of anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppError {
    /// Stable: `signed_out`, `stale`, `link_expired`… and `offline` where the server was not reached.
    pub code: String,
    /// What happened, what it means, what to do next.
    pub words: String,
    pub fields: Vec<FieldError>,
    /// For the administrator who looks into the log; empty where the request did not get that far.
    pub request_id: String,
}

impl AppError {
    pub(crate) fn new(code: &str, words: &str) -> Self {
        Self { code: code.to_owned(), words: words.to_owned(), fields: Vec::new(), request_id: String::new() }
    }

    fn not_understood() -> Self {
        #[cfg(feature = "ssr")]
        crate::context::set_status(400);
        Self::new("bad_request", "This request was not understood. Load the page again.")
    }

    #[must_use]
    pub fn is(&self, code: &str) -> bool {
        self.code == code
    }

    /// What is wrong with one field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<String> {
        self.fields.iter().find(|error| error.field == name).map(|error| error.message.clone())
    }
}

impl std::fmt::Display for AppError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.words)
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    /// What the server answered. Where the session is over, nothing on the page can go on.
    fn de(data: Bytes) -> Self {
        let error = JsonEncoding::decode(data)
            .unwrap_or_else(|error| Self::from_server_fn_error(ServerFnErrorErr::Deserialization(error.to_string())));
        if error.is("signed_out") {
            crate::sign_in::leave();
        }
        error
    }

    /// The framework's own failures, without their text.
    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => {
                Self::new("offline", "Keyroll cannot be reached. Check the connection; nothing has been lost on the server.")
            }
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => Self::not_understood(),
            // What the server cannot read is a request, what the browser cannot read an answer.
            ServerFnErrorErr::Deserialization(_) if cfg!(feature = "ssr") => Self::not_understood(),
            // An answer in another shape comes from something between, or from a newer server.
            ServerFnErrorErr::Deserialization(_) => Self::new("unexpected", "The answer was not understood. Load the page again."),
            _ => {
                #[cfg(feature = "ssr")]
                crate::context::set_status(500);
                Self::new("internal", "Keyroll could not do this just now. Try again in a moment.")
            }
        }
    }
}
