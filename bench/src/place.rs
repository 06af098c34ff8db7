//! Where a measured database is: a folder of its own, and for PostgreSQL a database of its own on the given server.

use std::path::Path;
use std::str::FromStr as _;

use anyhow::{Context as _, Result};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection};
use storage::Database;
use tempfile::TempDir;

/// The file that the server keeps its embedded database in, within its data folder.
const SQLITE_FILE: &str = "keyroll.db";

pub(crate) struct Place {
    database: Database,
    folder: TempDir,
    /// The PostgreSQL server and the database's name there.
    created: Option<(PgConnectOptions, String)>,
}

impl Place {
    pub(crate) fn sqlite() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("keyroll-bench.").tempdir()?;
        Ok(Self { database: Database::Sqlite(folder.path().join(SQLITE_FILE)), folder, created: None })
    }

    /// Makes a database of this name on the server.
    pub(crate) async fn postgres(server: &str, name: String) -> Result<Self> {
        let options = PgConnectOptions::from_str(server).context("the address of the PostgreSQL server")?;
        let mut connection = PgConnection::connect_with(&options).await?;
        sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut connection).await?;
        connection.close().await?;
        let folder = tempfile::Builder::new().prefix("keyroll-bench.").tempdir()?;
        let database = Database::Postgres(options.clone().database(&name).to_url_lossy().to_string());
        Ok(Self { database, folder, created: Some((options, name)) })
    }

    pub(crate) fn database(&self) -> &Database {
        &self.database
    }

    /// A folder that is the database's alone; for SQLite its file is in it.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Deletes the database and the folder.
    pub(crate) async fn remove(self) -> Result<()> {
        if let Some((options, name)) = &self.created {
            let mut connection = PgConnection::connect_with(options).await?;
            sqlx::query(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"))).execute(&mut connection).await?;
            connection.close().await?;
        }
        self.folder.close()?;
        Ok(())
    }
}
