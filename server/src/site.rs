//! The built site: the folder with scripts, styles, fonts and icons.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

/// The file that names the build: the folder below `pkg` with what belongs together.
const BUILD_ID: &str = "build-id";

#[derive(Debug, Clone)]
pub struct Site {
    folder: PathBuf,
    build_id: String,
}

impl Site {
    /// Looks whether the folder holds a whole build.
    pub fn open(folder: &Path) -> Result<Self> {
        let file = folder.join(BUILD_ID);
        let build_id = fs::read_to_string(&file).with_context(|| format!("{} is no built site", folder.display()))?;
        let build_id = build_id.trim().to_owned();
        ensure!(!build_id.is_empty() && build_id.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{} names no build", file.display());
        let files = folder.join("pkg").join(&build_id);
        ensure!(files.is_dir(), "{} is not there: the site has not been built whole", files.display());
        Ok(Self { folder: folder.to_owned(), build_id })
    }

    /// The site where it lies by itself: beside the program, or where the build puts it.
    pub fn beside_program() -> Result<Self> {
        let program = std::env::current_exe().context("the program's own file is not known")?;
        let beside = program.parent().context("the program's file lies in no folder")?;
        let places = [beside.join("site"), beside.join("../site")];
        let found = places.iter().find(|place| place.join(BUILD_ID).is_file());
        Self::open(found.unwrap_or(&places[0]))
    }

    #[must_use]
    pub fn build_id(&self) -> &str {
        &self.build_id
    }

    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The route of each file and folder that browsers may fetch. What is compressed beside a file, what is hidden, and
    /// the build's own notes are none.
    pub(crate) fn routes(&self) -> Result<Vec<String>> {
        let mut routes = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
            let compressed = Path::new(&name).extension().is_some_and(|extension| extension == "br");
            if !plain || compressed || name.starts_with('.') || name == BUILD_ID {
                continue;
            }
            routes.push(if entry.file_type()?.is_dir() { format!("/{name}/{{*file}}") } else { format!("/{name}") });
        }
        Ok(routes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let file = folder.path().join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "abc\n").unwrap();
        }
        folder
    }

    #[test]
    fn what_browsers_fetch_has_routes_and_nothing_else() {
        let folder = build(&["build-id", ".stamp", "icons.svg", "icons.svg.br", "favicon.svg", "pkg/abc/app.css", "fonts/x.woff2", "a b"]);
        let mut routes = Site::open(folder.path()).unwrap().routes().unwrap();
        routes.sort();
        assert_eq!(routes, ["/favicon.svg", "/fonts/{*file}", "/icons.svg", "/pkg/{*file}"]);
    }

    #[test]
    fn half_a_build_is_refused() {
        assert!(Site::open(build(&["icons.svg"]).path()).unwrap_err().to_string().contains("no built site"));
        assert!(Site::open(build(&["build-id"]).path()).unwrap_err().to_string().contains("not been built whole"));
        let folder = build(&["build-id"]);
        fs::write(folder.path().join("build-id"), "../..").unwrap();
        assert!(Site::open(folder.path()).unwrap_err().to_string().contains("names no build"));
    }
}
