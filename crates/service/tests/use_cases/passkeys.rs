use domain::identity::EnrollmentStatus;
use testkit::{Place, SoftAuthenticator, on_both};

use crate::desk::{Desk, code, refused_field, token};

on_both!(
    a_passkey_is_renamed,
    revoking_cannot_be_undone_and_the_record_stays,
    the_last_own_passkey_is_kept,
    the_password_manager_is_told_the_active_ones
);

async fn a_passkey_is_renamed(place: Place) {
    let desk = Desk::new(&place).await;
    let (identity, _) = desk.enrolled("ana", 1).await;
    let passkey = desk.operator().passkeys_of(identity.id).await.unwrap().remove(0);
    let renamed = desk.operator().rename_passkey(passkey.id, " Ana’s phone ").await.unwrap();
    assert_eq!(renamed.name, "Ana’s phone");
    let latest = desk.events(&identity).await.pop().unwrap();
    assert_eq!((latest.kind.as_str(), latest.detail["name"].to_string().as_str()), ("passkey.renamed", "Chrome on Android → Ana’s phone"));
    for name in ["", "<b>", "a\u{202e}b", &"x".repeat(65)] {
        assert_eq!(refused_field(desk.operator().rename_passkey(passkey.id, name).await), "name");
    }
}

async fn revoking_cannot_be_undone_and_the_record_stays(place: Place) {
    let desk = Desk::new(&place).await;
    let (identity, _) = desk.enrolled("ana", 1).await;
    let passkey = desk.operator().passkeys_of(identity.id).await.unwrap().remove(0);
    let revoked = desk.operator().revoke_passkey(passkey.id, " Phone lost ").await.unwrap().revoked.unwrap();
    assert_eq!(revoked.reason, "Phone lost");
    assert_eq!(code(desk.operator().revoke_passkey(passkey.id, "").await), "conflict");
    assert_eq!(code(desk.operator().rename_passkey(passkey.id, "x").await), "conflict");
    assert_eq!(desk.operator().passkeys_of(identity.id).await.unwrap().len(), 1);
    let after = desk.operator().identity(identity.id).await.unwrap();
    assert_eq!((after.enrollment, after.passkeys), (EnrollmentStatus::Unenrolled, 0));
}

async fn the_last_own_passkey_is_kept(place: Place) {
    let desk = Desk::new(&place).await;
    let (administrator, _, _) = desk.administrator().await;
    let me = administrator.me().await.unwrap().identity;
    let first = administrator.passkeys_of(me).await.unwrap().remove(0);
    assert_eq!(code(administrator.revoke_passkey(first.id, "").await), "conflict");
    let link = administrator.create_link(me).await.unwrap();
    desk.enroll(&token(&link), &mut SoftAuthenticator::new(2)).await;
    administrator.revoke_passkey(first.id, "").await.unwrap();
}

async fn the_password_manager_is_told_the_active_ones(place: Place) {
    let desk = Desk::new(&place).await;
    let (administrator, _, _) = desk.administrator().await;
    let me = administrator.me().await.unwrap();
    let accepted = administrator.accepted().await.unwrap();
    assert_eq!((accepted.rp_id.as_str(), accepted.username.as_str(), accepted.credential_ids.len()), ("id.example.com", "admin", 1));
    let link = administrator.create_link(me.identity).await.unwrap();
    let second = desk.enroll(&token(&link), &mut SoftAuthenticator::new(2)).await.enrolled.accepted;
    assert_eq!((second.user_id.clone(), second.credential_ids.len()), (accepted.user_id, 2));
    let newest = administrator.passkeys_of(me.identity).await.unwrap().remove(0);
    let (context, first) = (administrator, second.credential_ids[0].clone());
    context.revoke_passkey(newest.id, "").await.unwrap();
    assert_eq!(context.accepted().await.unwrap().credential_ids, [first]);
}
