//! Branding: a draft that is published, and the mails that are written in its words.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
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
    the_mail_is_shown_as_it_is_typed,
    a_picture_is_kept_while_something_shows_it,
    pictures_and_colors_are_what_strangers_see,
    pictures_and_colors_that_do_not_hold_are_refused,
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
    assert_eq!(desk.browser().appearance().await.unwrap().organization, "Keyroll");
    let link = operator.create_link(desk.add("ana").await.id).await.unwrap();
    let seen = async || {
        let view = desk.browser().view_link(&crate::desk::token(&link)).await.unwrap();
        (view.appearance.organization, view.appearance.support)
    };
    assert_eq!(seen().await, ("Keyroll".to_owned(), String::new()));

    operator.publish_branding(draft.version).await.unwrap();
    assert_eq!(desk.browser().appearance().await.unwrap().organization, "Beispiel & Söhne");
    assert_eq!(seen().await, ("Beispiel & Söhne".to_owned(), "https://help.example.org".to_owned()));
    assert_eq!(desk.browser().view_link("nobody-knows").await.unwrap().appearance.organization, "Beispiel & Söhne");
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
    assert_eq!(desk.browser().appearance().await.unwrap().organization, "Second");
}

async fn the_mail_is_shown_as_it_is_typed(place: Place) {
    let desk = Desk::new(&place).await;
    let operator = desk.operator();
    desk.clock.advance(Span::days(1));
    let page = operator.branding_mail(Branding::of("Keyroll")).await.unwrap();
    assert!(page.contains("Hello Ana Example,") && page.contains("Create your passkey"), "{page}");
    let mail = MailTemplate { body: "Hey {{ name }}\n\nSee <{{ link }}>\n\n<script>alert(1)</script>".into(), ..MailTemplate::default() };
    let page = operator.branding_mail(Branding { mail, ..example() }).await.unwrap();
    assert!(page.contains("Hey Ana Example") && page.contains("Beispiel &amp; S"), "{page}");
    assert!(!page.contains("<script>"), "{page}");
    // Where the link is not alone in its paragraph, the button follows.
    assert!(page.contains("Create your passkey"), "{page}");
}

fn drawing(color: &str) -> String {
    STANDARD.encode(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 40 10\" onload=\"alert(1)\"><rect width=\"40\" height=\"10\" fill=\"{color}\"/></svg>"
    ))
}

async fn a_picture_is_kept_while_something_shows_it(place: Place) {
    let desk = Desk::new(&place).await;
    let operator = desk.operator();
    let mut ids = Vec::new();
    for color in ["red", "green", "blue", "black"] {
        ids.push(operator.take_logo(&drawing(color)).await.unwrap().id);
    }
    assert_eq!(operator.take_logo(&drawing("red")).await.unwrap().id, ids[0]);
    let draft = operator.save_branding_draft(0, Branding { logo: ids[0].clone(), ..example() }).await.unwrap();
    operator.publish_branding(draft.version).await.unwrap();
    operator.save_branding_draft(0, Branding { logo_dark: ids[1].clone(), ..example() }).await.unwrap();

    desk.clock.advance(Span::days(2));
    let late = operator.take_logo(&drawing("white")).await.unwrap().id;
    desk.keyroll.sweep().await.unwrap();
    let browser = desk.browser();
    for id in [&ids[0], &ids[1], &late] {
        let (media_type, image) = browser.logo(id).await.unwrap();
        assert_eq!(media_type, "image/svg+xml");
        assert!(!String::from_utf8(image).unwrap().contains("alert"));
    }
    for id in [&ids[2], &ids[3]] {
        assert_eq!(browser.logo(id).await.unwrap_err().code(), "not_found");
    }
    // What was forgotten meanwhile can no longer be saved.
    let refused = operator.save_branding_draft(1, Branding { logo: ids[2].clone(), ..example() }).await.unwrap_err();
    let Error::Invalid(fields) = refused else { panic!("{refused:?}") };
    assert_eq!(fields[0].field, "logo");
}

async fn pictures_and_colors_are_what_strangers_see(place: Place) {
    let desk = Desk::new(&place).await;
    let operator = desk.operator();
    let logo = operator.take_logo(&drawing("red")).await.unwrap().id;
    let branding = Branding { logo: logo.clone(), button: "#FFE08A".into(), button_text: "#000000".into(), ..example() };
    let mail = operator.branding_mail(branding.clone()).await.unwrap();
    assert!(mail.contains("src=\"data:image/png;base64,") && mail.contains("#ffe08a"), "{mail}");
    let draft = operator.save_branding_draft(0, branding).await.unwrap();
    operator.publish_branding(draft.version).await.unwrap();
    let seen = desk.browser().appearance().await.unwrap();
    let address = format!("/brand/logos/{logo}");
    assert_eq!((&seen.logo, &seen.logo_dark, seen.colors.as_str()), (&address, &address, "/brand/colors/ffe08a-000000.css"));
    let view = desk.browser().view_link("nobody-knows").await.unwrap();
    assert_eq!(view.appearance, seen);
}

async fn pictures_and_colors_that_do_not_hold_are_refused(place: Place) {
    let desk = Desk::new(&place).await;
    let operator = desk.operator();
    for content in ["", "no base64", "AAAA", &STANDARD.encode("<svg/>"), &STANDARD.encode(vec![0; 600_000])] {
        let Err(Error::Invalid(fields)) = operator.take_logo(content).await else { panic!("{content:.9}") };
        assert_eq!(fields[0].field, "logo");
    }
    for (branding, field) in [
        (Branding { button: "#777777".into(), button_text: "#ffffff".into(), ..example() }, "button_text"),
        (Branding { logo: "0".repeat(64), ..example() }, "logo"),
        (Branding { logo_dark: "x".into(), ..example() }, "logo_dark"),
    ] {
        let Err(Error::Invalid(fields)) = operator.save_branding_draft(0, branding).await else { panic!("{field}") };
        assert_eq!(fields.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), [field]);
    }
}
