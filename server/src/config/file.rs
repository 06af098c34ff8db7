//! `keyroll.toml`: a key a setting, under the flag's name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::{Given, SETTINGS, Setting, Source, Wrong};

const DEFAULT: &str = "keyroll.toml";

/// The file to read: the one that was named, or the default one where it exists.
pub(super) fn find(named: Option<String>) -> Option<PathBuf> {
    let default = PathBuf::from(DEFAULT);
    named.map(PathBuf::from).or_else(|| default.exists().then_some(default))
}

pub(super) fn read(file: &Path) -> Result<BTreeMap<&'static str, Given>, Wrong> {
    let text = std::fs::read_to_string(file).map_err(|error| Wrong(format!("{} cannot be read: {error}", file.display())))?;
    let table = DeTable::parse(&text).map_err(|error| Wrong(not_toml(file, &text, &error)))?;
    let given = table.get_ref().iter().map(|(key, value)| {
        let line = line_of(&text, key.span().start);
        let setting = known(key.get_ref()).ok_or_else(|| unknown(file, line, key.get_ref()))?;
        let source = Source::File { file: file.to_owned(), line, key: setting.name };
        let value = plain(value.get_ref()).ok_or_else(|| Wrong(format!("{source}: a text in quotes was expected")))?;
        Ok((setting.name, Given { value, source }))
    });
    given.collect()
}

fn known(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == key)
}

fn unknown(file: &Path, line: usize, key: &str) -> Wrong {
    let names: Vec<_> = SETTINGS.iter().map(|setting| setting.name).collect();
    Wrong(format!("{}, line {line}: there is no setting {key:?}. There are {}", file.display(), names.join(", ")))
}

/// The parser's own text would repeat the line, and with it what may be a secret.
fn not_toml(file: &Path, text: &str, error: &toml::de::Error) -> String {
    let line = error.span().map_or(1, |span| line_of(text, span.start));
    format!("{}, line {line}: this is not TOML: {}", file.display(), error.message())
}

/// Lines are counted from 1.
fn line_of(text: &str, position: usize) -> usize {
    text.bytes().take(position).filter(|byte| *byte == b'\n').count() + 1
}

fn plain(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Boolean(on) => Some(on.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(text: &str) -> Result<BTreeMap<&'static str, Given>, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keyroll.toml");
        std::fs::write(&file, text).unwrap();
        read(&file).map_err(|wrong| wrong.to_string().replace(&*folder.path().to_string_lossy(), "…"))
    }

    #[test]
    fn keys_are_named_as_the_flags_are() {
        let given = reading("# ours\nlisten = \"127.0.0.1:1\"\n\ntrust-proxy = true\n").unwrap();
        let values: Vec<_> = given.iter().map(|(name, given)| (*name, given.value.as_str())).collect();
        assert_eq!(values, [("listen", "127.0.0.1:1"), ("trust-proxy", "true")]);
        assert!(given["trust-proxy"].source.to_string().ends_with("keyroll.toml, line 4, trust-proxy"));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (text, words) in [
            ("data = \"x\"\nlitsen = \"1\"\n", "line 2: there is no setting \"litsen\""),
            ("[server]\nlisten = \"1\"\n", "line 1: there is no setting \"server\""),
            ("public_url = \"x\"\n", "there is no setting \"public_url\""),
            ("\nlisten = 3000\n", "line 2, listen: a text in quotes was expected"),
            ("listen = \"a\"\nlisten = \"b\"\n", "line 2: this is not TOML"),
        ] {
            let said = reading(text).err().unwrap();
            assert!(said.contains(words), "{said}");
        }
    }

    #[test]
    fn a_secret_in_a_broken_line_is_not_repeated() {
        let said = reading("database-url = \"postgres://keyroll:opensesame@db/keyroll\n").err().unwrap();
        assert!(said.contains("line 1") && !said.contains("opensesame"), "{said}");
    }
}
