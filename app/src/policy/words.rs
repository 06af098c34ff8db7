//! Rules in words.

use std::collections::BTreeMap;

use domain::GroupId;
use domain::identity::Status;
use domain::policy::{Decision, Mismatch, Outcome, PasskeyKind, Rule};

pub(super) type Names = BTreeMap<GroupId, String>;

/// One condition: what is asked, and what has to be the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Condition {
    pub asked: &'static str,
    pub answer: String,
}

/// The conditions of a rule in the order in which it reads. None: everyone.
pub(super) fn conditions(rule: &Rule, names: &Names) -> Vec<Condition> {
    let mut all = Vec::new();
    let mut add = |asked, answer: String| all.push(Condition { asked, answer });
    if let Some(application) = rule.application {
        add("the application is", application.label().to_owned());
    }
    if !rule.groups.is_empty() {
        let groups = rule.groups.iter().map(|group| names.get(group).map_or("a deleted group", String::as_str));
        add("the person is in", either(&groups.collect::<Vec<_>>()));
    }
    if let Some(status) = rule.status {
        add("the identity is", status_label(status).to_lowercase());
    }
    if let Some(kind) = rule.passkey {
        add("the passkey is", kind_label(kind).to_lowercase());
    }
    if !rule.authenticators.is_empty() {
        add("the passkey is kept in", either(&rule.authenticators.iter().map(String::as_str).collect::<Vec<_>>()));
    }
    all
}

/// `A`, `A or B`, `A, B or C`.
fn either(names: &[&str]) -> String {
    match names.split_last() {
        None => String::new(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
    }
}

/// A rule as one sentence, for screen readers and for what happened.
pub(super) fn sentence(rule: &Rule, names: &Names) -> String {
    let conditions: Vec<_> = conditions(rule, names).iter().map(|condition| format!("{} {}", condition.asked, condition.answer)).collect();
    let decision = decision_label(rule.decision);
    if conditions.is_empty() {
        format!("{decision} everyone")
    } else {
        format!("If {}: {}", conditions.join(" and "), decision.to_lowercase())
    }
}

pub(super) const fn decision_label(decision: Decision) -> &'static str {
    match decision {
        Decision::Allow => "Allow",
        Decision::Deny => "Deny",
    }
}

pub(super) const fn status_label(status: Status) -> &'static str {
    match status {
        Status::Active => "Active",
        Status::Suspended => "Suspended",
    }
}

pub(super) const fn kind_label(kind: PasskeyKind) -> &'static str {
    match kind {
        PasskeyKind::Synced => "Synced",
        PasskeyKind::DeviceBound => "Bound to one device",
    }
}

/// What kept a rule from matching.
pub(super) const fn mismatch(mismatch: Mismatch) -> &'static str {
    match mismatch {
        Mismatch::Application => "it is about another application",
        Mismatch::Groups => "the person is in none of its groups",
        Mismatch::Status => "the identity has another status",
        Mismatch::PasskeyKind => "the passkey is of another kind, or there is none",
        Mismatch::Authenticator => "the passkey is kept elsewhere, or there is none",
    }
}

/// The answer, and what made it.
pub(super) fn outcome(outcome: Outcome) -> (&'static str, String) {
    match outcome {
        Outcome::ByRule(position, decision) => {
            let answer = if decision == Decision::Allow { "Allowed" } else { "Denied" };
            (answer, format!("Rule {} decides.", position + 1))
        }
        Outcome::NoRule => ("Denied", "No rule matches.".to_owned()),
        Outcome::Suspended => ("Denied", "The identity is suspended, and whoever is suspended never enters.".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::policy::Application;

    fn names() -> Names {
        [(1, "Administrators"), (2, "Support"), (3, "Berlin")].map(|(id, name)| (GroupId::from_i64(id), name.to_owned())).into()
    }

    #[test]
    fn a_rule_reads_as_a_sentence() {
        let groups = [1, 2, 3, 9].map(GroupId::from_i64).to_vec();
        let rule = Rule {
            application: Some(Application::Console),
            groups,
            status: Some(Status::Active),
            passkey: Some(PasskeyKind::DeviceBound),
            authenticators: vec!["YubiKey 5".into()],
            ..Rule::new(Decision::Allow)
        };
        let expected = "If the application is Keyroll console and the person is in Administrators, Support, Berlin or a deleted group \
            and the identity is active and the passkey is bound to one device and the passkey is kept in YubiKey 5: allow";
        assert_eq!(sentence(&rule, &names()), expected);
        assert_eq!(sentence(&Rule::new(Decision::Deny), &names()), "Deny everyone");
    }

    #[test]
    fn names_are_joined_as_one_says_them() {
        assert_eq!([either(&[]), either(&["A"]), either(&["A", "B"]), either(&["A", "B", "C"])], ["", "A", "A or B", "A, B or C"]);
    }

    #[test]
    fn rules_are_counted_from_one() {
        assert_eq!(outcome(Outcome::ByRule(0, Decision::Allow)), ("Allowed", "Rule 1 decides.".to_owned()));
        assert_eq!(outcome(Outcome::ByRule(2, Decision::Deny)).1, "Rule 3 decides.");
    }
}
