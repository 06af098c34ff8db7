use domain::group::GroupForm;
use domain::listing::GroupListRequest;
use domain::policy::{Decision, Rule};
use domain::role::Role;
use domain::{GroupId, IdentityId};
use testkit::{Place, on_both};

use crate::desk::{Desk, code, refused_field};
use crate::policy::{administrators, publish};

on_both!(
    a_group_is_made_found_edited_and_deleted,
    a_name_is_taken_whatever_its_case,
    a_group_with_members_goes_only_with_their_memberships,
    what_the_door_asks_about_stays,
    the_last_administrator_stays_in_their_group,
    joining_and_leaving_is_written_on_each_persons_page,
    one_to_a_thousand_join_at_once,
    where_somebody_is_gone_nobody_joins_or_leaves,
);

fn form(name: &str) -> GroupForm {
    GroupForm { display_name: name.into(), description: "Words".into() }
}

async fn a_group_is_made_found_edited_and_deleted(place: Place) {
    let desk = Desk::new(&place).await;
    let operator = desk.operator();
    let group = operator.create_group(&form("Bérlin Ost")).await.unwrap();
    let found = operator.list_groups(&GroupListRequest { search: " ost ERLIN".into(), after: None }).await.unwrap();
    assert_eq!((found.groups, found.next), (vec![group.clone()], None));
    let edited = operator.update_group(group.id, group.version, &form("Bremen")).await.unwrap();
    assert_eq!((edited.display_name.as_str(), edited.version), ("Bremen", 2));
    assert_eq!(code(operator.update_group(group.id, group.version, &form("Bonn")).await), "stale");
    operator.delete_group(group.id, false).await.unwrap();
    assert_eq!(code(operator.group(group.id).await), "not_found");
    for after in ["!", "AA", "/w"] {
        assert_eq!(
            refused_field(operator.list_groups(&GroupListRequest { search: String::new(), after: Some(after.into()) }).await),
            "after"
        );
    }
    // Where nothing is left to search for, it is no search.
    let everything = operator.list_groups(&GroupListRequest { search: " \0".into(), after: None }).await.unwrap();
    assert_eq!(everything, operator.list_groups(&GroupListRequest::default()).await.unwrap());
}

async fn a_name_is_taken_whatever_its_case(place: Place) {
    let desk = Desk::new(&place).await;
    let group = desk.operator().create_group(&form("Straße")).await.unwrap();
    assert_eq!(refused_field(desk.operator().create_group(&form("STRASSE")).await), "display_name");
    assert_eq!(refused_field(desk.operator().create_group(&form("")).await), "display_name");
    let other = desk.operator().create_group(&form("Weg")).await.unwrap();
    assert_eq!(refused_field(desk.operator().update_group(other.id, 1, &form("strasse")).await), "display_name");
    desk.operator().update_group(group.id, 1, &form("STRASSE")).await.unwrap();
}

async fn a_group_with_members_goes_only_with_their_memberships(place: Place) {
    let desk = Desk::new(&place).await;
    let person = desk.add("zoe").await;
    let group = desk.operator().create_group(&form("Berlin")).await.unwrap();
    assert_eq!(desk.operator().add_members(group.id, &[person.id]).await.unwrap(), 1);
    let refused = desk.operator().delete_group(group.id, false).await.unwrap_err();
    assert_eq!((refused.code(), refused.status()), ("conflict", 409));
    assert!(refused.words().starts_with("This group has 1 member,"), "{}", refused.words());
    let other = desk.add("bo").await;
    desk.operator().add_members(group.id, &[other.id]).await.unwrap();
    assert!(desk.operator().delete_group(group.id, false).await.unwrap_err().words().starts_with("This group has 2 members,"));
    assert_eq!(desk.operator().identity(person.id).await.unwrap().groups, 1);
    desk.operator().delete_group(group.id, true).await.unwrap();
    assert_eq!(desk.operator().identity(person.id).await.unwrap().groups, 0);
}

