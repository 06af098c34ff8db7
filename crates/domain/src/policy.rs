//! Policy: the ordered rules that say who may enter which application.
//!
//! The first rule that matches decides; where none matches, the answer is no. Whatever the rules say, a suspended
//! person never enters.

mod compare;
mod parse;
mod shown;
#[cfg(test)]
mod tests;

pub use compare::{Line, compare};
pub use parse::{MOST_GROUPS, MOST_RULES};
pub use shown::{Affected, Answer, Draft, Impact, PolicyDesk, Version, VersionPage, Which};

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

spelled!(Decision { Allow = "allow", Deny = "deny" });

/// Whether a passkey may be copied to the person's other devices (WebAuthn's backup eligibility).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasskeyKind {
    Synced,
    DeviceBound,
}

spelled!(PasskeyKind { Synced = "synced", DeviceBound = "device_bound" });

impl PasskeyKind {
    #[must_use]
    pub const fn of(backup_eligible: bool) -> Self {
        if backup_eligible { Self::Synced } else { Self::DeviceBound }
    }
}

/// IF every condition holds THEN allow or deny. A condition that is absent or empty holds for everyone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub application: Option<Application>,
    /// Members of at least one.
    pub groups: Vec<GroupId>,
    #[serde(default)]
    pub status: Option<Status>,
    #[serde(default)]
    pub passkey: Option<PasskeyKind>,
    /// The passkey's authenticator is one of these products, by the name that its AAGUID stands for.
    #[serde(default)]
    pub authenticators: Vec<String>,
    pub decision: Decision,
    /// What the person is told instead of the usual words, where the rule denies.
    #[serde(default)]
    pub message: Option<String>,
}

impl Rule {
    /// A rule without conditions.
    #[must_use]
    pub const fn new(decision: Decision) -> Self {
        Self { application: None, groups: Vec::new(), status: None, passkey: None, authenticators: Vec::new(), decision, message: None }
    }
}

/// The rules in their order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    pub rules: Vec<Rule>,
}

/// The passkey that somebody asks with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presented {
    pub kind: PasskeyKind,
    /// The product that its AAGUID stands for, where it tells.
    pub authenticator: Option<String>,
}

/// Who asks to enter what.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    pub application: Application,
    pub status: Status,
    pub groups: &'a [GroupId],
    /// `None` for somebody who has no passkey yet: conditions on passkeys do not hold for them.
    pub passkey: Option<&'a Presented>,
}

/// The decision and what made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// The rule at this position, counted from 0, decided.
    ByRule(usize, Decision),
    /// No rule matched: denied.
    NoRule,
    /// The person is suspended, and no rule had denied them already.
    Suspended,
}

impl Outcome {
    #[must_use]
    pub const fn is_allowed(self) -> bool {
        matches!(self, Self::ByRule(_, Decision::Allow))
    }

    /// The position of the rule that decided.
    #[must_use]
    pub const fn rule(self) -> Option<usize> {
        if let Self::ByRule(position, _) = self { Some(position) } else { None }
    }
}

/// A condition that did not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mismatch {
    /// Another application was asked for.
    Application,
    /// In none of the groups.
    Groups,
    Status,
    PasskeyKind,
    Authenticator,
}

/// Why the answer is what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    pub outcome: Outcome,
    /// For each rule before the one that decided, in order: what kept it from matching.
    pub skipped: Vec<Vec<Mismatch>>,
}

impl Rule {
    /// The conditions that do not hold, in the order in which a rule reads; none of them: the rule matches.
    fn mismatches(&self, request: &Request<'_>) -> impl Iterator<Item = Mismatch> {
        let presented = request.passkey;
        let application = self.application.is_none_or(|application| application == request.application);
        let groups = self.groups.is_empty() || self.groups.iter().any(|group| request.groups.contains(group));
        let status = self.status.is_none_or(|status| status == request.status);
        let kind = self.passkey.is_none_or(|kind| presented.is_some_and(|presented| presented.kind == kind));
        let authenticator = presented.and_then(|presented| presented.authenticator.as_ref());
        let authenticator = self.authenticators.is_empty() || authenticator.is_some_and(|name| self.authenticators.contains(name));
        [
            (application, Mismatch::Application),
            (groups, Mismatch::Groups),
            (status, Mismatch::Status),
            (kind, Mismatch::PasskeyKind),
            (authenticator, Mismatch::Authenticator),
        ]
        .into_iter()
        .filter_map(|(holds, mismatch)| (!holds).then_some(mismatch))
    }

    fn matches(&self, request: &Request<'_>) -> bool {
        self.mismatches(request).next().is_none()
    }
}

impl Policy {
    /// Asks the rules in their order; pure, so that a simulator and a sign-in get the same answer.
    #[must_use]
    pub fn evaluate(&self, request: &Request<'_>) -> Outcome {
        let first = self.rules.iter().enumerate().find(|(_, rule)| rule.matches(request));
        match first {
            Some((position, Rule { decision: Decision::Deny, .. })) => Outcome::ByRule(position, Decision::Deny),
            _ if request.status == Status::Suspended => Outcome::Suspended,
            Some((position, _)) => Outcome::ByRule(position, Decision::Allow),
            None => Outcome::NoRule,
        }
    }

    /// The same answer, with what kept the rules before the deciding one from matching.
    #[must_use]
    pub fn explain(&self, request: &Request<'_>) -> Explanation {
        let skipped = self.rules.iter().map(|rule| rule.mismatches(request).collect::<Vec<_>>()).take_while(|rule| !rule.is_empty());
        Explanation { outcome: self.evaluate(request), skipped: skipped.collect() }
    }

    /// What the rule that denied wants the person to be told.
    #[must_use]
    pub fn message(&self, outcome: Outcome) -> Option<&str> {
        self.rules.get(outcome.rule()?)?.message.as_deref()
    }

    /// The rules that can match somebody who is in none of the groups that any rule names.
    #[must_use]
    pub fn for_strangers(&self) -> Vec<&Rule> {
        self.rules.iter().filter(|rule| rule.groups.is_empty()).collect()
    }

    /// Whether any rule asks with which passkey somebody comes.
    #[must_use]
    pub fn asks_for_passkeys(&self) -> bool {
        self.rules.iter().any(|rule| rule.passkey.is_some() || !rule.authenticators.is_empty())
    }

    /// Every group that a rule names, each once.
    #[must_use]
    pub fn groups(&self) -> Vec<GroupId> {
        let mut groups: Vec<_> = self.rules.iter().flat_map(|rule| rule.groups.iter().copied()).collect();
        groups.sort_unstable();
        groups.dedup();
        groups
    }
}
