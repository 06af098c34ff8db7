//! Groups: their list, their members, and their form.

pub mod add;
pub mod delete;
pub mod detail;
pub mod form;
pub mod join;
pub mod list;
pub mod members;
pub mod server;

pub use detail::{CurrentGroup, GroupPage, MembersTab};
pub use form::{EditGroupPage, NewGroupPage};
pub use join::JoinDialog;
pub use list::GroupsPage;

/// Where the list is.
pub(crate) const LIST: &str = "/groups";

/// How many people, in words.
pub(crate) fn people(count: u64) -> String {
    if count == 1 { "1 person".to_owned() } else { format!("{} people", crate::ui::grouped(count)) }
}
