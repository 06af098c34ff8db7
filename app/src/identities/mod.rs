//! The directory: the list of identities and the page of each.

pub mod acts;
pub mod chosen;
pub mod detail;
pub mod edit;
mod fields;
pub mod filters;
pub mod form;
pub mod groups;
pub mod header;
pub mod list;
pub mod new;
pub mod profile;
mod query;
pub mod rows;
pub mod server;
pub(crate) mod words;

pub use detail::{Current, DetailPage};
pub use edit::EditPage;
pub(crate) use fields::label as field_label;
pub use groups::GroupsTab;
pub use list::ListPage;
pub use new::NewPage;
pub use profile::ProfileTab;
pub(crate) use words::source_label;
