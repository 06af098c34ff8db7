//! Branding: in whose name people are written to and received; a draft that is published.

use domain::branding::{Branding, BrandingDesk, BrandingDraft, MailPreview};
use domain::event::EventKind;
use domain::permission::Permission;
use domain::time::Span;
use domain::{FieldError, RealmId};
use storage::Tx;

use crate::mail::{Rendered, Values, rendered};
use crate::work::{Target, Told};
use crate::{Context, Error, Result};

const NAME: &str = "Branding";

/// What is in force in a realm.
pub(crate) async fn branding_of(tx: &mut Tx, realm: RealmId) -> Result<Branding> {
    match tx.published_branding(realm).await? {
        Some(published) => Ok(published.branding),
        None => Ok(Branding::of(&tx.realm_name(realm).await?.unwrap_or_default())),
    }
}

impl Context {
    /// The organization's name, for whoever has not signed in.
    pub async fn organization(&self) -> Result<String> {
        let realm = self.keyroll().realm().await?;
        Ok(branding_of(&mut self.read().await?, realm).await?.organization)
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

    /// The draft's mail as a page, or what is in force where there is none.
    pub async fn branding_mail(&self) -> Result<String> {
        let realm = self.allow(Permission::BrandingRead)?;
        let mut tx = self.read().await?;
        let branding = match tx.branding_draft(realm).await? {
            Some(draft) => draft.branding,
            None => branding_of(&mut tx, realm).await?,
        };
        crate::mail::html(&sample(self, &branding)?, &sample_link(self), &branding.organization)
    }
}

fn sample_link(context: &Context) -> String {
    format!("{}example", context.keyroll().enrollment_address())
}

/// The mail with sample values, or which field keeps it from being rendered.
fn sample(context: &Context, branding: &Branding) -> Result<Rendered> {
    let expires = crate::mail::day_and_time(context.now() + Span::days(7))?;
    let link = sample_link(context);
    let values = Values { name: "Ana Example", organization: &branding.organization, link: &link, expires: &expires };
    rendered(&branding.mail, &values).map_err(|wrong| Error::Invalid(vec![FieldError::new(wrong.field, wrong.words)]))
}

/// What people will see, once it is in force: each field holds, and each text can be rendered.
fn checked(context: &Context, branding: Branding) -> Result<Branding> {
    let branding = branding.parse().map_err(Error::Invalid)?;
    sample(context, &branding).map(|_| branding)
}

/// What changed, with before and after.
fn changes<'a>(mut told: Told<'a>, before: &Branding, after: &Branding) -> Told<'a> {
    for (name, before, after) in [
        ("organization", &before.organization, &after.organization),
        ("support", &before.support, &after.support),
        ("subject", &before.mail.subject, &after.mail.subject),
        ("body", &before.mail.body, &after.mail.body),
        ("sign_off", &before.mail.sign_off, &after.mail.sign_off),
    ] {
        if before != after {
            told = told.changed(name, before, after);
        }
    }
    told
}
