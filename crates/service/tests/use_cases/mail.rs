//! Invitations by mail, against a mail server on loopback.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use domain::binding_job::{DeliveryMethod, State};
use domain::event::EventKind;
use domain::identity::{EnrollmentStatus, ProfileForm, Status};
use domain::listing::EventListRequest;
use domain::mail::{MailFilter, MailState};
use domain::record::{Identity, Job};
use domain::time::Span;
use mail_parser::{Address, MessageParser};
use service::mail::{MailSettings, MailTried, Post, SmtpServer, Way};
use service::{Context, Keyroll, Randomness, Settings};
use testkit::{MailServer, Manner, Phase, Place, on_both};
use url::Url;

use crate::desk::{Desk, ORIGIN, form};

on_both!(
    an_invitation_arrives_once_with_a_link_that_works,
    a_mail_that_is_refused_for_good_ends_its_job_in_the_servers_words,
    what_is_refused_for_now_is_tried_again_later,
    a_server_that_cannot_be_used_keeps_the_mails_waiting,
    a_text_whose_answer_was_not_heard_is_not_sent_twice,
    whoever_died_at_a_mail_is_followed_by_another,
    two_processes_send_each_mail_once,
    a_link_that_ended_is_not_sent_any_more,
    a_kept_connection_that_the_server_closed_costs_no_mail,
);

/// Two processes do not make the same ids.
static SEED: AtomicU64 = AtomicU64::new(7);

/// Keyroll on the desk's database, with mails going where the test wants.
pub(crate) fn with_mail(desk: &Desk, change: impl FnOnce(&mut Settings)) -> Keyroll {
    let mut settings = Settings::new(Url::parse(ORIGIN).unwrap());
    settings.mail.sender = "Example <passkeys@example.com>".parse().unwrap();
    change(&mut settings);
    let randomness = Randomness::seeded(SEED.fetch_add(1, Ordering::Relaxed));
    Keyroll::new(desk.keyroll.store().clone(), settings, desk.clock.clone(), randomness).unwrap()
}

pub(crate) fn by_server(desk: &Desk, server: &MailServer) -> Keyroll {
    with_mail(desk, |settings| settings.mail.way = Way::Server(patient(server, "?tls=none")))
}

/// A test waits for a server that hangs, but not for long.
pub(crate) fn patient(server: &MailServer, rest: &str) -> SmtpServer {
    let mut parsed = SmtpServer::parse(&server.url(rest)).unwrap();
    parsed.timeouts.connect = Duration::from_millis(300);
    parsed.timeouts.command = Duration::from_millis(300);
    parsed.timeouts.taken = Duration::from_millis(300);
    parsed
}

pub(crate) async fn add(context: &Context, username: &str, name: &str) -> Identity {
    let form = ProfileForm { email: format!("{username}@example.org"), ..form(username, name) };
    context.create_identity(&form, &[]).await.unwrap()
}

pub(crate) async fn job(context: &Context, job: &Job) -> Job {
    context.jobs(Some(job.identity), None).await.unwrap().jobs.into_iter().find(|found| found.id == job.id).unwrap()
}

pub(crate) async fn words(context: &Context, job: &Job) -> String {
    context.job_history(job.id).await.unwrap().mail.unwrap().words
}

pub(crate) async fn kinds(context: &Context) -> Vec<EventKind> {
    context.list_events(&EventListRequest::default(), None).await.unwrap().events.into_iter().map(|event| event.kind).collect()
}

/// The link in a mail's text.
pub(crate) fn link_in(text: &str) -> String {
    let message = MessageParser::default().parse(text.as_bytes()).unwrap();
    let begin = format!("{ORIGIN}/enroll/");
    let body = message.body_text(0).unwrap().into_owned();
    body.split_whitespace().find_map(|word| word.strip_prefix(&begin).map(str::to_owned)).unwrap()
}

