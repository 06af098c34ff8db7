//! What can go wrong in the database, and which field a violated uniqueness belongs to.

/// The result of a storage operation.
pub type Result<T> = std::result::Result<T, Error>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something with this value of the field exists already.
    #[error("the value of `{0}` is taken")]
    Taken(&'static str),
    /// So many of the ids are none of the realm's; nothing was done with the others either.
    #[error("{0} ids are unknown in the realm")]
    Unknown(u64),
    /// What is stored does not read as what it should be.
    #[error("stored data cannot be read: {0}")]
    Corrupt(&'static str),
    /// The database is of a newer version, or a migration failed.
    #[error("the database's schema could not be brought up to date")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    #[error("the database address is not understood: {0}")]
    Address(String),
    #[error("the database failed")]
    Database(#[source] sqlx::Error),
}

/// Unique indexes and the field each guards: the index's name as PostgreSQL reports it, the columns as SQLite does.
const UNIQUE: &[(&str, &str, &str)] = &[
    ("identities_username", "identities.realm_id, identities.username_key", "username"),
    ("groups_name", "groups.realm_id, groups.name_key", "display_name"),
    ("passkeys_credential", "passkeys.credential_id", "credential_id"),
];

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        let taken = error.as_database_error().filter(|e| e.is_unique_violation()).and_then(|e| {
            let constraint = e.constraint();
            let hit = UNIQUE.iter().find(|(name, columns, _)| constraint == Some(name) || e.message().ends_with(columns));
            hit.map(|(_, _, field)| *field)
        });
        taken.map_or(Self::Database(error), Self::Taken)
    }
}
