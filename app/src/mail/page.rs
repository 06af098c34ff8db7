//! Settings → Mail: how mails leave, the outbox, and trying it out.

use domain::BindingJobId;
use domain::mail::{Mail, MailDesk, MailFilter, MailPage as Page, MailWay, OpenedMail};
use domain::permission::Permission;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_url;
use serde::{Deserialize, Serialize};

use super::card::MailCard;
use super::server::{check_mail, mail_desk, mails, open_mail, send_test_mail};
use crate::address::pairs;
use crate::console::may;
use crate::error::AppError;
use crate::remote::{Act, Loaded, live_resource};
use crate::ui::{
    Banner, Button, ButtonKind, CodeBox, Definition, DefinitionList, Dialog, DialogWidth, Each, EmptyState, Glyph, LinkButton, PageHeader,
    Panel, SummaryBar, SummaryPart, Tone,
};

const HOME: &str = "/settings/mail";

/// What the address asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Asked {
    filter: Option<MailFilter>,
    before: Option<BindingJobId>,
}

impl Asked {
    fn parse(query: &str) -> Self {
        let mut asked = Self::default();
        for (name, value) in pairs(query) {
            match name.as_str() {
                "show" => asked.filter = MailFilter::read(&value),
                "before" => asked.before = value.parse().ok(),
                _ => {}
            }
        }
        asked
    }

    fn href(self) -> String {
        let show = self.filter.map(|filter| format!("show={filter}"));
        let before = self.before.map(|before| format!("before={before}"));
        let query: Vec<_> = show.into_iter().chain(before).collect();
        if query.is_empty() { HOME.to_owned() } else { format!("{HOME}?{}", query.join("&")) }
    }
}

/// What is shown, with what was asked.
type Shown = (Asked, MailDesk, Page);

async fn read(asked: Asked, live: bool) -> Result<Shown, AppError> {
    Ok((asked, mail_desk(live).await?, mails(asked.filter, asked.before, live).await?))
}

#[component]
pub fn MailPage() -> impl IntoView {
    let url = use_url();
    let asked = Memo::new(move |_| url.with(|url| Asked::parse(url.search())));
    let page = live_resource(None, move || asked.get(), read);
    let act = Act::new();
    let opened = RwSignal::new(None::<OpenedMail>);
    view! {
        <Title text="Mail" />
        <PageHeader title="Mail" subtitle=|| view! { <span>"How invitations leave, and what became of them."</span> } />
        <Loaded resource=page let(shown)>
            {
                let desk = Memo::new(move |_| shown.with(|(_, desk, _): &Shown| desk.clone()));
                let list = Memo::new(move |_| shown.with(|(_, _, page)| page.mails.clone()));
                let none = Memo::new(move |_| list.with(Vec::is_empty));
                let files = Signal::derive(move || desk.with(|desk| matches!(desk.way, MailWay::Files { .. })));
                let open = move |mail: Mail| act.run(move || open_mail(mail.job), move |mail| opened.set(Some(mail)));
                view! {
                    <div class="stack">
                    <Way desk />
                    <SummaryBar label="Mails" parts=Signal::derive(move || shown.with(parts)) />
                    {move || act.words().get().map(|words| view! { <Banner tone=Tone::Danger title=words /> })}
                    {move || {
                        if none.get() {
                            Either::Left(view! { <Nothing narrowed=Signal::derive(move || shown.with(|(asked, ..)| *asked != Asked::default())) /> })
                        } else {
                            Either::Right(view! {
                                <section class="records" aria-label="Outbox">
                                    <Each items=list key=|mail: &Mail| mail.job let(mail)>
                                        <MailCard mail act files on_open=open />
                                    </Each>
                                </section>
                            })
                        }
                    }}
                    <div class="older">
                        {move || shown.with(|(asked, ..)| asked.before.map(|_| Asked { before: None, ..*asked }.href())).map(|href| view! { <LinkButton href>"Newest mails"</LinkButton> })}
                        {move || {
                            shown.with(|(asked, _, page)| page.next.map(|next| Asked { before: Some(next), ..*asked }.href())).map(|href| view! { <LinkButton href>"Older mails"</LinkButton> })
                        }}
                    </div>
                    </div>
                }
            }
        </Loaded>
        <OpenedDialog opened />
    }
}

