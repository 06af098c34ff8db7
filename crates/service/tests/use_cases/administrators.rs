use domain::GroupId;
use domain::administrator::Entry;
use domain::branding::Branding;
use domain::group::GroupForm;
use domain::identity::{ProfileForm, Status};
use domain::mail::Invitees;
use domain::permission::Permission;
use domain::role::Role;
use domain::time::Span;
use service::Context;
use testkit::{Place, SoftAuthenticator, on_both};

use crate::desk::{Desk, ORIGIN, code, form, request, token};
use crate::policy::{administrators, publish};
use domain::policy::{Decision, Rule};

on_both!(
    a_role_decides_what_somebody_may_do_inside,
    nobody_gets_above_their_own_role,
    whoever_may_do_less_does_not_change_whoever_may_do_more,
    nobody_lets_somebody_into_a_role_above_their_own,
    a_link_from_before_does_not_come_along_into_a_role,
    a_link_made_in_the_same_moment_does_not_either,
    without_a_role_the_door_stays_shut,
    the_page_says_who_can_enter_and_why,
    sessions_are_ended_one_and_all,
    destructive_acts_ask_for_the_passkey_again,
    only_ones_own_passkey_confirms,
    refused_sign_ins_are_limited_and_the_rightful_person_is_not,
);

/// A person in a group with a role, signed in; everybody is let in.
pub(crate) async fn with_role(desk: &Desk, role: Role, seed: u64) -> (Context, SoftAuthenticator) {
    let username = role.as_str();
    let (identity, mut authenticator) = desk.enrolled(username, seed).await;
    let group = GroupId::from_i64(i64::try_from(seed).unwrap());
    let mut tx = desk.keyroll.store().write().await.unwrap();
    let name = domain::group::GroupName::parse(username).unwrap();
    tx.insert_group(group, desk.realm, &name, "", desk.keyroll.now()).await.unwrap();
    tx.add_member(desk.realm, group, identity.id, desk.keyroll.now()).await.unwrap();
    tx.commit().await.unwrap();
    let mut groups = vec![group];
    if role == Role::Full {
        groups.push(administrators(desk).await);
    }
    desk.operator().bind_role(role, &groups).await.unwrap();
    publish(desk, vec![Rule::new(Decision::Allow)]).await.unwrap();
    let session = desk.sign_in("", &mut authenticator).await.unwrap().token.reveal().to_owned();
    (desk.person(&session).await, authenticator)
}

async fn a_role_decides_what_somebody_may_do_inside(place: Place) {
    let desk = Desk::new(&place).await;
    let person = desk.add("zoe").await;
    let (helpdesk, _) = with_role(&desk, Role::Helpdesk, 11).await;
    let (auditor, _) = with_role(&desk, Role::Auditor, 12).await;
    assert_eq!(helpdesk.me().await.unwrap().permissions, Role::Helpdesk.permissions());
    helpdesk.create_link(person.id).await.unwrap();
    helpdesk.activity_of(person.id, None).await.unwrap();
    assert_eq!(code(helpdesk.create_identity(&form("new", "New"), &[]).await), "forbidden");
    assert_eq!(code(helpdesk.policy_desk().await), "forbidden");
    assert_eq!(code(helpdesk.administrators().await), "forbidden");
    auditor.policy_desk().await.unwrap();
    auditor.administrators().await.unwrap();
    assert_eq!(code(auditor.create_link(person.id).await), "forbidden");
    assert_eq!(code(auditor.save_policy_draft(0, vec![]).await), "forbidden");
    assert_eq!(code(auditor.bind_role(Role::Full, &[]).await), "forbidden");
}

