//! Where signing in leads to.

/// The console's first page.
const HOME: &str = "/";

/// The address that was asked for before signing in, if it is one of ours: anybody can write a link to the sign-in page.
///
/// Browsers read `//`, `/\` and what control characters split as the beginning of another site's address.
#[must_use]
pub fn safe_next(next: Option<&str>) -> &str {
    let ours = |next: &&str| next.starts_with('/') && !next.starts_with("//") && !next.contains(|c: char| c == '\\' || c.is_control());
    next.filter(ours).unwrap_or(HOME)
}

#[cfg(test)]
mod tests {
    use super::safe_next;

    #[test]
    fn a_path_of_ours_is_followed() {
        for next in ["/", "/identities", "/identities?q=zo%C3%AB&sort=name", "/identities/0000000000000001/passkeys#passkey-1"] {
            assert_eq!(safe_next(Some(next)), next);
        }
    }

    #[test]
    fn everything_else_leads_home() {
        let foreign = [
            "",
            "identities",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "/a\\b",
            "https://evil.example/",
            "javascript:alert(1)",
            " /x",
            "\n//x",
        ];
        for next in foreign {
            assert_eq!(safe_next(Some(next)), "/", "{next:?}");
        }
        assert_eq!(safe_next(None), "/");
    }
}
