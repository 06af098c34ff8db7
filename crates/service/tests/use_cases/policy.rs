use domain::event::EventKind;
use domain::policy::{Application, Decision, Mismatch, Outcome, PasskeyKind, Rule, Which};
use domain::{GroupId, IdentityId};
use testkit::{Place, on_both};

use crate::desk::{Desk, code, refused_field};

on_both!(
    a_draft_is_published_and_decides_from_then_on,
    of_two_who_edit_the_draft_the_second_is_told,
    what_is_not_a_policy_is_refused,
    an_earlier_version_is_restored_as_a_draft,
    the_simulator_answers_as_the_door_does,
    a_draft_says_whom_it_lets_in_and_whom_it_shuts_out,
    the_rule_that_denies_has_its_own_words,
    a_published_rule_ends_sessions_at_once_in_every_process,
);

/// The group that lets into the console.
pub(crate) async fn administrators(desk: &Desk) -> GroupId {
    desk.operator().groups().await.unwrap().into_iter().find(|group| group.display_name == "Administrators").unwrap().id
}

/// Publishes these rules, as whoever sits at the machine.
pub(crate) async fn publish(desk: &Desk, rules: Vec<Rule>) -> service::Result<domain::policy::Version> {
    let desk = desk.operator();
    let version = desk.policy_desk().await?.draft.map_or(0, |draft| draft.version);
    let draft = desk.save_policy_draft(version, rules).await?;
    desk.publish_policy(draft.version).await
}

fn allow(group: GroupId) -> Rule {
    Rule { application: Some(Application::Console), groups: vec![group], ..Rule::new(Decision::Allow) }
}

