//! The address of the identities list: what is searched, filtered, sorted, and which page of it is shown.

use domain::identity::{EnrollmentStatus, Source, Status};
use domain::listing::{ListRequest, Position, SortBy};

use crate::address::{escaped, pairs};

/// Where the list is.
pub(super) const LIST: &str = "/identities";

/// Reads the query of an address. What it does not know, it leaves out.
pub(super) fn parse(query: &str) -> ListRequest {
    let mut request = ListRequest::default();
    let mut descending = None;
    for (name, value) in pairs(query) {
        match name.as_str() {
            "q" => request.search = value,
            "status" => request.status = Status::read(&value),
            "enrollment" => request.enrollment = EnrollmentStatus::read(&value.to_ascii_uppercase()),
            "source" => request.source = Source::read(&value),
            "group" => request.group = value.parse().ok(),
            "sort" => request.sort = SortBy::read(&value).unwrap_or_default(),
            "dir" => {
                descending = match value.as_str() {
                    "asc" => Some(false),
                    "desc" => Some(true),
                    _ => None,
                }
            }
            "after" if !value.is_empty() => request.position = Some(Position::After(value)),
            "before" if !value.is_empty() => request.position = Some(Position::Before(value)),
            _ => {}
        }
    }
    request.descending = descending.unwrap_or_else(|| begins_descending(request.sort));
    request
}

/// The address of a request: as short as it can be, because people share it.
pub(super) fn href(request: &ListRequest) -> String {
    let mut parts = Vec::new();
    let mut add = |name: &str, value: &str| parts.push(format!("{name}={}", escaped(value)));
    if !request.search.is_empty() {
        add("q", &request.search);
    }
    if let Some(status) = request.status {
        add("status", status.as_str());
    }
    if let Some(enrollment) = request.enrollment {
        add("enrollment", &enrollment.as_str().to_ascii_lowercase());
    }
    if let Some(source) = request.source {
        add("source", source.as_str());
    }
    if let Some(group) = request.group {
        add("group", &group.to_string());
    }
    if request.sort != SortBy::default() {
        add("sort", request.sort.as_str());
    }
    if request.descending != begins_descending(request.sort) {
        add("dir", if request.descending { "desc" } else { "asc" });
    }
    match &request.position {
        Some(Position::After(key)) => add("after", key),
        Some(Position::Before(key)) => add("before", key),
        None => {}
    }
    if parts.is_empty() { LIST.to_owned() } else { format!("{LIST}?{}", parts.join("&")) }
}

/// The address of the list with something changed, from its first page on: a place in one list means nothing in another.
pub(super) fn with(request: &ListRequest, change: impl FnOnce(&mut ListRequest)) -> String {
    let mut request = request.clone();
    change(&mut request);
    request.position = None;
    href(&request)
}

/// The address of another page of the same list.
pub(super) fn at(request: &ListRequest, position: Position) -> String {
    href(&ListRequest { position: Some(position), ..request.clone() })
}

/// Sorts by a column: in its own direction first, the other way round when it is sorted by it already.
pub(super) fn sorted_by(request: &ListRequest, sort: SortBy) -> String {
    let descending = if request.sort == sort { !request.descending } else { begins_descending(sort) };
    with(request, |request| (request.sort, request.descending) = (sort, descending))
}

/// Names are read from A on, times from the newest on.
const fn begins_descending(sort: SortBy) -> bool {
    matches!(sort, SortBy::Created | SortBy::Updated)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::GroupId;

    fn full() -> ListRequest {
        ListRequest {
            search: "zoë & 100%+1".into(),
            status: Some(Status::Suspended),
            enrollment: Some(EnrollmentStatus::InviteFailed),
            source: Some(Source::CommandLine),
            group: Some(GroupId::from_i64(7)),
            sort: SortBy::Name,
            descending: true,
            position: Some(Position::Before("a-b_c".into())),
        }
    }

    fn query(href: &str) -> &str {
        href.split_once('?').map_or("", |(_, query)| query)
    }

    #[test]
    fn every_request_reads_back_from_its_address() {
        for sort in SortBy::ALL {
            for descending in [false, true] {
                let request = ListRequest { sort: *sort, descending, ..full() };
                assert_eq!(parse(query(&href(&request))), request);
            }
        }
        let after = ListRequest { position: Some(Position::After("x".into())), ..ListRequest::default() };
        assert_eq!(parse(query(&href(&after))), after);
    }

    #[test]
    fn the_plain_list_has_the_plain_address() {
        assert_eq!(href(&ListRequest::default()), "/identities");
        assert_eq!(parse(""), ListRequest::default());
    }

    #[test]
    fn what_is_unknown_or_wrong_narrows_nothing() {
        let request = parse("status=asleep&enrollment=maybe&source=fax&group=12&sort=shoe&dir=up&after=&utm=1");
        assert_eq!(request, ListRequest::default());
    }

    #[test]
    fn a_sort_without_direction_takes_its_own() {
        assert!(!parse("sort=name").descending);
        assert!(parse("sort=updated").descending);
        assert!(!parse("sort=updated&dir=asc").descending);
    }

    #[test]
    fn changing_the_list_begins_at_its_first_page() {
        let request = full();
        assert!(!with(&request, |request| request.search = "ana".into()).contains("before="));
        assert!(!sorted_by(&request, SortBy::Updated).contains("before="));
        assert!(at(&request, Position::After("k".into())).ends_with("&after=k"));
    }

    #[test]
    fn sorting_again_turns_the_direction() {
        let by_name = parse(query(&sorted_by(&ListRequest::default(), SortBy::Name)));
        assert_eq!((by_name.sort, by_name.descending), (SortBy::Name, false));
        let again = parse(query(&sorted_by(&by_name, SortBy::Name)));
        assert_eq!((again.sort, again.descending), (SortBy::Name, true));
    }
}
