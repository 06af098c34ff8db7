//! The evaluator's properties, and how typed rules are read.

use proptest::prelude::*;

use super::*;

const NAMES: [&str; 3] = ["1Password", "YubiKey 5", "Windows Hello"];

fn kind() -> impl Strategy<Value = PasskeyKind> {
    prop_oneof![Just(PasskeyKind::Synced), Just(PasskeyKind::DeviceBound)]
}

fn status() -> impl Strategy<Value = Status> {
    prop_oneof![Just(Status::Active), Just(Status::Suspended)]
}

fn group() -> impl Strategy<Value = GroupId> {
    (1..6i64).prop_map(GroupId::from_i64)
}

fn rule() -> impl Strategy<Value = Rule> {
    let names = prop::collection::vec(prop::sample::select(&NAMES[..]).prop_map(str::to_owned), 0..3);
    let conditions = (any::<bool>(), prop::collection::vec(group(), 0..3), prop::option::of(status()), prop::option::of(kind()), names);
    (conditions, any::<bool>()).prop_map(|((any_application, groups, status, passkey, authenticators), allow)| Rule {
        application: (!any_application).then_some(Application::Console),
        groups,
        status,
        passkey,
        authenticators,
        decision: if allow { Decision::Allow } else { Decision::Deny },
        message: None,
    })
}

fn policy() -> impl Strategy<Value = Policy> {
    prop::collection::vec(rule(), 0..6).prop_map(|rules| Policy { rules })
}

/// Who asks, with everything that a request borrows.
#[derive(Debug, Clone)]
struct Person {
    status: Status,
    groups: Vec<GroupId>,
    passkey: Option<Presented>,
}

impl Person {
    fn request(&self) -> Request<'_> {
        Request { application: Application::Console, status: self.status, groups: &self.groups, passkey: self.passkey.as_ref() }
    }
}

fn person() -> impl Strategy<Value = Person> {
    let authenticator = prop::option::of(prop::sample::select(&NAMES[..]).prop_map(str::to_owned));
    let passkey = prop::option::of((kind(), authenticator).prop_map(|(kind, authenticator)| Presented { kind, authenticator }));
    (status(), prop::collection::vec(group(), 0..4), passkey).prop_map(|(status, groups, passkey)| Person { status, groups, passkey })
}

/// The evaluator said once more, condition by condition, as a reader of the rule would.
fn holds(rule: &Rule, person: &Person) -> bool {
    if rule.application.is_some_and(|application| application != Application::Console) {
        return false;
    }
    if !rule.groups.is_empty() && !person.groups.iter().any(|group| rule.groups.contains(group)) {
        return false;
    }
    if rule.status.is_some() && rule.status != Some(person.status) {
        return false;
    }
    if rule.passkey.is_some() && rule.passkey != person.passkey.as_ref().map(|passkey| passkey.kind) {
        return false;
    }
    let authenticator = person.passkey.as_ref().and_then(|passkey| passkey.authenticator.clone());
    rule.authenticators.is_empty() || authenticator.is_some_and(|name| rule.authenticators.contains(&name))
}

proptest! {
    #[test]
    fn a_suspended_person_never_enters(policy in policy(), person in person()) {
        let person = Person { status: Status::Suspended, ..person };
        prop_assert!(!policy.evaluate(&person.request()).is_allowed());
    }

    #[test]
    fn the_first_rule_whose_conditions_hold_decides(policy in policy(), person in person()) {
        let first = policy.rules.iter().position(|rule| holds(rule, &person));
        let expected = match first {
            Some(position) if policy.rules[position].decision == Decision::Deny => Outcome::ByRule(position, Decision::Deny),
            _ if person.status == Status::Suspended => Outcome::Suspended,
            Some(position) => Outcome::ByRule(position, Decision::Allow),
            None => Outcome::NoRule,
        };
        prop_assert_eq!(policy.evaluate(&person.request()), expected);
    }

    #[test]
    fn rules_after_the_one_that_decided_change_nothing(policy in policy(), more in policy(), person in person()) {
        let before = policy.evaluate(&person.request());
        if let Outcome::ByRule(..) = before {
            let longer = Policy { rules: policy.rules.into_iter().chain(more.rules).collect() };
            prop_assert_eq!(longer.evaluate(&person.request()), before);
        }
    }

    #[test]
    fn denying_more_lets_nobody_in(policy in policy(), denied in rule(), at in 0..6usize, person in person()) {
        let mut stricter = policy.clone();
        stricter.rules.insert(at.min(policy.rules.len()), Rule { decision: Decision::Deny, ..denied });
        if stricter.evaluate(&person.request()).is_allowed() {
            prop_assert!(policy.evaluate(&person.request()).is_allowed());
        }
    }

    #[test]
    fn the_explanation_names_a_reason_for_each_rule_before_the_one_that_decided(policy in policy(), person in person()) {
        let explanation = policy.explain(&person.request());
        prop_assert_eq!(explanation.outcome, policy.evaluate(&person.request()));
        let decided = policy.rules.iter().position(|rule| holds(rule, &person)).unwrap_or(policy.rules.len());
        prop_assert_eq!(explanation.skipped.len(), decided);
        prop_assert!(explanation.skipped.iter().all(|reasons| !reasons.is_empty()));
    }

    #[test]
    fn a_stranger_is_judged_by_the_rules_without_groups_alone(policy in policy(), person in person()) {
        let stranger = Person { groups: Vec::new(), ..person };
        let rules = policy.for_strangers().into_iter().cloned().collect();
        let alone = Policy { rules }.evaluate(&stranger.request());
        prop_assert_eq!(policy.evaluate(&stranger.request()).is_allowed(), alone.is_allowed());
    }

    #[test]
    fn a_comparison_holds_both_policies_in_their_order(before in policy(), after in policy()) {
        let lines = compare(&before.rules, &after.rules);
        let old: Vec<_> = lines.iter().filter_map(|line| match line { Line::Kept(rule) | Line::Left(rule) => Some((*rule).clone()), Line::Entered(_) => None }).collect();
        let new: Vec<_> = lines.iter().filter_map(|line| match line { Line::Kept(rule) | Line::Entered(rule) => Some((*rule).clone()), Line::Left(_) => None }).collect();
        prop_assert_eq!(old, before.rules);
        prop_assert_eq!(new, after.rules);
    }

    #[test]
    fn a_policy_reads_back_as_it_was_written(policy in policy()) {
        let text = serde_json::to_string(&policy).unwrap();
        prop_assert_eq!(serde_json::from_str::<Policy>(&text).unwrap(), policy);
    }
}