/// How mails leave, and trying it out.
#[component]
fn Way(desk: Memo<MailDesk>) -> impl IntoView {
    let act = Act::new();
    let found = RwSignal::new(None::<String>);
    let check = move |_| {
        found.set(None);
        act.run(check_mail, move |words| found.set(Some(words)));
    };
    let test = move |_| {
        found.set(None);
        act.run(send_test_mail, move |words| found.set(Some(words)));
    };
    let way = move || {
        desk.with(|desk| match &desk.way {
            MailWay::Server { name, protection } => format!("{name}, {protection}"),
            MailWay::Files { folder } => format!("No mail server is set: mails become files in {folder}"),
        })
    };
    view! {
        <Panel title="How mails leave">
            <div class="stack">
                <DefinitionList>
                    <Definition label="Server">{way}</Definition>
                    <Definition label="From">{move || desk.with(|desk| desk.sender.clone())}</Definition>
                </DefinitionList>
                {may(Permission::MailUpdate).then(|| view! {
                    <div class="cluster">
                        <Button busy=act.busy() on_click=check>"Check the server"</Button>
                        <Button icon=Glyph::Mail disabled=act.busy() on_click=test>"Send me a test"</Button>
                    </div>
                })}
                <div role="status">
                    {move || found.get().map(|words| view! { <Banner tone=Tone::Success title=words /> })}
                    {move || act.words().get().map(|words| view! { <Banner tone=Tone::Danger title=words /> })}
                </div>
            </div>
        </Panel>
    }
}

fn parts((asked, desk, _): &Shown) -> Vec<SummaryPart> {
    let counts = &desk.counts;
    let part = |label: &str, filter: Option<MailFilter>, count: u64, tone: Tone| SummaryPart {
        label: label.to_owned(),
        count,
        href: Asked { filter, before: None }.href(),
        tone,
        current: asked.filter == filter,
        whole: filter.is_none(),
    };
    let all = counts.waiting + counts.sent + counts.uncertain + counts.failed + counts.dropped;
    let mut parts = vec![
        part("All", None, all, Tone::Neutral),
        part("Sent", Some(MailFilter::Sent), counts.sent, Tone::Success),
        part("Waiting", Some(MailFilter::Waiting), counts.waiting, Tone::Accent),
        part("Refused", Some(MailFilter::Failed), counts.failed, Tone::Danger),
        part("Perhaps sent", Some(MailFilter::Uncertain), counts.uncertain, Tone::Warning),
    ];
    // Rare: a link that was taken back before its mail left.
    if counts.dropped > 0 || asked.filter == Some(MailFilter::Dropped) {
        parts.push(part("Not sent", Some(MailFilter::Dropped), counts.dropped, Tone::Neutral));
    }
    parts
}

#[component]
fn Nothing(narrowed: Signal<bool>) -> impl IntoView {
    move || {
        if narrowed.get() {
            Either::Left(view! {
                <EmptyState
                    icon=Glyph::Mail
                    title="No such mails"
                    text="None of the mails stands there now."
                    action=|| view! { <LinkButton href=HOME>"Show all"</LinkButton> }
                />
            })
        } else {
            Either::Right(view! {
                <EmptyState icon=Glyph::Mail title="No mails yet" text="Each invitation that is sent by mail is listed here, with what became of it." />
            })
        }
    }
}

/// A mail that lies in a file, with the way to its link.
#[component]
fn OpenedDialog(opened: RwSignal<Option<OpenedMail>>) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || {
        if opened.with(Option::is_some) {
            open.set(true);
        }
    });
    Effect::new(move || {
        if !open.get() && opened.with_untracked(Option::is_some) {
            opened.set(None);
        }
    });
    let title = Memo::new(move |before: Option<&String>| {
        opened.with(|mail| mail.as_ref().map(|mail| mail.subject.clone())).or_else(|| before.cloned()).unwrap_or_default()
    });
    view! {
        <Dialog
            id="opened-mail"
            open
            width=DialogWidth::Wide
            title
            footer=move || view! { <Button kind=ButtonKind::Primary on_click=move |_| open.set(false)>"Done"</Button> }
        >
            {move || opened.get().map(|mail| view! {
                <p class="muted">"To " {mail.recipient}</p>
                <pre class="mail-text">{mail.text}</pre>
                {mail.link.map(|link| view! {
                    <CodeBox text=link.clone() label="Copy link" />
                    <p><a class="link" href=link target="_blank" rel="noopener">"Open the link"</a></p>
                })}
            })}
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_holds_what_is_shown() {
        for address in ["/settings/mail", "/settings/mail?show=failed", "/settings/mail?show=sent&before=0000000000000007"] {
            let asked = Asked::parse(address.split_once('?').map_or("", |(_, query)| query));
            assert_eq!(asked.href(), address);
        }
        assert_eq!(Asked::parse("show=nothing&before=x"), Asked::default());
    }
}
