//! Many identities at once: one statement a batch, unpacked from JSON inside the database.

use domain::fold;
use domain::identity::EmailAddress;
use serde_json::json;
use sqlx::{Postgres, Sqlite};

use super::search::{postgres_terms, sqlite_terms};
use crate::identities::traits_json;
use crate::tx::Conn;
use crate::{NewIdentity, Result, Tx};

macro_rules! insert_from {
    ($source:literal) => {
        concat!(
            "INSERT INTO identities (id, realm_id, display_name, username, username_key, email, external_id, traits, status, ",
            "enrollment_status, source, passkey_count, group_count, sort_name, search_text, version, created_at, updated_at, name_key, email_key) ",
            $source
        )
    };
}

const SQLITE_ROWS: &str = insert_from!(
    "SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, 'active', \
     'UNENROLLED', value ->> 8, 0, 0, value ->> 9, value ->> 10, 1, value ->> 11, value ->> 11, value ->> 13, value ->> 14 \
     FROM json_each($1)"
);
const SQLITE_TERMS: &str = "INSERT INTO identity_search (rowid, terms) SELECT value ->> 0, value ->> 12 FROM json_each($1)";

const POSTGRES_ROWS: &str = insert_from!(
    "SELECT (v ->> 0)::bigint, (v ->> 1)::bigint, v ->> 2, v ->> 3, v ->> 4, v ->> 5, v ->> 6, v ->> 7, 'active', \
     'UNENROLLED', v ->> 8, 0, 0, v ->> 9, v ->> 10, 1, (v ->> 11)::bigint, (v ->> 11)::bigint, v ->> 13, v ->> 14 \
     FROM json_array_elements($1::json) v"
);
const POSTGRES_TERMS: &str = "INSERT INTO identity_search (identity_id, terms) \
    SELECT (v ->> 0)::bigint, string_to_array(v ->> 12, ' ') FROM json_array_elements($1::json) v";

/// Inserts the identities and their index terms.
pub(crate) async fn load(tx: &mut Tx, new: &[NewIdentity]) -> Result<()> {
    let sqlite = matches!(tx.conn(), Conn::Sqlite(_));
    let rows = new.iter().map(|identity| row(identity, sqlite)).collect::<Result<Vec<_>>>()?;
    let rows = serde_json::Value::from(rows).to_string();
    match tx.conn() {
        Conn::Sqlite(conn) => {
            for sql in [SQLITE_ROWS, SQLITE_TERMS] {
                sqlx::query::<Sqlite>(sql).bind(rows.as_str()).execute(&mut *conn).await?;
            }
        }
        Conn::Postgres(conn) => {
            for sql in [POSTGRES_ROWS, POSTGRES_TERMS] {
                sqlx::query::<Postgres>(sql).bind(rows.as_str()).execute(&mut *conn).await?;
            }
        }
    }
    Ok(())
}

fn row(new: &NewIdentity, sqlite: bool) -> Result<serde_json::Value> {
    let profile = &new.profile;
    let text = profile.search_text();
    let terms = fold::index_terms(&text);
    let terms = if sqlite { sqlite_terms(new.realm, &terms) } else { postgres_terms(new.id, &terms) }.join(" ");
    Ok(json!([
        new.id.get(),
        new.realm.get(),
        profile.display_name.as_str(),
        profile.username.as_str(),
        profile.username.key(),
        profile.email.as_ref().map(EmailAddress::as_str),
        profile.external_id,
        traits_json(&profile.traits)?,
        new.source.as_str(),
        profile.sort_name(),
        text,
        new.at.micros(),
        terms,
        profile.display_name.key(),
        profile.email.as_ref().map(EmailAddress::key)
    ]))
}