async fn nobody_gets_above_their_own_role(place: Place) {
    let desk = Desk::new(&place).await;
    let (administrator, _, _) = desk.administrator().await;
    let above = administrator.me().await.unwrap().identity;
    let (helpdesk, _) = with_role(&desk, Role::Helpdesk, 11).await;
    let passkey = desk.operator().passkeys_of(above).await.unwrap().remove(0).id;
    assert_eq!(code(helpdesk.create_link(above).await), "forbidden");
    let version = desk.operator().identity(above).await.unwrap().version;
    let form = ProfileForm { email: "boss@example.org".into(), ..form("boss", "Boss") };
    desk.operator().update_identity(above, version, &form).await.unwrap();
    let invited = desk.operator().invite(above).await.unwrap();
    for outcome in [code(helpdesk.invite(above).await), code(helpdesk.resend(invited.id).await), code(helpdesk.open_mail(invited.id).await)]
    {
        assert_eq!(outcome, "forbidden");
    }
    let many = helpdesk.invite_many(&Invitees::These(vec![above])).await.unwrap();
    assert_eq!((many.invited, many.refused), (0, 1));
    assert_eq!(code(helpdesk.revoke_passkey(passkey, "").await), "forbidden");
    assert_eq!(desk.operator().identity(above).await.unwrap().passkeys, 1);
    // Their like, and whoever has no role, they may help.
    let (like, _) = desk.enrolled("bo", 21).await;
    helpdesk.create_link(like.id).await.unwrap();
    helpdesk.create_link(helpdesk.me().await.unwrap().identity).await.unwrap();
}

/// Somebody who may do everything but this.
fn without(desk: &Desk, missing: Permission) -> Context {
    desk.operator().limited_to(Permission::ALL.iter().copied().filter(|permission| *permission != missing).collect())
}

async fn whoever_may_do_less_does_not_change_whoever_may_do_more(place: Place) {
    let desk = Desk::new(&place).await;
    let (administrator, _, _) = desk.administrator().await;
    let above = administrator.me().await.unwrap().identity;
    // Without a second one, the lockout would refuse as well.
    desk.enrolled("bo", 1).await;
    desk.operator().invite_administrator("bo").await.unwrap();
    let before = desk.operator().identity(above).await.unwrap();
    let lesser = without(&desk, Permission::EventsRead);
    assert_eq!(code(lesser.update_identity(above, before.version, &form("boss", "Boss")).await), "forbidden");
    assert_eq!(code(lesser.set_status(above, Status::Suspended).await), "forbidden");
    assert_eq!(code(lesser.delete_identity(above).await), "forbidden");
    assert_eq!(desk.operator().identity(above).await.unwrap(), before);
    let person = desk.add("cy").await;
    lesser.update_identity(person.id, 1, &form("cyrus", "Cyrus")).await.unwrap();
    lesser.set_status(person.id, Status::Suspended).await.unwrap();
    lesser.delete_identity(person.id).await.unwrap();
}

async fn nobody_lets_somebody_into_a_role_above_their_own(place: Place) {
    let desk = Desk::new(&place).await;
    let (administrator, _, _) = desk.administrator().await;
    let above = administrator.me().await.unwrap().identity;
    let group = administrators(&desk).await;
    desk.enrolled("bo", 1).await;
    desk.operator().invite_administrator("bo").await.unwrap();
    let lesser = without(&desk, Permission::EventsRead);
    let cy = desk.add("cy").await;
    assert_eq!(code(lesser.add_members(group, &[cy.id]).await), "forbidden");
    assert_eq!(code(lesser.remove_members(group, &[above]).await), "forbidden");
    assert_eq!(code(lesser.create_identity(&form("di", "Di"), &[group]).await), "forbidden");
    assert_eq!(desk.operator().group(group).await.unwrap().members, 2);
    // A role that may do no more than they may.
    let form = GroupForm { display_name: "Desk".into(), description: String::new() };
    let helpdesk = desk.operator().create_group(&form).await.unwrap().id;
    desk.operator().bind_role(Role::Helpdesk, &[helpdesk]).await.unwrap();
    let lesser = without(&desk, Permission::PolicyUpdate);
    assert_eq!(lesser.add_members(helpdesk, &[cy.id]).await.unwrap(), 1);
    assert_eq!(lesser.remove_members(helpdesk, &[cy.id]).await.unwrap(), 1);
}