async fn a_draft_is_published_and_decides_from_then_on(place: Place) {
    let desk = Desk::new(&place).await;
    let (administrator, _, _) = desk.administrator().await;
    let group = administrators(&desk).await;
    let begin = administrator.policy_desk().await.unwrap();
    assert_eq!((begin.published.number, begin.published.published_by.as_str(), begin.draft), (1, "Keyroll", None));
    assert_eq!(begin.groups[&group], "Administrators");

    let rules = vec![Rule::new(Decision::Deny), allow(group)];
    let draft = administrator.save_policy_draft(0, rules.clone()).await.unwrap();
    assert_eq!((draft.version, draft.updated_by.as_str()), (1, "admin"));
    let shown = administrator.policy_desk().await.unwrap();
    assert_eq!((shown.published, shown.draft), (begin.published, Some(draft)), "nothing is in force yet");

    let better = vec![allow(group), Rule::new(Decision::Deny)];
    let draft = administrator.save_policy_draft(1, better.clone()).await.unwrap();
    let published = administrator.publish_policy(draft.version).await.unwrap();
    assert_eq!((published.number, published.rules, published.published_by.as_str()), (2, better, "admin"));
    let shown = administrator.policy_desk().await.unwrap();
    assert_eq!((shown.published.number, shown.draft), (2, None));
    let page = administrator.policy_versions(None).await.unwrap();
    assert_eq!(page.versions.iter().map(|version| version.number).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(page.next, None);
}

async fn of_two_who_edit_the_draft_the_second_is_told(place: Place) {
    let desk = Desk::new(&place).await;
    let operator = desk.operator();
    let rules = || vec![Rule::new(Decision::Deny)];
    operator.save_policy_draft(0, rules()).await.unwrap();
    assert_eq!(code(operator.save_policy_draft(0, rules()).await), "stale");
    operator.save_policy_draft(1, rules()).await.unwrap();
    assert_eq!(code(operator.save_policy_draft(1, rules()).await), "stale");
    assert_eq!(code(operator.publish_policy(1).await), "stale");
    assert_eq!(code(operator.discard_policy_draft(1).await), "stale");
    assert_eq!(code(operator.restore_policy(1, 1).await), "stale");
    operator.discard_policy_draft(2).await.unwrap();
    assert_eq!(code(operator.publish_policy(2).await), "stale");
    assert_eq!(operator.policy_desk().await.unwrap().published.number, 1);
}

async fn what_is_not_a_policy_is_refused(place: Place) {
    let desk = Desk::new(&place).await;
    let operator = desk.operator();
    let save = async |rules: Vec<Rule>| refused_field(operator.save_policy_draft(0, rules).await);
    assert_eq!(save(vec![Rule::new(Decision::Deny); 201]).await, "rules");
    assert_eq!(save(vec![Rule { message: Some("x".repeat(301)), ..Rule::new(Decision::Deny) }]).await, "rules.0.message");
    assert_eq!(save(vec![Rule::new(Decision::Deny), allow(GroupId::from_i64(7))]).await, "rules.1.groups");
    assert_eq!(code(operator.restore_policy(9, 0).await), "not_found");
    assert_eq!(code(operator.simulate_policy(IdentityId::from_i64(7), Application::Console, Which::Published).await), "not_found");
    let identity = desk.add("bo").await;
    assert_eq!(code(operator.simulate_policy(identity.id, Application::Console, Which::Draft).await), "not_found");
    assert_eq!(code(operator.policy_impact(Application::Console).await), "not_found");
    assert_eq!(operator.policy_desk().await.unwrap().draft, None);
}

async fn an_earlier_version_is_restored_as_a_draft(place: Place) {
    let desk = Desk::new(&place).await;
    let group = administrators(&desk).await;
    publish(&desk, vec![]).await.unwrap();
    let draft = desk.operator().restore_policy(1, 0).await.unwrap();
    assert_eq!(draft.rules, [allow(group)]);
    assert_eq!(desk.operator().policy_desk().await.unwrap().published.rules, []);
    assert_eq!(desk.operator().publish_policy(draft.version).await.unwrap().number, 3);
}

async fn the_simulator_answers_as_the_door_does(place: Place) {
    let desk = Desk::new(&place).await;
    let (identity, mut authenticator) = desk.enrolled("bo", 1).await;
    let group = administrators(&desk).await;
    let ask = async |which| desk.operator().simulate_policy(identity.id, Application::Console, which).await.unwrap();
    let answers = ask(Which::Published).await;
    assert_eq!((answers.len(), answers[0].explanation.outcome), (1, Outcome::NoRule));
    assert_eq!(answers[0].explanation.skipped, [[Mismatch::Groups]]);
    assert_eq!(code(desk.sign_in("", &mut authenticator).await), "denied");

    desk.operator().invite_administrator("bo").await.unwrap();
    let bound = Rule { passkey: Some(PasskeyKind::DeviceBound), ..allow(group) };
    desk.operator()
        .save_policy_draft(0, vec![bound, Rule { message: Some("Not today.".into()), ..Rule::new(Decision::Deny) }])
        .await
        .unwrap();
    assert_eq!(ask(Which::Published).await[0].explanation.outcome, Outcome::ByRule(0, Decision::Allow));
    desk.sign_in("", &mut authenticator).await.unwrap();
    let draft = ask(Which::Draft).await.remove(0);
    assert_eq!((draft.explanation.outcome, draft.message.as_deref()), (Outcome::ByRule(1, Decision::Deny), Some("Not today.")));
    assert_eq!(draft.explanation.skipped, [[Mismatch::PasskeyKind]]);

    let nobody = desk.add("cy").await;
    let answers = desk.operator().simulate_policy(nobody.id, Application::Console, Which::Published).await.unwrap();
    assert_eq!((answers.len(), &answers[0].passkey), (1, &None));
}

async fn a_draft_says_whom_it_lets_in_and_whom_it_shuts_out(place: Place) {
    let desk = Desk::new(&place).await;
    desk.administrator().await;
    for (seed, username) in (1..).zip(["bo", "cy"]) {
        desk.enrolled(username, seed).await;
    }
    let suspended = desk.add("di").await;
    desk.operator().set_status(suspended.id, domain::identity::Status::Suspended).await.unwrap();
    let names = |people: &[domain::policy::Affected]| people.iter().map(|person| person.username.clone()).collect::<Vec<_>>();
    let impact = async |version, rules| {
        let draft = desk.operator().save_policy_draft(version, rules).await.unwrap();
        (draft.version, desk.operator().policy_impact(Application::Console).await.unwrap())
    };
    let (version, everyone) = impact(0, vec![Rule::new(Decision::Allow)]).await;
    assert_eq!((everyone.gain, everyone.lose, names(&everyone.gaining)), (2, 0, vec!["bo".to_owned(), "cy".into()]));
    let (version, nobody) = impact(version, vec![]).await;
    assert_eq!((nobody.gain, nobody.lose, names(&nobody.losing)), (0, 1, vec!["admin".to_owned()]));
    let group = administrators(&desk).await;
    let (_, same) = impact(version, vec![allow(group), Rule { groups: vec![group], ..Rule::new(Decision::Deny) }]).await;
    assert_eq!((same.gain, same.lose), (0, 0));
}

async fn the_rule_that_denies_has_its_own_words(place: Place) {
    let desk = Desk::new(&place).await;
    let (identity, mut authenticator) = desk.enrolled("bo", 1).await;
    let closed = Rule { message: Some("The console is closed on Sundays.".into()), ..Rule::new(Decision::Deny) };
    publish(&desk, vec![allow(administrators(&desk).await), closed]).await.unwrap();
    let refused = desk.sign_in("", &mut authenticator).await.unwrap_err();
    assert_eq!((refused.code(), refused.words().as_str()), ("denied", "The console is closed on Sundays."));
    let latest = desk.operator().activity_of(identity.id, None).await.unwrap().events.remove(0);
    assert_eq!((latest.kind, latest.detail["rule"].text()), (EventKind::SignInDenied, "2"));
}

async fn a_published_rule_ends_sessions_at_once_in_every_process(place: Place) {
    let desk = Desk::new(&place).await;
    desk.administrator().await;
    let (bo, mut authenticator) = desk.enrolled("bo", 1).await;
    desk.operator().invite_administrator("bo").await.unwrap();
    let session = desk.sign_in("", &mut authenticator).await.unwrap().token.reveal().to_owned();
    let other = crate::desk::process(&place, &desk.clock, 2).await;
    let holds = async || other.context_for(Some(&session), crate::desk::request()).await.unwrap().me().await.is_ok();
    assert!(holds().await);
    let group = administrators(&desk).await;
    // A rule that would leave nobody is refused, and ends nothing.
    let bound = Rule { passkey: Some(PasskeyKind::DeviceBound), ..allow(group) };
    assert_eq!(code(publish(&desk, vec![bound]).await), "conflict");
    assert!(holds().await);
    let mut tx = desk.keyroll.store().write().await.unwrap();
    let others = GroupId::from_i64(77);
    tx.insert_group(others, desk.realm, &domain::group::GroupName::parse("Others").unwrap(), "", desk.keyroll.now()).await.unwrap();
    tx.add_member(desk.realm, others, bo.id, desk.keyroll.now()).await.unwrap();
    tx.commit().await.unwrap();
    publish(&desk, vec![Rule { groups: vec![others], ..Rule::new(Decision::Deny) }, allow(group)]).await.unwrap();
    assert!(!holds().await);
}
