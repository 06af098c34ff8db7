//! Branding: a draft that is published, and the mails that are written in its words.

use domain::branding::{Branding, MailTemplate};
use domain::event::{Detail, EventKind};
use domain::listing::EventListRequest;
use domain::time::Span;
use service::Error;
use testkit::{Place, on_both};

use crate::desk::Desk;

on_both!(
    nothing_of_a_draft_is_in_force_before_it_is_published,
    a_draft_that_would_not_hold_is_refused_field_by_field,
    two_who_edit_do_not_overwrite_each_other,
    the_mail_page_is_the_drafts,
);

fn example() -> Branding {
    Branding { support: "https://help.example.org".into(), ..Branding::of("Beispiel & Söhne") }
}

async fn nothing_of_a_draft_is_in_force_before_it_is_published(place: Place) {
    let desk = Desk::new(&place).await;
    let operator = desk.operator();
    let begun = operator.branding_desk().await.unwrap();
    assert_eq!((begun.published, begun.published_at, begun.draft), (Branding::of("Keyroll"), None, None));
    let draft = operator.save_branding_draft(0, example()).await.unwrap();
    assert_eq!(draft.branding, example());
    assert_eq!(desk.browser().organization().await.unwrap(), "Keyroll");
    let link = operator.create_link(desk.add("ana").await.id).await.unwrap();
    let seen = async || {
        let view = desk.browser().view_link(&crate::desk::token(&link)).await.unwrap();
        (view.organization, view.support)
    };
    assert_eq!(seen().await, ("Keyroll".to_owned(), String::new()));

    operator.publish_branding(draft.version).await.unwrap();
    assert_eq!(desk.browser().organization().await.unwrap(), "Beispiel & Söhne");
    assert_eq!(seen().await, ("Beispiel & Söhne".to_owned(), "https://help.example.org".to_owned()));
    assert_eq!(desk.browser().view_link("nobody-knows").await.unwrap().organization, "Beispiel & Söhne");
    let now = operator.branding_desk().await.unwrap();
    assert_eq!((now.published, now.published_at, now.draft), (example(), Some(desk.clock.now()), None));
    let told = operator.list_events(&EventListRequest::default(), None).await.unwrap().events.remove(0);
    assert_eq!(told.kind, EventKind::BrandingPublished);
    assert_eq!(told.detail["organization"], Detail::change("Keyroll", "Beispiel & Söhne"));
    assert!(!told.detail.contains_key("body"));

    let other = operator.save_branding_draft(0, Branding::of("Other")).await.unwrap();
    operator.discard_branding_draft(other.version).await.unwrap();
    let kept = operator.branding_desk().await.unwrap();
    assert_eq!((kept.published, kept.draft), (example(), None));
}

async fn a_draft_that_would_not_hold_is_refused_field_by_field(place: Place) {
    let desk = Desk::new(&place).await;
    let operator = desk.operator();
    let mail = |subject: &str, body: &str, sign_off: &str| Branding {
        mail: MailTemplate { subject: subject.into(), body: body.into(), sign_off: sign_off.into() },
        ..example()
    };
    for (branding, field) in [
        (Branding::of(" "), "organization"),
        (Branding { support: "javascript:alert(1)".into(), ..example() }, "support"),
        (mail("", "{{ link }}", ""), "subject"),
        (mail("x", "without", ""), "body"),
        (mail("x", "{{ link }} {{ password }}", ""), "body"),
        (mail("x", "{{ link }}", "{% for a in 'abc' %}"), "sign_off"),
    ] {
        for outcome in
            [operator.save_branding_draft(0, branding.clone()).await.map(|_| ()), operator.preview_branding(branding.clone()).map(|_| ())]
        {
            let Err(Error::Invalid(fields)) = outcome else { panic!("{field}: {outcome:?}") };
            assert_eq!(fields.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), [field]);
        }
    }
    assert_eq!(operator.branding_desk().await.unwrap().draft, None);
}

async fn two_who_edit_do_not_overwrite_each_other(place: Place) {
    let desk = Desk::new(&place).await;
    let operator = desk.operator();
    let first = operator.save_branding_draft(0, example()).await.unwrap();
    assert_eq!(operator.save_branding_draft(0, Branding::of("Late")).await.unwrap_err().code(), "stale");
    let second = operator.save_branding_draft(first.version, Branding::of("Second")).await.unwrap();
    for outcome in [
        operator.save_branding_draft(first.version, example()).await.map(|_| ()),
        operator.publish_branding(first.version).await,
        operator.discard_branding_draft(first.version).await,
    ] {
        assert_eq!(outcome.unwrap_err().code(), "stale");
    }
    operator.publish_branding(second.version).await.unwrap();
    assert_eq!(desk.browser().organization().await.unwrap(), "Second");
}

async fn the_mail_page_is_the_drafts(place: Place) {
    let desk = Desk::new(&place).await;
    let operator = desk.operator();
    desk.clock.advance(Span::days(1));
    let page = operator.branding_mail().await.unwrap();
    assert!(page.contains("Hello Ana Example,") && page.contains("Create your passkey"), "{page}");
    let mail = MailTemplate { body: "Hey {{ name }}\n\nSee <{{ link }}>\n\n<script>alert(1)</script>".into(), ..MailTemplate::default() };
    operator.save_branding_draft(0, Branding { mail, ..example() }).await.unwrap();
    let page = operator.branding_mail().await.unwrap();
    assert!(page.contains("Hey Ana Example") && page.contains("Beispiel &amp; S"), "{page}");
    assert!(!page.contains("<script>"), "{page}");
    // Where the link is not alone in its paragraph, the button follows.
    assert!(page.contains("Create your passkey"), "{page}");
}
