//! Branding: in whose name people are written to and received.

mod color;

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::field::{self, FieldError};

pub use color::{Color, LEAST_CONTRAST, ratio};

const ORGANIZATION_LENGTH: usize = 64;
const ADDRESS_LENGTH: usize = 300;

/// The words of the invitation: a template with the variables `name`, `organization`, `link` and `expires`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailTemplate {
    pub subject: String,
    /// Paragraphs, parted by empty lines. One that is the link alone becomes a button.
    pub body: String,
    pub sign_off: String,
}

impl Default for MailTemplate {
    fn default() -> Self {
        Self {
            subject: "Create your passkey for {{ organization }}".into(),
            body: "Hello {{ name }},\n\n\
                {{ organization }} invites you to create a passkey: from then on you sign in with your fingerprint, your face or \
                your screen lock, without a password.\n\n\
                {{ link }}\n\n\
                Open the link on the device that you want to sign in with. It works once, until {{ expires }}."
                .into(),
            sign_off: "If you did not expect this mail, you need not do anything: without you nothing happens.\n\n{{ organization }}"
                .into(),
        }
    }
}

/// What people see of the organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branding {
    /// 1 to 64 characters.
    pub organization: String,
    /// Where people find help: an address that begins with `https://`, `http://` or `mailto:`; empty for none.
    pub support: String,
    pub mail: MailTemplate,
    /// The picture on light ground, by its [`Logo`] id; empty for none.
    #[serde(default)]
    pub logo: String,
    /// The picture on dark ground; empty where the other one serves.
    #[serde(default)]
    pub logo_dark: String,
    /// Where a program said that the pictures are, in place of pictures of ours: mails show them from there.
    #[serde(default)]
    pub logo_url: String,
    #[serde(default)]
    pub logo_url_dark: String,
    /// The buttons' color as `#rrggbb`, and that of the words on them; both empty for Keyroll's own.
    #[serde(default)]
    pub button: String,
    #[serde(default)]
    pub button_text: String,
}

/// What a stranger sees of the organization, on the enrollment page and on the sign-in page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appearance {
    pub organization: String,
    /// Where people find help; empty for nowhere.
    pub support: String,
    /// Addresses of the pictures; empty for none.
    pub logo: String,
    pub logo_dark: String,
    /// Address of the style sheet with the colors; empty for Keyroll's own.
    pub colors: String,
}

/// Below this address the pictures and the colors are found.
pub const BRAND: &str = "/brand";

/// Where a picture is found.
#[must_use]
pub fn logo_address(id: &str) -> String {
    if id.is_empty() { String::new() } else { format!("{BRAND}/logos/{id}") }
}

/// A picture that was taken: `id` is made of its content, so that one id is one picture for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logo {
    pub id: String,
}

impl Branding {
    /// As long as nothing was published.
    #[must_use]
    pub fn of(organization: &str) -> Self {
        Self { organization: organization.to_owned(), ..Self::blank() }
    }

    fn blank() -> Self {
        Self {
            organization: String::new(),
            support: String::new(),
            mail: MailTemplate::default(),
            logo: String::new(),
            logo_dark: String::new(),
            logo_url: String::new(),
            logo_url_dark: String::new(),
            button: String::new(),
            button_text: String::new(),
        }
    }

    /// What strangers see of it.
    #[must_use]
    pub fn appearance(&self) -> Appearance {
        let colors = match self.colors() {
            Some((button, text)) => format!("{BRAND}/colors/{}-{}.css", &button.to_string()[1..], &text.to_string()[1..]),
            None => String::new(),
        };
        Appearance {
            organization: self.organization.clone(),
            support: self.support.clone(),
            logo: logo_address(&self.logo),
            logo_dark: logo_address(if self.logo_dark.is_empty() { &self.logo } else { &self.logo_dark }),
            colors,
        }
    }

    /// The color of buttons and of the words on them, where they are set.
    #[must_use]
    pub fn colors(&self) -> Option<(Color, Color)> {
        Some((Color::parse(&self.button)?, Color::parse(&self.button_text)?))
    }

    /// Trims and checks everything but whether the templates can be rendered.
    pub fn parse(self) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut refuse = |field: &str, words: String| {
            errors.push(FieldError::new(field, words));
            String::new()
        };
        let organization = field::name("The organization’s name", &self.organization, ORGANIZATION_LENGTH);
        let organization = organization.unwrap_or_else(|words| refuse("organization", words));
        let support = support(&self.support).unwrap_or_else(|words| refuse("support", words));
        for (field, url) in [("logo_url", &self.logo_url), ("logo_url_dark", &self.logo_url_dark)] {
            if !url.is_empty() && !is_picture_elsewhere(url) {
                refuse(field, "Write an address that begins with https://, or send the picture itself as data:image/png;base64,….".into());
            }
        }
        for (field, id) in [("logo", &self.logo), ("logo_dark", &self.logo_dark)] {
            if !id.is_empty() && !is_logo_id(id) {
                refuse(field, "There is no such picture. Choose it again.".into());
            }
        }
        let (button, button_text) = match colors(&self.button, &self.button_text) {
            Ok(colors) => colors,
            Err((field, words)) => (refuse(field, words), String::new()),
        };
        if errors.is_empty() { Ok(Self { organization, support, button, button_text, ..self }) } else { Err(errors) }
    }
}

