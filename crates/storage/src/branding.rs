//! The branding that is published, and the draft of the next.

use domain::branding::{Branding, BrandingDraft};
use domain::{RealmId, Timestamp};

use crate::{Error, Result, Tx};

/// What was published, when and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedBranding {
    pub branding: Branding,
    pub at: Timestamp,
    pub by: String,
    /// When there was one first.
    pub created_at: Timestamp,
}

fn read(text: &str) -> Result<Branding> {
    serde_json::from_str(text).map_err(|_| Error::Corrupt("branding"))
}

fn written(branding: &Branding) -> Result<String> {
    serde_json::to_string(branding).map_err(|_| Error::Corrupt("branding"))
}

impl Tx {
    pub async fn published_branding(&mut self, realm: RealmId) -> Result<Option<PublishedBranding>> {
        let sql = "SELECT branding, published_at, published_by, created_at FROM brandings WHERE realm_id = $1";
        let row = fetch_optional!(self, (String, i64, String, i64), sql, realm.get());
        row.map(|(text, at, by, created_at)| {
            let (at, created_at) = (Timestamp::from_micros(at), Timestamp::from_micros(created_at));
            Ok(PublishedBranding { branding: read(&text)?, at, by, created_at })
        })
        .transpose()
    }

    pub async fn publish_branding(&mut self, realm: RealmId, branding: &Branding, by: &str, now: Timestamp) -> Result<()> {
        let text = written(branding)?;
        let sql = "INSERT INTO brandings (realm_id, branding, published_at, published_by, created_at) VALUES ($1, $2, $3, $4, $3) \
            ON CONFLICT (realm_id) DO UPDATE SET branding = $2, published_at = $3, published_by = $4";
        execute!(self, sql, realm.get(), text.as_str(), now.micros(), by);
        Ok(())
    }

    pub async fn branding_draft(&mut self, realm: RealmId) -> Result<Option<BrandingDraft>> {
        let sql = "SELECT branding, version, updated_at, updated_by FROM branding_drafts WHERE realm_id = $1";
        let row = fetch_optional!(self, (String, i64, i64, String), sql, realm.get());
        row.map(|(text, version, updated_at, updated_by)| {
            Ok(BrandingDraft { branding: read(&text)?, version, updated_at: Timestamp::from_micros(updated_at), updated_by })
        })
        .transpose()
    }

    /// Keeps the realm's draft, in place of the version that it started from, 0 for none. `false` where it is another
    /// one by now.
    pub async fn save_branding_draft(
        &mut self,
        realm: RealmId,
        version: i64,
        branding: &Branding,
        by: &str,
        now: Timestamp,
    ) -> Result<bool> {
        let text = written(branding)?;
        let sql = if version == 0 {
            "INSERT INTO branding_drafts (realm_id, branding, version, updated_at, updated_by) VALUES ($1, $2, $3 + 1, $4, $5) ON CONFLICT DO NOTHING"
        } else {
            "UPDATE branding_drafts SET branding = $2, version = $3 + 1, updated_at = $4, updated_by = $5 WHERE realm_id = $1 AND version = $3"
        };
        Ok(execute!(self, sql, realm.get(), text.as_str(), version, now.micros(), by) == 1)
    }

    /// Ends the draft; `false` where it is another one by now.
    pub async fn discard_branding_draft(&mut self, realm: RealmId, version: i64) -> Result<bool> {
        Ok(execute!(self, "DELETE FROM branding_drafts WHERE realm_id = $1 AND version = $2", realm.get(), version) == 1)
    }
}
