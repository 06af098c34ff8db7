//! The tenant and its realms: made, edited, deleted, and entered by whoever administers them all.

use domain::RealmId;
use domain::event::{EventActor, EventKind};
use domain::group::GroupForm;
use domain::identity::Status;
use domain::listing::{EventListRequest, ListRequest};
use domain::permission::{Permission, Permissions};
use domain::policy::{Application, Decision, Rule};
use domain::realm::{Realm, RealmForm};
use domain::record::Event;
use domain::role::Role;
use domain::time::Span;
use service::{Clock, Context, Standing};
use testkit::{Place, SoftAuthenticator, on_both};

use crate::administrators::{confirm, with_role};
use crate::desk::{Desk, START, code, form, refused_field, token};

on_both!(
    a_realm_is_made_empty_edited_and_deleted,
    the_tenant_is_renamed,
    a_realm_with_something_in_it_stays,
    the_administrators_own_realm_stays,
    no_realm_becomes_older_than_the_administrators_own,
    an_administrator_acts_in_another_realm_and_comes_back,
    what_is_ones_own_stays_where_one_is_from,
    only_a_full_administrator_of_the_first_realm_goes_elsewhere,
    who_goes_elsewhere_is_written_in_both_logs,
    a_realm_that_is_deleted_sends_whoever_is_in_it_back,
    whoever_loses_the_role_is_back_where_they_are_from,
    realms_are_paged,
);

fn realm_form(name: &str) -> RealmForm {
    RealmForm { display_name: name.into(), classification: String::new() }
}

async fn zurich(desk: &Desk) -> Realm {
    desk.operator().create_realm(&realm_form("Zürich")).await.unwrap()
}

/// The realm's log, the newest first.
async fn log(desk: &Desk, realm: RealmId) -> Vec<Event> {
    desk.keyroll.operator(realm).list_events(&EventListRequest::default(), None).await.unwrap().events
}

/// An administrator who has entered that realm, with the session.
async fn inside(desk: &Desk, realm: RealmId) -> (Context, SoftAuthenticator, String) {
    let (administrator, authenticator, session) = desk.administrator().await;
    administrator.enter_realm(realm).await.unwrap();
    (desk.person(&session).await, authenticator, session)
}

async fn a_realm_is_made_empty_edited_and_deleted(place: Place) {
    let desk = Desk::new(&place).await;
    let operator = desk.operator();
    let made = operator.create_realm(&RealmForm { display_name: "  Zürich ".into(), classification: "workforce".into() }).await.unwrap();
    assert_eq!((made.display_name.as_str(), made.classification.as_str(), made.version), ("Zürich", "workforce", 1));
    assert_eq!(made.tenant, operator.tenant().await.unwrap().id);
    assert!(made.tenant.to_string().starts_with("0001"));
    assert_eq!(operator.read_realm(made.id).await.unwrap(), made);
    // Its policy denies; there is nothing else in it.
    let inside = desk.keyroll.operator(made.id);
    let desk_of = inside.policy_desk().await.unwrap();
    assert_eq!((desk_of.published.number, desk_of.published.rules.len()), (1, 0));
    assert_eq!(inside.groups().await.unwrap(), []);
    assert_eq!(refused_field(operator.create_realm(&realm_form("")).await), "display_name");
    assert_eq!(refused_field(operator.update_realm(made.id, 1, &realm_form("<b>")).await), "display_name");

    let edited = operator.update_realm(made.id, 1, &realm_form("Bern")).await.unwrap();
    assert_eq!((edited.display_name.as_str(), edited.classification.as_str(), edited.version), ("Bern", "", 2));
    assert_eq!(code(operator.update_realm(made.id, 1, &realm_form("Basel")).await), "stale");
    operator.delete_realm(made.id).await.unwrap();
    for outcome in [
        code(operator.read_realm(made.id).await),
        code(operator.update_realm(made.id, 2, &realm_form("Basel")).await),
        code(operator.delete_realm(made.id).await),
    ] {
        assert_eq!(outcome, "not_found");
    }
    let kinds = |events: &[Event]| events.iter().map(|event| event.kind).take(2).collect::<Vec<_>>();
    assert_eq!(kinds(&log(&desk, desk.realm).await), [EventKind::RealmDeleted, EventKind::RealmCreated]);
    // Its own log outlives it.
    assert_eq!(kinds(&log(&desk, made.id).await), [EventKind::RealmUpdated, EventKind::RealmCreated]);
}

