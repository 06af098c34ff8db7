//! The branding's form.

use domain::branding::Branding;
use domain::permission::Permission;
use leptos::prelude::*;

use super::look::Look;
use super::server::{save_draft, send_test};
use super::typing::Typing;
use crate::console::may;
use crate::identities::form::taken_over;
use crate::remote::Act;
use crate::ui::{Banner, Button, ButtonKind, Field, TextArea, Tone, use_toasts};

#[component]
pub fn Form(typing: Typing) -> impl IntoView {
    let ready = taken_over();
    let toasts = use_toasts();
    let locked = Signal::stored(!may(Permission::BrandingUpdate));
    let act = typing.act;
    let save = move || {
        if !ready.get_untracked() {
            return;
        }
        let (version, branding) = (typing.version.get_untracked(), typing.typed.get_untracked());
        act.run(
            move || save_draft(version, branding.clone()),
            move |draft| {
                typing.version.set(draft.version);
                typing.base.set(draft.branding.clone());
                typing.typed.set(draft.branding);
                toasts.show("Draft saved");
            },
        );
    };
    let value = move |get| typing.value(get);
    let stale = move || act.error().with(|error| error.as_ref().is_some_and(|error| error.is("stale")));
    view! {
        <form
            class="form"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                save();
            }
        >
            <Field
                label="Organization"
                name="organization"
                required=true
                disabled=locked
                hint="Stands in mails, on the enrollment page and on the sign-in page."
                value=value(|branding| &branding.organization)
                error=typing.error("organization")
                on_input=move |text| typing.change(|branding| branding.organization = text)
            />
            <Field
                label="Support address"
                name="support"
                optional=true
                disabled=locked
                hint="Where people find help: https:// or mailto:"
                value=value(|branding| &branding.support)
                error=typing.error("support")
                on_input=move |text| typing.change(|branding| branding.support = text)
            />
            <Look typing locked />
            <fieldset class="form__section stack-tight">
                <legend class="form__legend">"Invitation"</legend>
                <p class="muted">
                    "Variables: " <code>"{{ name }}"</code> " " <code>"{{ organization }}"</code> " " <code>"{{ link }}"</code> " " <code>"{{ expires }}"</code>
                    ". A paragraph that is the link alone becomes a button."
                </p>
                <Field
                    label="Subject"
                    name="subject"
                    required=true
                    disabled=locked
                    value=value(|branding| &branding.mail.subject)
                    error=typing.error("subject")
                    on_input=move |text| typing.change(|branding| branding.mail.subject = text)
                />
                <TextArea
                    label="Text"
                    name="body"
                    required=true
                    rows=10
                    disabled=locked
                    value=value(|branding| &branding.mail.body)
                    error=typing.error("body")
                    on_input=move |text| typing.change(|branding| branding.mail.body = text)
                />
                <TextArea
                    label="Sign-off"
                    name="sign_off"
                    optional=true
                    rows=4
                    disabled=locked
                    value=value(|branding| &branding.mail.sign_off)
                    error=typing.error("sign_off")
                    on_input=move |text| typing.change(|branding| branding.mail.sign_off = text)
                />
            </fieldset>
            {move || act.words().get().map(|words| view! { <Banner tone=Tone::Danger title=words /> })}
            {move || stale().then(|| view! { <p>"Load the page again to see what they saved; what you typed is still here to copy."</p> })}
            {(!locked.get_untracked()).then(|| view! {
                <div class="form__actions">
                    <Button
                        kind=ButtonKind::Primary
                        r#type="submit"
                        busy=act.busy()
                        disabled=Signal::derive(move || !ready.get() || !typing.is_changed())
                    >
                        "Save draft"
                    </Button>
                    <SendTest typing />
                    <Button
                        kind=ButtonKind::Quiet
                        on_click=move |_| typing.change(|branding| *branding = Branding::of(&branding.organization))
                    >
                        "Reset to default"
                    </Button>
                </div>
            })}
        </form>
    }
}

/// Sends the invitation as it is typed to whoever asks for it.
#[component]
fn SendTest(typing: Typing) -> impl IntoView {
    let ready = taken_over();
    let toasts = use_toasts();
    let act = Act::new();
    let send = move |_| {
        let branding = typing.typed.get_untracked();
        act.run(move || send_test(branding.clone()), move |words| toasts.show(words));
    };
    let refused = move || act.error().with(|error| error.as_ref().map(|error| error.words.clone()));
    view! {
        <Button busy=act.busy() disabled=Signal::derive(move || !ready.get()) on_click=send>"Send me a test"</Button>
        {move || refused().map(|words| view! { <Banner tone=Tone::Danger title=words /> })}
    }
}
