//! An invitation as a message: headers, text and HTML (RFC 5322, RFC 2045).

use std::time::{Duration, UNIX_EPOCH};

use domain::branding::{Branding, MailTemplate};
use domain::{BindingJobId, Timestamp};
use lettre::address::Address;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart, SinglePart};
use mrml::prelude::render::RenderOptions;

use super::settings::MailSettings;
use super::template::{Rendered, Values, paragraphs, rendered};
use crate::{Error, Result};

/// What an invitation is made of.
pub(super) struct Invitation<'a> {
    pub(super) job: BindingJobId,
    pub(super) attempt: u32,
    pub(super) name: &'a str,
    pub(super) recipient: &'a str,
    pub(super) branding: &'a Branding,
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
        let html = html(&rendered, self.link, &self.branding.organization)?;
        let text = format!("{}\n\n{}\n", rendered.body, rendered.sign_off);
        // The same for every try: a server that took one knows the next one.
        let id = format!("{}.invitation", self.job);
        let boundary = format!("keyroll-{}-{}", self.job, self.attempt);
        let written = Written { id: &id, boundary: &boundary, subject: rendered.subject, text, html };
        Ok(Some(written.to(settings, self.name, to, self.now)?))
    }
}

/// A mail without a link: whether mails arrive.
pub(super) fn test(settings: &MailSettings, name: &str, to: Address, organization: &str, now: Timestamp) -> Result<Ready> {
    let body = "This mail shows that invitations leave and arrive. Nothing needs to be done.".to_owned();
    let subject = format!("A test from {organization}").chars().filter(|letter| !letter.is_control()).collect();
    let rendered = Rendered { subject, body, sign_off: organization.to_owned() };
    let html = layout(&rendered, organization, &paragraph(&rendered.body, ""))?;
    let text = format!("{}\n\n{}\n", rendered.body, rendered.sign_off);
    let id = format!("{}.test", now.micros());
    let boundary = format!("keyroll-{}", now.micros());
    Written { id: &id, boundary: &boundary, subject: rendered.subject, text, html }.to(settings, name, to, now)
}

/// The content of a message.
struct Written<'a> {
    id: &'a str,
    boundary: &'a str,
    subject: String,
    text: String,
    html: String,
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
        let parts = MultiPart::alternative()
            .boundary(self.boundary)
            .singlepart(SinglePart::builder().header(ContentType::TEXT_PLAIN).body(self.text))
            .singlepart(SinglePart::builder().header(ContentType::TEXT_HTML).body(self.html));
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

/// The same words for mail programs that show HTML: one column, one button, and the address in words below it.
pub(crate) fn html(rendered: &Rendered, link: &str, organization: &str) -> Result<String> {
    let body: String =
        paragraphs(&rendered.body).map(|text| if text.trim() == link { button(link) } else { paragraph(&text, link) }).collect();
    // Where the link stands within a sentence, the button follows the text.
    let button = if paragraphs(&rendered.body).any(|text| text.trim() == link) { String::new() } else { button(link) };
    layout(rendered, organization, &format!("{body}{button}"))
}

fn layout(rendered: &Rendered, organization: &str, content: &str) -> Result<String> {
    let sign_off: String = paragraphs(&rendered.sign_off).map(|text| small(&text)).collect();
    let mjml = format!(
        "<mjml><mj-head><mj-title>{title}</mj-title><mj-attributes>\
         <mj-all font-family=\"-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif\" />\
         <mj-text font-size=\"16px\" line-height=\"24px\" color=\"#1a1d23\" padding=\"8px 24px\" /></mj-attributes></mj-head>\
         <mj-body width=\"560px\" background-color=\"#f3f4f6\"><mj-section padding=\"24px 0 0\"></mj-section>\
         <mj-section background-color=\"#ffffff\" border-radius=\"12px\" padding=\"24px 0\"><mj-column>\
         <mj-text font-size=\"14px\" font-weight=\"600\" color=\"#5b6270\">{organization}</mj-text>{content}\
         <mj-divider border-width=\"1px\" border-color=\"#e3e5ea\" padding=\"16px 24px\" />{sign_off}\
         </mj-column></mj-section><mj-section padding=\"0 0 24px\"></mj-section></mj-body></mjml>",
        title = escaped(&rendered.subject),
        organization = escaped(organization),
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

fn button(link: &str) -> String {
    format!(
        "<mj-button href=\"{}\" background-color=\"#2f5bd7\" color=\"#ffffff\" font-size=\"16px\" font-weight=\"600\" \
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
