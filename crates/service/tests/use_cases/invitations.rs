//! Who is invited by mail, once more and in numbers, and mails that become files.

use domain::binding_job::{DeliveryMethod, State};
use domain::event::EventKind;
use domain::identity::Status;
use domain::mail::{Invitees, MailState};
use domain::time::Span;
use service::Error;
use service::mail::{MailTried, Post, Way};
use testkit::{MailServer, Place, on_both};

use crate::desk::{Desk, ORIGIN, form};
use crate::mail::{add, by_server, die_at_it, job, kinds, link_in, patient, with_mail, words};

on_both!(
    sending_again_takes_the_old_link_back,
    many_are_invited_and_the_others_are_counted,
    without_a_server_mails_become_files_for_their_owner_alone,
    asking_for_a_new_link_is_granted_a_few_times_where_the_settings_say_so,
);

async fn sending_again_takes_the_old_link_back(place: Place) {
    let (desk, server) = (Desk::new(&place).await, MailServer::start().await);
    let keyroll = by_server(&desk, &server);
    let operator = keyroll.operator(desk.realm);
    let ana = add(&operator, "ana", "Ana").await;
    let first = operator.invite(ana.id).await.unwrap();
    let post = Post::default();
    keyroll.send_next_mail(&post).await.unwrap();
    let second = operator.resend(first.id).await.unwrap();
    keyroll.send_next_mail(&post).await.unwrap();
    assert_eq!(job(&operator, &first).await.state, State::Revoked);
    assert_eq!((job(&operator, &second).await.state, second.delivery), (State::LinkSent, DeliveryMethod::Email));
    let links: Vec<_> = server.received().iter().map(|mail| link_in(&mail.text)).collect();
    assert_eq!(desk.browser().open_link(&links[0]).await.unwrap_err().code(), "link_revoked");
    desk.browser().open_link(&links[1]).await.unwrap();
    // One that has ended is answered with a new one, too, and it is the only one that is open.
    let third = operator.resend(first.id).await.unwrap();
    assert_eq!((third.state, job(&operator, &second).await.state), (State::LinkSent, State::Revoked));
    keyroll.send_next_mail(&post).await.unwrap();
    let token = link_in(&server.received().last().unwrap().text);
    desk.enroll(&token, &mut testkit::SoftAuthenticator::new(6)).await;
    assert_eq!(operator.resend(third.id).await.unwrap_err().code(), "conflict");

    let silent = operator.create_identity(&form("bo", "Bo"), &[]).await.unwrap();
    assert!(matches!(operator.invite(silent.id).await, Err(Error::NoAddress)));
    let desk_link = operator.create_link(silent.id).await.unwrap();
    assert!(matches!(operator.resend(desk_link.job.id).await, Err(Error::NoAddress)));
    assert_eq!(job(&operator, &desk_link.job).await.state, State::LinkSent);
    operator.set_status(ana.id, Status::Suspended).await.unwrap();
    assert_eq!(operator.invite(ana.id).await.unwrap_err().code(), "conflict");
}