async fn a_link_from_before_does_not_come_along_into_a_role(place: Place) {
    let desk = Desk::new(&place).await;
    let (helpdesk, _) = with_role(&desk, Role::Helpdesk, 11).await;
    let (bo, cy) = (desk.add("bo").await, desk.add("cy").await);
    let (first, second) = (helpdesk.create_link(bo.id).await.unwrap(), helpdesk.create_link(cy.id).await.unwrap());
    desk.operator().add_members(administrators(&desk).await, &[bo.id]).await.unwrap();
    assert_eq!(code(desk.browser().begin_enrollment(&token(&first)).await), "link_revoked");
    // The command line lets somebody in with a link of its own.
    let di = desk.add("di").await;
    let third = helpdesk.create_link(di.id).await.unwrap();
    let own = desk.operator().invite_administrator("di").await.unwrap();
    assert_eq!(code(desk.browser().begin_enrollment(&token(&third)).await), "link_revoked");
    desk.browser().begin_enrollment(&token(&own)).await.unwrap();
    let form = GroupForm { display_name: "Berlin".into(), description: String::new() };
    let berlin = desk.operator().create_group(&form).await.unwrap().id;
    desk.operator().add_members(berlin, &[cy.id]).await.unwrap();
    desk.browser().begin_enrollment(&token(&second)).await.unwrap();
    desk.operator().bind_role(Role::Auditor, &[berlin]).await.unwrap();
    assert_eq!(code(desk.browser().begin_enrollment(&token(&second)).await), "link_revoked");
}

async fn a_link_made_in_the_same_moment_does_not_either(place: Place) {
    let desk = Desk::new(&place).await;
    let (helpdesk, _) = with_role(&desk, Role::Helpdesk, 11).await;
    let operator = crate::desk::process(&place, &desk.clock, 2).await.operator(desk.realm);
    for round in 0..20 {
        let person = desk.add(&format!("person{round}")).await.id;
        let form = GroupForm { display_name: format!("Group {round}"), description: String::new() };
        let group = operator.create_group(&form).await.unwrap().id;
        let bound = round % 2 == 0;
        if bound {
            operator.add_members(group, &[person]).await.unwrap();
        } else {
            operator.bind_role(Role::Auditor, &[group]).await.unwrap();
        }
        let promote = async {
            if bound {
                operator.bind_role(Role::Auditor, &[group]).await.unwrap();
            } else {
                operator.add_members(group, &[person]).await.unwrap();
            }
        };
        let (made, ()) = tokio::join!(helpdesk.create_link(person), promote);
        match made {
            Ok(link) => assert_eq!(code(desk.browser().begin_enrollment(&token(&link)).await), "link_revoked", "round {round}"),
            Err(error) => assert_eq!(error.code(), "forbidden", "round {round}"),
        }
    }
}

async fn without_a_role_the_door_stays_shut(place: Place) {
    let desk = Desk::new(&place).await;
    let (bo, mut authenticator) = desk.enrolled("bo", 1).await;
    publish(&desk, vec![Rule::new(Decision::Allow)]).await.unwrap();
    assert_eq!(code(desk.sign_in("", &mut authenticator).await), "denied");
    let latest = desk.operator().activity_of(bo.id, None).await.unwrap().events.remove(0);
    assert_eq!((latest.detail["rule"].text(), latest.detail["reason"].text()), ("1", "no_role"));

    // Losing the last role ends the session at once.
    let (auditor, _) = with_role(&desk, Role::Auditor, 12).await;
    assert!(auditor.still_holds().await.unwrap());
    desk.operator().bind_role(Role::Auditor, &[]).await.unwrap();
    assert!(!auditor.still_holds().await.unwrap());
}

