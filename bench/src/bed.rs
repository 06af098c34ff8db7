//! A database filled with people, and both ways to ask it: through `storage` and bare.

use std::time::Duration;

use anyhow::Result;
use domain::{RealmId, TenantId, Timestamp};
use storage::Store;

use crate::bare::Bare;
use crate::data::{self, Loaded, People};
use crate::place::Place;

pub(crate) struct Bed {
    pub(crate) people: People,
    pub(crate) store: Store,
    pub(crate) bare: Bare,
    pub(crate) realm: RealmId,
}

impl Bed {
    /// Creates the schema and one realm, and loads the people into it.
    pub(crate) async fn fill(place: &Place, people: People, name: &str) -> Result<(Self, Loaded)> {
        let store = Store::connect(place.database()).await?;
        store.migrate().await?;
        let realm = RealmId::from_i64(1);
        let mut tx = store.write().await?;
        tx.insert_realm(realm, TenantId::from_i64(1), "Bench", "", Timestamp::from_micros(0)).await?;
        tx.commit().await?;
        let loaded = data::load(&store, &people, realm, name).await?;
        store.merge_search_index().await?;
        let mut bare = Bare::connect(place.database()).await?;
        bare.vacuum().await?;
        Ok((Self { people, store, bare, realm }, loaded))
    }

    /// Ends its connections.
    pub(crate) async fn close(self) -> Result<()> {
        self.store.close().await;
        self.bare.close().await
    }
}

/// What comes out, and how long it took.
pub(crate) async fn timed<T>(work: impl Future<Output = Result<T>>) -> Result<(T, Duration)> {
    let start = std::time::Instant::now();
    let value = work.await?;
    Ok((value, start.elapsed()))
}
