//! What would leave no full administrator able to sign in does not happen, whatever the cause.

use domain::group::GroupForm;
use domain::identity::Status;
use domain::policy::{Decision, PasskeyKind, Rule};
use domain::role::Role;
use testkit::{Place, on_both};

use crate::desk::{Desk, code};
use crate::policy::{administrators, publish};

on_both!(
    the_last_administrators_way_in_stays,
    whoever_joins_a_group_that_is_shut_out_may_not_be_the_last,
    with_a_second_administrator_the_first_may_go,
    nobody_takes_their_own_way_in,
    two_administrators_do_not_shut_each_other_out_at_once,
    where_nobody_could_enter_nothing_is_refused,
);

async fn the_last_administrators_way_in_stays(place: Place) {
    let desk = Desk::new(&place).await;
    let (administrator, mut authenticator, _) = desk.administrator().await;
    let me = administrator.me().await.unwrap().identity;
    let operator = desk.operator();
    // A second member without a passkey cannot sign in, so does not count.
    operator.invite_administrator("bo").await.unwrap();
    let passkey = operator.passkeys_of(me).await.unwrap().remove(0).id;
    assert_eq!(code(operator.set_status(me, Status::Suspended).await), "conflict");
    assert_eq!(code(operator.delete_identity(me).await), "conflict");
    assert_eq!(code(operator.revoke_passkey(passkey, "").await), "conflict");
    assert_eq!(code(operator.bind_role(Role::Full, &[]).await), "conflict");
    for rules in
        [vec![], vec![Rule::new(Decision::Deny)], vec![Rule { passkey: Some(PasskeyKind::DeviceBound), ..Rule::new(Decision::Allow) }]]
    {
        assert_eq!(code(publish(&desk, rules).await), "conflict");
    }
    assert!(administrator.me().await.is_ok());
    desk.sign_in("admin", &mut authenticator).await.unwrap();
    let person = operator.identity(me).await.unwrap();
    assert_eq!((person.status, person.passkeys), (Status::Active, 1));
    assert_eq!(operator.policy_desk().await.unwrap().published.number, 1);
}

async fn whoever_joins_a_group_that_is_shut_out_may_not_be_the_last(place: Place) {
    let desk = Desk::new(&place).await;
    let (administrator, _, _) = desk.administrator().await;
    let me = administrator.me().await.unwrap().identity;
    let operator = desk.operator();
    let form = GroupForm { display_name: "Away".into(), description: String::new() };
    let away = operator.create_group(&form).await.unwrap().id;
    let shut = Rule { groups: vec![away], ..Rule::new(Decision::Deny) };
    let group = administrators(&desk).await;
    publish(&desk, vec![shut, Rule { groups: vec![group], ..Rule::new(Decision::Allow) }]).await.unwrap();
    let bo = desk.add("bo").await;
    assert_eq!(code(operator.add_members(away, &[bo.id, me]).await), "conflict");
    assert_eq!(operator.group(away).await.unwrap().members, 0);
    operator.add_members(away, &[bo.id]).await.unwrap();
    assert!(administrator.still_holds().await.unwrap());
}

async fn with_a_second_administrator_the_first_may_go(place: Place) {
    let desk = Desk::new(&place).await;
    let (administrator, _, _) = desk.administrator().await;
    let me = administrator.me().await.unwrap().identity;
    desk.enrolled("bo", 1).await;
    desk.operator().invite_administrator("bo").await.unwrap();
    desk.operator().delete_identity(me).await.unwrap();
    let last = desk.operator().administrators().await.unwrap();
    assert_eq!(last.able().iter().map(|person| person.username.as_str()).collect::<Vec<_>>(), ["bo"]);
    assert_eq!(code(desk.operator().delete_identity(last.people[0].id).await), "conflict");
}

async fn nobody_takes_their_own_way_in(place: Place) {
    let desk = Desk::new(&place).await;
    let (administrator, _, _) = desk.administrator().await;
    let me = administrator.me().await.unwrap().identity;
    desk.enrolled("bo", 1).await;
    desk.operator().invite_administrator("bo").await.unwrap();
    let passkey = administrator.passkeys_of(me).await.unwrap().remove(0).id;
    let words = |error: service::Error| error.words();
    assert!(words(administrator.set_status(me, Status::Suspended).await.unwrap_err()).starts_with("You cannot suspend yourself."));
    assert!(words(administrator.delete_identity(me).await.unwrap_err()).starts_with("You cannot delete yourself."));
    assert!(words(administrator.revoke_passkey(passkey, "").await.unwrap_err()).starts_with("This is your last passkey"));
    assert!(administrator.still_holds().await.unwrap());
    // Somebody else may.
    desk.operator().revoke_passkey(passkey, "").await.unwrap();
    desk.operator().delete_identity(me).await.unwrap();
}

async fn two_administrators_do_not_shut_each_other_out_at_once(place: Place) {
    let desk = Desk::new(&place).await;
    let (administrator, _, _) = desk.administrator().await;
    let first = administrator.me().await.unwrap().identity;
    let (second, _) = desk.enrolled("bo", 1).await;
    desk.operator().invite_administrator("bo").await.unwrap();
    let other = crate::desk::process(&place, &desk.clock, 2).await.operator(desk.realm);
    let operator = desk.operator();
    for round in 0..20 {
        let outcomes = tokio::join!(operator.set_status(first, Status::Suspended), other.set_status(second.id, Status::Suspended));
        assert_eq!([outcomes.0.is_ok(), outcomes.1.is_ok()].iter().filter(|won| **won).count(), 1, "round {round}: {outcomes:?}");
        assert_eq!(desk.operator().administrators().await.unwrap().able().len(), 1);
        for person in [first, second.id] {
            operator.set_status(person, Status::Active).await.unwrap();
        }
    }
}

async fn where_nobody_could_enter_nothing_is_refused(place: Place) {
    let desk = Desk::new(&place).await;
    let bo = desk.add("bo").await;
    desk.operator().set_status(bo.id, Status::Suspended).await.unwrap();
    desk.operator().delete_identity(bo.id).await.unwrap();
    publish(&desk, vec![]).await.unwrap();
    desk.operator().bind_role(Role::Full, &[administrators(&desk).await]).await.unwrap();
}
