//! How the enrollment page looks. Its parts are always there; the stage decides what they say, and which are hidden.

use leptos::prelude::*;

use super::seen::Seen;
use super::shown::{Act, Help, Shown};
use super::stage::Stage;
use super::way::Way;
use super::words::{Around, BROWSERS, SCREEN_LOCK};
use crate::browser;
use crate::ui::{EnrollmentCard, Glyph, Icon, Time};
use crate::webauthn::Place;

#[component]
pub fn Page(
    seen: Seen,
    /// In whose name, as HTML: the server wrote it, and nothing of it changes.
    brand: String,
) -> impl IntoView {
    let way = Way::new(seen.stage(), seen.asked);
    // A sample never becomes ready by itself, and should look as if it were.
    let ready = RwSignal::new(is_sample());
    Effect::new(move || {
        ready.set(true);
        way.begin();
    });
    let Seen { organization, support, display_name, username, ends_at, .. } = seen;
    let helpless = support.is_empty();
    let around = (display_name, organization.clone());
    let shown = Memo::new(move |_| {
        let (name, organization) = &around;
        let (asked, asking, elsewhere) = (way.asked.get(), way.asking.get(), way.elsewhere.get());
        let around = Around { name, organization, host: &browser::host(), asked, asking, ask_trouble: &way.ask_trouble.get(), elsewhere };
        way.stage.with(|stage| Shown::at(stage, &around))
    });
    follow_focus(shown);
    let act = Callback::new(move |()| match shown.with_untracked(|shown| shown.act) {
        Some((Act::Create, _)) => way.press(Place::Anywhere),
        Some((Act::Know, _)) => way.stage.set(Stage::Set),
        Some((Act::Ask, _)) => way.ask(),
        Some((Act::Reload, _)) => browser::reload(),
        None => {}
    });
    let other_device = Callback::new(move |()| way.press(Place::OtherDevice));
    view! {
        <EnrollmentCard
            brand
            phase=part(shown, |shown| shown.phase)
            heading=part(shown, |shown| shown.said.heading.clone())
            text=part(shown, |shown| shown.said.text.clone())
        >
            <p class="passkey-name" hidden=part(shown, |shown| shown.passkey.is_none())>
                <Icon name=Glyph::Passkey />
                <span>{part(shown, |shown| shown.passkey.clone().unwrap_or_default())}</span>
            </p>
            <Unfolding summary="How to set one up" lines=&SCREEN_LOCK hidden=part(shown, |shown| shown.help != Some(Help::ScreenLock)) />
            <Unfolding summary="Which browsers can" lines=&BROWSERS hidden=part(shown, |shown| shown.help != Some(Help::Browsers)) />
            <div class="doorway__actions">
                <Press
                    kind="primary"
                    icon=Glyph::Passkey
                    label=part(shown, |shown| shown.act.map_or("", |(_, word)| word).to_owned())
                    busy=part(shown, |shown| shown.busy)
                    ready
                    on_press=act
                />
                <Press
                    kind="quiet"
                    icon=Glyph::Phone
                    label=part(shown, |shown| shown.other_device.unwrap_or_default().to_owned())
                    busy=part(shown, |_| false)
                    ready
                    on_press=other_device
                />
                <a
                    class="button button--large"
                    data-kind="primary"
                    rel="noreferrer"
                    href=part(shown, |shown| shown.onward.as_ref().map(|(address, _)| address.clone()).unwrap_or_default())
                    hidden=part(shown, |shown| shown.onward.is_none())
                >
                    "Continue to "
                    {part(shown, |shown| shown.onward.as_ref().map(|(_, host)| host.clone()).unwrap_or_default())}
                </a>
                <a class="button button--large" data-kind="primary" href="/" hidden=part(shown, |shown| !shown.console)>
                    "Open Keyroll"
                </a>
            </div>
            <div class="doorway__small" hidden=part(shown, |shown| !shown.link)>
                <ul class="devices">
                    <li><Icon name=Glyph::Phone />"Phone or tablet"</li>
                    <li><Icon name=Glyph::Laptop />"Computer"</li>
                    <li><Icon name=Glyph::Token />"Security key"</li>
                </ul>
                <p>"Link for " {username} ", from " {organization} ". It ends " <Time at=ends_at /> "."</p>
                <noscript>
                    <p>"Creating a passkey needs JavaScript, which is switched off in this browser."</p>
                </noscript>
            </div>
            <p class="doorway__small" hidden=helpless>
                <a class="link" href=support rel="noreferrer">"Get help"</a>
            </p>
        </EnrollmentCard>
    }
}

#[cfg(feature = "ssr")]
fn is_sample() -> bool {
    use_context::<domain::ceremony::LinkView>().is_some()
}

#[cfg(not(feature = "ssr"))]
fn is_sample() -> bool {
    false
}

/// One part of what is shown, as a signal of the same type for all parts alike: each type costs bytes of its own.
fn part<T: Clone + Send + Sync + 'static>(shown: Memo<Shown>, get: fn(&Shown) -> T) -> Signal<T> {
    Signal::derive(move || shown.with(get))
}

/// Where the pressed button has gone, the focus goes to the words that took its place.
fn follow_focus(shown: Memo<Shown>) {
    Effect::new(move |before: Option<bool>| {
        let pressable = shown.with(|shown| shown.act.is_some());
        if before == Some(true) && !pressable {
            request_animation_frame(|| {
                let _ = browser::focus("#main");
            });
        }
        pressable
    });
}

/// A button that is there as long as it has a word. `ui::Button` takes any content, which would be most of its bytes here.
#[component]
fn Press(
    kind: &'static str,
    icon: Glyph,
    label: Signal<String>,
    busy: Signal<bool>,
    ready: RwSignal<bool>,
    on_press: Callback<()>,
) -> impl IntoView {
    view! {
        <button
            class=if kind == "primary" { "button button--large" } else { "button" }
            type="button"
            data-kind=kind
            hidden=Signal::derive(move || label.with(String::is_empty))
            disabled=Signal::derive(move || !ready.get())
            aria-busy=move || busy.get().then_some("true")
            on:click=move |_| {
                if !busy.get_untracked() {
                    on_press.run(());
                }
            }
        >
            <Icon name=icon />
            <span class="button__label">{label}</span>
        </button>
    }
}

/// More than a sentence, for whoever unfolds it.
#[component]
fn Unfolding(summary: &'static str, lines: &'static [&'static str], hidden: Signal<bool>) -> impl IntoView {
    view! {
        <details class="help" hidden=hidden>
            <summary>{summary}</summary>
            <ul>{lines.iter().map(|line| view! { <li>{*line}</li> }).collect_view()}</ul>
        </details>
    }
}
