//! People by what a policy can tell apart: their standing, which of the groups that its rules name they are in, and their
//! passkeys. Among millions of people there are few kinds, and the database counts them.

use domain::identity::Status;
use domain::policy::Presented;
use domain::{GroupId, IdentityId, RealmId};

use crate::access::presented;
use crate::dialect;
use crate::{Error, Result, Tx};

/// What is told apart.
#[derive(Debug, Clone, Copy)]
pub struct KindsAsked<'a> {
    pub realm: RealmId,
    /// Of these groups it is told who is in which.
    pub groups: &'a [GroupId],
    /// Whether passkeys matter.
    pub passkeys: bool,
    /// Whether those matter who are in none of the groups.
    pub strangers: bool,
}

/// People who are alike in all that is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    pub status: Status,
    pub groups: Vec<GroupId>,
    /// The active ones; none where passkeys do not matter.
    pub passkeys: Vec<Presented>,
    /// As the database writes it: a word for each thing that is known of them; empty where nothing is.
    words: String,
}

impl Kind {
    fn read(words: String) -> Result<Self> {
        let mut kind = Self { status: Status::Active, groups: Vec::new(), passkeys: Vec::new(), words: String::new() };
        for word in words.split_whitespace() {
            let (what, rest) = word.split_at_checked(1).ok_or(Error::Corrupt("kind"))?;
            match what {
                "s" => kind.status = Status::Suspended,
                "g" => kind.groups.push(GroupId::from_i64(rest.parse().map_err(|_| Error::Corrupt("kind"))?)),
                // Bound to one device, or synced.
                "b" | "y" => kind.passkeys.push(presented(&bytes(rest).ok_or(Error::Corrupt("kind"))?, what == "y")),
                _ => return Err(Error::Corrupt("kind")),
            }
        }
        Ok(Self { words, ..kind })
    }
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    let pairs = (0..digits.len()).step_by(2);
    pairs.map(|at| digits.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok())).collect()
}

impl Tx {
    /// How many people there are of each kind.
    pub async fn count_kinds(&mut self, asked: &KindsAsked<'_>) -> Result<Vec<(Kind, u64)>> {
        let sql = self.by_kind(asked, "SELECT words, count(*) FROM people GROUP BY words");
        let groups = dialect::ids(asked.groups.iter().map(|group| group.get()));
        let rows = fetch_all!(self, (String, i64), sqlx::AssertSqlSafe(sql.as_str()), groups.as_str(), asked.realm.get());
        let mut kinds =
            rows.into_iter().map(|(words, count)| Ok((Kind::read(words)?, count.unsigned_abs()))).collect::<Result<Vec<_>>>()?;
        if asked.strangers {
            let sql = "SELECT count(*) FROM identities WHERE realm_id = $1";
            let everybody = fetch_one!(self, (i64,), sql, asked.realm.get()).0.unsigned_abs();
            let known: u64 = kinds.iter().map(|(_, count)| count).sum();
            kinds.push((Kind::read(String::new())?, everybody.saturating_sub(known)));
        }
        Ok(kinds)
    }

    /// People of these kinds, not more than `limit`: in the order of their ids, those of whom nothing is known last.
    pub async fn people_of_kinds(&mut self, asked: &KindsAsked<'_>, kinds: &[&Kind], limit: u32) -> Result<Vec<IdentityId>> {
        let words = serde_json::to_string(&kinds.iter().map(|kind| &kind.words).collect::<Vec<_>>()).map_err(|_| Error::Corrupt("kind"))?;
        let among = dialect::among_texts(self, "$3");
        let sql = format!("SELECT identity_id FROM people WHERE words IN ({among}) ORDER BY identity_id LIMIT $4");
        let sql = self.by_kind(asked, &sql);
        let groups = dialect::ids(asked.groups.iter().map(|group| group.get()));
        let sql = sqlx::AssertSqlSafe(sql.as_str());
        let mut rows = fetch_all!(self, (i64,), sql, groups.as_str(), asked.realm.get(), words.as_str(), i64::from(limit));
        let missing = i64::from(limit) - i64::try_from(rows.len()).unwrap_or(0);
        if missing > 0 && kinds.iter().any(|kind| kind.words.is_empty()) {
            let sql = self.by_kind(
                asked,
                "SELECT id FROM identities i WHERE realm_id = $2 AND NOT EXISTS (SELECT 1 FROM words w WHERE w.identity_id = i.id) \
                 ORDER BY id LIMIT $3",
            );
            rows.extend(fetch_all!(self, (i64,), sqlx::AssertSqlSafe(sql.as_str()), groups.as_str(), asked.realm.get(), missing));
        }
        Ok(rows.into_iter().map(|(id,)| IdentityId::from_i64(id)).collect())
    }

    /// The statement with tables before it: `words` with a row for each thing that is known of somebody, and `people` with
    /// all of them together. Groups are bound as `$1`, the realm as `$2`.
    fn by_kind(&mut self, asked: &KindsAsked<'_>, sql: &str) -> String {
        let members = "SELECT identity_id FROM group_members WHERE group_id IN (SELECT id FROM among)";
        let passkeys = match (asked.passkeys, asked.strangers) {
            (false, _) => String::new(),
            (true, strangers) => {
                let aaguid = dialect::hex(self, "aaguid");
                let of = if strangers { String::new() } else { format!(" AND identity_id IN ({members})") };
                format!(
                    " UNION ALL SELECT identity_id, CASE WHEN backup_eligible THEN 'y' ELSE 'b' END || {aaguid} \
                     FROM passkeys WHERE realm_id = $2 AND state = 'ACTIVE'{of}"
                )
            }
        };
        let sql = format!(
            ", words (identity_id, word) AS (\
             SELECT identity_id, 'g' || CAST(group_id AS TEXT) FROM group_members WHERE group_id IN (SELECT id FROM among){passkeys} \
             UNION ALL SELECT id, 's' FROM identities WHERE realm_id = $2 AND status = 'suspended'), \
             people (identity_id, words) AS (SELECT identity_id, string_agg(word, ' ' ORDER BY word) FROM words GROUP BY identity_id) {sql}"
        );
        dialect::among(self, &sql)
    }
}