async fn the_tenant_is_renamed(place: Place) {
    let desk = Desk::new(&place).await;
    let operator = desk.operator();
    let before = operator.tenant().await.unwrap();
    assert_eq!((before.display_name.as_str(), before.version), ("Keyroll", 1));
    let after = operator.update_tenant(1, " Example ").await.unwrap();
    assert_eq!((after.display_name.as_str(), after.version), ("Example", 2));
    assert_eq!(code(operator.update_tenant(1, "Late").await), "stale");
    assert_eq!(refused_field(operator.update_tenant(2, " ").await), "display_name");
    let told = log(&desk, desk.realm).await.remove(0);
    assert_eq!((told.kind, told.detail["name"].to_string().as_str()), (EventKind::TenantUpdated, "Keyroll → Example"));
}

async fn a_realm_with_something_in_it_stays(place: Place) {
    let desk = Desk::new(&place).await;
    let operator = desk.operator();
    let realm = zurich(&desk).await.id;
    let inside = desk.keyroll.operator(realm);
    let person = inside.create_identity(&form("bo", "Bo"), &[]).await.unwrap();
    let refused = operator.delete_realm(realm).await.unwrap_err();
    assert_eq!((refused.code(), refused.status()), ("conflict", 409));
    assert!(refused.words().starts_with("This realm has 1 identity and 0 groups,"), "{}", refused.words());
    inside.delete_identity(person.id).await.unwrap();
    // What the command line needs in the first realm is a group like others here.
    let group = inside.create_group(&GroupForm { display_name: "Administrators".into(), description: String::new() }).await.unwrap();
    assert_eq!(code(operator.delete_realm(realm).await), "conflict");
    inside.delete_group(group.id, false).await.unwrap();
    inside.save_policy_draft(0, vec![Rule::new(Decision::Allow)]).await.unwrap();
    inside.save_branding_draft(0, domain::branding::Branding::of("Zürich")).await.unwrap();
    operator.delete_realm(realm).await.unwrap();
}

async fn the_administrators_own_realm_stays(place: Place) {
    let desk = Desk::new(&place).await;
    let refused = desk.operator().delete_realm(desk.realm).await.unwrap_err();
    assert!(refused.words().starts_with("The administrators and their passkeys are in this realm"), "{}", refused.words());
    // Also from elsewhere.
    let elsewhere = desk.keyroll.operator(zurich(&desk).await.id);
    assert_eq!(code(elsewhere.delete_realm(desk.realm).await), "conflict");
}

async fn no_realm_becomes_older_than_the_administrators_own(place: Place) {
    let desk = Desk::new(&place).await;
    let slow = crate::desk::process(&place, &Clock::set_to(START - Span::days(1)), 2).await;
    assert_eq!(code(slow.operator(desk.realm).create_realm(&realm_form("Zürich")).await), "conflict");
    assert_eq!(desk.operator().realms(None).await.unwrap().realms.len(), 1);
}

async fn an_administrator_acts_in_another_realm_and_comes_back(place: Place) {
    let desk = Desk::new(&place).await;
    let realm = zurich(&desk).await.id;
    let ours = desk.add("ours").await;
    let (here, _, session) = inside(&desk, realm).await;
    let me = here.me().await.unwrap();
    assert_eq!((me.realm.id, me.realm.display_name.as_str(), me.realm.own), (realm, "Zürich", false));
    assert_eq!((me.username.as_str(), me.organization.as_str()), ("admin", "Zürich"));
    assert_eq!(me.realms.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [desk.realm, realm]);
    // Everything is of the realm that one is in.
    assert_eq!(here.list_identities(&ListRequest::default()).await.unwrap().rows, []);
    assert_eq!(code(here.identity(ours.id).await), "not_found");
    let theirs = here.create_identity(&form("theirs", "Theirs"), &[]).await.unwrap();
    here.create_link(theirs.id).await.unwrap();
    here.set_status(theirs.id, Status::Suspended).await.unwrap();
    assert_eq!(code(desk.operator().identity(theirs.id).await), "not_found");
    assert!(!here.administrators().await.unwrap().home);

    here.enter_realm(desk.realm).await.unwrap();
    assert_eq!(here.standing().await.unwrap(), Standing::Moved);
    let back = desk.person(&session).await;
    assert_eq!(back.standing().await.unwrap(), Standing::Holds);
    assert!(back.me().await.unwrap().realm.own);
    assert_eq!(code(back.identity(theirs.id).await), "not_found");
    back.identity(ours.id).await.unwrap();
    // Where one is already, there is nothing to tell.
    let before = log(&desk, desk.realm).await.len();
    back.enter_realm(desk.realm).await.unwrap();
    assert_eq!(log(&desk, desk.realm).await.len(), before);
}

