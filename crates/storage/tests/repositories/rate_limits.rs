//! Limits: as many tries as there are, and each comes back in its time.

use domain::time::Span;
use storage::Tx;
use testkit::{Place, on_both};

use crate::db::Db;
use crate::made;

on_both![tries_are_used_up_and_come_back_one_by_one, a_limit_is_kept_and_swept, tries_at_once_are_all_counted];

const BURST: u32 = 3;
const PERIOD: Span = Span::seconds(10);

/// After how many seconds the next try is free; `None` where this one was.
async fn wait(tx: &mut Tx, key: i64, second: i64) -> Option<i64> {
    let free = tx.take_try(&made::hash(key), BURST, PERIOD, made::at(second)).await.unwrap();
    free.map(|free| (free - made::at(second)).micros() / 1_000_000)
}

async fn tries_are_used_up_and_come_back_one_by_one(place: Place) {
    let (_, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    for _ in 0..BURST {
        assert_eq!(wait(&mut tx, 1, 0).await, None);
    }
    assert_eq!(wait(&mut tx, 1, 0).await, Some(10));
    assert_eq!(wait(&mut tx, 1, 7).await, Some(3));
    assert_eq!(wait(&mut tx, 2, 7).await, None, "another key has its own");
    assert_eq!(wait(&mut tx, 1, 10).await, None);
    assert_eq!(wait(&mut tx, 1, 10).await, Some(10));
    // A refused try takes nothing: however often it is tried, the wait does not grow.
    for _ in 0..50 {
        assert_eq!(wait(&mut tx, 1, 15).await, Some(5));
    }
    for _ in 0..BURST {
        assert_eq!(wait(&mut tx, 1, 1_000).await, None);
    }
    assert_eq!(wait(&mut tx, 1, 1_000).await, Some(10));
}

async fn a_limit_is_kept_and_swept(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    for _ in 0..BURST {
        wait(&mut tx, 1, 0).await;
    }
    tx.commit().await.unwrap();
    let mut tx = db.store().await.write().await.unwrap();
    assert_eq!(wait(&mut tx, 1, 0).await, Some(10));
    tx.sweep(made::at(29)).await.unwrap();
    assert_eq!(wait(&mut tx, 1, 0).await, Some(10));
    tx.sweep(made::at(30)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(db.number("SELECT count(*) FROM rate_limits").await, 0);
}

async fn tries_at_once_are_all_counted(place: Place) {
    let (_, store) = Db::open(place).await;
    let tries = (0..20).map(|_| {
        let store = store.clone();
        tokio::spawn(async move {
            let mut tx = store.write().await.unwrap();
            let free = wait(&mut tx, 1, 0).await.is_none();
            tx.commit().await.unwrap();
            free
        })
    });
    let mut free = 0;
    for attempt in tries.collect::<Vec<_>>() {
        free += u32::from(attempt.await.unwrap());
    }
    assert_eq!(free, BURST);
}
