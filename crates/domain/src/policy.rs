//! Policy: the ordered rules that say who may enter which application.
//!
//! The first rule that matches decides; where none matches, the answer is no. A suspended person never enters.

use serde::{Deserialize, Serialize};

use crate::GroupId;
use crate::identity::{Status, spelled};

/// What can be entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Application {
    /// The administrators' console.
    Console,
}

spelled!(Application { Console = "console" });

impl Application {
    /// The name on screen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Console => "Keyroll console",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    Allow,
    Deny,
}

/// IF the application is … AND the person is in one of … THEN allow or deny.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Any application where absent.
    pub application: Option<Application>,
    /// Everyone where empty; otherwise members of at least one.
    pub groups: Vec<GroupId>,
    pub decision: Decision,
}

/// The rules in their order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    pub rules: Vec<Rule>,
}

/// Who asks to enter what.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    pub application: Application,
    pub status: Status,
    pub groups: &'a [GroupId],
}

/// The decision and what made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The rule at this position, counted from 0, decided.
    ByRule(usize, Decision),
    /// No rule matched: denied.
    NoRule,
    /// The person is suspended: denied before any rule is asked.
    Suspended,
}

impl Outcome {
    #[must_use]
    pub const fn is_allowed(self) -> bool {
        matches!(self, Self::ByRule(_, Decision::Allow))
    }
}

impl Rule {
    fn matches(&self, request: &Request<'_>) -> bool {
        self.application.is_none_or(|application| application == request.application)
            && (self.groups.is_empty() || self.groups.iter().any(|group| request.groups.contains(group)))
    }
}

impl Policy {
    /// Asks the rules in their order; pure, so that a simulator and a sign-in get the same answer.
    #[must_use]
    pub fn evaluate(&self, request: &Request<'_>) -> Outcome {
        if request.status == Status::Suspended {
            return Outcome::Suspended;
        }
        let first = self.rules.iter().enumerate().find(|(_, rule)| rule.matches(request));
        first.map_or(Outcome::NoRule, |(position, rule)| Outcome::ByRule(position, rule.decision))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rules() -> impl Strategy<Value = Policy> {
        let group = (1..6i64).prop_map(GroupId::from_i64);
        let rule = (any::<bool>(), prop::collection::vec(group, 0..3), any::<bool>()).prop_map(|(any_application, groups, allow)| Rule {
            application: (!any_application).then_some(Application::Console),
            groups,
            decision: if allow { Decision::Allow } else { Decision::Deny },
        });
        prop::collection::vec(rule, 0..6).prop_map(|rules| Policy { rules })
    }

    fn members() -> impl Strategy<Value = Vec<GroupId>> {
        prop::collection::vec((1..6i64).prop_map(GroupId::from_i64), 0..4)
    }

    fn ask(policy: &Policy, groups: &[GroupId], status: Status) -> Outcome {
        policy.evaluate(&Request { application: Application::Console, status, groups })
    }

    proptest! {
        #[test]
        fn a_suspended_person_never_enters(policy in rules(), groups in members()) {
            prop_assert_eq!(ask(&policy, &groups, Status::Suspended), Outcome::Suspended);
        }

        #[test]
        fn the_rule_that_decided_matches_and_none_before_it_does(policy in rules(), groups in members()) {
            let request = Request { application: Application::Console, status: Status::Active, groups: &groups };
            match policy.evaluate(&request) {
                Outcome::ByRule(position, decision) => {
                    prop_assert_eq!(policy.rules[position].decision, decision);
                    prop_assert!(policy.rules[position].matches(&request));
                    prop_assert!(!policy.rules[..position].iter().any(|rule| rule.matches(&request)));
                }
                outcome => {
                    prop_assert_eq!(outcome, Outcome::NoRule);
                    prop_assert!(!policy.rules.iter().any(|rule| rule.matches(&request)));
                }
            }
        }

        #[test]
        fn rules_after_the_one_that_decided_change_nothing(policy in rules(), more in rules(), groups in members()) {
            let before = ask(&policy, &groups, Status::Active);
            if before != Outcome::NoRule {
                let longer = Policy { rules: policy.rules.into_iter().chain(more.rules).collect() };
                prop_assert_eq!(ask(&longer, &groups, Status::Active), before);
            }
        }
    }

    #[test]
    fn without_rules_everyone_is_denied() {
        assert_eq!(ask(&Policy::default(), &[GroupId::from_i64(1)], Status::Active), Outcome::NoRule);
    }
}
