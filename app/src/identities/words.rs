//! The directory's states and numbers in words.

use domain::identity::{EnrollmentStatus, Source, Status};
use domain::listing::{Count, ListRequest, SortBy};
use domain::record::IdentityRow;

use crate::ui::{Status as Chip, grouped};

pub(crate) const fn enrollment_chip(status: EnrollmentStatus) -> Chip {
    match status {
        EnrollmentStatus::Enrolled => Chip::Enrolled,
        EnrollmentStatus::Pending => Chip::Pending,
        EnrollmentStatus::Unenrolled => Chip::NotEnrolled,
        EnrollmentStatus::InviteFailed => Chip::InvitationFailed,
    }
}

pub(super) const fn status_chip(status: Status) -> Chip {
    match status {
        Status::Active => Chip::Active,
        Status::Suspended => Chip::Suspended,
    }
}

pub(crate) const fn source_label(source: Source) -> &'static str {
    match source {
        Source::Manual => "Added by hand",
        Source::Csv => "CSV upload",
        Source::Scim => "SCIM",
        Source::Api => "API",
        Source::CommandLine => "Command line",
    }
}

/// How the list is sorted, for the menu.
pub(super) const fn sort_label(sort: SortBy, descending: bool) -> &'static str {
    match (sort, descending) {
        (SortBy::Created, true) => "Newest first",
        (SortBy::Created, false) => "Oldest first",
        (SortBy::Updated, true) => "Last updated first",
        (SortBy::Updated, false) => "Longest unchanged first",
        (SortBy::Name, false) => "Name, A to Z",
        (SortBy::Name, true) => "Name, Z to A",
        (SortBy::Username, false) => "Username, A to Z",
        (SortBy::Username, true) => "Username, Z to A",
    }
}

/// How many people the list holds.
pub(super) fn people(count: Count) -> String {
    match count {
        Count::Exactly(1) => "1 person".to_owned(),
        Count::Exactly(count) => format!("{} people", grouped(count)),
        Count::MoreThan(count) => format!("More than {} people", grouped(count)),
    }
}

/// The groups of a row: the first by name, and how many more.
pub(super) fn groups(row: &IdentityRow) -> String {
    match (&row.group, row.groups) {
        (None, _) => String::new(),
        (Some(first), more @ 2..) => format!("{first} +{}", more - 1),
        (Some(first), _) => first.clone(),
    }
}

/// What an empty list says: title and text.
pub(super) fn nothing(request: &ListRequest) -> (&'static str, &'static str) {
    if request.position.is_some() {
        ("Nothing on this page", "Whoever was here has moved to another page of the list.")
    } else if request.search.trim().is_empty() {
        ("Nobody fits these filters", "Remove a filter to see more people.")
    } else {
        ("Nobody found", "Any part of a name, a username or an e-mail address finds a person.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{IdentityId, Timestamp};

    #[test]
    fn counts_are_words() {
        assert_eq!(people(Count::Exactly(1)), "1 person");
        assert_eq!(people(Count::Exactly(12_304)), "12,304 people");
        assert_eq!(people(Count::MoreThan(10_000)), "More than 10,000 people");
    }

    #[test]
    fn a_row_names_one_group_and_counts_the_others() {
        let row = |group: Option<&str>, groups| IdentityRow {
            id: IdentityId::from_i64(1),
            display_name: "Zoë".into(),
            username: "zoe".into(),
            email: None,
            status: Status::Active,
            enrollment: EnrollmentStatus::Unenrolled,
            passkeys: 0,
            groups,
            group: group.map(str::to_owned),
            updated_at: Timestamp::from_micros(0),
        };
        assert_eq!(groups(&row(None, 0)), "");
        assert_eq!(groups(&row(Some("Field"), 1)), "Field");
        assert_eq!(groups(&row(Some("Field"), 3)), "Field +2");
    }

    #[test]
    fn an_empty_list_says_why_it_is_empty() {
        let search = ListRequest { search: "zz".into(), ..ListRequest::default() };
        assert_eq!(nothing(&search).0, "Nobody found");
        let blank = ListRequest { search: " ".into(), status: Some(Status::Suspended), ..ListRequest::default() };
        assert_eq!(nothing(&blank).0, "Nobody fits these filters");
    }
}
