//! Settings → Branding: a draft with its preview, and publishing it.

use std::time::Duration;

use domain::branding::{Branding, BrandingDesk, MailPreview, MailTemplate};
use domain::permission::Permission;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;

use super::server::{branding_desk, discard_draft, preview, publish, save_draft};
use crate::console::may;
use crate::error::AppError;
use crate::identities::form::taken_over;
use crate::remote::{Act, Loaded, Remote, live_resource};
use crate::ui::{Banner, Button, ButtonKind, Field, PageHeader, Panel, TextArea, Time, Tone, use_toasts};

/// After the last key, before the preview is asked for.
const PAUSE: Duration = Duration::from_millis(300);

#[component]
pub fn BrandingPage() -> impl IntoView {
    let desk = live_resource(None, || (), |(), live| branding_desk(live));
    view! {
        <Title text="Branding" />
        <PageHeader
            title="Branding"
            subtitle=|| view! { <span>"In whose name people are invited and received."</span> }
        />
        <Loaded resource=desk let(shown)>
            <Desk shown desk />
        </Loaded>
    }
}

/// What is typed, and the draft that it started from.
#[derive(Clone, Copy)]
struct Typing {
    typed: RwSignal<Branding>,
    /// As it was saved last, or is in force.
    base: RwSignal<Branding>,
    version: RwSignal<i64>,
    act: Act,
    /// What the server says of what is typed.
    previewed: RwSignal<Option<Result<MailPreview, AppError>>>,
    asked: StoredValue<u32>,
}

impl Typing {
    fn begin(desk: &BrandingDesk) -> Self {
        let (branding, version) = start(desk);
        Self {
            typed: RwSignal::new(branding.clone()),
            base: RwSignal::new(branding),
            version: RwSignal::new(version),
            act: Act::new(),
            previewed: RwSignal::new(None),
            asked: StoredValue::new(0),
        }
    }

    fn begin_again(self, desk: &BrandingDesk) {
        let (branding, version) = start(desk);
        self.typed.set(branding.clone());
        self.base.set(branding);
        self.version.set(version);
    }

    fn is_changed(self) -> bool {
        self.typed.with(|typed| self.base.with(|base| typed != base))
    }

    fn change(self, change: impl FnOnce(&mut Branding)) {
        self.act.clear();
        self.typed.update(change);
    }

    /// Asks for the preview, once nothing has been typed for a moment.
    fn preview_soon(self, branding: Branding) {
        let asking = self.asked.get_value().wrapping_add(1);
        self.asked.set_value(asking);
        set_timeout(
            move || {
                if self.asked.try_get_value() == Some(asking) {
                    spawn_local(async move {
                        let answer = preview(branding).await;
                        if self.asked.try_get_value() == Some(asking) {
                            self.previewed.try_set(Some(answer));
                        }
                    });
                }
            },
            PAUSE,
        );
    }

    /// What is wrong with a field: said by the preview while it is typed, and by the server when it was sent.
    fn error(self, name: &'static str) -> Signal<Option<String>> {
        let sent = self.act.field(name);
        Signal::derive(move || {
            let seen = self.previewed.with(|seen| match seen {
                Some(Err(error)) => error.field(name),
                _ => None,
            });
            seen.or_else(|| sent.get())
        })
    }
}

/// The draft, or what is in force where there is none.
fn start(desk: &BrandingDesk) -> (Branding, i64) {
    match &desk.draft {
        Some(draft) => (draft.branding.clone(), draft.version),
        None => (desk.published.clone(), 0),
    }
}

#[component]
fn Desk(shown: Signal<BrandingDesk>, desk: Remote<BrandingDesk>) -> impl IntoView {
    let typing = shown.with_untracked(Typing::begin);
    // Somebody else saved, and nothing is typed here that it would take away.
    Effect::new(move || {
        let now = shown.get();
        if !untrack(move || typing.is_changed()) {
            typing.begin_again(&now);
        }
    });
    Effect::new(move || typing.preview_soon(typing.typed.get()));
    view! {
        <div class="branding">
            <div class="stack">
                <State shown typing desk />
                <Form typing />
            </div>
            <Preview typing />
        </div>
    }
}

/// What is in force, what is a draft, and what can be done.
#[component]
fn State(shown: Signal<BrandingDesk>, typing: Typing, desk: Remote<BrandingDesk>) -> impl IntoView {
    let drafted = Memo::new(move |_| shown.with(|desk| desk.draft.is_some()));
    let toasts = use_toasts();
    let changes = may(Permission::BrandingUpdate);
    let act = typing.act;
    let publish_it = move |_| {
        let version = typing.version.get_untracked();
        act.run(
            move || publish(version),
            move |()| {
                toasts.show("Branding published");
                desk.refetch();
            },
        );
    };
    let discard = move |_| {
        let version = typing.version.get_untracked();
        act.run(
            move || discard_draft(version),
            move |()| {
                typing.base.set(typing.typed.get_untracked());
                desk.refetch();
            },
        );
    };
    let when = move || shown.with(|desk| desk.published_at.map(|at| (at.micros(), desk.published_by.clone())));
    view! {
        {move || {
            if drafted.get() {
                view! {
                    <Banner tone=Tone::Accent title="This is a draft: nothing of it is in force yet.">
                        {changes.then(|| view! {
                            <div class="cluster">
                                <Button
                                    kind=ButtonKind::Primary
                                    disabled=Signal::derive(move || act.busy().get() || typing.is_changed())
                                    on_click=publish_it
                                >
                                    "Publish"
                                </Button>
                                <Button disabled=act.busy() on_click=discard>"Discard draft"</Button>
                            </div>
                        })}
                    </Banner>
                }
                .into_any()
            } else {
                match when() {
                    Some((at, by)) => view! { <p class="muted">"In force since " <Time at=at /> ", published by " {by} "."</p> }.into_any(),
                    None => view! { <p class="muted">"Nothing was published yet: these are the words that Keyroll comes with."</p> }.into_any(),
                }
            }
        }}
    }
}

#[component]
fn Form(typing: Typing) -> impl IntoView {
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
    let value = move |get: fn(&Branding) -> &String| Signal::derive(move || typing.typed.with(|typed| get(typed).clone()));
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
            <fieldset class="form__section">
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
                    <Button
                        kind=ButtonKind::Quiet
                        on_click=move |_| typing.change(|branding| branding.mail = MailTemplate::default())
                    >
                        "Reset the invitation"
                    </Button>
                </div>
            })}
        </form>
    }
}

/// What the person will read: the words as they are typed, the layout as it was saved.
#[component]
fn Preview(typing: Typing) -> impl IntoView {
    // What could be rendered last stays while something is being typed that cannot.
    let words = Memo::new(move |before: Option<&Option<MailPreview>>| {
        typing.previewed.with(|seen| seen.as_ref().and_then(|seen| seen.as_ref().ok()).cloned()).or_else(|| before.cloned().flatten())
    });
    let frame = move || format!("/settings/branding/mail?version={}", typing.version.get());
    view! {
        <Panel title="Preview">
            <div class="stack">
                {move || words.get().map(|mail| view! {
                    <p><strong>{mail.subject}</strong></p>
                    <pre class="mail-text">{mail.text}</pre>
                })}
                <p class="muted">"As mail programs show it, as it was saved last:"</p>
                <iframe class="mail-frame" title="The invitation in a mail program" src=frame sandbox=""></iframe>
            </div>
        </Panel>
    }
}
