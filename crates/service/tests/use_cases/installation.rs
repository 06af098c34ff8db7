use domain::group::ADMINISTRATORS;
use domain::identity::Source;
use service::FIRST_ADMINISTRATOR;
use testkit::{Place, SoftAuthenticator, on_both};

use crate::desk::{Desk, code, process, token};

on_both!(
    preparing_twice_makes_nothing_twice,
    the_first_administrator_goes_in,
    a_second_link_ends_with_the_first_enrollment,
    inviting_again_makes_nobody_twice,
    a_suspended_administrator_gets_no_link
);

async fn preparing_twice_makes_nothing_twice(place: Place) {
    let desk = Desk::new(&place).await;
    let (other, third) = (process(&place, &desk.clock, 2).await, process(&place, &desk.clock, 3).await);
    let (a, b) = tokio::join!(other.prepare(), third.prepare());
    assert_eq!((a.unwrap(), b.unwrap()), (desk.realm, desk.realm));
    let groups = desk.operator().groups().await.unwrap();
    assert_eq!(groups.iter().map(|group| group.display_name.as_str()).collect::<Vec<_>>(), [ADMINISTRATORS]);
}

async fn the_first_administrator_goes_in(place: Place) {
    let desk = Desk::new(&place).await;
    let (administrator, _, _) = desk.administrator().await;
    let me = administrator.me().await.unwrap();
    assert_eq!(me.username, FIRST_ADMINISTRATOR);
    let identity = administrator.identity(me.identity).await.unwrap();
    assert_eq!((identity.source, identity.passkeys, identity.groups), (Source::CommandLine, 1, 1));
    assert!(desk.keyroll.first_administrator_link(desk.realm).await.unwrap().is_none());
}

async fn a_second_link_ends_with_the_first_enrollment(place: Place) {
    let desk = Desk::new(&place).await;
    let first = desk.keyroll.first_administrator_link(desk.realm).await.unwrap().unwrap();
    let second = desk.keyroll.first_administrator_link(desk.realm).await.unwrap().unwrap();
    assert_ne!(first.link, second.link);
    desk.enroll(&token(&first), &mut SoftAuthenticator::new(1)).await;
    assert_eq!(code(desk.browser().begin_enrollment(&token(&second)).await), "link_revoked");
}

async fn inviting_again_makes_nobody_twice(place: Place) {
    let desk = Desk::new(&place).await;
    let one = desk.operator().invite_administrator("Ana").await.unwrap();
    let two = desk.operator().invite_administrator("ANA").await.unwrap();
    assert_eq!(one.job.identity, two.job.identity);
    assert_eq!(desk.operator().groups_of(one.job.identity).await.unwrap()[0].members, 1);
    assert_eq!(code(desk.operator().invite_administrator("a<b").await), "invalid");
}

async fn a_suspended_administrator_gets_no_link(place: Place) {
    let desk = Desk::new(&place).await;
    let link = desk.operator().invite_administrator("ana").await.unwrap();
    desk.operator().set_status(link.job.identity, domain::identity::Status::Suspended).await.unwrap();
    assert_eq!(code(desk.operator().invite_administrator("ana").await), "conflict");
}