async fn an_invitation_arrives_once_with_a_link_that_works(place: Place) {
    let (desk, server) = (Desk::new(&place).await, MailServer::start().await);
    let keyroll = with_mail(&desk, |settings| {
        settings.mail.way = Way::Server(patient(&server, "?tls=none"));
        settings.mail.reply_to = Some("help@example.com".parse().unwrap());
        settings.mail.sign("mail2026", "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=").unwrap();
    });
    let operator = keyroll.operator(desk.realm);
    let zoe = add(&operator, "zoe", "Zoë Ångström 王").await;
    let invited = operator.invite(zoe.id).await.unwrap();
    assert_eq!((invited.state, invited.delivery, invited.mail), (State::LinkSent, DeliveryMethod::Email, Some(MailState::Queued)));
    let post = Post::default();
    assert_eq!(keyroll.send_next_mail(&post).await.unwrap(), MailTried::Settled(MailState::Sent));
    assert_eq!(keyroll.send_next_mail(&post).await.unwrap(), MailTried::Nothing);
    assert_eq!(job(&operator, &invited).await.mail, Some(MailState::Sent));
    assert_eq!(kinds(&operator).await[..2], [EventKind::MailSent, EventKind::BindingJobCreated]);

    let received = server.received();
    assert_eq!(received.len(), 1);
    assert_eq!((received[0].from.as_str(), received[0].to.as_str()), ("passkeys@example.com", "zoe@example.org"));
    let message = MessageParser::default().parse(received[0].text.as_bytes()).unwrap();
    let first = |address: Option<&Address<'_>>| {
        address.and_then(|list| list.first()).map(|one| (one.name().unwrap_or("").to_owned(), one.address().unwrap().to_owned()))
    };
    assert_eq!(first(message.from()), Some(("Example".into(), "passkeys@example.com".into())));
    assert_eq!(first(message.to()), Some(("Zoë Ångström 王".into(), "zoe@example.org".into())));
    assert_eq!(first(message.reply_to()), Some((String::new(), "help@example.com".into())));
    assert_eq!(message.message_id(), Some(&*format!("{}.invitation@example.com", invited.id)));
    assert_eq!(message.date().unwrap().to_timestamp(), desk.clock.now().micros() / 1_000_000);
    assert_eq!(message.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
    let signature = message.header_raw("DKIM-Signature").unwrap();
    assert!(signature.contains("s=mail2026;") && signature.contains("d=example.com;"), "{signature}");
    let (text, html) = (message.body_text(0).unwrap(), message.body_html(0).unwrap());
    let token = link_in(&received[0].text);
    let link = format!("{ORIGIN}/enroll/{token}");
    assert!(text.contains("Hello Zoë Ångström 王,") && text.contains("22 January 2027"), "{text}");
    assert_eq!(html.matches(&*format!("href=\"{link}\"")).count(), 2, "{html}");
    assert!(html.contains("Create your passkey") && html.contains(&format!(">{link}</a>")), "{html}");
    for other in ["http://", "<script", "fonts.googleapis"] {
        assert!(!html.replace("http://www.w3.org", "").contains(other), "{other}: {html}");
    }

    let mut authenticator = testkit::SoftAuthenticator::new(3);
    desk.enroll(&token, &mut authenticator).await;
    assert_eq!(job(&operator, &invited).await.state, State::Complete);
}

async fn a_mail_that_is_refused_for_good_ends_its_job_in_the_servers_words(place: Place) {
    let (desk, server) = (Desk::new(&place).await, MailServer::start().await);
    let keyroll = by_server(&desk, &server);
    let operator = keyroll.operator(desk.realm);
    for (name, phase, words_of_server) in [
        ("ana", Phase::To, "550 5.1.1 No such person"),
        ("bo", Phase::Data, "554 5.7.1 Not from you"),
        ("cy", Phase::Text, "552 5.2.2 Mailbox full for good"),
    ] {
        let person = add(&operator, name, name).await;
        let invited = operator.invite(person.id).await.unwrap();
        server.behave(Manner::Answers(phase, words_of_server));
        assert_eq!(keyroll.send_next_mail(&Post::default()).await.unwrap(), MailTried::Settled(MailState::Failed), "{phase:?}");
        let failed = job(&operator, &invited).await;
        assert_eq!((failed.state, failed.mail), (State::FailedToSend, Some(MailState::Failed)));
        let said = words(&operator, &invited).await;
        assert!(said.contains(&words_of_server[4..]) && said.contains(&words_of_server[..3]), "{said}");
        assert_eq!(operator.identity(person.id).await.unwrap().enrollment, EnrollmentStatus::InviteFailed);
        assert_eq!(kinds(&operator).await[0], EventKind::MailFailed);
        desk.clock.advance(Span::days(1));
        assert_eq!(keyroll.send_next_mail(&Post::default()).await.unwrap(), MailTried::Nothing);
    }
    assert_eq!(server.received(), []);
}

