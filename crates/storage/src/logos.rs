//! Pictures of organizations, kept under an id that is made of their content.

use domain::{RealmId, Timestamp};

use crate::{Result, Tx};

/// A picture to keep.
#[derive(Debug, Clone)]
pub struct NewLogo {
    pub id: String,
    pub media_type: String,
    pub image: Vec<u8>,
    pub mail_png: Vec<u8>,
    /// In pixels as they are shown, width and height.
    pub mail_size: (u32, u32),
}

/// A picture for a mail: a PNG and the size to show it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailLogo {
    pub png: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

impl Tx {
    /// Keeps a picture; the same one again only becomes younger.
    pub async fn keep_logo(&mut self, realm: RealmId, logo: &NewLogo, now: Timestamp) -> Result<()> {
        let sql = "INSERT INTO logos (realm_id, id, media_type, image, mail_png, mail_width, mail_height, created_at) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id, realm_id) DO UPDATE SET created_at = $8";
        let (width, height) = (i64::from(logo.mail_size.0), i64::from(logo.mail_size.1));
        let (id, media_type) = (logo.id.as_str(), logo.media_type.as_str());
        execute!(self, sql, realm.get(), id, media_type, &logo.image[..], &logo.mail_png[..], width, height, now.micros());
        Ok(())
    }

    /// A picture as pages show it: its media type and its bytes. Whoever knows the id may see it.
    pub async fn logo(&mut self, id: &str) -> Result<Option<(String, Vec<u8>)>> {
        Ok(fetch_optional!(self, (String, Vec<u8>), "SELECT media_type, image FROM logos WHERE id = $1 LIMIT 1", id))
    }

    /// The same picture for a mail.
    pub async fn mail_logo(&mut self, realm: RealmId, id: &str) -> Result<Option<MailLogo>> {
        let sql = "SELECT mail_png, mail_width, mail_height FROM logos WHERE id = $1 AND realm_id = $2";
        let row = fetch_optional!(self, (Vec<u8>, i64, i64), sql, id, realm.get());
        let side = |side: i64| u32::try_from(side).unwrap_or(0);
        Ok(row.map(|(png, width, height)| MailLogo { png, width: side(width), height: side(height) }))
    }

    /// Makes a picture young again; `false` where there is none.
    pub async fn renew_logo(&mut self, realm: RealmId, id: &str, now: Timestamp) -> Result<bool> {
        Ok(execute!(self, "UPDATE logos SET created_at = $3 WHERE id = $1 AND realm_id = $2", id, realm.get(), now.micros()) == 1)
    }

    /// Removes the pictures from before `before` that neither what is published nor a draft names.
    pub async fn forget_logos(&mut self, before: Timestamp) -> Result<()> {
        let sql = "DELETE FROM logos WHERE created_at < $1 \
            AND NOT EXISTS (SELECT 1 FROM brandings b WHERE b.realm_id = logos.realm_id AND b.branding LIKE '%' || logos.id || '%') \
            AND NOT EXISTS (SELECT 1 FROM branding_drafts d WHERE d.realm_id = logos.realm_id AND d.branding LIKE '%' || logos.id || '%')";
        execute!(self, sql, before.micros());
        Ok(())
    }
}
