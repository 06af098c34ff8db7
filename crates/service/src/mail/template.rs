//! The words of an invitation: a template with variables, rendered in a sandbox.
//!
//! It has variables, conditions and loops, no functions, filters or includes, and it is limited in time and size.

use std::fmt;

use domain::branding::MailTemplate;
use minijinja::{Environment, UndefinedBehavior, context};

/// Instructions that one text may run.
const FUEL: u64 = 20_000;
/// Bytes of a text, before and after rendering.
const LONGEST: usize = 16 * 1024;
/// Characters of a subject.
const LONGEST_SUBJECT: usize = 200;

/// What a template's variables stand for.
#[derive(Debug, Clone)]
pub(crate) struct Values<'a> {
    pub(crate) name: &'a str,
    pub(crate) organization: &'a str,
    pub(crate) link: &'a str,
    pub(crate) expires: &'a str,
}

/// A template in one person's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rendered {
    pub(crate) subject: String,
    pub(crate) body: String,
    pub(crate) sign_off: String,
}

/// Which text of a template cannot be used, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {words}")]
pub(crate) struct TemplateError {
    pub(crate) field: &'static str,
    pub(crate) words: String,
}

/// Puts the values into the templates.
pub(crate) fn rendered(template: &MailTemplate, values: &Values<'_>) -> Result<Rendered, TemplateError> {
    let subject = render("subject", &template.subject, values)?;
    // One line, whatever the values hold: a header ends where its line does.
    let subject: String = subject
        .split(|letter: char| letter.is_control() || letter.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    if subject.is_empty() {
        return Err(error("subject", "A mail needs a subject."));
    }
    let subject = subject.chars().take(LONGEST_SUBJECT).collect();
    let body = tidied(&render("body", &template.body, values)?);
    if !body.contains(values.link) {
        return Err(error("body", "The link is missing: write {{ link }} where it belongs."));
    }
    Ok(Rendered { subject, body, sign_off: tidied(&render("sign_off", &template.sign_off, values)?) })
}

fn error(field: &'static str, words: impl Into<String>) -> TemplateError {
    TemplateError { field, words: words.into() }
}

fn render(field: &'static str, text: &str, values: &Values<'_>) -> Result<String, TemplateError> {
    if text.len() > LONGEST {
        return Err(error(field, "This is too long for a mail."));
    }
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(20);
    let template = environment.template_from_str(text).map_err(|failed| error(field, words(&failed)))?;
    let values = context! { name => values.name, organization => values.organization, link => values.link, expires => values.expires };
    let mut written = Limited(String::new());
    template.render_captured_to(values, &mut written).map_err(|failed| error(field, words(&failed)))?;
    Ok(written.0)
}

/// Keeps what a template writes, up to a size.
struct Limited(String);

impl std::io::Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0.len() + bytes.len() > LONGEST {
            return Err(std::io::Error::other("too long"));
        }
        let text = std::str::from_utf8(bytes).map_err(std::io::Error::other)?;
        self.0.push_str(text);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What is wrong with a template, and where.
fn words(failed: &minijinja::Error) -> String {
    use minijinja::ErrorKind as Kind;
    let line = failed.line().map_or_else(String::new, |line| format!("Line {line}: "));
    let what: &dyn fmt::Display = match failed.kind() {
        Kind::UndefinedError => &"this variable is not known. There are name, organization, link and expires.",
        Kind::OutOfFuel => &"this would run for too long.",
        Kind::WriteFailure => &"this becomes too long for a mail.",
        Kind::UnknownFilter | Kind::UnknownFunction | Kind::UnknownTest | Kind::UnknownMethod => {
            &"there are no filters, functions or tests here."
        }
        Kind::TemplateNotFound => &"other templates cannot be used here.",
        _ => &"this cannot be understood. A variable stands in double braces, as in {{ name }}.",
    };
    format!("{line}{what}")
}

/// Paragraphs with one empty line between them, without control characters.
fn tidied(text: &str) -> String {
    paragraphs(text).collect::<Vec<_>>().join("\n\n")
}

/// The paragraphs of a text.
pub(super) fn paragraphs(text: &str) -> impl Iterator<Item = String> {
    let text = text.replace("\r\n", "\n");
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| line.chars().filter(|letter| !letter.is_control() || *letter == '\t').collect::<String>().trim_end().to_owned())
        .collect();
    let parts: Vec<String> =
        lines.split(|line| line.trim().is_empty()).filter(|part| !part.is_empty()).map(|part| part.join("\n")).collect();
    parts.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: &str = "https://id.example.com/enroll/abc";
    const VALUES: Values<'static> =
        Values { name: "Zoë Ångström", organization: "Example & Sons", link: LINK, expires: "2 December 2026" };

    fn template(subject: &str, body: &str) -> MailTemplate {
        MailTemplate { subject: subject.into(), body: body.into(), sign_off: String::new() }
    }

    fn refused(subject: &str, body: &str) -> String {
        rendered(&template(subject, body), &VALUES).unwrap_err().to_string()
    }

    #[test]
    fn the_default_says_whose_it_is_what_to_do_and_until_when() {
        let mail = rendered(&MailTemplate::default(), &VALUES).unwrap();
        assert_eq!(mail.subject, "Create your passkey for Example & Sons");
        for part in ["Hello Zoë Ångström,", "\n\nhttps://id.example.com/enroll/abc\n\n", "until 2 December 2026"] {
            assert!(mail.body.contains(part), "{part}: {}", mail.body);
        }
        assert!(mail.sign_off.contains("did not expect this mail"));
    }

    #[test]
    fn what_cannot_be_rendered_says_where_and_why() {
        for (subject, body, words) in [
            ("x", "no link", "body: The link is missing"),
            ("x", "{{ link }}\n{{ password }}", "body: Line 2: this variable is not known"),
            ("x", "{{ link", "body: Line 1: this cannot be understood"),
            ("{{ link | upper }}", "{{ link }}", "subject: Line 1: there are no filters"),
            ("x", "{{ range(9) }}{{ link }}", "body: Line 1: there are no filters"),
            ("x", "{% include '/etc/passwd' %}{{ link }}", "body: Line 1: this cannot be understood"),
            ("x", "{% import 'x' as y %}{{ link }}", "body: Line 1: this cannot be understood"),
            (" ", "{{ link }}", "subject: A mail needs a subject"),
        ] {
            let said = refused(subject, body);
            assert!(said.starts_with(words), "{body}: {said}");
        }
    }

    #[test]
    fn a_template_that_would_not_end_or_grow_without_end_is_stopped() {
        let digits = "[1,2,3,4,5,6,7,8,9,0]";
        let nested = |depth: usize, inner: &str| {
            let begin = format!("{{% for digit in {digits} %}}").repeat(depth);
            format!("{{{{ link }}}}{begin}{inner}{}", "{% endfor %}".repeat(depth))
        };
        assert!(refused("x", &nested(9, "")).contains("run for too long"));
        assert!(refused("x", &nested(2, &"x".repeat(1_000))).contains("too long for a mail"));
        assert!(refused("x", "{% set a = link * 100000000 %}{{ a }}").contains("Line 1"));
        assert!(refused("x", &"x".repeat(20_000)).contains("too long"));
    }

    #[test]
    fn values_and_templates_cannot_begin_another_header() {
        let values = Values { name: "Eve\r\nBcc: all@example.com", ..VALUES };
        let mail = rendered(&template("Hello {{ name }}\r\nX-Evil: 1", "{{ link }}"), &values).unwrap();
        assert_eq!(mail.subject, "Hello Eve Bcc: all@example.com X-Evil: 1");
        let long = rendered(&template(&"x".repeat(5_000), "{{ link }}"), &VALUES).unwrap();
        assert_eq!(long.subject.chars().count(), LONGEST_SUBJECT);
    }

    #[test]
    fn paragraphs_are_parted_by_empty_lines() {
        let text = "one\r\nstill one\n  \n\n\u{7}two\n";
        assert_eq!(paragraphs(text).collect::<Vec<_>>(), ["one\nstill one", "two"]);
        assert_eq!(paragraphs(" \n\n").count(), 0);
    }
}
