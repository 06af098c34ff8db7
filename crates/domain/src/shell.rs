//! Commands that are typed in a shell: no text in them is read as more than text.

use serde::{Deserialize, Serialize};

/// One request to the management API, as it is typed. The token comes from the environment (`KEYROLL_TOKEN`), so that
/// the command can be shown, kept and sent around.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commands {
    /// With curl, for macOS and Linux: sh, bash, zsh and fish alike.
    pub posix: String,
    /// For PowerShell on any system.
    pub powershell: String,
}

/// `POST` with a JSON body. `answer` is the field of the answer that PowerShell prints, which would shorten a long one.
#[must_use]
pub fn post(url: &str, body: &str, answer: &str) -> Commands {
    Commands {
        posix: format!(
            "curl -sS --globoff {} \\\n  -H \"Authorization: Bearer $KEYROLL_TOKEN\" \\\n  -H 'Content-Type: application/json' \\\n  --data-raw {}",
            posix(url),
            posix(body)
        ),
        // Not curl: the PowerShell of Windows gives programs their arguments without the quotes in them.
        powershell: format!(
            "(Invoke-RestMethod -Method Post {} `\n  -Headers @{{ Authorization = \"Bearer $env:KEYROLL_TOKEN\" }} `\n  -ContentType 'application/json; charset=utf-8' `\n  -Body {}).{answer}",
            powershell(url),
            powershell(body)
        ),
    }
}

/// As one word of a POSIX shell (POSIX.1-2024, 2.2.2): between single quotes all but the single quote is text.
fn posix(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// As one verbatim string of PowerShell, which takes typographic quotes for single quotes, too; doubled, they are text.
fn powershell(text: &str) -> String {
    let quoted = text.chars().flat_map(|c| {
        let twice = matches!(c, '\'' | '\u{2018}'..='\u{201b}');
        std::iter::repeat_n(c, if twice { 2 } else { 1 })
    });
    format!("'{}'", quoted.collect::<String>())
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use proptest::prelude::*;

    use super::*;

    /// The words that a shell makes of a command.
    fn words(command: &str) -> Vec<String> {
        let print = format!("curl() {{ printf '%s\\0' \"$@\"; }}\n{command}");
        let output = Command::new("sh").arg("-c").arg(print).env("KEYROLL_TOKEN", "to ken").output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        text.split_terminator('\0').map(str::to_owned).collect()
    }

    fn expected(url: &str, body: &str) -> Vec<String> {
        let words =
            ["-sS", "--globoff", url, "-H", "Authorization: Bearer to ken", "-H", "Content-Type: application/json", "--data-raw", body];
        words.map(str::to_owned).to_vec()
    }

    #[test]
    fn a_command_reads_as_it_should() {
        let Commands { posix, powershell } = post("https://id.example.org/v1/x", r#"{"a":"b"}"#, "link");
        assert_eq!(
            posix,
            "curl -sS --globoff 'https://id.example.org/v1/x' \\\n  -H \"Authorization: Bearer $KEYROLL_TOKEN\" \\\n  \
             -H 'Content-Type: application/json' \\\n  --data-raw '{\"a\":\"b\"}'"
        );
        assert_eq!(
            powershell,
            "(Invoke-RestMethod -Method Post 'https://id.example.org/v1/x' `\n  -Headers @{ Authorization = \"Bearer $env:KEYROLL_TOKEN\" } `\n  \
             -ContentType 'application/json; charset=utf-8' `\n  -Body '{\"a\":\"b\"}').link"
        );
    }

    #[test]
    fn names_that_would_do_harm_stay_text() {
        for name in [
            "O'Brien",
            "'; exit 1; '",
            "$(exit 1)",
            "`exit 1`",
            "a\\",
            "\"",
            "!!",
            "a\nb",
            "’‘‚‛",
            "东京 🦊",
            "-x",
            "@/etc/passwd",
            "%s",
            "",
        ] {
            assert_eq!(words(&post(name, name, "link").posix), expected(name, name), "{name}");
        }
        assert_eq!(powershell("O'Brien’s ‘$x’ ‚‛ \"`"), "'O''Brien’’s ‘‘$x’’ ‚‚‛‛ \"`'");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_shell_reads_any_text_as_it_is(text in "[^\0]{0,40}") {
            prop_assert_eq!(words(&post(&text, &text, "link").posix), expected(&text, &text));
        }
    }
}
