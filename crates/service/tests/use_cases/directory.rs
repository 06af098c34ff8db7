use domain::event::Detail;
use domain::identity::Status;
use domain::{GroupId, IdentityId};
use testkit::{Place, on_both};

use crate::desk::{Desk, code, form, refused_field};

on_both!(
    a_person_is_added_with_groups_and_events,
    a_taken_username_is_told_at_its_field_however_it_is_spelled,
    every_wrong_field_is_told_at_once,
    an_edit_that_started_from_an_older_version_saves_nothing,
    an_edit_tells_what_it_changed,
    suspending_twice_is_one_event,
    deleting_takes_everything_along_and_keeps_the_log,
    nobody_suspends_or_deletes_themselves,
    what_does_not_exist_is_not_found,
);

async fn a_person_is_added_with_groups_and_events(place: Place) {
    let desk = Desk::new(&place).await;
    let group = desk.operator().groups().await.unwrap().remove(0);
    let identity = desk.operator().create_identity(&form("zoë", "Zoë Ångström"), &[group.id]).await.unwrap();
    assert_eq!((identity.groups, identity.version), (1, 1));
    assert_eq!(desk.kinds(&identity).await, ["identity.created", "group.member_added"]);
    assert_eq!(desk.operator().groups_of(identity.id).await.unwrap()[0].members, 1);
    // A group that is not there adds nobody.
    let refused = desk.operator().create_identity(&form("bo", "Bo"), &[group.id, GroupId::from_i64(5)]).await;
    assert_eq!(refused_field(refused), "groups");
    desk.operator().create_identity(&form("bo", "Bo"), &[]).await.unwrap();
}

async fn a_taken_username_is_told_at_its_field_however_it_is_spelled(place: Place) {
    let desk = Desk::new(&place).await;
    desk.add("Straße").await;
    for username in ["Straße", "STRASSE", "ｓｔｒａｓｓｅ"] {
        assert_eq!(refused_field(desk.operator().create_identity(&form(username, "x"), &[]).await), "username");
    }
    let other = desk.add("other").await;
    assert_eq!(refused_field(desk.operator().update_identity(other.id, 1, &form("strasse", "x")).await), "username");
    assert_eq!(desk.operator().identity(other.id).await.unwrap(), other);
}

async fn every_wrong_field_is_told_at_once(place: Place) {
    let desk = Desk::new(&place).await;
    let mut wrong = form("", "a\u{202e}b");
    wrong.email = "nobody".into();
    let refused = desk.operator().create_identity(&wrong, &[]).await.unwrap_err();
    assert_eq!(refused.fields().iter().map(|field| field.field.as_str()).collect::<Vec<_>>(), ["display_name", "username", "email"]);
}

async fn an_edit_that_started_from_an_older_version_saves_nothing(place: Place) {
    let desk = Desk::new(&place).await;
    let identity = desk.add("ana").await;
    let first = desk.operator().update_identity(identity.id, identity.version, &form("ana", "Ana One")).await.unwrap();
    let second = desk.operator().update_identity(identity.id, identity.version, &form("ana", "Ana Two")).await;
    assert_eq!(code(second), "stale");
    assert_eq!(desk.operator().identity(identity.id).await.unwrap().display_name, "Ana One");
    desk.operator().update_identity(identity.id, first.version, &form("ana", "Ana Two")).await.unwrap();
}

async fn an_edit_tells_what_it_changed(place: Place) {
    let desk = Desk::new(&place).await;
    let identity = desk.add("ana").await;
    let mut edited = form("ana", "Ana");
    edited.email = "ana@example.org".into();
    desk.operator().update_identity(identity.id, 1, &edited).await.unwrap();
    let latest = desk.events(&identity).await.pop().unwrap();
    let detail: Vec<_> = latest.detail.iter().map(|(field, text)| (field.as_str(), text.clone())).collect();
    let expected = [("display_name", Detail::change("ana", "Ana")), ("email", Detail::change("", "ana@example.org"))];
    assert_eq!(detail, expected);
}

async fn suspending_twice_is_one_event(place: Place) {
    let desk = Desk::new(&place).await;
    let identity = desk.add("ana").await;
    for status in [Status::Suspended, Status::Suspended, Status::Active, Status::Active] {
        assert_eq!(desk.operator().set_status(identity.id, status).await.unwrap().status, status);
    }
    assert_eq!(desk.kinds(&identity).await, ["identity.created", "identity.suspended", "identity.reactivated"]);
}

async fn deleting_takes_everything_along_and_keeps_the_log(place: Place) {
    let desk = Desk::new(&place).await;
    desk.administrator().await;
    let (identity, _) = desk.enrolled("ana", 1).await;
    desk.operator().invite_administrator("ana").await.unwrap();
    desk.operator().delete_identity(identity.id).await.unwrap();
    assert_eq!(code(desk.operator().identity(identity.id).await), "not_found");
    assert_eq!(desk.operator().groups().await.unwrap()[0].members, 1);
    assert!(desk.operator().jobs(None, None).await.unwrap().jobs.iter().all(|job| job.identity != identity.id));
    assert_eq!(desk.operator().summary().await.unwrap().all(), 1);
    let events = desk.keyroll.store().read().await.unwrap().events_of(desk.realm, identity.id, None, 100).await.unwrap();
    assert_eq!(events[0].kind.as_str(), "identity.deleted");
    assert_eq!(events[0].detail["passkeys"].text(), "1");
    // The name is free again.
    desk.add("ana").await;
}

async fn nobody_suspends_or_deletes_themselves(place: Place) {
    let desk = Desk::new(&place).await;
    let (administrator, _, _) = desk.administrator().await;
    let me = administrator.me().await.unwrap().identity;
    assert_eq!(code(administrator.set_status(me, Status::Suspended).await), "conflict");
    assert_eq!(code(administrator.delete_identity(me).await), "conflict");
    administrator.me().await.unwrap();
}

async fn what_does_not_exist_is_not_found(place: Place) {
    let desk = Desk::new(&place).await;
    let (operator, nobody) = (desk.operator(), IdentityId::from_i64(42));
    assert_eq!(code(operator.identity(nobody).await), "not_found");
    assert_eq!(code(operator.update_identity(nobody, 1, &form("x", "x")).await), "not_found");
    assert_eq!(code(operator.set_status(nobody, Status::Suspended).await), "not_found");
    assert_eq!(code(operator.delete_identity(nobody).await), "not_found");
    assert_eq!(code(operator.create_link(nobody).await), "not_found");
    assert_eq!(code(operator.activity_of(nobody, None).await), "not_found");
}
