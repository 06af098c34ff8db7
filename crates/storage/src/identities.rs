//! Identities: one at a time. Lists and search are in `identity_list`.

use std::collections::BTreeMap;

use domain::fold;
use domain::identity::{EmailAddress, EnrollmentStatus, Profile, Source, Status};
use domain::record::{Identity, Summary};
use domain::{IdentityId, RealmId, Timestamp};

use crate::dialect::{self, Lock};
use crate::{Error, Result, Store, Tx};

/// An identity about to be inserted.
#[derive(Debug, Clone)]
pub struct NewIdentity {
    pub id: IdentityId,
    pub realm: RealmId,
    pub profile: Profile,
    pub source: Source,
    pub at: Timestamp,
}

/// Of a row, in `identities i`.
pub(crate) const COLUMNS: &str = "i.id, i.display_name, i.username, i.email, i.external_id, i.traits, i.status, i.enrollment_status, \
    i.source, i.passkey_count, i.group_count, i.version, i.created_at, i.updated_at";

#[derive(sqlx::FromRow)]
pub(crate) struct Row {
    id: i64,
    display_name: String,
    username: String,
    email: Option<String>,
    external_id: Option<String>,
    traits: String,
    status: String,
    enrollment_status: String,
    source: String,
    passkey_count: i64,
    group_count: i64,
    version: i64,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<Row> for Identity {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: IdentityId::from_i64(row.id),
            display_name: row.display_name,
            username: row.username,
            email: row.email,
            external_id: row.external_id,
            traits: serde_json::from_str(&row.traits).map_err(|_| Error::Corrupt("identity traits"))?,
            status: Status::read(&row.status).ok_or(Error::Corrupt("identity status"))?,
            enrollment: EnrollmentStatus::read(&row.enrollment_status).ok_or(Error::Corrupt("enrollment status"))?,
            source: Source::read(&row.source).ok_or(Error::Corrupt("identity source"))?,
            passkeys: u32::try_from(row.passkey_count).unwrap_or(0),
            groups: u32::try_from(row.group_count).unwrap_or(0),
            version: row.version,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
        })
    }
}

/// Sets both kept columns from what they stand for.
const REFRESH_ENROLLMENT: &str = "UPDATE identities SET \
    passkey_count = (SELECT count(*) FROM passkeys p WHERE p.identity_id = identities.id AND p.state = 'ACTIVE'), \
    enrollment_status = CASE \
        WHEN EXISTS (SELECT 1 FROM passkeys p WHERE p.identity_id = identities.id AND p.state = 'ACTIVE') THEN 'ENROLLED' \
        WHEN EXISTS (SELECT 1 FROM binding_jobs j WHERE j.identity_id = identities.id AND j.state IN ('LINK_SENT', 'LINK_OPENED', 'REQUEST_DELIVERED')) THEN 'PENDING' \
        WHEN (SELECT j.state FROM binding_jobs j WHERE j.identity_id = identities.id ORDER BY j.id DESC LIMIT 1) = 'FAILED_TO_SEND' THEN 'INVITE_FAILED' \
        ELSE 'UNENROLLED' END \
    WHERE id = $1";

pub(crate) fn traits_json(traits: &BTreeMap<String, String>) -> Result<String> {
    serde_json::to_string(traits).map_err(|_| Error::Corrupt("identity traits"))
}

/// Names and addresses that are folded in one transaction.
const FOLDED: i64 = 1_000;

impl Tx {
    /// A taken username is [`Error::Taken`] of `username`.
    pub async fn insert_identity(&mut self, new: &NewIdentity) -> Result<()> {
        let sql = "INSERT INTO identities (id, realm_id, display_name, username, username_key, email, external_id, traits, status, \
            enrollment_status, source, passkey_count, group_count, sort_name, search_text, version, created_at, updated_at, name_key, email_key) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'active', 'UNENROLLED', $9, 0, 0, $10, $11, 1, $12, $12, $13, $14)";
        let profile = &new.profile;
        let text = profile.search_text();
        execute!(
            self,
            sql,
            new.id.get(),
            new.realm.get(),
            profile.display_name.as_str(),
            profile.username.as_str(),
            profile.username.key(),
            profile.email.as_ref().map(|e| e.as_str().to_owned()),
            profile.external_id.clone(),
            traits_json(&profile.traits)?,
            new.source.as_str(),
            profile.sort_name(),
            text.as_str(),
            new.at.micros(),
            profile.display_name.key(),
            profile.email.as_ref().map(EmailAddress::key)
        );
        dialect::index(self, new.realm, new.id, &fold::index_terms(&text)).await
    }

    /// Inserts many at once; one taken username refuses them all.
    pub async fn insert_identities(&mut self, new: &[NewIdentity]) -> Result<()> {
        dialect::load(self, new).await
    }

    /// An id of another realm reads as one that does not exist.
    pub async fn identity(&mut self, realm: RealmId, id: IdentityId) -> Result<Option<Identity>> {
        let sql = format!("SELECT {COLUMNS} FROM identities i WHERE i.id = $1 AND i.realm_id = $2");
        fetch_optional!(self, Row, sqlx::AssertSqlSafe(sql.as_str()), id.get(), realm.get()).map(Identity::try_from).transpose()
    }

    /// Whichever realm the identity is in.
    pub async fn realm_of(&mut self, id: IdentityId) -> Result<Option<RealmId>> {
        let row = fetch_optional!(self, (i64,), "SELECT realm_id FROM identities WHERE id = $1", id.get());
        Ok(row.map(|(realm,)| RealmId::from_i64(realm)))
    }