async fn many_are_invited_and_the_others_are_counted(place: Place) {
    let desk = Desk::new(&place).await;
    let operator = desk.operator();
    let mut ids = Vec::new();
    for name in ["ana", "bo", "cy"] {
        ids.push(add(&operator, name, name).await.id);
    }
    let (enrolled, _) = desk.enrolled("dan", 4).await;
    let silent = desk.add("eve").await;
    let suspended = add(&operator, "fay", "Fay").await;
    operator.set_status(suspended.id, Status::Suspended).await.unwrap();
    operator.invite(ids[0]).await.unwrap();
    let everybody: Vec<_> = ids.iter().copied().chain([enrolled.id, silent.id, suspended.id, domain::IdentityId::from_i64(1)]).collect();
    let invited = operator.invite_many(&Invitees::These(everybody.clone())).await.unwrap();
    let counts = (invited.invited, invited.pending, invited.enrolled, invited.without_address, invited.suspended, invited.refused);
    assert_eq!((counts, invited.next), ((2, 1, 1, 1, 1, 1), None));
    let again = operator.invite_many(&Invitees::These(everybody)).await.unwrap();
    assert_eq!((again.invited, again.pending), (0, 3));
    let too_many = (1..=501).map(domain::IdentityId::from_i64).collect();
    assert_eq!(operator.invite_many(&Invitees::These(too_many)).await.unwrap_err().code(), "conflict");

    let group =
        operator.create_group(&domain::group::GroupForm { display_name: "Staff".into(), description: String::new() }).await.unwrap();
    let mut members = Vec::new();
    for number in 0..503 {
        members.push(add(&operator, &format!("member{number}"), "Member").await.id);
    }
    operator.add_members(group.id, &members).await.unwrap();
    let first = operator.invite_many(&Invitees::Group { group: group.id, after: None }).await.unwrap();
    assert_eq!(first.invited, 500);
    let rest = operator.invite_many(&Invitees::Group { group: group.id, after: first.next }).await.unwrap();
    assert_eq!((rest.invited, rest.next), (3, None));
    assert_eq!(first.and(rest).invited, 503);
    assert_eq!(operator.mail_desk().await.unwrap().counts.waiting, 506);
}

async fn without_a_server_mails_become_files_for_their_owner_alone(place: Place) {
    let desk = Desk::new(&place).await;
    let folder = tempfile::tempdir().unwrap();
    let outbox = folder.path().join("data").join("outbox");
    let keyroll = with_mail(&desk, |settings| settings.mail.way = Way::Files(outbox.clone()));
    let operator = keyroll.operator(desk.realm);
    let ana = add(&operator, "ana", "Ana & Söhne").await;
    let invited = operator.invite(ana.id).await.unwrap();
    assert_eq!(operator.open_mail(invited.id).await.unwrap_err().code(), "not_found");
    // Whoever dies after the file was written writes the same one again.
    die_at_it(&desk, false).await;
    desk.clock.advance(Span::seconds(31));
    assert_eq!(keyroll.send_next_mail(&Post::default()).await.unwrap(), MailTried::Settled(MailState::Sent));
    let files: Vec<_> = std::fs::read_dir(&outbox).unwrap().map(|entry| entry.unwrap()).collect();
    assert_eq!(files.iter().map(std::fs::DirEntry::file_name).collect::<Vec<_>>(), [format!("{}.eml", invited.id).as_str()]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(files[0].metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::metadata(&outbox).unwrap().permissions().mode() & 0o777, 0o700);
    }
    let opened = operator.open_mail(invited.id).await.unwrap();
    assert_eq!((opened.recipient.as_str(), opened.subject.as_str()), ("ana@example.org", "Create your passkey for Keyroll"));
    let token = opened.link.unwrap().strip_prefix(&format!("{ORIGIN}/enroll/")).unwrap().to_owned();
    desk.browser().open_link(&token).await.unwrap();
    assert!(kinds(&operator).await.contains(&EventKind::MailRead));
    operator.revoke_job(invited.id).await.unwrap();
    assert_eq!(operator.open_mail(invited.id).await.unwrap().link, None);

    // Only what still serves somebody stays; what is not ours is not touched.
    let bo = operator.invite(add(&operator, "bo", "Bo").await.id).await.unwrap();
    assert_eq!(keyroll.send_next_mail(&Post::default()).await.unwrap(), MailTried::Settled(MailState::Sent));
    std::fs::write(outbox.join("test.eml"), "a test").unwrap();
    std::fs::write(outbox.join(format!("{}.tmp", invited.id)), "unfinished").unwrap();
    keyroll.remove_old_mails().await.unwrap();
    let mut left: Vec<_> = std::fs::read_dir(&outbox).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    left.sort();
    assert_eq!(left, [format!("{}.eml", bo.id), "test.eml".to_owned()]);
    assert_eq!(operator.open_mail(invited.id).await.unwrap_err().code(), "conflict");
    operator.delete_identity(bo.identity).await.unwrap();
    keyroll.remove_old_mails().await.unwrap();
    assert_eq!(std::fs::read_dir(&outbox).unwrap().count(), 1);

    // What cannot be written waits.
    std::fs::remove_dir_all(folder.path().join("data")).unwrap();
    std::fs::write(folder.path().join("data"), "in the way").unwrap();
    let waiting = operator.invite(add(&operator, "cy", "Cy").await.id).await.unwrap();
    assert_eq!(keyroll.send_next_mail(&Post::default()).await.unwrap(), MailTried::Unreachable);
    assert!(words(&operator, &waiting).await.contains("cannot be written"));
}

