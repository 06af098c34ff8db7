//! What tests put into a database: one of each kind, with values that they need not say.

use domain::binding_job::{BindingJob, DeliveryMethod};
use domain::event::{Detail, EventActor, EventKind, EventOutcome, EventTarget};
use domain::group::GroupName;
use domain::identity::{Profile, ProfileForm, Source};
use domain::time::Span;
use domain::{BindingJobId, EventId, GroupId, IdentityId, PasskeyId, RealmId, SessionId, TenantId, Timestamp};
use storage::{NewEvent, NewIdentity, NewJob, NewPasskey, NewSession, Store, Tx};

use crate::db::Db;

/// A moment, counted in seconds from an arbitrary one.
pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_micros(1_800_000_000_000_000) + Span::seconds(second)
}

/// A hash like those of tokens, told apart by a number.
pub(crate) fn hash(number: i64) -> [u8; 32] {
    let mut hash = [0xa5; 32];
    hash[..8].copy_from_slice(&number.to_be_bytes());
    hash
}

pub(crate) fn profile(name: &str, username: &str, email: &str) -> Profile {
    let form = ProfileForm { display_name: name.into(), username: username.into(), email: email.into(), ..ProfileForm::default() };
    form.parse().unwrap()
}

pub(crate) fn new_identity(db: &Db, realm: RealmId, profile: Profile) -> NewIdentity {
    NewIdentity { id: IdentityId::from_i64(db.id()), realm, profile, source: Source::Manual, at: at(0) }
}

pub(crate) fn new_passkey(db: &Db, realm: RealmId, identity: IdentityId) -> NewPasskey {
    let id = PasskeyId::from_i64(db.id());
    NewPasskey {
        id,
        realm,
        identity,
        credential_id: hash(id.get()).to_vec(),
        credential: "counter 0".into(),
        aaguid: [7; 16],
        name: "Security key".into(),
        backup_eligible: false,
        backup_state: false,
        at: at(0),
    }
}

pub(crate) fn new_job(db: &Db, realm: RealmId, identity: IdentityId) -> NewJob {
    let id = BindingJobId::from_i64(db.id());
    let token_hash = hash(id.get());
    NewJob {
        id,
        realm,
        identity,
        token_hash,
        delivery: DeliveryMethod::Return,
        redirect_uri: None,
        batch: None,
        at: at(0),
        expires_at: at(3600),
    }
}

pub(crate) fn new_session(db: &Db, realm: RealmId, identity: IdentityId, passkey: PasskeyId) -> NewSession {
    let id = SessionId::from_i64(db.id());
    NewSession {
        id,
        token_hash: hash(id.get()),
        realm,
        identity,
        passkey,
        device: "Firefox on Linux".into(),
        address: "192.0.2.1".into(),
        at: at(0),
        expires_at: at(3600),
    }
}

pub(crate) fn new_event(db: &Db, realm: RealmId, identity: Option<IdentityId>) -> NewEvent {
    NewEvent {
        id: EventId::from_i64(db.id()),
        realm,
        at: at(0),
        kind: EventKind::IdentityCreated,
        outcome: EventOutcome::Success,
        by: EventActor::Identity(IdentityId::from_i64(9)),
        actor: "Admin".into(),
        about: identity.map_or(EventTarget::Realm, EventTarget::Identity),
        target: "Zoë".into(),
        identity,
        detail: [("username".to_owned(), Detail::Text("zoe".to_owned()))].into(),
        address: "192.0.2.1".into(),
        request_id: "request".into(),
    }
}

pub(crate) async fn realm(db: &Db, tx: &mut Tx) -> RealmId {
    let id = RealmId::from_i64(db.id());
    tx.insert_realm(id, TenantId::from_i64(1), "Realm", "", at(0)).await.unwrap();
    id
}

/// A person whose username nobody else has.
pub(crate) async fn person(db: &Db, tx: &mut Tx, realm: RealmId, name: &str) -> IdentityId {
    let new = new_identity(db, realm, profile(name, &format!("user{}", db.id()), ""));
    tx.insert_identity(&new).await.unwrap();
    new.id
}

pub(crate) async fn group(db: &Db, tx: &mut Tx, realm: RealmId, name: &str) -> GroupId {
    let id = GroupId::from_i64(db.id());
    tx.insert_group(id, realm, &GroupName::parse(name).unwrap(), "", at(0)).await.unwrap();
    id
}

pub(crate) async fn passkey(db: &Db, tx: &mut Tx, realm: RealmId, identity: IdentityId) -> PasskeyId {
    let new = new_passkey(db, realm, identity);
    tx.insert_passkey(&new).await.unwrap();
    new.id
}

pub(crate) async fn job(db: &Db, tx: &mut Tx, realm: RealmId, identity: IdentityId) -> BindingJobId {
    let new = new_job(db, realm, identity);
    tx.insert_job(&new).await.unwrap();
    new.id
}

/// Moves a job on from whatever state it is in; whether it moved.
pub(crate) async fn advance(db: &Db, tx: &mut Tx, realm: RealmId, job: BindingJobId, to: &BindingJob) -> bool {
    let from = tx.open_job(realm, job).await.unwrap().unwrap().job.state();
    tx.advance_job(job, from, to, db.id(), at(1), "Firefox on Linux").await.unwrap()
}

/// A realm with one person in it, committed.
pub(crate) async fn realm_with_person(db: &Db, store: &Store) -> (RealmId, IdentityId) {
    let mut tx = store.write().await.unwrap();
    let realm = realm(db, &mut tx).await;
    let person = person(db, &mut tx, realm, "Zoë Ångström").await;
    tx.commit().await.unwrap();
    (realm, person)
}