async fn what_the_door_asks_about_stays(place: Place) {
    let desk = Desk::new(&place).await;
    let operator = desk.operator();
    let first = administrators(&desk).await;
    assert_eq!(code(operator.delete_group(first, true).await), "conflict");
    assert_eq!(refused_field(operator.update_group(first, 1, &form("Bosses")).await), "display_name");
    operator.update_group(first, 1, &form("ADMINISTRATORS")).await.unwrap();

    let group = operator.create_group(&form("Berlin")).await.unwrap().id;
    let rule = || Rule { groups: vec![group], ..Rule::new(Decision::Allow) };
    let draft = operator.save_policy_draft(0, vec![rule()]).await.unwrap();
    assert_eq!(code(operator.delete_group(group, false).await), "conflict");
    operator.publish_policy(draft.version).await.unwrap();
    assert_eq!(code(operator.delete_group(group, false).await), "conflict");
    publish(&desk, vec![]).await.unwrap();
    operator.bind_role(Role::Auditor, &[group]).await.unwrap();
    assert_eq!(code(operator.delete_group(group, false).await), "conflict");
    operator.bind_role(Role::Auditor, &[]).await.unwrap();
    operator.delete_group(group, false).await.unwrap();
}

async fn the_last_administrator_stays_in_their_group(place: Place) {
    let desk = Desk::new(&place).await;
    let (administrator, _, _) = desk.administrator().await;
    let me = administrator.me().await.unwrap().identity;
    let group = administrators(&desk).await;
    assert_eq!(code(desk.operator().remove_members(group, &[me]).await), "conflict");
    assert!(administrator.still_holds().await.unwrap());
    desk.enrolled("bo", 1).await;
    desk.operator().invite_administrator("bo").await.unwrap();
    assert_eq!(desk.operator().remove_members(group, &[me]).await.unwrap(), 1);
    assert!(!administrator.still_holds().await.unwrap(), "whoever leaves the group is signed out at once");
}

async fn joining_and_leaving_is_written_on_each_persons_page(place: Place) {
    let desk = Desk::new(&place).await;
    let (zoe, bo) = (desk.add("zoe").await, desk.add("bo").await);
    let group = desk.operator().create_group(&form("Berlin")).await.unwrap().id;
    assert_eq!(desk.operator().add_members(group, &[zoe.id, bo.id]).await.unwrap(), 2);
    assert_eq!(desk.operator().add_members(group, &[zoe.id]).await.unwrap(), 0);
    assert_eq!(desk.operator().remove_members(group, &[bo.id]).await.unwrap(), 1);
    assert_eq!(desk.kinds(&zoe).await, ["identity.created", "group.member_added"]);
    assert_eq!(desk.kinds(&bo).await, ["identity.created", "group.member_added", "group.member_removed"]);
    assert_eq!(desk.operator().group(group).await.unwrap().members, 1);
}

async fn one_to_a_thousand_join_at_once(place: Place) {
    let desk = Desk::new(&place).await;
    let operator = desk.operator();
    let group = operator.create_group(&form("Berlin")).await.unwrap().id;
    let people: Vec<_> = (1..=1_001).map(IdentityId::from_i64).collect();
    for wrong in [&people[..], &[]] {
        assert_eq!(refused_field(operator.add_members(group, wrong).await), "people");
        assert_eq!(refused_field(operator.remove_members(group, wrong).await), "people");
    }
    assert_eq!(code(operator.add_members(group, &people[..1_000]).await), "people_gone");
}

async fn where_somebody_is_gone_nobody_joins_or_leaves(place: Place) {
    let desk = Desk::new(&place).await;
    let operator = desk.operator();
    let (zoe, bo) = (desk.add("zoe").await, desk.add("bo").await);
    let group = operator.create_group(&form("Berlin")).await.unwrap().id;
    operator.add_members(group, &[zoe.id]).await.unwrap();
    let gone = IdentityId::from_i64;
    let refused = operator.add_members(group, &[bo.id, gone(7), gone(8)]).await.unwrap_err();
    assert_eq!((refused.code(), refused.status()), ("people_gone", 404));
    assert!(refused.words().starts_with("2 of these people are no longer"), "{}", refused.words());
    let refused = operator.remove_members(group, &[zoe.id, gone(7)]).await.unwrap_err();
    assert!(refused.words().starts_with("One of these people is no longer"), "{}", refused.words());
    assert_eq!(operator.group(group).await.unwrap().members, 1);
    assert_eq!(desk.kinds(&bo).await, ["identity.created"]);
    // Who is in already stays in, and who is not in need not leave.
    assert_eq!(operator.add_members(group, &[zoe.id, bo.id, bo.id]).await.unwrap(), 1);
    assert_eq!(operator.remove_members(group, &[bo.id]).await.unwrap(), 1);
    assert_eq!(operator.remove_members(group, &[zoe.id, bo.id]).await.unwrap(), 1);
    assert_eq!(code(operator.add_members(GroupId::from_i64(7), &[zoe.id]).await), "not_found");
    assert_eq!(code(operator.remove_members(GroupId::from_i64(7), &[zoe.id]).await), "not_found");
}