async fn the_page_says_who_can_enter_and_why(place: Place) {
    let desk = Desk::new(&place).await;
    let (administrator, _, _) = desk.administrator().await;
    let (auditor, _) = with_role(&desk, Role::Auditor, 12).await;
    desk.operator().invite_administrator("waiting").await.unwrap();
    let suspended = desk.operator().invite_administrator("away").await.unwrap();
    desk.operator().set_status(suspended.job.identity, Status::Suspended).await.unwrap();
    let page = administrator.administrators().await.unwrap();
    let shown: Vec<_> = page.people.iter().map(|person| (person.username.as_str(), person.entry, person.roles.as_slice())).collect();
    let expected: [(&str, Entry, &[Role]); 4] = [
        ("admin", Entry::ByRule(0), &[Role::Full]),
        ("auditor", Entry::ByRule(0), &[Role::Auditor]),
        ("away", Entry::Suspended, &[Role::Full]),
        ("waiting", Entry::NoPasskey, &[Role::Full]),
    ];
    assert_eq!(shown, expected);
    let me = &page.people[0];
    assert_eq!((me.groups.as_slice(), me.passkeys.len(), me.sessions.len()), (["Administrators".to_owned()].as_slice(), 1, 1));
    assert!(me.sessions[0].current && me.sessions[0].device.contains("Chrome"));
    assert!(!page.people[1].sessions[0].current);
    assert_eq!(page.able().len(), 1);
    let bound: Vec<_> = page.bindings.iter().map(|binding| (binding.role, binding.groups.len())).collect();
    assert_eq!(bound, [(Role::Full, 1), (Role::Helpdesk, 0), (Role::Auditor, 1)]);
    drop(auditor);
}

async fn sessions_are_ended_one_and_all(place: Place) {
    let desk = Desk::new(&place).await;
    let (administrator, _, _) = desk.administrator().await;
    let (auditor, mut authenticator) = with_role(&desk, Role::Auditor, 12).await;
    let second = desk.sign_in("", &mut authenticator).await.unwrap().token.reveal().to_owned();
    let second = desk.person(&second).await;
    let sessions = administrator.administrators().await.unwrap().people.remove(1).sessions;
    assert_eq!(sessions.len(), 2);
    administrator.end_session(sessions[0].id).await.unwrap();
    assert_eq!(code(administrator.end_session(sessions[0].id).await), "not_found");
    assert_eq!([auditor.still_holds().await.unwrap(), second.still_holds().await.unwrap()].iter().filter(|holds| **holds).count(), 1);
    let identity = auditor.me().await.unwrap().identity;
    assert_eq!(administrator.end_sessions_of(identity).await.unwrap(), 1);
    assert_eq!(administrator.end_sessions_of(identity).await.unwrap(), 0);
    assert!(!auditor.still_holds().await.unwrap() && !second.still_holds().await.unwrap());
    assert!(administrator.still_holds().await.unwrap());
}

/// Answers a ceremony with the passkey.
pub(crate) async fn confirm(desk: &Desk, context: &Context, authenticator: &mut SoftAuthenticator) -> service::Result<()> {
    let ceremony = desk.browser().begin_sign_in().await.unwrap();
    let options = serde_json::from_str(&ceremony.options).unwrap();
    let answer = authenticator.get(&options, ORIGIN).unwrap().to_string();
    context.confirm(&ceremony.id, &answer).await
}

