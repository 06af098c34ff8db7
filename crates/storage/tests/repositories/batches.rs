//! Batches: everybody in their order, what became of each, and one worker at a time.

use domain::batch::{BatchCounts, BatchState, ResultState};
use domain::binding_job::{DeliveryMethod, JobTerms};
use domain::event::EventActor;
use domain::permission::Permission;
use domain::{BatchId, BindingJobId, IdentityId, RealmId, TokenId};
use storage::{ClaimedBatch, NewBatch, PendingItem, Stretch, Tx};
use testkit::{Place, on_both, postgres_only};

use crate::db::Db;
use crate::made::{self, at};

on_both![
    everybody_stands_in_the_batch_in_the_order_that_they_came,
    what_became_of_somebody_is_told_and_not_done_again,
    a_batch_that_is_over_is_removed_after_its_time,
    whoever_is_in_the_realm_is_told_from_strangers,
];
postgres_only![a_batch_is_worked_on_by_one_at_a_time];

fn new_batch(db: &Db, realm: RealmId, identities: &[i64]) -> NewBatch {
    NewBatch {
        id: BatchId::from_i64(db.id()),
        realm,
        terms: JobTerms { delivery: DeliveryMethod::Email, redirect_uri: Some("https://example.org/".into()) },
        by: EventActor::Token(TokenId::from_i64(7)),
        actor: "Sync".into(),
        permissions: [Permission::BindingJobsCreate, Permission::GroupsRead].into_iter().collect(),
        identities: identities.iter().map(|id| IdentityId::from_i64(*id)).collect(),
        at: at(0),
    }
}

async fn insert(db: &Db, tx: &mut Tx, realm: RealmId, identities: &[i64]) -> NewBatch {
    let new = new_batch(db, realm, identities);
    tx.insert_batch(&new).await.unwrap();
    new
}

const fn part(after: Option<i64>, skip: u32, limit: u32) -> Stretch<i64> {
    Stretch { after, skip, limit }
}

async fn everybody_stands_in_the_batch_in_the_order_that_they_came(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let realm = made::realm(&db, &mut tx).await;
    let new = insert(&db, &mut tx, realm, &[30, 10, 40, 20]).await;
    let batch = tx.batch(realm, new.id).await.unwrap().unwrap();
    assert_eq!((batch.id, batch.state(), batch.created_at, batch.updated_at), (new.id, BatchState::Running, at(0), at(0)));
    assert_eq!(batch.counts, BatchCounts { pending: 4, success: 0, failure: 0 });
    let listed = async |tx: &mut Tx, part| {
        let results = tx.batch_results(realm, new.id, part).await.unwrap();
        results.into_iter().map(|result| (result.position, result.identity.get())).collect::<Vec<_>>()
    };
    assert_eq!(listed(&mut tx, part(None, 0, 9)).await, [(1, 30), (2, 10), (3, 40), (4, 20)]);
    assert_eq!(listed(&mut tx, part(Some(1), 1, 1)).await, [(3, 40)]);
    let claimed = ClaimedBatch { id: new.id, realm, terms: new.terms, by: new.by, actor: new.actor, permissions: new.permissions };
    assert_eq!(tx.claim_batch().await.unwrap(), Some(claimed));
    let elsewhere = made::realm(&db, &mut tx).await;
    assert_eq!(tx.batch(elsewhere, new.id).await.unwrap(), None);
    assert_eq!(tx.batch_results(elsewhere, new.id, part(None, 0, 9)).await.unwrap(), []);
}

