//! Mails as files: what happens to them on a first evening, before a server is set.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use domain::BindingJobId;

use super::settings::Way;
use crate::{Error, Keyroll, Result};

impl Keyroll {
    /// Removes the files of mails whose link leads nowhere any more: they tell who was invited, and serve nobody.
    pub async fn remove_old_mails(&self) -> Result<()> {
        let Way::Files(folder) = &self.parts().settings.mail.way else { return Ok(()) };
        let folder = folder.clone();
        let listed = tokio::task::spawn_blocking(move || written(&folder)).await;
        let files = listed.map_err(|_| Error::Internal("files cannot be listed"))?.map_err(Error::File)?;
        let jobs: Vec<BindingJobId> = files.iter().map(|(job, _)| *job).collect();
        let open = self.store().read().await?.still_open(&jobs).await?;
        let over = files.into_iter().filter(move |(job, _)| !open.contains(job)).map(|(_, path)| path);
        let removed = tokio::task::spawn_blocking(move || remove(over)).await;
        removed.map_err(|_| Error::Internal("files cannot be removed"))?.map_err(Error::File)
    }
}

/// Removes them all; where one resists, the others go all the same.
fn remove(paths: impl Iterator<Item = PathBuf>) -> std::io::Result<()> {
    let mut resisted = Ok(());
    for path in paths {
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => resisted = Err(error),
            _ => {}
        }
    }
    resisted
}

/// The files of jobs, finished or not.
fn written(folder: &Path) -> std::io::Result<Vec<(BindingJobId, PathBuf)>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        // Nothing was written yet.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let job = |path: &Path| path.file_stem()?.to_str()?.parse().ok();
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let ours = paths.filter(|path| path.extension().is_some_and(|end| end == "eml" || end == "tmp"));
    Ok(ours.filter_map(|path| Some((job(&path)?, path))).collect())
}

/// The file of a job's mail: one, however often it is written.
pub(super) fn path(folder: &Path, job: BindingJobId) -> PathBuf {
    folder.join(format!("{job}.eml"))
}

/// Writes a job's mail whole or not at all, readable by nobody else.
pub(super) fn write(folder: &Path, job: BindingJobId, text: &[u8]) -> std::io::Result<PathBuf> {
    write_named(folder, &job.to_string(), text)
}

pub(super) fn write_named(folder: &Path, name: &str, text: &[u8]) -> std::io::Result<PathBuf> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)?;
    let path = folder.join(format!("{name}.eml"));
    let unfinished = path.with_extension("tmp");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&unfinished)?;
    file.write_all(text)?;
    file.sync_all()?;
    std::fs::rename(&unfinished, &path)?;
    Ok(path)
}
