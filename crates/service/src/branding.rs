//! Branding: in whose name people are written to and received; a draft that is published.

mod drawing;
mod picture;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::branding::{Appearance, Branding, BrandingDesk, BrandingDraft, Logo, MailPreview, is_logo_id};
use domain::ceremony::{LinkState, LinkView};
use domain::event::EventKind;
use domain::permission::Permission;
use domain::time::Span;
use domain::{FieldError, RealmId, Timestamp};
use sha2::{Digest as _, Sha256};
use storage::{NewLogo, Tx, hex};
use tokio::sync::Semaphore;

use crate::mail::{Dress, Rendered, Values, rendered};
use crate::work::{Target, Told};
use crate::{Context, Error, Result};

const NAME: &str = "Branding";
const SAMPLE: &str = "Ana Example";
/// A picture that nothing names is kept for so long.
pub(crate) const LOGOS_KEPT: Span = Span::days(1);
static LOOKING: Semaphore = Semaphore::const_new(1);

/// What is in force in a realm.
pub(crate) async fn branding_of(tx: &mut Tx, realm: RealmId) -> Result<Branding> {
    match tx.published_branding(realm).await? {
        Some(published) => Ok(published.branding),
        None => Ok(Branding::of(&tx.realm_name(realm).await?.unwrap_or_default())),
    }
}

impl Context {
    /// What is seen of the organization by whoever has not signed in.
    pub async fn appearance(&self) -> Result<Appearance> {
        let realm = self.keyroll().realm().await?;
        Ok(branding_of(&mut self.read().await?, realm).await?.appearance())
    }

    /// A picture as pages show it, its media type and its bytes: for whoever knows its id.
    pub async fn logo(&self, id: &str) -> Result<(String, Vec<u8>)> {
        let unknown = Error::NotFound("picture");
        if is_logo_id(id) { self.read().await?.logo(id).await?.ok_or(unknown) } else { Err(unknown) }
    }

    /// Takes a PNG or an SVG of at most 512 kB, in base64, and makes it safe to show. Nothing shows it before a branding
    /// names it.
    pub async fn take_logo(&self, base64: &str) -> Result<Logo> {
        self.allow(Permission::BrandingUpdate)?;
        self.take_picture(base64).await
    }

    /// The same for whoever has been asked for their permission.
    pub(crate) async fn take_picture(&self, base64: &str) -> Result<Logo> {
        let realm = self.realm().ok_or(Error::SignedOut)?;
        // One at a time: a picture unpacked is a thousand times what was sent.
        let _alone = LOOKING.acquire().await.map_err(|_| Error::Internal("no picture can be looked at"))?;
        let refused = |words: &str| Error::Invalid(vec![FieldError::new("logo", words)]);
        let bytes = STANDARD.decode(base64).map_err(|_| refused("This picture did not arrive whole. Choose it again."))?;
        let made = tokio::task::spawn_blocking(move || picture::made_safe(&bytes)).await;
        let picture = made.map_err(|_| Error::Internal("a picture could not be looked at"))?.map_err(refused)?;
        let id = hex(&Sha256::new().chain_update(picture.media_type).chain_update(&picture.image).finalize());
        let mut work = self.work(realm).await?;
        let now = work.now;
        let media_type = picture.media_type.to_owned();
        let logo = NewLogo { id: id.clone(), media_type, image: picture.image, mail_png: picture.mail_png, mail_size: picture.mail_size };
        work.tx.keep_logo(realm, &logo, now).await?;
        work.commit().await?;
        Ok(Logo { id })
    }

    /// What is in force, and the draft.
    pub async fn branding_desk(&self) -> Result<BrandingDesk> {
        let realm = self.allow(Permission::BrandingRead)?;
        let mut tx = self.read().await?;
        let draft = tx.branding_draft(realm).await?;
        let (published_at, published_by) = tx.published_branding(realm).await?.map(|published| (published.at, published.by)).unzip();
        let published = branding_of(&mut tx, realm).await?;
        Ok(BrandingDesk { published, published_at, published_by: published_by.unwrap_or_default(), draft })
    }

    /// Keeps the draft, in place of the version that it started from, 0 for none. Nothing of it is in force yet.
    pub async fn save_branding_draft(&self, version: i64, branding: Branding) -> Result<BrandingDraft> {
        let realm = self.allow(Permission::BrandingUpdate)?;
        let branding = checked(self, branding)?;
        let mut work = self.work(realm).await?;
        let now = work.now;
        has_pictures(&mut work.tx, realm, &branding, now).await?;
        if !work.tx.save_branding_draft(realm, version, &branding, self.actor().name(), now).await? {
            return Err(Error::Stale);
        }
        let draft = work.tx.branding_draft(realm).await?.ok_or(Error::Internal("a draft just saved is gone"))?;
        work.tell(Told::new(EventKind::BrandingDrafted, Target::Realm, NAME)).await?;
        work.commit().await?;
        Ok(draft)
    }

