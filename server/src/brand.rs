//! What strangers' browsers load of the branding: pictures and colors.

use axum::Extension;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use domain::branding::Color;
use http::{HeaderValue, header};
use service::Context;

use crate::http::refusal::Refusal;
use crate::router::{FOR_A_WHILE, FOR_EVER};

/// A picture opened by itself is a document: nothing may happen in it.
const PICTURE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";

/// `GET /brand/logos/{id}`
pub(crate) async fn logo(Extension(context): Extension<Context>, Path(id): Path<String>) -> Response {
    let (media_type, image) = match context.logo(&id).await {
        Ok(logo) => logo,
        Err(error) => return Refusal::from(error).into_response(),
    };
    let Ok(media_type) = HeaderValue::try_from(media_type) else { return Refusal::internal().into_response() };
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(PICTURE_POLICY)),
        (header::CACHE_CONTROL, FOR_EVER),
    ];
    (headers, image).into_response()
}

/// `GET /brand/colors/{button}-{text}.css`: the style sheet that its own name describes, six digits each.
pub(crate) async fn colors(Path(name): Path<String>) -> Response {
    let Some(sheet) = sheet(&name) else { return Refusal::not_found().into_response() };
    let headers = [(header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8")), (header::CACHE_CONTROL, FOR_A_WHILE)];
    (headers, sheet).into_response()
}

fn sheet(name: &str) -> Option<String> {
    let (button, text) = name.strip_suffix(".css")?.split_once('-')?;
    let color = |digits: &str| Color::parse(&format!("#{digits}")).filter(|color| color.to_string()[1..] == *digits);
    let (button, text) = (color(button)?, color(text)?);
    // Away from the color of the words, so that they stay as readable as they were.
    let black = Color::parse("#000000")?;
    let away = if text.contrast(black) > button.contrast(black) { "black" } else { "white" };
    Some(format!(".doorway{{--brand:{button};--brand-hover:color-mix(in oklab,{button} 88%,{away});--brand-ink:{text}}}\n"))
}

#[cfg(test)]
mod tests {
    use super::sheet;

    #[test]
    fn the_name_is_the_content() {
        let blue = sheet("1f6feb-ffffff.css").unwrap();
        assert!(blue.contains("--brand:#1f6feb;") && blue.contains("--brand-ink:#ffffff}") && blue.contains("88%,black"), "{blue}");
        assert!(sheet("ffe08a-000000.css").unwrap().contains("88%,white"));
        for wrong in ["", ".css", "1f6feb.css", "1f6feb-ffffff", "1F6FEB-ffffff.css", "1f6feb-fff.css", "1f6feb-ffffff;.css", "}-{.css"] {
            assert_eq!(sheet(wrong), None, "{wrong}");
        }
    }
}