async fn what_is_refused_for_now_is_tried_again_later(place: Place) {
    let (desk, server) = (Desk::new(&place).await, MailServer::start().await);
    let keyroll = by_server(&desk, &server);
    let operator = keyroll.operator(desk.realm);
    let invited = operator.invite(add(&operator, "ana", "Ana").await.id).await.unwrap();
    let manners = [
        Manner::Answers(Phase::To, "451 4.7.1 Greylisted"),
        Manner::Answers(Phase::Data, "452 4.3.1 No space"),
        Manner::Answers(Phase::Text, "451 4.3.0 Try again"),
        Manner::Hangs(Phase::To),
        Manner::Drops(Phase::To),
        Manner::Hangs(Phase::Data),
        Manner::Drops(Phase::Data),
    ];
    for (tries, manner) in manners.into_iter().enumerate() {
        server.behave(manner);
        let post = Post::default();
        assert_eq!(keyroll.send_next_mail(&post).await.unwrap(), MailTried::Settled(MailState::Queued), "{manner:?}");
        assert_eq!(keyroll.send_next_mail(&post).await.unwrap(), MailTried::Nothing, "{manner:?}");
        let mail = operator.job_history(invited.id).await.unwrap().mail.unwrap();
        assert_eq!((mail.state, mail.attempts as usize), (MailState::Queued, tries + 1), "{manner:?}");
        assert!(!mail.words.is_empty(), "{manner:?}");
        let due = mail.due_at.unwrap();
        assert!(due > desk.clock.now() && due <= desk.clock.now() + Span::minutes(72), "{manner:?}");
        desk.clock.advance(due - desk.clock.now());
    }
    server.behave(Manner::Good);
    assert_eq!(keyroll.send_next_mail(&Post::default()).await.unwrap(), MailTried::Settled(MailState::Sent));
    let received = server.received();
    assert_eq!(received.len(), 1);
    // The link of the last try works, and it is the only one that was seen.
    desk.browser().open_link(&link_in(&received[0].text)).await.unwrap();
}

async fn a_server_that_cannot_be_used_keeps_the_mails_waiting(place: Place) {
    let (desk, server) = (Desk::new(&place).await, MailServer::start().await);
    let keyroll = by_server(&desk, &server);
    let operator = keyroll.operator(desk.realm);
    let invited = operator.invite(add(&operator, "ana", "Ana").await.id).await.unwrap();
    for manner in [
        Manner::Answers(Phase::Greeting, "554 5.7.1 Not today"),
        Manner::Drops(Phase::Greeting),
        Manner::Hangs(Phase::Greeting),
        Manner::Answers(Phase::Hello, "550 5.7.1 I do not know you"),
        Manner::Drops(Phase::Hello),
        Manner::Hangs(Phase::Hello),
        Manner::Answers(Phase::From, "530 5.7.0 Authentication required"),
        Manner::Drops(Phase::From),
        Manner::Hangs(Phase::From),
    ] {
        server.behave(manner);
        assert_eq!(keyroll.send_next_mail(&Post::default()).await.unwrap(), MailTried::Unreachable, "{manner:?}");
        assert_eq!(job(&operator, &invited).await.mail, Some(MailState::Queued));
        assert!(!words(&operator, &invited).await.is_empty(), "{manner:?}");
        let due = operator.job_history(invited.id).await.unwrap().mail.unwrap().due_at.unwrap();
        desk.clock.advance(due - desk.clock.now());
        let checked = operator.check_mail().await;
        assert_eq!(
            checked.is_err(),
            !matches!(manner, Manner::Answers(Phase::From, _) | Manner::Drops(Phase::From) | Manner::Hangs(Phase::From)),
            "{manner:?}"
        );
    }
    assert_eq!(server.received(), []);
    server.behave(Manner::Good);
    assert!(operator.check_mail().await.unwrap().contains("answers; not encrypted"));
    assert_eq!(keyroll.send_next_mail(&Post::default()).await.unwrap(), MailTried::Settled(MailState::Sent));

    // The password goes where the connection is protected, or where the settings say that it need not be.
    let with_password = |rest: &str| {
        let url = server.url(rest).replace("smtp://", "smtp://ana:s%C3%A9cret@");
        MailSettings::new(Way::Server(SmtpServer::parse(&url).unwrap()), "keyroll@example.com".parse().unwrap())
    };
    assert!(with_password("").check().await.unwrap_err().contains("the password is not sent without"));
    assert!(with_password("?tls=required").check().await.unwrap_err().contains("does not offer TLS"));
    assert_eq!(server.logins(), Vec::<String>::new());
    with_password("?tls=none").check().await.unwrap();
    assert_eq!(server.logins(), ["AGFuYQBzw6ljcmV0"]);
    server.behave(Manner::Answers(Phase::Auth, "535 5.7.8 Wrong password"));
    let said = with_password("?tls=none").check().await.unwrap_err();
    assert!(said.contains("535") && said.contains("Wrong password") && !said.contains("cret"), "{said}");

    let untrusted = MailServer::with_bad_certificate().await;
    for rest in ["?tls=required", "?tls=opportunistic"] {
        let settings = MailSettings::new(Way::Server(patient(&untrusted, rest)), "keyroll@example.com".parse().unwrap());
        let said = settings.check().await.unwrap_err();
        assert!(said.contains("cannot be trusted") || said.contains("certificate"), "{said}");
    }
    assert_eq!(untrusted.received(), []);
}