async fn destructive_acts_ask_for_the_passkey_again(place: Place) {
    let desk = Desk::new(&place).await;
    let (_, mut authenticator, session) = desk.administrator().await;
    let (person, _) = desk.enrolled("zoe", 1).await;
    let passkey = desk.operator().passkeys_of(person.id).await.unwrap().remove(0).id;
    let job = desk.operator().create_link(person.id).await.unwrap().job.id;
    let draft = desk.operator().save_policy_draft(0, vec![Rule::new(Decision::Allow)]).await.unwrap();
    let branding = desk.operator().save_branding_draft(0, Branding::of("Example")).await.unwrap();
    let group = desk.operator().create_group(&GroupForm { display_name: "Berlin".into(), description: String::new() }).await.unwrap().id;
    desk.clock.advance(Span::minutes(9));
    desk.person(&session).await.touch_session().await.unwrap();
    desk.clock.advance(Span::minutes(1));
    let context = desk.person(&session).await;
    assert_eq!(code(context.delete_identity(person.id).await), "touch_needed");
    assert_eq!(code(context.revoke_passkey(passkey, "").await), "touch_needed");
    assert_eq!(code(context.revoke_job(job).await), "touch_needed");
    assert_eq!(code(context.publish_policy(draft.version).await), "touch_needed");
    assert_eq!(code(context.bind_role(Role::Auditor, &[]).await), "touch_needed");
    assert_eq!(code(context.publish_branding(branding.version).await), "touch_needed");
    assert_eq!(code(context.delete_group(group, true).await), "touch_needed");
    assert_eq!(code(context.may_export_events()), "touch_needed");
    assert_eq!(desk.operator().identity(person.id).await.unwrap().passkeys, 1);

    confirm(&desk, &context, &mut authenticator).await.unwrap();
    let context = desk.person(&session).await;
    context.revoke_job(job).await.unwrap();
    context.revoke_passkey(passkey, "").await.unwrap();
    context.publish_policy(draft.version).await.unwrap();
    context.bind_role(Role::Auditor, &[]).await.unwrap();
    context.publish_branding(branding.version).await.unwrap();
    context.delete_group(group, true).await.unwrap();
    context.may_export_events().unwrap();
    context.delete_identity(person.id).await.unwrap();
}

async fn only_ones_own_passkey_confirms(place: Place) {
    let desk = Desk::new(&place).await;
    let (context, mut own, _) = desk.administrator().await;
    let (_, mut others) = desk.enrolled("bo", 1).await;
    assert_eq!(code(confirm(&desk, &context, &mut others).await), "sign_in_refused");
    assert_eq!(code(confirm(&desk, &desk.browser(), &mut own).await), "signed_out");
    assert_eq!(code(context.confirm("x", "{}").await), "ceremony_over");
    confirm(&desk, &context, &mut own).await.unwrap();
}

async fn refused_sign_ins_are_limited_and_the_rightful_person_is_not(place: Place) {
    let desk = Desk::new(&place).await;
    let (context, mut authenticator, _) = desk.administrator().await;
    let me = context.me().await.unwrap().identity;
    let written = async || desk.operator().activity_of(me, None).await.unwrap().events.len();
    let mut refused = Vec::new();
    let before = written().await;
    for _ in 0..12 {
        refused.push(code(desk.sign_in("somebody.else", &mut authenticator).await));
    }
    assert_eq!(refused[..10], ["sign_in_refused"; 10]);
    assert_eq!(refused[10..], ["too_many"; 2]);
    assert_eq!(written().await, before + 10);
    desk.sign_in("", &mut authenticator).await.unwrap();

    // From one address no more than a few hundred at once, and then one a second.
    let mut tries = 0;
    let limited = loop {
        match desk.keyroll.anonymous(request()).begin_sign_in().await {
            Ok(_) => tries += 1,
            Err(error) => break error,
        }
    };
    assert!((50..200).contains(&tries), "{tries}");
    assert_eq!((limited.code(), limited.status(), limited.retry_after()), ("too_many", 429, Some(1)));
    let elsewhere = service::RequestInfo { address: "198.51.100.9".into(), ..request() };
    desk.keyroll.anonymous(elsewhere).begin_sign_in().await.unwrap();
    desk.clock.advance(Span::seconds(1));
    desk.keyroll.anonymous(request()).begin_sign_in().await.unwrap();
    // Whatever the address has used up, a session that is open goes on.
    assert!(context.identity(me).await.is_ok());
}