async fn asking_for_a_new_link_is_granted_a_few_times_where_the_settings_say_so(place: Place) {
    let (desk, server) = (Desk::new(&place).await, MailServer::start().await);
    let keyroll = with_mail(&desk, |settings| {
        settings.mail.way = Way::Server(patient(&server, "?tls=none"));
        settings.grant_links = true;
    });
    let operator = keyroll.operator(desk.realm);
    let ana = add(&operator, "ana", "Ana").await;
    let post = Post::default();
    let ask = async |token: &str| keyroll.anonymous(crate::desk::request()).ask_for_link(token).await.unwrap();
    let mut link = crate::desk::token(&operator.create_link(ana.id).await.unwrap());
    for round in 1..=3 {
        desk.clock.advance(Span::days(8));
        keyroll.expire_due().await.unwrap();
        ask(&link).await;
        ask(&link).await;
        assert_eq!(keyroll.send_next_mail(&post).await.unwrap(), MailTried::Settled(MailState::Sent), "{round}");
        assert_eq!(keyroll.send_next_mail(&post).await.unwrap(), MailTried::Nothing, "{round}");
        link = link_in(&server.received().last().unwrap().text);
    }
    // Several links that ran out at once, asked about every hour of a day.
    let mut links = Vec::new();
    for _ in 0..24 {
        links.push(crate::desk::token(&operator.create_link(ana.id).await.unwrap()));
    }
    desk.clock.advance(Span::days(8));
    keyroll.expire_due().await.unwrap();
    let before = server.received().len();
    for link in &links {
        ask(link).await;
        desk.clock.advance(Span::hours(1));
    }
    while keyroll.send_next_mail(&post).await.unwrap() != MailTried::Nothing {}
    assert_eq!(server.received().len() - before, 3);

    // What was taken back waits for an administrator, and so does whoever has a passkey.
    desk.clock.advance(Span::days(1));
    let taken_back = operator.create_link(ana.id).await.unwrap();
    operator.revoke_job(taken_back.job.id).await.unwrap();
    ask(&crate::desk::token(&taken_back)).await;
    let (used, stale) = (operator.create_link(ana.id).await.unwrap(), operator.create_link(ana.id).await.unwrap());
    desk.enroll(&crate::desk::token(&used), &mut testkit::SoftAuthenticator::new(5)).await;
    ask(&crate::desk::token(&used)).await;
    desk.clock.advance(Span::days(8));
    keyroll.expire_due().await.unwrap();
    ask(&crate::desk::token(&stale)).await;
    assert_eq!(keyroll.send_next_mail(&post).await.unwrap(), MailTried::Nothing);

    // Without an address, suspended, or without the setting: the request waits, and the answer is the same.
    let silent = operator.create_identity(&form("bo", "Bo"), &[]).await.unwrap();
    let (cy, suspended) = (add(&operator, "cy", "Cy").await, add(&operator, "dan", "Dan").await);
    let plain = by_server(&desk, &server);
    for (context, identity) in [(&keyroll, silent.id), (&plain, cy.id), (&keyroll, suspended.id)] {
        let made = operator.create_link(identity).await.unwrap();
        if identity == suspended.id {
            operator.set_status(identity, Status::Suspended).await.unwrap();
        }
        desk.clock.advance(Span::days(8));
        keyroll.expire_due().await.unwrap();
        context.anonymous(crate::desk::request()).ask_for_link(&crate::desk::token(&made)).await.unwrap();
        assert_eq!(keyroll.send_next_mail(&post).await.unwrap(), MailTried::Nothing);
    }
}