async fn a_text_whose_answer_was_not_heard_is_not_sent_twice(place: Place) {
    let (desk, server) = (Desk::new(&place).await, MailServer::start().await);
    let keyroll = by_server(&desk, &server);
    let operator = keyroll.operator(desk.realm);
    for (name, manner) in [("ana", Manner::Hangs(Phase::Text)), ("bo", Manner::Drops(Phase::Text))] {
        let invited = operator.invite(add(&operator, name, name).await.id).await.unwrap();
        server.behave(manner);
        assert_eq!(keyroll.send_next_mail(&Post::default()).await.unwrap(), MailTried::Unreachable, "{manner:?}");
        server.behave(Manner::Good);
        desk.clock.advance(Span::days(1));
        assert_eq!(keyroll.send_next_mail(&Post::default()).await.unwrap(), MailTried::Nothing);
        let there = job(&operator, &invited).await;
        assert_eq!((there.state, there.mail), (State::LinkSent, Some(MailState::Uncertain)));
        assert_eq!(kinds(&operator).await[0], EventKind::MailUncertain);
    }
    let received = server.received();
    assert_eq!(received.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), ["ana@example.org", "bo@example.org"]);
    // It did arrive: its link works.
    desk.browser().open_link(&link_in(&received[0].text)).await.unwrap();
    let uncertain = operator.mails(Some(MailFilter::Uncertain), None).await.unwrap().mails;
    assert_eq!(uncertain.len(), 2);
    assert_eq!(operator.mail_desk().await.unwrap().counts.uncertain, 2);
}

/// As a process would that is gone a moment later: takes the mail, and perhaps marks it.
pub(crate) async fn die_at_it(desk: &Desk, marked: bool) {
    let mut tx = desk.keyroll.store().write().await.unwrap();
    let now = desk.clock.now();
    let claimed = tx.claim_mail(now, now + Span::seconds(30)).await.unwrap().unwrap();
    if marked {
        assert!(tx.hand_mail_over(&claimed, now, now + Span::seconds(30)).await.unwrap());
    }
    tx.commit().await.unwrap();
}

async fn whoever_died_at_a_mail_is_followed_by_another(place: Place) {
    let (desk, server) = (Desk::new(&place).await, MailServer::start().await);
    let keyroll = by_server(&desk, &server);
    let operator = keyroll.operator(desk.realm);
    let post = Post::default();
    for (name, marked, expected) in [("ana", false, MailState::Sent), ("bo", true, MailState::Uncertain)] {
        let invited = operator.invite(add(&operator, name, name).await.id).await.unwrap();
        die_at_it(&desk, marked).await;
        assert_eq!(keyroll.send_next_mail(&post).await.unwrap(), MailTried::Nothing);
        desk.clock.advance(Span::seconds(31));
        keyroll.send_next_mail(&post).await.unwrap();
        assert_eq!(job(&operator, &invited).await.mail, Some(expected), "{name}");
        assert_eq!(keyroll.send_next_mail(&post).await.unwrap(), MailTried::Nothing);
    }
    assert_eq!(server.received().len(), 1);
}