/// Whether a mail can show a picture from there.
fn is_picture_elsewhere(url: &str) -> bool {
    url.strip_prefix("https://").is_some_and(|rest| !rest.is_empty()) && support(url).is_ok_and(|address| address == *url)
}

/// Whether this could be a [`Logo`]'s id: 64 hexadecimal digits.
#[must_use]
pub fn is_logo_id(id: &str) -> bool {
    id.len() == 64 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Both colors or none, in lower case; the words have to be readable on the button.
fn colors(button: &str, text: &str) -> Result<(String, String), (&'static str, String)> {
    if button.trim().is_empty() && text.trim().is_empty() {
        return Ok(Default::default());
    }
    let parse = |field, given| Color::parse(given).ok_or((field, "Write a color as # and six digits, such as #1f6feb.".to_owned()));
    let (button, text) = (parse("button", button)?, parse("button_text", text)?);
    let contrast = button.contrast(text);
    if contrast < LEAST_CONTRAST {
        let words = format!(
            "Hard to read on this button: the contrast is {} to 1, and 4.5 is the least that most people can read.",
            ratio(contrast)
        );
        return Err(("button_text", words));
    }
    Ok((button.to_string(), text.to_string()))
}

fn support(text: &str) -> Result<String, String> {
    let address = field::optional("The support address", text, ADDRESS_LENGTH)?.unwrap_or_default();
    let known = ["https://", "http://", "mailto:"].iter().any(|scheme| address.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()));
    // Nothing that would end an attribute or begin another line.
    let plain = address.chars().all(|letter| !letter.is_whitespace() && !"\"'<>`\\".contains(letter));
    if address.is_empty() || (known && plain) {
        Ok(address)
    } else {
        Err("Write an address that begins with https:// or mailto:, or leave it empty.".into())
    }
}

/// What is being prepared. `version` grows with each save; a save names the one it started from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrandingDraft {
    pub branding: Branding,
    pub version: i64,
    pub updated_at: Timestamp,
    pub updated_by: String,
}

/// The branding page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrandingDesk {
    pub published: Branding,
    /// When and by whom; absent as long as nothing was.
    pub published_at: Option<Timestamp>,
    pub published_by: String,
    pub draft: Option<BrandingDraft>,
}

/// A mail as it would leave, with sample values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailPreview {
    pub subject: String,
    pub text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(organization: &str, support: &str) -> Vec<String> {
        let branding = Branding { support: support.into(), ..Branding::of(organization) };
        branding.parse().err().unwrap_or_default().into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn an_organization_has_a_name_and_perhaps_an_address() {
        for support in ["", "  ", "https://help.example.org/keys?x=1", "mailto:help@example.org", "http://intranet"] {
            assert_eq!(refused("Beispiel & Söhne", support), Vec::<String>::new(), "{support}");
        }
        assert_eq!(refused(" ", "https://x"), ["organization"]);
        assert_eq!(refused("<b>", "https://x"), ["organization"]);
        for support in ["javascript:alert(1)", "help", "https://", "https://x\" onclick=\"", "mailto:a@b\r\nBcc:c", "data:text/html,x"] {
            assert_eq!(refused("Example", support), ["support"], "{support}");
        }
        assert_eq!(refused("", "help"), ["organization", "support"]);
    }

    #[test]
    fn words_on_a_button_can_be_read() {
        let colors = |button: &str, text: &str| {
            let parsed = Branding { button: button.into(), button_text: text.into(), ..Branding::of("Example") }.parse();
            parsed.map(|branding| branding.appearance().colors).map_err(|errors| errors[0].field.clone())
        };
        assert_eq!(colors("", " "), Ok(String::new()));
        assert_eq!(colors("#1F6FEB", "#ffffff").as_deref(), Ok("/brand/colors/1f6feb-ffffff.css"));
        assert_eq!(colors("#777777", "#ffffff"), Err("button_text".to_owned()));
        assert_eq!(colors("#1f6feb", ""), Err("button_text".to_owned()));
        assert_eq!(colors("", "#ffffff"), Err("button".to_owned()));
        assert_eq!(colors("red;}", "#ffffff"), Err("button".to_owned()));
    }

    #[test]
    fn a_picture_is_named_by_its_content() {
        let refused = |logo: &str, logo_dark: &str| {
            let branding = Branding { logo: logo.into(), logo_dark: logo_dark.into(), ..Branding::of("Example") };
            branding.parse().err().unwrap_or_default().into_iter().map(|error| error.field).collect::<Vec<_>>()
        };
        let id = "0123456789abcdef".repeat(4);
        assert_eq!(refused(&id, ""), Vec::<String>::new());
        assert_eq!(refused("../../etc", &id.to_uppercase()), ["logo", "logo_dark"]);
        let one = Branding { logo: id.clone(), ..Branding::of("Example") }.appearance();
        assert_eq!((one.logo.as_str(), &one.logo), (format!("/brand/logos/{id}").as_str(), &one.logo_dark));
    }
}
