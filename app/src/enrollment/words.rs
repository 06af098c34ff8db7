//! What the page says at each stage.

use super::stage::{Closed, Failure, Stage, Work};

/// Heading and text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub heading: String,
    pub text: String,
}

impl Said {
    fn new(heading: &str, text: &str) -> Self {
        Self { heading: heading.to_owned(), text: text.to_owned() }
    }
}

/// Who is spoken to, where, and what else is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around<'a> {
    pub name: &'a str,
    pub organization: &'a str,
    /// The host of the page's address.
    pub host: &'a str,
    /// The administrators have been asked for a new link.
    pub asked: bool,
    /// They are being asked.
    pub asking: bool,
    /// Why they could not be.
    pub ask_trouble: &'a str,
    /// This device cannot hold a passkey itself.
    pub elsewhere: bool,
}

pub(super) const SCREEN_LOCK: [&str; 4] = [
    "Windows: Settings, Accounts, Sign-in options, Windows Hello",
    "Mac: System Settings, Touch ID & Password",
    "iPhone and iPad: Settings, Face ID or Touch ID & Passcode",
    "Android: Settings, Security, Screen lock",
];

pub(super) const BROWSERS: [&str; 3] = [
    "Chrome, Edge or Firefox, 122 or newer",
    "Safari 16 or newer, on macOS 13 or iOS 16",
    "Inside another app, open the link in the browser instead",
];

impl Stage {
    pub(super) fn says(&self, around: &Around<'_>) -> Said {
        match self {
            Self::Ready => Said { heading: ["Hello ", around.name].concat(), text: what_a_passkey_is(around) },
            Self::Working(Work::Preparing) => Said::new("One moment", "Getting everything ready."),
            Self::Working(Work::Asking) => {
                Said::new("Follow your browser", "It asks for your fingerprint, face or screen lock, or for another device.")
            }
            Self::Working(Work::Storing) => Said::new("Almost done", "Storing your passkey. Keep this page open."),
            Self::Done { signed_in: true, .. } => Said::new("Your passkey is ready", "You are signed in."),
            Self::Done { continue_to: Some(_), .. } => Said::new("Your passkey is ready", "You can go on."),
            Self::Done { .. } => Said::new("Your passkey is ready", "You can close this page."),
            Self::Set => Said::new("You are set", "You can close this page."),
            Self::Failed(failure) => failure.says(around),
            Self::Closed(why) => why.says(around),
        }
    }
}

fn what_a_passkey_is(around: &Around<'_>) -> String {
    let sentence =
        ["A passkey lets you sign in at ", around.organization, " with your fingerprint, face or screen lock, without a password."]
            .concat();
    if around.elsewhere { sentence + " This device cannot hold one; your phone can." } else { sentence }
}

impl Failure {
    fn says(&self, around: &Around<'_>) -> Said {
        let (heading, text) = match self {
            Self::Cancelled => ("No passkey was created", "Nothing has changed. You can try again, here or on another device."),
            Self::DeviceHasOne => ("You are set", "This device already has a passkey for you."),
            Self::NoScreenLock => ("This device needs a screen lock first", "Set one up and try again, or use your phone."),
            Self::NoSuchKind => {
                ("This browser cannot create the passkey", "It does not make the kind that is needed. Another browser can, or your phone.")
            }
            Self::WrongAddress => {
                let told = [
                    "It is not the one that your organization set up. Tell your administrator that you opened the link at ",
                    around.host,
                    ".",
                ];
                return Said::new("This address does not match", &told.concat());
            }
            Self::Browser(name) => {
                return Said::new("No passkey was created", &["Nothing has changed. Your browser could not do it (", name, ")."].concat());
            }
            Self::NoPasskeys => {
                ("This browser cannot create passkeys", "Open this link in another browser, or on your phone. It still works.")
            }
            Self::NotSecure => {
                ("This address is not secure", "Browsers create passkeys only at addresses that begin with https. Tell your administrator.")
            }
            Self::TookTooLong => ("That took too long", "Nothing has changed. You can try again."),
            Self::Offline => ("Keyroll cannot be reached", "Check the connection and try again. Your link still works."),
            Self::NotStored => (
                "Your passkey is not stored yet",
                "Keyroll cannot be reached. Keep this page open, check the connection, and store it then.",
            ),
            Self::Refused { words, request_id } if request_id.is_empty() => ("That did not work", words.as_str()),
            Self::Refused { words, request_id } => {
                return Said::new("That did not work", &[words, " (Request ", request_id, ")"].concat());
            }
        };
        Said::new(heading, text)
    }
}

impl Closed {
    fn says(self, around: &Around<'_>) -> Said {
        let (heading, text) = match self {
            Self::Used => ("This link has been used", "A passkey was created with it. For another passkey, ask for a new link."),
            Self::Expired => ("This link has expired", "Links work for a limited time. Ask for a new one."),
            Self::Revoked => ("This link was withdrawn", "An administrator has taken it back. You can ask for a new one."),
            Self::Suspended => ("No passkey can be added now", "Your entry is suspended. Your administrator can change that."),
            Self::Unknown => {
                ("This link is not known here", "Check that it was copied whole. If it was, the administrators can send you another.")
            }
            Self::NotSeen => ("This link could not be looked up", "Keyroll could not do it just now. Try again in a moment."),
        };
        if around.asked && self == Self::Unknown {
            let text = "The administrators have been told that a link did not work. They cannot see whose it was: tell them who you are.";
            return Said::new(heading, text);
        }
        if around.asked && self.can_ask() {
            return Said::new(heading, "The administrators have been asked for a new link. You will get it from them.");
        }
        if !around.ask_trouble.is_empty() {
            return Said::new(heading, around.ask_trouble);
        }
        Said::new(heading, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AROUND: Around<'static> = Around {
        name: "Zoë Ångström",
        organization: "Example",
        host: "id.example:3000",
        asked: false,
        asking: false,
        ask_trouble: "",
        elsewhere: false,
    };

    #[test]
    fn every_ending_has_its_own_words() {
        let closed = [Closed::Used, Closed::Expired, Closed::Revoked, Closed::Suspended, Closed::Unknown, Closed::NotSeen];
        let stages = Failure::all().into_iter().map(Stage::Failed).chain(closed.into_iter().map(Stage::Closed));
        let mut told: Vec<String> = stages
            .map(|stage| {
                let Said { heading, text } = stage.says(&AROUND);
                format!("{heading} {text}")
            })
            .collect();
        let count = told.len();
        told.sort();
        told.dedup();
        assert_eq!(told.len(), count);
    }

    #[test]
    fn who_has_asked_for_a_link_is_told_so() {
        let asked = Around { asked: true, ..AROUND };
        assert!(Stage::Closed(Closed::Expired).says(&asked).text.contains("have been asked"));
        assert!(Stage::Closed(Closed::Unknown).says(&asked).text.contains("tell them who you are"));
        assert!(!Stage::Closed(Closed::Suspended).says(&asked).text.contains("have been"));
    }

    #[test]
    fn what_an_administrator_needs_to_know_is_in_the_words() {
        assert!(Stage::Failed(Failure::WrongAddress).says(&AROUND).text.contains("id.example:3000"));
        let refused = Failure::Refused { words: "Words.".into(), request_id: "r1".into() };
        assert!(Stage::Failed(refused).says(&AROUND).text.contains("r1"));
    }

    #[test]
    fn the_person_and_the_organization_are_named() {
        let Said { heading, text } = Stage::Ready.says(&AROUND);
        assert_eq!(heading, "Hello Zoë Ångström");
        assert!(text.contains("Example"));
    }
}
