//! Settings: who may do what in the console.

pub mod administrator;
pub mod administrators;
pub mod roles;
pub mod server;

pub use administrators::AdministratorsPage;
