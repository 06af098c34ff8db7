//! Mails as files: what happens to them on a first evening, before a server is set.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use domain::BindingJobId;

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
