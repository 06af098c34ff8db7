//! Lists for programs: filters, pages, tokens, and that neither repeats nor misses anybody while others write.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::group::GroupForm;
use domain::identity::Status;
use domain::permission::{Permission, Permissions};
use domain::time::Span;
use domain::{GroupId, IdentityId};
use service::{ApiPage, Context, Error, PageRequest, Result};
use testkit::{Place, on_both};

use crate::desk::{Desk, form, process};

on_both![
    a_walk_by_tokens_alone_shows_what_the_filter_leaves,
    a_token_leads_nowhere_but_to_its_own_list_for_a_week,
    what_is_asked_wrongly_is_refused_field_by_field,
    passkeys_and_links_are_listed_for_one_identity_and_for_all,
    members_are_told_to_those_who_may_see_groups_and_people,
    no_page_repeats_or_misses_anybody_while_others_come_and_go,
];

fn filtered(filter: &str, page_size: &str) -> PageRequest {
    PageRequest { filter: Some(filter.into()), page_size: Some(page_size.into()), ..PageRequest::default() }
}

fn sized(page_size: &str) -> PageRequest {
    PageRequest { page_size: Some(page_size.into()), ..PageRequest::default() }
}

fn behind(token: Option<String>) -> PageRequest {
    PageRequest { page_token: token, ..PageRequest::default() }
}

/// The fields that are refused, and with them nothing else.
fn refused<T>(answer: Result<ApiPage<T>>) -> Vec<String> {
    let Err(Error::Invalid(fields)) = answer else { panic!("it is taken, or refused for something else") };
    fields.into_iter().map(|error| error.field).collect()
}

async fn group(context: &Context, name: &str) -> GroupId {
    context.create_group(&GroupForm { display_name: name.into(), description: String::new() }).await.unwrap().id
}

/// Everybody whom the pages show, each page asked for by the token of the one before.
async fn walk(context: &Context, first: &PageRequest) -> Vec<IdentityId> {
    let (mut ids, mut request) = (Vec::new(), first.clone());
    loop {
        let page = context.page_of_identities(&request).await.unwrap();
        ids.extend(page.items.iter().map(|identity| identity.id));
        if page.next_page_token.is_none() {
            return ids;
        }
        request = behind(page.next_page_token);
    }
}