#[test]
fn without_rules_everyone_is_denied() {
    let person = Person { status: Status::Active, groups: vec![GroupId::from_i64(1)], passkey: None };
    assert_eq!(Policy::default().evaluate(&person.request()), Outcome::NoRule);
}

#[test]
fn a_rule_that_denies_has_its_own_words() {
    let closed = Rule { message: Some("Closed on Sundays.".into()), ..Rule::new(Decision::Deny) };
    let policy = Policy { rules: vec![closed, Rule::new(Decision::Allow)] };
    assert_eq!(policy.message(Outcome::ByRule(0, Decision::Deny)), Some("Closed on Sundays."));
    assert_eq!(policy.message(Outcome::ByRule(1, Decision::Allow)), None);
    assert_eq!(policy.message(Outcome::NoRule), None);
}

#[test]
fn rules_of_the_first_version_still_read() {
    let text = r#"{"rules":[{"application":"console","groups":["0000000000000007"],"decision":"allow"}]}"#;
    let policy: Policy = serde_json::from_str(text).unwrap();
    let expected = Rule { application: Some(Application::Console), groups: vec![GroupId::from_i64(7)], ..Rule::new(Decision::Allow) };
    assert_eq!(policy.rules, [expected]);
}

#[test]
fn typed_rules_are_brought_into_one_form() {
    let typed = Rule {
        groups: [2, 1, 2].map(GroupId::from_i64).to_vec(),
        authenticators: vec![" YubiKey 5 ".into(), String::new(), "YubiKey 5".into()],
        message: Some("  ".into()),
        ..Rule::new(Decision::Deny)
    };
    let allowed = Rule { message: Some("Never shown.".into()), ..Rule::new(Decision::Allow) };
    let rules = Policy { rules: vec![typed, allowed] }.parse().unwrap().rules;
    assert_eq!(rules[0].groups, [1, 2].map(GroupId::from_i64));
    assert_eq!(rules[0].authenticators, ["YubiKey 5"]);
    assert_eq!((&rules[0].message, &rules[1].message), (&None, &None));
}

#[test]
fn what_does_not_fit_is_refused_by_its_place() {
    let refused = |rules: Vec<Rule>| Policy { rules }.parse().unwrap_err().remove(0).field;
    let rule = || Rule::new(Decision::Deny);
    let groups = (1..=101).map(GroupId::from_i64).collect();
    assert_eq!(refused(vec![rule(); 201]), "rules");
    assert_eq!(refused(vec![rule(), Rule { groups, ..rule() }]), "rules.1.groups");
    assert_eq!(refused(vec![Rule { authenticators: vec!["x".repeat(101)], ..rule() }]), "rules.0.authenticators");
    assert_eq!(refused(vec![Rule { authenticators: vec!["x".into(); 101], ..rule() }]), "rules.0.authenticators");
    assert_eq!(refused(vec![Rule { message: Some("x".repeat(301)), ..rule() }]), "rules.0.message");
    assert_eq!(refused(vec![Rule { message: Some("a\u{202e}b".into()), ..rule() }]), "rules.0.message");
}
