//! The layout of a mail for programs that show HTML: one column, one button, and the address in words below it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::branding::{Branding, Color};
use mrml::prelude::render::RenderOptions;
use storage::MailLogo;

use super::template::{Rendered, paragraphs};
use crate::{Error, Result};

/// How the picture is called within the mail that it is part of (RFC 2392).
pub(super) const LOGO: &str = "logo@keyroll.invalid";
pub(crate) const BUTTON: &str = "#2f5bd7";
pub(crate) const BUTTON_TEXT: &str = "#ffffff";

/// In whose colors, and under which picture, a mail is laid out.
pub(crate) struct Dress<'a> {
    organization: &'a str,
    colors: Option<(Color, Color)>,
    /// Where the picture is, and its size.
    logo: Option<(String, u32, u32)>,
    /// Where a picture is whose size is not known; empty for none.
    elsewhere: &'a str,
}

impl<'a> Dress<'a> {
    /// For a mail that carries the picture with it.
    pub(super) fn of(branding: &'a Branding, logo: Option<&MailLogo>) -> Self {
        Self::with(branding, logo, |_| format!("cid:{LOGO}"))
    }

    /// For a page that shows what the mail looks like.
    pub(crate) fn shown(branding: &'a Branding, logo: Option<&MailLogo>) -> Self {
        Self::with(branding, logo, |logo| format!("data:image/png;base64,{}", STANDARD.encode(&logo.png)))
    }

    fn with(branding: &'a Branding, logo: Option<&MailLogo>, at: impl Fn(&MailLogo) -> String) -> Self {
        let logo = logo.map(|logo| (at(logo), logo.width, logo.height));
        Self { organization: &branding.organization, colors: branding.colors(), logo, elsewhere: &branding.logo_url }
    }

    fn button(&self) -> (String, String) {
        let ours = || (BUTTON.to_owned(), BUTTON_TEXT.to_owned());
        self.colors.map_or_else(ours, |(button, text)| (button.to_string(), text.to_string()))
    }

    fn head(&self) -> String {
        let name = escaped(self.organization);
        let elsewhere = || match self.elsewhere {
            "" => String::new(),
            at => format!("<mj-image src=\"{}\" alt=\"\" width=\"160px\" align=\"left\" padding=\"8px 24px\" />", escaped(at)),
        };
        let picture = self.logo.as_ref().map_or_else(elsewhere, |(at, width, height)| {
            format!("<mj-image src=\"{at}\" alt=\"\" width=\"{width}px\" height=\"{height}px\" align=\"left\" padding=\"8px 24px\" />")
        });
        format!("{picture}<mj-text font-size=\"14px\" font-weight=\"600\" color=\"#5b6270\">{name}</mj-text>")
    }
}

/// An invitation.
pub(crate) fn html(rendered: &Rendered, link: &str, dress: &Dress<'_>) -> Result<String> {
    let body: String =
        paragraphs(&rendered.body).map(|text| if text.trim() == link { button(link, dress) } else { paragraph(&text, link) }).collect();
    // Where the link stands within a sentence, the button follows the text.
    let button = if paragraphs(&rendered.body).any(|text| text.trim() == link) { String::new() } else { button(link, dress) };
    layout(rendered, dress, &format!("{body}{button}"))
}

/// A mail without a link.
pub(super) fn plain(rendered: &Rendered, dress: &Dress<'_>) -> Result<String> {
    let content: String = paragraphs(&rendered.body).map(|text| paragraph(&text, "")).collect();
    layout(rendered, dress, &content)
}

fn layout(rendered: &Rendered, dress: &Dress<'_>, content: &str) -> Result<String> {
    let sign_off: String = paragraphs(&rendered.sign_off).map(|text| small(&text)).collect();
    let mjml = format!(
        "<mjml><mj-head><mj-title>{title}</mj-title><mj-attributes>\
         <mj-all font-family=\"-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif\" />\
         <mj-text font-size=\"16px\" line-height=\"24px\" color=\"#1a1d23\" padding=\"8px 24px\" /></mj-attributes></mj-head>\
         <mj-body width=\"560px\" background-color=\"#f3f4f6\"><mj-section padding=\"24px 0 0\"></mj-section>\
         <mj-section background-color=\"#ffffff\" border-radius=\"12px\" padding=\"24px 0\"><mj-column>\
         {head}{content}\
         <mj-divider border-width=\"1px\" border-color=\"#e3e5ea\" padding=\"16px 24px\" />{sign_off}\
         </mj-column></mj-section><mj-section padding=\"0 0 24px\"></mj-section></mj-body></mjml>",
        title = escaped(&rendered.subject),
        head = dress.head(),
    );
    let broken = Error::Internal("the mail's layout cannot be rendered");
    let Ok(parsed) = mrml::parse(mjml) else { return Err(broken) };
    // No fonts from elsewhere: nobody is told that the mail was read.
    let options = RenderOptions { fonts: std::collections::HashMap::new(), disable_comments: false, social_icon_origin: None };
    parsed.element.render(&options).map_err(|_| broken)
}

fn paragraph(text: &str, link: &str) -> String {
    let escaped_text = escaped(text);
    let linked = if link.is_empty() { escaped_text } else { escaped_text.replace(&escaped(link), &anchor(link)) };
    format!("<mj-text>{}</mj-text>", linked.replace('\n', "<br />"))
}

fn small(text: &str) -> String {
    format!("<mj-text font-size=\"14px\" line-height=\"20px\" color=\"#5b6270\">{}</mj-text>", escaped(text).replace('\n', "<br />"))
}

fn anchor(link: &str) -> String {
    let link = escaped(link);
    format!("<a href=\"{link}\" style=\"color: #2f5bd7; word-break: break-all\">{link}</a>")
}

fn button(link: &str, dress: &Dress<'_>) -> String {
    let (color, text) = dress.button();
    format!(
        "<mj-button href=\"{}\" background-color=\"{color}\" color=\"{text}\" font-size=\"16px\" font-weight=\"600\" \
         border-radius=\"8px\" inner-padding=\"14px 28px\" padding=\"16px 24px\" align=\"left\">Create your passkey</mj-button>\
         <mj-text font-size=\"14px\" line-height=\"20px\" color=\"#5b6270\">Or copy this address into your browser:<br />{}</mj-text>",
        escaped(link),
        anchor(link)
    )
}

/// As text within HTML.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            letter => out.push(letter),
        }
    }
    out
}
