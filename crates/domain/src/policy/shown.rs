//! The policy as the console shows it: versions, the draft, and what publishing the draft would do.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Explanation, Rule};
use crate::{GroupId, IdentityId, Timestamp};

/// A published version. The highest number of a realm is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    pub number: i64,
    pub rules: Vec<Rule>,
    pub published_at: Timestamp,
    /// Who published it, by name.
    pub published_by: String,
}

/// Rules that are being worked on; a realm has at most one draft, and every administrator sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub rules: Vec<Rule>,
    /// Grows with each change; a change names the one it started from.
    pub version: i64,
    pub updated_at: Timestamp,
    pub updated_by: String,
}

/// Everything that the policy page begins with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyDesk {
    pub published: Version,
    pub draft: Option<Draft>,
    /// The names of the groups that either of them names. One that is missing has been deleted.
    pub groups: BTreeMap<GroupId, String>,
    /// The products that people's passkeys are kept in, for choosing from.
    pub authenticators: Vec<String>,
}

/// Published versions, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionPage {
    pub versions: Vec<Version>,
    /// Where to go on, if there are older ones.
    pub next: Option<i64>,
    /// The names of the groups that they name.
    pub groups: BTreeMap<GroupId, String>,
}

/// Which rules are asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    #[default]
    Published,
    Draft,
}

/// The answer to one person with one passkey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The passkey's name; `None` for somebody who has none yet.
    pub passkey: Option<String>,
    pub explanation: Explanation,
    /// What the person would be told.
    pub message: Option<String>,
}

/// Somebody whose access a draft changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Affected {
    pub id: IdentityId,
    pub display_name: String,
    pub username: String,
}

/// What publishing the draft would do to everyone.
///
/// Somebody has access where at least one of their active passkeys is let in; who has none yet is judged as they stand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Impact {
    pub gain: u64,
    pub lose: u64,
    /// Some of those who gain, in the order in which they were added.
    pub gaining: Vec<Affected>,
    pub losing: Vec<Affected>,
}
