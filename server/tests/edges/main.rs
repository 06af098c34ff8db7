//! The server over real HTTP on loopback: within this process where a test needs the clock or the database in its
//! hands, as the real program where it is started, killed, and asked on the command line.

#![expect(clippy::unwrap_used, reason = "clippy knows test functions, but not the helpers that they share")]

mod api;
mod authorization;
mod bodies;
mod branding;
mod check;
mod cli;
mod cookies;
mod crash;
mod desk;
mod ends;
mod export;
mod files;
mod headers;
mod hosts;
mod links;
mod live;
mod mail;
mod origins;
mod pages;
mod program;
mod realms;
mod settings;
mod slow;
mod wire;