async fn what_is_ones_own_stays_where_one_is_from(place: Place) {
    let desk = Desk::new(&place).await;
    let realm = zurich(&desk).await.id;
    let (here, mut authenticator, session) = inside(&desk, realm).await;
    let me = here.me().await.unwrap().identity;
    assert_eq!(here.accepted().await.unwrap().credential_ids.len(), 1);
    // Destructive acts want the passkey again, and the person's own one counts.
    let theirs = here.create_identity(&form("bo", "Bo"), &[]).await.unwrap();
    desk.clock.advance(Span::minutes(9));
    desk.person(&session).await.touch_session().await.unwrap();
    desk.clock.advance(Span::minutes(1));
    let here = desk.person(&session).await;
    assert_eq!(code(here.delete_identity(theirs.id).await), "touch_needed");
    confirm(&desk, &here, &mut authenticator).await.unwrap();
    let here = desk.person(&session).await;
    assert_eq!(here.realm(), Some(realm), "a confirmation leads nowhere else");
    here.delete_identity(theirs.id).await.unwrap();
    // Their own entry is not of this realm, and the policy here says nothing about them.
    assert_eq!(code(here.identity(me).await), "not_found");
    assert_eq!(code(here.simulate_policy(me, Application::Console, domain::policy::Which::Published).await), "not_found");
    here.bind_role(Role::Full, &[]).await.unwrap();
    let draft = here.save_policy_draft(0, vec![Rule::new(Decision::Deny)]).await.unwrap();
    here.publish_policy(draft.version).await.unwrap();
    assert!(here.still_holds().await.unwrap());
    here.sign_out().await.unwrap();
    assert!(!here.still_holds().await.unwrap());
    let latest = log(&desk, desk.realm).await.remove(0);
    assert_eq!((latest.kind, latest.by), (EventKind::SignedOut, EventActor::Identity(me)));
}

