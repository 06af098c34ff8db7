//! `R/themes`.

use domain::ThemeId;
use domain::permission::Permission as P;
use service::Theme;

use super::call::{Answer, Call};
use super::error::ApiError;
use super::fields::Fields;
use super::wire;

pub(super) async fn active(call: Call) -> Answer {
    call.need(P::ThemesRead)?;
    call.resource(&wire::theme(call.tenant, &call.context.active_theme().await?))
}

pub(super) async fn get(call: Call) -> Answer {
    call.need(P::ThemesRead)?;
    let theme = call.named("Theme", "theme_id", call.context.theme(id(&call)?).await)?;
    call.resource(&wire::theme(call.tenant, &theme))
}

pub(super) async fn create(call: Call) -> Answer {
    call.need(P::ThemesCreate)?;
    let wanted = Wanted::read(call.fields(Some("theme"))?)?.with_pictures(&call, P::ThemesCreate).await?;
    let made = call.context.create_theme(|defaults| Ok::<_, ApiError>(wanted.over(defaults))).await;
    call.resource(&wire::theme(call.tenant, &made.map_err(|error| error.under("theme"))?))
}

pub(super) async fn update(call: Call) -> Answer {
    call.need(P::ThemesUpdate)?;
    let id = id(&call)?;
    let wanted = Wanted::read(call.fields(Some("theme"))?)?.with_pictures(&call, P::ThemesUpdate).await?;
    let edited = call.context.edit_theme(id, |before| {
        call.agree(&wire::theme(call.tenant, before))?;
        Ok::<_, ApiError>(wanted.over(before))
    });
    let theme = edited.await.map_err(|error| error.of("Theme", call.param("theme_id")).under("theme"))?;
    call.resource(&wire::theme(call.tenant, &theme))
}

fn id(call: &Call) -> Result<ThemeId, ApiError> {
    call.id("theme_id", "Theme")
}

/// What the body says; what it does not say stays as it is.
struct Wanted {
    email_realm_name: Option<String>,
    logo_url_light: Option<String>,
    logo_url_dark: Option<String>,
    support_url: Option<String>,
    button_color: Option<String>,
    button_text_color: Option<String>,
}

impl Wanted {
    fn read(mut fields: Fields) -> Result<Self, ApiError> {
        let wanted = Self {
            email_realm_name: fields.text("email_realm_name"),
            logo_url_light: fields.text("logo_url_light"),
            logo_url_dark: fields.text("logo_url_dark"),
            support_url: fields.text("support_url"),
            button_color: fields.text("button_color"),
            button_text_color: fields.text("button_text_color"),
        };
        fields.done().map(|()| wanted)
    }

    /// Pictures that came with the request lie with us from then on.
    async fn with_pictures(mut self, call: &Call, permission: P) -> Result<Self, ApiError> {
        for (field, url) in [("logo_url_light", &mut self.logo_url_light), ("logo_url_dark", &mut self.logo_url_dark)] {
            if let Some(given) = url.take() {
                let taken = call.context.theme_picture(permission, field, given).await;
                *url = Some(taken.map_err(|error| ApiError::from(error).under("theme"))?);
            }
        }
        Ok(self)
    }

    fn over(self, before: &Theme) -> Theme {
        let before = before.clone();
        Theme {
            email_realm_name: self.email_realm_name.unwrap_or(before.email_realm_name),
            logo_url_light: self.logo_url_light.unwrap_or(before.logo_url_light),
            logo_url_dark: self.logo_url_dark.unwrap_or(before.logo_url_dark),
            support_url: self.support_url.unwrap_or(before.support_url),
            button_color: self.button_color.unwrap_or(before.button_color),
            button_text_color: self.button_text_color.unwrap_or(before.button_text_color),
            ..before
        }
    }
}
