//! Branding: in whose name people are written to and received.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::field::{self, FieldError};

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
}

impl Branding {
    /// As long as nothing was published.
    #[must_use]
    pub fn of(organization: &str) -> Self {
        Self { organization: organization.to_owned(), support: String::new(), mail: MailTemplate::default() }
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
        if errors.is_empty() { Ok(Self { organization, support, ..self }) } else { Err(errors) }
    }
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
}