async fn only_a_full_administrator_of_the_first_realm_goes_elsewhere(place: Place) {
    let desk = Desk::new(&place).await;
    let realm = zurich(&desk).await.id;
    let (administrator, _, _) = desk.administrator().await;
    for (seed, role) in [(11, Role::Helpdesk), (12, Role::Auditor)] {
        let (lesser, _) = with_role(&desk, role, seed).await;
        assert_eq!(code(lesser.enter_realm(realm).await), "forbidden", "{role}");
        assert_eq!(lesser.me().await.unwrap().realms, [], "{role}");
        assert_eq!(code(lesser.create_realm(&realm_form("New")).await), "forbidden", "{role}");
    }
    assert_eq!(code(administrator.enter_realm(RealmId::from_i64(7)).await), "not_found");

    // Who is let in and has every role in another realm reaches no further than it.
    let inside = desk.keyroll.operator(realm);
    let bo = inside.create_identity(&form("bo", "Bo"), &[]).await.unwrap();
    let group = inside.create_group(&GroupForm { display_name: "Staff".into(), description: String::new() }).await.unwrap().id;
    inside.add_members(group, &[bo.id]).await.unwrap();
    inside.bind_role(Role::Full, &[group]).await.unwrap();
    let draft = inside.save_policy_draft(0, vec![Rule::new(Decision::Allow)]).await.unwrap();
    inside.publish_policy(draft.version).await.unwrap();
    let link = inside.create_link(bo.id).await.unwrap();
    let session = desk.enroll(&token(&link), &mut SoftAuthenticator::new(5)).await.session.unwrap();
    let bo = desk.person(session.reveal()).await;
    assert_eq!((bo.realm(), bo.permissions()), (Some(realm), Permissions::all().within_realm()));
    bo.list_identities(&ListRequest::default()).await.unwrap();
    assert_eq!(code(bo.enter_realm(desk.realm).await), "forbidden");
    assert_eq!(code(bo.realms(None).await), "forbidden");
    assert_eq!(code(bo.update_realm(desk.realm, 1, &realm_form("Mine")).await), "forbidden");
    assert_eq!(code(bo.delete_realm(realm).await), "forbidden");
    assert_eq!(code(bo.tenant().await), "forbidden");
    // Even where the database says that they had gone.
    let mut tx = desk.keyroll.store().write().await.unwrap();
    let sessions = tx.sessions_of(realm, &[bo.me().await.unwrap().identity], desk.keyroll.now(), desk.keyroll.now() - Span::hours(1)).await;
    tx.enter_realm(sessions.unwrap()[0].id, Some(desk.realm)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(desk.person(session.reveal()).await.realm(), Some(realm));
}

async fn who_goes_elsewhere_is_written_in_both_logs(place: Place) {
    let desk = Desk::new(&place).await;
    let realm = zurich(&desk).await.id;
    let (here, _, _) = inside(&desk, realm).await;
    let me = here.me().await.unwrap().identity;
    let added = here.create_identity(&form("bo", "Bo"), &[]).await.unwrap();
    let there = log(&desk, realm).await;
    let line = |event: &Event| (event.kind, event.by, event.actor.clone());
    // A name of the other realm, kept as it was, and an id that leads nowhere here.
    let by = EventActor::Administrator(me);
    assert_eq!(line(&there[0]), (EventKind::IdentityCreated, by, "admin".to_owned()));
    assert_eq!(line(&there[1]), (EventKind::RealmEntered, by, "admin".to_owned()));
    let home = log(&desk, desk.realm).await.remove(0);
    assert_eq!((line(&home), home.target.as_str()), ((EventKind::RealmEntered, EventActor::Identity(me), "admin".to_owned()), "Zürich"));
    let own = desk.operator().activity_of(me, None).await.unwrap().events.remove(0);
    assert_eq!(own.kind, EventKind::RealmEntered);
    let asked = EventListRequest { actor: Some(by), ..EventListRequest::default() };
    assert_eq!(desk.keyroll.operator(realm).list_events(&asked, None).await.unwrap().events.len(), 2);
    assert_eq!(here.activity_of(added.id, None).await.unwrap().events.len(), 1);
    while desk.keyroll.seal_events().await.unwrap() {}
    assert!(desk.keyroll.check_events().await.unwrap().iter().all(|report| report.broken.is_none()));
}

async fn a_realm_that_is_deleted_sends_whoever_is_in_it_back(place: Place) {
    let desk = Desk::new(&place).await;
    let realm = zurich(&desk).await.id;
    let (here, _, session) = inside(&desk, realm).await;
    here.delete_realm(realm).await.unwrap();
    assert_eq!(here.standing().await.unwrap(), Standing::Moved);
    assert_eq!(desk.person(&session).await.realm(), Some(desk.realm));
}

async fn whoever_loses_the_role_is_back_where_they_are_from(place: Place) {
    let desk = Desk::new(&place).await;
    let realm = zurich(&desk).await.id;
    let (here, _, session) = inside(&desk, realm).await;
    let me = here.me().await.unwrap().identity;
    let (_, _) = desk.enrolled("bo", 1).await;
    desk.operator().invite_administrator("bo").await.unwrap();
    let auditors =
        desk.operator().create_group(&GroupForm { display_name: "Auditors".into(), description: String::new() }).await.unwrap().id;
    desk.operator().add_members(auditors, &[me]).await.unwrap();
    desk.operator().bind_role(Role::Auditor, &[auditors]).await.unwrap();
    let draft = desk.operator().save_policy_draft(0, vec![Rule::new(Decision::Allow)]).await.unwrap();
    desk.operator().publish_policy(draft.version).await.unwrap();
    let administrators = crate::policy::administrators(&desk).await;
    desk.operator().remove_members(administrators, &[me]).await.unwrap();
    let after = desk.person(&session).await;
    assert_eq!((after.realm(), after.permissions().contains(Permission::RealmsEnter)), (Some(desk.realm), false));
    assert_eq!(here.standing().await.unwrap(), Standing::Moved);
}

async fn realms_are_paged(place: Place) {
    let desk = Desk::new(&place).await;
    let mut tx = desk.keyroll.store().write().await.unwrap();
    let tenant = tx.tenant_of(desk.realm).await.unwrap().unwrap();
    for number in 0..150 {
        let id = RealmId::from_i64(desk.realm.get() + 1 + number);
        tx.insert_realm(id, tenant, &format!("Realm {number}"), "", desk.keyroll.now()).await.unwrap();
    }
    tx.commit().await.unwrap();
    let first = desk.operator().realms(None).await.unwrap();
    assert_eq!((first.realms.len(), first.home, first.realms[0].id), (100, desk.realm, desk.realm));
    let second = desk.operator().realms(first.next).await.unwrap();
    assert_eq!((second.realms.len(), second.next), (51, None));
    assert!(first.realms.iter().chain(&second.realms).map(|realm| realm.id).is_sorted_by(|one, other| one < other));
}