    /// By the username's folded form, as somebody may have typed it.
    pub async fn identity_by_username(&mut self, realm: RealmId, key: &str) -> Result<Option<IdentityId>> {
        // What PostgreSQL cannot hold it cannot be asked for either.
        if key.contains('\0') {
            return Ok(None);
        }
        let sql = "SELECT id FROM identities WHERE realm_id = $1 AND username_key = $2";
        Ok(fetch_optional!(self, (i64,), sql, realm.get(), key).map(|(id,)| IdentityId::from_i64(id)))
    }

    /// Writes the profile where the version is still the expected one; `false` where someone else was first.
    pub async fn update_identity(
        &mut self,
        realm: RealmId,
        id: IdentityId,
        expected: i64,
        profile: &Profile,
        now: Timestamp,
    ) -> Result<bool> {
        let sql = "UPDATE identities SET display_name = $4, username = $5, username_key = $6, email = $7, external_id = $8, traits = $9, \
            sort_name = $10, search_text = $11, version = version + 1, updated_at = $12, name_key = $13, email_key = $14 \
            WHERE id = $1 AND realm_id = $2 AND version = $3";
        let text = profile.search_text();
        let changed = execute!(
            self,
            sql,
            id.get(),
            realm.get(),
            expected,
            profile.display_name.as_str(),
            profile.username.as_str(),
            profile.username.key(),
            profile.email.as_ref().map(|e| e.as_str().to_owned()),
            profile.external_id.clone(),
            traits_json(&profile.traits)?,
            profile.sort_name(),
            text.as_str(),
            now.micros(),
            profile.display_name.key(),
            profile.email.as_ref().map(EmailAddress::key)
        );
        if changed == 1 {
            dialect::unindex(self, id).await?;
            dialect::index(self, realm, id, &fold::index_terms(&text)).await?;
        }
        Ok(changed == 1)
    }

    /// Whether the status changed; `false` where it was this one already.
    pub async fn set_status(&mut self, realm: RealmId, id: IdentityId, status: Status, now: Timestamp) -> Result<bool> {
        let sql =
            "UPDATE identities SET status = $3, version = version + 1, updated_at = $4 WHERE id = $1 AND realm_id = $2 AND status <> $3";
        Ok(execute!(self, sql, id.get(), realm.get(), status.as_str(), now.micros()) == 1)
    }

    /// Removes the identity with its memberships, passkeys, sessions and binding jobs; `false` where there is none.
    pub async fn delete_identity(&mut self, realm: RealmId, id: IdentityId) -> Result<bool> {
        dialect::lock(self, Lock::WholeIdentity(id)).await?;
        if self.identity(realm, id).await?.is_none() {
            return Ok(false);
        }
        self.leave_all_groups(id).await?;
        dialect::unindex(self, id).await?;
        for sql in [
            "DELETE FROM outbox WHERE job_id IN (SELECT id FROM binding_jobs WHERE identity_id = $1)",
            "DELETE FROM ceremonies WHERE job_id IN (SELECT id FROM binding_jobs WHERE identity_id = $1)",
            "DELETE FROM sessions WHERE identity_id = $1",
            "DELETE FROM binding_job_steps WHERE job_id IN (SELECT id FROM binding_jobs WHERE identity_id = $1)",
            "DELETE FROM binding_jobs WHERE identity_id = $1",
            "DELETE FROM passkeys WHERE identity_id = $1",
            "DELETE FROM identities WHERE id = $1",
        ] {
            execute!(self, sql, id.get());
        }
        Ok(true)
    }

    /// Brings the kept enrollment status and passkey count in line after a passkey or a job changed.
    pub async fn refresh_enrollment(&mut self, id: IdentityId) -> Result<()> {
        dialect::lock(self, Lock::Identity(id)).await?;
        execute!(self, REFRESH_ENROLLMENT, id.get());
        Ok(())
    }

    /// How many identities of the realm stand where.
    pub async fn summary(&mut self, realm: RealmId) -> Result<Summary> {
        let sql = "SELECT enrollment_status, count(*) FROM identities WHERE realm_id = $1 GROUP BY enrollment_status";
        let mut summary = Summary::default();
        for (status, count) in fetch_all!(self, (String, i64), sql, realm.get()) {
            let count = u64::try_from(count).unwrap_or(0);
            match EnrollmentStatus::read(&status).ok_or(Error::Corrupt("enrollment status"))? {
                EnrollmentStatus::Enrolled => summary.enrolled = count,
                EnrollmentStatus::Pending => summary.pending = count,
                EnrollmentStatus::InviteFailed => summary.invite_failed = count,
                EnrollmentStatus::Unenrolled => summary.unenrolled = count,
            }
        }
        Ok(summary)
    }
}

impl Store {
    /// Folds the names and addresses of rows that a version which did not know the folded ones has written.
    pub(crate) async fn fold_identities(&self) -> Result<()> {
        let mut after = 0;
        loop {
            let rows = self.read().await?.unfolded_behind(after).await?;
            let Some((last, ..)) = rows.last() else { return Ok(()) };
            after = *last;
            let folded: Vec<_> = rows
                .into_iter()
                .map(|(id, name, email)| {
                    let keys = (fold::unique_key(&name), email.as_deref().map(fold::unique_key));
                    serde_json::json!([id, name, email, keys.0, keys.1])
                })
                .collect();
            let mut tx = self.write().await?;
            dialect::set_keys(&mut tx, &serde_json::Value::from(folded).to_string()).await?;
            tx.commit().await?;
        }
    }
}

impl Tx {
    /// The next identities of any realm that are not folded: id, name, address.
    async fn unfolded_behind(&mut self, after: i64) -> Result<Vec<(i64, String, Option<String>)>> {
        let sql = "SELECT id, display_name, email FROM identities WHERE name_key IS NULL AND id > $1 ORDER BY id LIMIT $2";
        Ok(fetch_all!(self, (i64, String, Option<String>), sql, after, FOLDED))
    }
}
