//! Themes: the branding as programs set it, in force at once. What is prepared in the console stays as it is.

use domain::branding::{Branding, logo_address};
use domain::event::EventKind;
use domain::permission::Permission;
use domain::{FieldError, RealmId, ThemeId, Timestamp};
use storage::Tx;

use crate::branding::{branding_of, changes, checked, has_pictures};
use crate::mail::{BUTTON, BUTTON_TEXT};
use crate::work::{Target, Told};
use crate::{Context, Error, Result};

/// How a realm looks to the people whom it invites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    pub id: ThemeId,
    pub realm: RealmId,
    pub email_realm_name: String,
    /// Absolute addresses; empty for none.
    pub logo_url_light: String,
    pub logo_url_dark: String,
    pub support_url: String,
    /// As `#rrggbb`.
    pub button_color: String,
    pub button_text_color: String,
    /// When it was last changed; the same as when it was made where nobody can tell any more.
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Context {
    /// The theme in force: the defaults where none was made.
    pub async fn active_theme(&self) -> Result<Theme> {
        let realm = self.allow(Permission::ThemesRead)?;
        let mut tx = self.read().await?;
        if let Some(theme) = self.made(&mut tx, realm).await? {
            return Ok(theme);
        }
        let made = tx.realm_created_at(realm).await?.ok_or(Error::NotFound("realm"))?;
        Ok(self.theme_of(realm, &branding_of(&mut tx, realm).await?, made, made))
    }

    pub async fn theme(&self, id: ThemeId) -> Result<Theme> {
        let realm = self.allow(Permission::ThemesRead)?;
        self.made(&mut self.read().await?, realm).await?.filter(|theme| theme.id == id).ok_or(Error::NotFound("theme"))
    }

    /// Makes the realm's theme out of the defaults; one a realm.
    pub async fn create_theme<E: From<Error>>(
        &self,
        edit: impl FnOnce(&Theme) -> std::result::Result<Theme, E>,
    ) -> std::result::Result<Theme, E> {
        let realm = self.allow(Permission::ThemesCreate)?;
        self.put_theme(realm, None, edit).await
    }

    /// Looks at the theme, and puts in force what that made of it, with nobody in between.
    pub async fn edit_theme<E: From<Error>>(
        &self,
        id: ThemeId,
        edit: impl FnOnce(&Theme) -> std::result::Result<Theme, E>,
    ) -> std::result::Result<Theme, E> {
        let realm = self.allow(Permission::ThemesUpdate)?;
        self.put_theme(realm, Some(id), edit).await
    }

    async fn put_theme<E: From<Error>>(
        &self,
        realm: RealmId,
        id: Option<ThemeId>,
        edit: impl FnOnce(&Theme) -> std::result::Result<Theme, E>,
    ) -> std::result::Result<Theme, E> {
        let mut work = self.work(realm).await?;
        work.tx.lock_realm(realm).await.map_err(Error::from)?;
        let made = self.made(&mut work.tx, realm).await?;
        match (id, &made) {
            (None, Some(_)) => return Err(Error::Conflict("This realm has a theme already. Change that one.").into()),
            (Some(id), Some(theme)) if theme.id == id => {}
            (Some(_), _) => return Err(Error::NotFound("theme").into()),
            (None, None) => {}
        }
        let (before, now) = (branding_of(&mut work.tx, realm).await?, work.now);
        let theme = made.unwrap_or_else(|| self.theme_of(realm, &before, now, now));
        let wanted = edit(&theme)?;
        let after = self.branding_as(&theme, &wanted, before.clone());
        let after = checked(self, after).map_err(as_theme)?;
        has_pictures(&mut work.tx, realm, &after, now).await.map_err(as_theme)?;
        if after == before && id.is_some() {
            return Ok(theme);
        }
        work.tx.publish_branding(realm, &after, self.actor().name(), now).await.map_err(Error::from)?;
        work.tell(changes(Told::new(EventKind::BrandingPublished, Target::Realm, "Branding"), &before, &after)).await?;
        let theme = self.made(&mut work.tx, realm).await?.ok_or(Error::Internal("a theme just made is gone"))?;
        work.commit().await?;
        Ok(theme)
    }

    async fn made(&self, tx: &mut Tx, realm: RealmId) -> Result<Option<Theme>> {
        let published = tx.published_branding(realm).await?;
        Ok(published.map(|published| self.theme_of(realm, &published.branding, published.created_at, published.at)))
    }

    fn theme_of(&self, realm: RealmId, branding: &Branding, created_at: Timestamp, updated_at: Timestamp) -> Theme {
        let (button_color, button_text_color) = match branding.colors() {
            Some((button, text)) => (button.to_string(), text.to_string()),
            None => (BUTTON.to_owned(), BUTTON_TEXT.to_owned()),
        };
        Theme {
            id: theme_of(realm),
            realm,
            email_realm_name: branding.organization.clone(),
            logo_url_light: self.logo_url(&branding.logo, &branding.logo_url),
            logo_url_dark: self.logo_url(&branding.logo_dark, &branding.logo_url_dark),
            support_url: branding.support.clone(),
            button_color,
            button_text_color,
            created_at,
            updated_at,
        }
    }

    /// The address of a picture of ours, or the one that was given for a picture elsewhere.
    fn logo_url(&self, id: &str, elsewhere: &str) -> String {
        if id.is_empty() {
            return elsewhere.to_owned();
        }
        format!("{}{}", self.keyroll().public_url().origin().ascii_serialization(), logo_address(id))
    }

    /// The branding with what differs between the two themes.
    fn branding_as(&self, before: &Theme, wanted: &Theme, mut branding: Branding) -> Branding {
        branding.organization.clone_from(&wanted.email_realm_name);
        branding.support.clone_from(&wanted.support_url);
        if (&before.button_color, &before.button_text_color) != (&wanted.button_color, &wanted.button_text_color) {
            branding.button.clone_from(&wanted.button_color);
            branding.button_text.clone_from(&wanted.button_text_color);
        }
        if before.logo_url_light != wanted.logo_url_light {
            (branding.logo, branding.logo_url) = self.placed(&wanted.logo_url_light);
        }
        if before.logo_url_dark != wanted.logo_url_dark {
            (branding.logo_dark, branding.logo_url_dark) = self.placed(&wanted.logo_url_dark);
        }
        branding
    }

    /// The id of a picture of ours, or the address of one elsewhere.
    fn placed(&self, url: &str) -> (String, String) {
        let ours = self.logo_url("x", "");
        match url.strip_prefix(ours.trim_end_matches('x')) {
            Some(id) => (id.to_owned(), String::new()),
            None => (String::new(), url.to_owned()),
        }
    }

    /// Takes in a picture that comes with the request (RFC 2397), and answers the address that it has from then on; any
    /// other address stays as it is. Before a theme is made or changed: a picture has a transaction of its own.
    pub async fn theme_picture(&self, permission: Permission, field: &str, url: String) -> Result<String> {
        self.allow(permission)?;
        let refused = |words: &str| Error::Invalid(vec![FieldError::new(field, words)]);
        let Some(data) = url.strip_prefix("data:") else { return Ok(url) };
        let base64 = data.strip_prefix("image/png;base64,").or_else(|| data.strip_prefix("image/svg+xml;base64,"));
        let words = "A picture within the request is data:image/png;base64,… or data:image/svg+xml;base64,….";
        let base64 = base64.ok_or_else(|| refused(words))?;
        // The request is done with the theme, not with its picture.
        let apart = Self { once: None, ..self.clone() };
        match apart.take_picture(base64).await {
            Err(Error::Invalid(errors)) => {
                Err(Error::Invalid(errors.into_iter().map(|error| FieldError::new(field, error.message)).collect()))
            }
            taken => Ok(self.logo_url(&taken?.id, "")),
        }
    }
}

/// The fields by the names that themes have for them.
fn as_theme(error: Error) -> Error {
    let Error::Invalid(errors) = error else { return error };
    let named = |error: FieldError| {
        let field = match error.field.as_str() {
            "organization" => "email_realm_name",
            "support" => "support_url",
            "button" => "button_color",
            "button_text" => "button_text_color",
            "logo" | "logo_url" => "logo_url_light",
            "logo_dark" => "logo_url_dark",
            other => other,
        };
        FieldError::new(field, error.message)
    };
    Error::Invalid(errors.into_iter().map(named).collect())
}

/// Each realm's one theme is named by the realm's own number.
const fn theme_of(realm: RealmId) -> ThemeId {
    ThemeId::from_i64(realm.get())
}
