//! An invitation as a message: headers, text and HTML (RFC 5322, RFC 2045).

use std::time::{Duration, UNIX_EPOCH};

use domain::branding::{Branding, MailTemplate};
use domain::{BindingJobId, Timestamp};
use lettre::address::Address;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, Message, MultiPart, SinglePart};
use storage::MailLogo;

use super::layout::{Dress, LOGO, html, plain};
use super::settings::MailSettings;
use super::template::{Rendered, Values, rendered};
use crate::{Error, Result};

/// What an invitation is made of.
pub(super) struct Invitation<'a> {
    pub(super) job: BindingJobId,
    pub(super) attempt: u32,
    pub(super) name: &'a str,
    pub(super) recipient: &'a str,
    pub(super) branding: &'a Branding,
    pub(super) logo: Option<&'a MailLogo>,
    pub(super) link: &'a str,
    pub(super) expires_at: Timestamp,
    pub(super) now: Timestamp,
}

/// A message that is ready to leave.
pub(super) struct Ready {
    pub(super) from: Address,
    pub(super) to: Address,
    pub(super) text: Vec<u8>,
}

/// Why a message cannot be made: the address.
pub(super) const NO_ADDRESS: &str = "This address cannot be written to. Correct it on the identity’s page, then send again.";

impl Invitation<'_> {
    /// Builds the message. `None` where the address is none.
    pub(super) fn build(&self, settings: &MailSettings) -> Result<Option<Ready>> {
        let Some(to) = address(self.recipient) else { return Ok(None) };
        let expires = day_and_time(self.expires_at)?;
        let values = Values { name: self.name, organization: &self.branding.organization, link: self.link, expires: &expires };
        // One that held for the sample may fail for these values; the words that Keyroll comes with never do.
        let rendered = rendered(&self.branding.mail, &values)
            .or_else(|_| rendered(&MailTemplate::default(), &values))
            .map_err(|_| Error::Internal("the default template cannot be rendered"))?;
        let html = html(&rendered, self.link, &Dress::of(self.branding, self.logo))?;
        let text = format!("{}\n\n{}\n", rendered.body, rendered.sign_off);
        // The same for every try: a server that took one knows the next one.
        let id = format!("{}.invitation", self.job);
        let boundary = format!("keyroll-{}-{}", self.job, self.attempt);
        let written = Written { id: &id, boundary: &boundary, subject: rendered.subject, text, html, logo: self.logo };
        Ok(Some(written.to(settings, self.name, to, self.now)?))
    }
}

/// Who gets a mail that is sent at once: the one who asked for it.
pub(super) struct Asker<'a> {
    pub(super) name: &'a str,
    pub(super) to: Address,
    pub(super) now: Timestamp,
}

/// A mail without a link: whether mails arrive.
pub(super) fn test(settings: &MailSettings, asker: Asker<'_>, branding: &Branding, logo: Option<&MailLogo>) -> Result<Ready> {
    let organization = &branding.organization;
    let body = "This mail shows that invitations leave and arrive. Nothing needs to be done.".to_owned();
    let subject = format!("A test from {organization}").chars().filter(|letter| !letter.is_control()).collect();
    let rendered = Rendered { subject, body, sign_off: organization.clone() };
    let html = plain(&rendered, &Dress::of(branding, logo))?;
    at_once(settings, asker, rendered, html, logo)
}

/// An invitation with a link that leads nowhere: how it looks where it arrives.
pub(super) fn sample(
    settings: &MailSettings,
    asker: Asker<'_>,
    (rendered, link): (Rendered, &str),
    branding: &Branding,
    logo: Option<&MailLogo>,
) -> Result<Ready> {
    let html = html(&rendered, link, &Dress::of(branding, logo))?;
    at_once(settings, asker, rendered, html, logo)
}

fn at_once(settings: &MailSettings, asker: Asker<'_>, rendered: Rendered, html: String, logo: Option<&MailLogo>) -> Result<Ready> {
    let text = format!("{}\n\n{}\n", rendered.body, rendered.sign_off);
    let id = format!("{}.test", asker.now.micros());
    let boundary = format!("keyroll-{}", asker.now.micros());
    let written = Written { id: &id, boundary: &boundary, subject: rendered.subject, text, html, logo };
    written.to(settings, asker.name, asker.to, asker.now)
}

/// The content of a message.
struct Written<'a> {
    id: &'a str,
    boundary: &'a str,
    subject: String,
    text: String,
    html: String,
    logo: Option<&'a MailLogo>,
}

impl Written<'_> {
    fn to(self, settings: &MailSettings, name: &str, to: Address, now: Timestamp) -> Result<Ready> {
        // A mail program shows the name as text.
        let name: String = name.chars().filter(|letter| !letter.is_control()).collect();
        let now = UNIX_EPOCH + Duration::from_micros(u64::try_from(now.micros()).unwrap_or(0));
        let mut builder = Message::builder()
            .from(settings.sender.clone())
            .to(Mailbox::new(Some(name), to.clone()))
            .date(now)
            .message_id(Some(format!("<{}@{}>", self.id, settings.sender.email.domain())))
            .subject(self.subject)
            .raw_header(raw("Auto-Submitted", "auto-generated"));
        if let Some(reply_to) = &settings.reply_to {
            builder = builder.reply_to(reply_to.clone());
        }
        let text = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(self.text);
        let html = SinglePart::builder().header(ContentType::TEXT_HTML).body(self.html);
        let parts = MultiPart::alternative().boundary(self.boundary).singlepart(text);
        let parts = match self.logo {
            // The picture belongs to the HTML alone (RFC 2387).
            Some(logo) => {
                let png = ContentType::parse("image/png").map_err(|_| Error::Internal("a media type cannot be written"))?;
                let picture = Attachment::new_inline(LOGO.to_owned()).body(logo.png.clone(), png);
                // No boundary may begin another one (RFC 2046, §5.1.1).
                let kind = format!("multipart/related; type=\"text/html\"; boundary=\"related-{}\"", self.boundary);
                let kind = ContentType::parse(&kind).map_err(|_| Error::Internal("a media type cannot be written"))?;
                parts.multipart(MultiPart::builder().header(kind).singlepart(html).singlepart(picture))
            }
            None => parts.singlepart(html),
        };
        let mut message = builder.multipart(parts).map_err(|_| Error::Internal("a mail cannot be put together"))?;
        if let Some(dkim) = settings.dkim() {
            message.sign(dkim);
        }
        Ok(Ready { from: settings.sender.email.clone(), to, text: message.formatted() })
    }
}

fn raw(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// An address as mail servers know it: the domain in ASCII (RFC 5890).
pub(super) fn address(text: &str) -> Option<Address> {
    let (user, domain) = text.rsplit_once('@')?;
    let domain = match url::Host::parse(domain).ok()? {
        url::Host::Domain(domain) => domain,
        url::Host::Ipv4(_) | url::Host::Ipv6(_) => return None,
    };
    Address::new(user, domain).ok()
}

/// "2 December 2026, 09:30 UTC".
pub(crate) fn day_and_time(at: Timestamp) -> Result<String> {
    let at = jiff::Timestamp::from_microsecond(at.micros()).map_err(|_| Error::Internal("a time beyond the calendar"))?;
    Ok(at.strftime("%-d %B %Y, %H:%M UTC").to_string())
}
