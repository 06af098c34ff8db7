//! The user interface: pages, forms, and the server functions that they call.
//!
//! Compiled twice: with `ssr` into the server, with `hydrate` into the WebAssembly of the browser, one program for the
//! console ([`routes::App`]) and one for the enrollment page ([`enrollment::EnrollmentApp`]).

#[cfg(all(feature = "ssr", feature = "hydrate"))]
compile_error!("`ssr` and `hydrate` exclude each other: build the server and the WebAssembly apart");

#[cfg(not(erase_components))]
compile_error!("rustflags hide those of .cargo/config.toml: add `--cfg=erase_components` to them");

pub mod address;
pub mod binding_jobs;
pub mod branding;
pub mod browser;
pub mod console;
#[cfg(feature = "ssr")]
pub mod context;
pub mod enrollment;
pub mod error;
pub mod events;
pub mod groups;
pub mod identities;
pub mod live;
pub mod mail;
pub mod passkeys;
pub mod policy;
pub mod realms;
pub mod remote;
pub mod routes;
pub mod settings;
#[cfg(feature = "ssr")]
pub mod shell;
pub mod sign_in;
pub mod tokens;
pub mod ui;
pub mod webauthn;