async fn two_processes_send_each_mail_once(place: Place) {
    const MAILS: usize = 40;
    let (desk, server) = (Desk::new(&place).await, MailServer::start().await);
    let operator = desk.operator();
    for number in 0..MAILS {
        let name = format!("person{number}");
        operator.invite(add(&operator, &name, &name).await.id).await.unwrap();
    }
    let processes = [by_server(&desk, &server), by_server(&desk, &server)];
    let senders = processes.iter().flat_map(|keyroll| (0..3).map(|_| keyroll.clone())).map(|keyroll| {
        tokio::spawn(async move {
            let post = Post::default();
            while keyroll.send_next_mail(&post).await.unwrap() != MailTried::Nothing {}
        })
    });
    for sender in senders.collect::<Vec<_>>() {
        sender.await.unwrap();
    }
    let mut to: Vec<_> = server.received().into_iter().map(|mail| mail.to).collect();
    to.sort();
    to.dedup();
    assert_eq!((to.len(), server.received().len()), (MAILS, MAILS));
    assert_eq!(operator.mail_desk().await.unwrap().counts.sent, MAILS as u64);
}

async fn a_link_that_ended_is_not_sent_any_more(place: Place) {
    let (desk, server) = (Desk::new(&place).await, MailServer::start().await);
    let keyroll = by_server(&desk, &server);
    let operator = keyroll.operator(desk.realm);
    let revoked = operator.invite(add(&operator, "ana", "Ana").await.id).await.unwrap();
    operator.revoke_job(revoked.id).await.unwrap();
    let post = Post::default();
    assert_eq!(keyroll.send_next_mail(&post).await.unwrap(), MailTried::Settled(MailState::Dropped));
    let expired = operator.invite(add(&operator, "bo", "Bo").await.id).await.unwrap();
    desk.clock.advance(Span::days(8));
    assert_eq!(keyroll.send_next_mail(&post).await.unwrap(), MailTried::Settled(MailState::Dropped));
    for ended in [revoked, expired] {
        assert_eq!(job(&operator, &ended).await.mail, Some(MailState::Dropped));
    }
    // The address on file is another one by now, or the person is suspended: no link leaves.
    let moved = operator.invite(add(&operator, "dan", "Dan").await.id).await.unwrap();
    let person = operator.identity(moved.identity).await.unwrap();
    let form = ProfileForm { email: "new@example.org".into(), ..ProfileForm::from(&person) };
    operator.update_identity(person.id, person.version, &form).await.unwrap();
    let suspended = operator.invite(add(&operator, "eve", "Eve").await.id).await.unwrap();
    operator.set_status(suspended.identity, Status::Suspended).await.unwrap();
    for (job, why) in [(moved, "The address on file has changed"), (suspended, "The identity was suspended")] {
        assert_eq!(keyroll.send_next_mail(&post).await.unwrap(), MailTried::Settled(MailState::Dropped));
        assert!(words(&operator, &job).await.starts_with(why));
    }
    let gone = operator.invite(add(&operator, "cy", "Cy").await.id).await.unwrap();
    operator.delete_identity(gone.identity).await.unwrap();
    assert_eq!(keyroll.send_next_mail(&post).await.unwrap(), MailTried::Nothing);
    assert_eq!(server.received(), []);
}

async fn a_kept_connection_that_the_server_closed_costs_no_mail(place: Place) {
    let (desk, server) = (Desk::new(&place).await, MailServer::start().await);
    let keyroll = by_server(&desk, &server);
    let operator = keyroll.operator(desk.realm);
    for name in ["ana", "bo", "cy"] {
        operator.invite(add(&operator, name, name).await.id).await.unwrap();
    }
    let post = Post::default();
    assert_eq!(keyroll.send_next_mail(&post).await.unwrap(), MailTried::Settled(MailState::Sent));
    // It closes what has been open for long (RFC 5321, §3.8), with a word or without one.
    for manner in [Manner::Answers(Phase::From, "421 too long open"), Manner::Drops(Phase::From)] {
        server.behave(manner);
        assert_eq!(keyroll.send_next_mail(&post).await.unwrap(), MailTried::Unreachable, "{manner:?}");
        server.behave(Manner::Good);
        desk.clock.advance(Span::hours(2));
        assert_eq!(keyroll.send_next_mail(&post).await.unwrap(), MailTried::Settled(MailState::Sent));
    }
    let mut people: Vec<_> = server.received().into_iter().map(|mail| mail.to).collect();
    people.sort();
    assert_eq!(people, ["ana@example.org", "bo@example.org", "cy@example.org"]);
}
