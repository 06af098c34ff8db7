use domain::IdentityId;
use domain::identity::{EnrollmentStatus, Status};
use domain::listing::{Count, ListRequest, Position, SortBy};
use testkit::{Place, on_both};

use crate::desk::{Desk, code, form, token};

on_both!(
    pages_go_on_where_the_one_before_ended,
    a_forged_position_is_refused,
    counts_follow_the_filter,
    jobs_and_events_go_on_where_the_page_before_ended
);

async fn fill(desk: &Desk, people: usize) {
    for number in 0..people {
        desk.operator().create_identity(&form(&format!("person{number:03}"), &format!("Person {}", number % 7)), &[]).await.unwrap();
    }
}

async fn pages_go_on_where_the_one_before_ended(place: Place) {
    let desk = Desk::new(&place).await;
    fill(&desk, 120).await;
    for sort in SortBy::ALL {
        for descending in [false, true] {
            let mut request = ListRequest { sort: *sort, descending, ..ListRequest::default() };
            let mut forward: Vec<IdentityId> = Vec::new();
            let mut last = desk.operator().list_identities(&request).await.unwrap();
            assert!(last.previous.is_none());
            loop {
                forward.extend(last.rows.iter().map(|row| row.id));
                let Some(next) = last.next.clone() else { break };
                request.position = Some(Position::After(next));
                last = desk.operator().list_identities(&request).await.unwrap();
            }
            assert_eq!(forward.len(), 120);
            let mut backward: Vec<IdentityId> = last.rows.iter().rev().map(|row| row.id).collect();
            while let Some(previous) = last.previous.clone() {
                request.position = Some(Position::Before(previous));
                last = desk.operator().list_identities(&request).await.unwrap();
                backward.extend(last.rows.iter().rev().map(|row| row.id));
            }
            backward.reverse();
            assert_eq!(forward, backward, "{sort} {descending}");
        }
    }
}

async fn a_forged_position_is_refused(place: Place) {
    let desk = Desk::new(&place).await;
    fill(&desk, 60).await;
    let by_name = ListRequest { sort: SortBy::Name, ..ListRequest::default() };
    let next = desk.operator().list_identities(&by_name).await.unwrap().next.unwrap();
    let by_update = ListRequest { sort: SortBy::Updated, position: Some(Position::After(next)), ..ListRequest::default() };
    assert_eq!(code(desk.operator().list_identities(&by_update).await), "invalid");
    for text in ["", "x", "\0", "%", &"A".repeat(100_000)] {
        let request = ListRequest { position: Some(Position::Before(text.into())), ..ListRequest::default() };
        assert_eq!(code(desk.operator().list_identities(&request).await), "invalid", "{text:.20}");
    }
}

async fn counts_follow_the_filter(place: Place) {
    let desk = Desk::new(&place).await;
    fill(&desk, 21).await;
    let request = ListRequest { search: "person 3".into(), ..ListRequest::default() };
    let first = desk.operator().list_identities(&request).await.unwrap();
    assert_eq!(first.count, Count::Exactly(u64::try_from(first.rows.len()).unwrap()));
    assert!(first.rows.iter().all(|row| row.display_name == "Person 3" || row.username.contains('3')));
    let (pending, suspended) = (first.rows[0].id, first.rows[1].id);
    desk.operator().create_link(pending).await.unwrap();
    desk.operator().set_status(suspended, Status::Suspended).await.unwrap();
    for (request, count) in [
        (ListRequest::default(), 21),
        (ListRequest { enrollment: Some(EnrollmentStatus::Pending), ..ListRequest::default() }, 1),
        (ListRequest { enrollment: Some(EnrollmentStatus::Unenrolled), ..ListRequest::default() }, 20),
        (ListRequest { status: Some(Status::Suspended), ..ListRequest::default() }, 1),
        (ListRequest { search: "\u{0}   ".into(), ..ListRequest::default() }, 21),
        (ListRequest { search: "nobody".into(), ..ListRequest::default() }, 0),
    ] {
        let page = desk.operator().list_identities(&request).await.unwrap();
        assert_eq!((page.count, page.rows.len()), (Count::Exactly(count), usize::try_from(count).unwrap()), "{request:?}");
    }
}

async fn jobs_and_events_go_on_where_the_page_before_ended(place: Place) {
    let desk = Desk::new(&place).await;
    let identity = desk.add("ana").await;
    let mut made = Vec::new();
    for _ in 0..55 {
        let link = desk.operator().create_link(identity.id).await.unwrap();
        desk.browser().open_link(&token(&link)).await.unwrap();
        made.insert(0, link.job.id);
    }
    for of in [None, Some(identity.id)] {
        let first = desk.operator().jobs(of, None).await.unwrap();
        let rest = desk.operator().jobs(of, first.next).await.unwrap();
        assert!(rest.next.is_none());
        assert_eq!(first.jobs.iter().chain(&rest.jobs).map(|job| job.id).collect::<Vec<_>>(), made);
    }
    let (mut count, mut before) = (0, None);
    loop {
        let page = desk.operator().activity_of(identity.id, before).await.unwrap();
        count += page.events.len();
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(count, 1 + 2 * 55);
}