async fn what_became_of_somebody_is_told_and_not_done_again(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let realm = made::realm(&db, &mut tx).await;
    let first = insert(&db, &mut tx, realm, &[10, 20, 30]).await;
    let second = insert(&db, &mut tx, realm, &[10]).await;
    assert!(tx.has_pending_items().await.unwrap());
    let pending = async |tx: &mut Tx, limit| tx.pending_items(first.id, limit).await.unwrap();
    let item = |position: i64| PendingItem { position, identity: IdentityId::from_i64(position * 10) };
    assert_eq!(pending(&mut tx, 2).await, [item(1), item(2)]);
    let job = BindingJobId::from_i64(5);
    tx.settle_item(first.id, 1, Ok(job)).await.unwrap();
    tx.settle_item(first.id, 3, Err("Identity not found")).await.unwrap();
    tx.touch_batch(first.id, at(9)).await.unwrap();
    assert_eq!(pending(&mut tx, 2).await, [item(2)]);
    let results = tx.batch_results(realm, first.id, part(None, 0, 9)).await.unwrap();
    let told: Vec<_> = results.iter().map(|result| (result.state, result.job, result.words.as_str())).collect();
    assert_eq!(
        told,
        [(ResultState::Success, Some(job), ""), (ResultState::Pending, None, ""), (ResultState::Failure, None, "Identity not found"),]
    );
    let batch = tx.batch(realm, first.id).await.unwrap().unwrap();
    assert_eq!((batch.counts, batch.updated_at), (BatchCounts { pending: 1, success: 1, failure: 1 }, at(9)));
    assert_eq!(tx.claim_batch().await.unwrap().unwrap().id, first.id);
    tx.settle_item(first.id, 2, Err("x")).await.unwrap();
    assert_eq!(tx.batch(realm, first.id).await.unwrap().unwrap().state(), BatchState::PartialSuccess);
    assert_eq!(tx.claim_batch().await.unwrap().unwrap().id, second.id);
    tx.settle_item(second.id, 1, Ok(job)).await.unwrap();
    assert_eq!(tx.claim_batch().await.unwrap(), None);
    assert!(!tx.has_pending_items().await.unwrap());
}

async fn a_batch_that_is_over_is_removed_after_its_time(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let realm = made::realm(&db, &mut tx).await;
    let (over, younger, running) =
        (insert(&db, &mut tx, realm, &[1]).await, insert(&db, &mut tx, realm, &[1]).await, insert(&db, &mut tx, realm, &[1, 2]).await);
    for (batch, second) in [(&over, 10), (&younger, 11), (&running, 1)] {
        tx.settle_item(batch.id, 1, Err("x")).await.unwrap();
        tx.touch_batch(batch.id, at(second)).await.unwrap();
    }
    assert_eq!(tx.sweep_batches(at(9)).await.unwrap(), 0);
    assert_eq!(tx.sweep_batches(at(10)).await.unwrap(), 1);
    assert_eq!(tx.batch(realm, over.id).await.unwrap(), None);
    for kept in [&younger, &running] {
        assert_eq!(tx.batch(realm, kept.id).await.unwrap().unwrap().counts.all(), kept.identities.len() as u64);
    }
    tx.commit().await.unwrap();
    assert_eq!(db.number("SELECT count(*) FROM batch_items").await, 3);
}

async fn whoever_is_in_the_realm_is_told_from_strangers(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let realm = made::realm(&db, &mut tx).await;
    let elsewhere = made::realm(&db, &mut tx).await;
    let (zoe, stranger) = (made::person(&db, &mut tx, realm, "Zoë").await, made::person(&db, &mut tx, elsewhere, "Zoë").await);
    let asked = [stranger, zoe, IdentityId::from_i64(7)];
    assert_eq!(Vec::from_iter(tx.identities_within(realm, &asked).await.unwrap()), [zoe]);
}

async fn a_batch_is_worked_on_by_one_at_a_time(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let realm = made::realm(&db, &mut tx).await;
    let (first, second) = (insert(&db, &mut tx, realm, &[1]).await, insert(&db, &mut tx, realm, &[2]).await);
    tx.commit().await.unwrap();
    let (mut one, mut other, mut third) = (store.write().await.unwrap(), store.write().await.unwrap(), store.write().await.unwrap());
    assert_eq!(one.claim_batch().await.unwrap().unwrap().id, first.id);
    assert_eq!(other.claim_batch().await.unwrap().unwrap().id, second.id);
    assert_eq!(third.claim_batch().await.unwrap(), None);
    // Whoever dies at it leaves it to others.
    drop(one);
    let left = loop {
        // The database hears of the death a little later.
        if let Some(batch) = third.claim_batch().await.unwrap() {
            break batch;
        }
    };
    assert_eq!(left.id, first.id);
}