async fn a_walk_by_tokens_alone_shows_what_the_filter_leaves(place: Place) {
    let desk = Desk::new(&place).await;
    let (operator, mut zoes) = (desk.operator(), Vec::new());
    for number in 0..5 {
        zoes.push(desk.add(&format!("Zoe{number}")).await.id);
        desk.add(&format!("ana{number}")).await;
    }
    operator.set_status(zoes[1], Status::Suspended).await.unwrap();
    let everybody = operator.page_of_identities(&PageRequest::default()).await.unwrap();
    assert_eq!(everybody.next_page_token, None);
    assert_eq!(everybody.total_size, everybody.items.len() as u64);
    assert_eq!(walk(&operator, &sized("3")).await, everybody.items.iter().map(|identity| identity.id).collect::<Vec<_>>());

    for (filter, expected) in [
        (r#"traits.username sw "ZOE""#, &zoes[..]),
        (r#"traits.username eq "zoe3""#, &zoes[3..4]),
        (r#"display_name co "oe" and status eq "suspended""#, &zoes[1..2]),
        (r#"traits[username sw "zoe" and not (username ew "0")]"#, &zoes[1..]),
        (r#"traits.username sw "zoe" and traits.external_id pr"#, &[]),
        (r#"traits.username sw "zoe" and traits.external_id ne "x""#, &zoes[..]),
    ] {
        for size in ["1", "2", "20"] {
            assert_eq!(walk(&operator, &filtered(filter, size)).await, expected, "{filter} by {size}");
        }
        let page = operator.page_of_identities(&filtered(filter, "2")).await.unwrap();
        assert_eq!(page.total_size, expected.len() as u64, "{filter}");
    }
    let skipped = PageRequest { skip: Some("2".into()), ..filtered(r#"traits.username sw "zoe""#, "2") };
    let page = operator.page_of_identities(&skipped).await.unwrap();
    assert_eq!(page.items.iter().map(|identity| identity.id).collect::<Vec<_>>(), zoes[2..4]);
    let last = operator.page_of_identities(&behind(page.next_page_token)).await.unwrap();
    assert_eq!(last.items.iter().map(|identity| identity.id).collect::<Vec<_>>(), zoes[4..]);
}

async fn a_token_leads_nowhere_but_to_its_own_list_for_a_week(place: Place) {
    let desk = Desk::new(&place).await;
    let operator = desk.operator();
    let (ana, zoe) = (desk.add("ana").await.id, desk.add("zoe").await.id);
    let (staff, _) = (group(&operator, "Staff").await, group(&operator, "Desk").await);
    operator.create_link(ana).await.unwrap();
    operator.create_link(ana).await.unwrap();

    let token = behind(operator.page_of_jobs(Some(ana), &sized("1")).await.unwrap().next_page_token);
    assert_eq!(operator.page_of_jobs(Some(ana), &token).await.unwrap().items.len(), 1);
    assert_eq!(refused(operator.page_of_jobs(Some(zoe), &token).await), ["page_token"]);
    assert_eq!(refused(operator.page_of_jobs(None, &token).await), ["page_token"]);
    assert_eq!(refused(operator.page_of_passkeys(Some(ana), &token).await), ["page_token"]);
    assert_eq!(refused(operator.page_of_groups_of(ana, &token).await), ["page_token"]);

    let token = behind(operator.page_of_groups(&sized("1")).await.unwrap().next_page_token);
    assert!(operator.page_of_groups(&token).await.is_ok());
    assert_eq!(refused(operator.page_of_identities(&token).await), ["page_token"]);
    assert_eq!(refused(operator.page_of_members(staff, &token).await), ["page_token"]);
    let elsewhere = desk.keyroll.operator(domain::RealmId::from_i64(i64::MAX - 1));
    assert_eq!(refused(elsewhere.page_of_groups(&token).await), ["page_token"]);

    desk.clock.advance(Span::seconds(7 * 24 * 60 * 60 - 1));
    assert!(operator.page_of_groups(&token).await.is_ok());
    desk.clock.advance(Span::seconds(1));
    assert_eq!(refused(operator.page_of_groups(&token).await), ["page_token"]);
}

async fn what_is_asked_wrongly_is_refused_field_by_field(place: Place) {
    let desk = Desk::new(&place).await;
    let (operator, zoe) = (desk.operator(), desk.add("zoe").await.id);
    let wrong =
        PageRequest { filter: Some("status".into()), page_size: Some("0".into()), page_token: Some("x".into()), skip: Some("-1".into()) };
    assert_eq!(refused(operator.page_of_identities(&wrong).await), ["page_token", "page_size", "skip", "filter"]);
    assert_eq!(refused(operator.page_of_groups(&filtered("state pr", "1")).await), ["filter"]);
    assert_eq!(refused(operator.page_of_jobs(None, &filtered("display_name pr", "1")).await), ["filter"]);
    assert_eq!(refused(operator.page_of_groups_of(zoe, &filtered("display_name pr", "1")).await), ["filter"]);
    assert_eq!(refused(operator.page_of_passkeys(None, &filtered("state pr", "1")).await), ["filter"]);

    let nobody = IdentityId::from_i64(7);
    assert!(matches!(operator.page_of_jobs(Some(nobody), &sized("1")).await, Err(Error::NotFound("identity"))));
    assert!(matches!(operator.page_of_passkeys(Some(nobody), &sized("1")).await, Err(Error::NotFound("identity"))));
    assert!(matches!(operator.page_of_groups_of(nobody, &sized("1")).await, Err(Error::NotFound("identity"))));
    assert!(matches!(operator.page_of_members(GroupId::from_i64(7), &sized("1")).await, Err(Error::NotFound("group"))));
}

async fn passkeys_and_links_are_listed_for_one_identity_and_for_all(place: Place) {
    let desk = Desk::new(&place).await;
    let operator = desk.operator();
    let ((ana, _), (zoe, _)) = (desk.enrolled("ana", 1).await, desk.enrolled("zoe", 2).await);
    let open = operator.create_link(zoe.id).await.unwrap().job.id;
    for (identity, passkeys, jobs) in [(Some(ana.id), 1, 1), (Some(zoe.id), 1, 2), (None, 2, 3)] {
        let page = operator.page_of_passkeys(identity, &PageRequest::default()).await.unwrap();
        assert_eq!((page.items.len() as u64, page.total_size), (passkeys, passkeys));
        let page = operator.page_of_jobs(identity, &PageRequest::default()).await.unwrap();
        assert_eq!((page.items.len() as u64, page.total_size), (jobs, jobs));
    }
    let page = operator.page_of_jobs(None, &filtered(r#"state sw "link_" and delivery_method eq "RETURN""#, "5")).await.unwrap();
    assert_eq!((page.items.len(), page.items[0].id, page.total_size), (1, open, 1));
}

async fn members_are_told_to_those_who_may_see_groups_and_people(place: Place) {
    let desk = Desk::new(&place).await;
    let operator = desk.operator();
    let people = [desk.add("ana").await.id, desk.add("bo").await.id, desk.add("zoe").await.id];
    let (staff, other) = (group(&operator, "Staff").await, group(&operator, "Desk").await);
    operator.add_members(staff, &people).await.unwrap();
    operator.add_members(other, &people[..1]).await.unwrap();

    let first = operator.page_of_members(staff, &sized("2")).await.unwrap();
    assert_eq!((first.items.len(), first.total_size), (2, 3));
    let second = operator.page_of_members(staff, &behind(first.next_page_token)).await.unwrap();
    assert_eq!((second.items[0].id, second.total_size, second.next_page_token), (people[2], 3, None));
    let groups = operator.page_of_groups_of(people[0], &PageRequest::default()).await.unwrap();
    assert_eq!((groups.items.iter().map(|group| group.id).collect::<Vec<_>>(), groups.total_size), (vec![staff, other], 2));

    for missing in [Permission::GroupsRead, Permission::IdentitiesRead] {
        let rest: Permissions = Permission::ALL.iter().copied().filter(|permission| *permission != missing).collect();
        let answer = operator.limited_to(rest).page_of_members(staff, &PageRequest::default()).await;
        assert!(matches!(answer, Err(Error::Forbidden)), "without {missing}");
    }
    let enough: Permissions = [Permission::GroupsRead, Permission::IdentitiesRead].into_iter().collect();
    assert!(operator.limited_to(enough).page_of_members(staff, &PageRequest::default()).await.is_ok());
}

/// Adds people, and takes away one after the other of those who are to go, until it is told to stop.
async fn come_and_go(context: Context, mut going: Vec<IdentityId>, stop: Arc<AtomicBool>) -> usize {
    let mut rounds = 0;
    while !stop.load(Ordering::SeqCst) {
        let username = format!("stay-new-{rounds}");
        let new = context.create_identity(&form(&username, &username), &[]).await.unwrap().id;
        going.push(new);
        let leaving = going.remove(rounds % going.len());
        context.delete_identity(leaving).await.unwrap();
        rounds += 1;
    }
    rounds
}

async fn no_page_repeats_or_misses_anybody_while_others_come_and_go(place: Place) {
    let desk = Desk::new(&place).await;
    let (operator, mut staying, mut going, mut between) = (desk.operator(), BTreeSet::new(), Vec::new(), Vec::new());
    for number in 0..90 {
        let id = desk.add(&format!("stay-{number}")).await.id;
        match number % 3 {
            0 => drop(staying.insert(id)),
            1 => going.push(id),
            _ => between.push(id),
        }
    }
    let stop = Arc::new(AtomicBool::new(false));
    let other = process(&place, &desk.clock, 2).await.operator(desk.realm);
    let mut number = 0;
    let others = tokio::spawn(come_and_go(other, going, Arc::clone(&stop)));
    for first in [sized("4"), filtered(r#"display_name sw "STAY""#, "4"), filtered(r#"status eq "active""#, "3")] {
        let (mut seen, mut request): (Vec<IdentityId>, _) = (Vec::new(), first);
        loop {
            let page = operator.page_of_identities(&request).await.unwrap();
            seen.extend(page.items.iter().map(|identity| identity.id));
            // Also right at the place where the next page begins.
            if let Some(last) = page.items.last().map(|identity| identity.id).filter(|last| between.contains(last)) {
                between.retain(|id| *id != last);
                operator.delete_identity(last).await.unwrap();
            }
            number += 1;
            desk.add(&format!("stay-between-{number}")).await;
            // Whoever is added while the walk lasts makes it longer: at some time it has seen enough.
            if page.next_page_token.is_none() || seen.last() > staying.last() {
                break;
            }
            request = behind(page.next_page_token);
        }
        assert!(seen.is_sorted_by(|one, next| one < next), "nobody is repeated: {seen:?}");
        let seen: BTreeSet<_> = seen.into_iter().collect();
        assert_eq!(staying.difference(&seen).collect::<Vec<_>>(), Vec::<&IdentityId>::new(), "nobody is missed");
    }
    stop.store(true, Ordering::SeqCst);
    assert!(others.await.unwrap() > 0, "others wrote meanwhile");
}