    /// Ends the draft that the caller has seen; what is in force stays as it is.
    pub async fn discard_branding_draft(&self, version: i64) -> Result<()> {
        let realm = self.allow(Permission::BrandingUpdate)?;
        let mut work = self.work(realm).await?;
        if !work.tx.discard_branding_draft(realm, version).await? {
            return Err(Error::Stale);
        }
        work.tell(Told::new(EventKind::BrandingDiscarded, Target::Realm, NAME)).await?;
        work.commit().await
    }

    /// Puts the draft that the caller has seen in force.
    pub async fn publish_branding(&self, version: i64) -> Result<()> {
        let realm = self.allow_after_touch(Permission::BrandingUpdate)?;
        let mut work = self.work(realm).await?;
        let draft = work.tx.branding_draft(realm).await?.filter(|draft| draft.version == version).ok_or(Error::Stale)?;
        let before = branding_of(&mut work.tx, realm).await?;
        let (after, now) = (checked(self, draft.branding)?, work.now);
        has_pictures(&mut work.tx, realm, &after, now).await?;
        work.tx.publish_branding(realm, &after, self.actor().name(), now).await?;
        if !work.tx.discard_branding_draft(realm, version).await? {
            return Err(Error::Stale);
        }
        work.tell(changes(Told::new(EventKind::BrandingPublished, Target::Realm, NAME), &before, &after)).await?;
        work.commit().await
    }

    /// The mail as it would read, with sample values, or what is wrong with it.
    pub fn preview_branding(&self, branding: Branding) -> Result<MailPreview> {
        self.allow(Permission::BrandingRead)?;
        let branding = branding.parse().map_err(Error::Invalid)?;
        let Rendered { subject, body, sign_off } = sample(self, &branding)?;
        Ok(MailPreview { subject, text: format!("{body}\n\n{sign_off}\n") })
    }

    /// The mail as a page, with sample values.
    pub async fn branding_mail(&self, branding: Branding) -> Result<String> {
        let realm = self.allow(Permission::BrandingRead)?;
        let branding = branding.parse().map_err(Error::Invalid)?;
        let logo = self.read().await?.mail_logo(realm, &branding.logo).await?;
        crate::mail::html(&sample(self, &branding)?, &sample_link(self), &Dress::shown(&branding, logo.as_ref()))
    }

    /// What the enrollment page begins with, with sample values.
    pub fn branding_enrollment(&self, branding: Branding) -> Result<LinkView> {
        self.allow(Permission::BrandingRead)?;
        let branding = branding.parse().map_err(Error::Invalid)?;
        let state = LinkState::Open { display_name: SAMPLE.into(), username: "ana".into(), expires_at: self.now() + Span::days(7) };
        Ok(LinkView { appearance: branding.appearance(), state })
    }
}

pub(crate) fn sample_link(context: &Context) -> String {
    format!("{}example", context.keyroll().enrollment_address())
}

/// The mail with sample values, or which field keeps it from being rendered.
pub(crate) fn sample(context: &Context, branding: &Branding) -> Result<Rendered> {
    let expires = crate::mail::day_and_time(context.now() + Span::days(7))?;
    let link = sample_link(context);
    let values = Values { name: SAMPLE, organization: &branding.organization, link: &link, expires: &expires };
    rendered(&branding.mail, &values).map_err(|wrong| Error::Invalid(vec![FieldError::new(wrong.field, wrong.words)]))
}

/// Refuses a branding whose pictures are gone; those that are there stay for another while.
pub(crate) async fn has_pictures(tx: &mut Tx, realm: RealmId, branding: &Branding, now: Timestamp) -> Result<()> {
    for (field, id) in [("logo", &branding.logo), ("logo_dark", &branding.logo_dark)] {
        if !id.is_empty() && !tx.renew_logo(realm, id, now).await? {
            return Err(Error::Invalid(vec![FieldError::new(field, "This picture is no longer there. Choose it again.")]));
        }
    }
    Ok(())
}

/// What people will see, once it is in force: each field holds, and each text can be rendered.
pub(crate) fn checked(context: &Context, branding: Branding) -> Result<Branding> {
    let branding = branding.parse().map_err(Error::Invalid)?;
    sample(context, &branding).map(|_| branding)
}

/// What changed, with before and after.
pub(crate) fn changes<'a>(mut told: Told<'a>, before: &Branding, after: &Branding) -> Told<'a> {
    for (name, before, after) in [
        ("organization", &before.organization, &after.organization),
        ("support", &before.support, &after.support),
        ("subject", &before.mail.subject, &after.mail.subject),
        ("body", &before.mail.body, &after.mail.body),
        ("sign_off", &before.mail.sign_off, &after.mail.sign_off),
        ("logo", &before.logo, &after.logo),
        ("logo_dark", &before.logo_dark, &after.logo_dark),
        ("logo_url", &before.logo_url, &after.logo_url),
        ("logo_url_dark", &before.logo_url_dark, &after.logo_url_dark),
        ("button", &before.button, &after.button),
        ("button_text", &before.button_text, &after.button_text),
    ] {
        if before != after {
            told = told.changed(name, before, after);
        }
    }
    told
}
