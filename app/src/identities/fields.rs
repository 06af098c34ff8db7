//! The fields of a person's entry: their names, labels and order, and the values by name.

use domain::identity::{ProfileForm, TRAITS};

/// The fields that everybody has.
pub(super) const MAIN: [&str; 3] = ["display_name", "username", "email"];

/// The further ones, in sections as they stand in the form.
pub(super) const SECTIONS: [(&str, &[&str]); 5] = [
    (
        "Parts of the name",
        &["given_name", "middle_name", "family_name", "formatted_name", "nick_name", "honorific_prefix", "honorific_suffix"],
    ),
    (
        "Work",
        &[
            "title",
            "organization",
            "division",
            "department",
            "cost_center",
            "employee_number",
            "user_type",
            "manager_name",
            "manager_id",
            "external_id",
        ],
    ),
    ("Contact", &["secondary_email_address", "primary_phone", "secondary_phone", "profile_url", "photo"]),
    ("Address", &["formatted_address", "street_address", "locality", "region", "postal_code", "country"]),
    ("Language and time", &["preferred_language", "locale", "timezone"]),
];

/// Every field in the order of the form.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    MAIN.into_iter().chain(SECTIONS.into_iter().flat_map(|(_, names)| names.iter().copied()))
}

/// What a field is called on screen.
pub(crate) fn label(name: &str) -> &str {
    match name {
        "display_name" => "Name",
        "username" => "Username",
        "email" => "E-mail",
        "external_id" => "External id",
        name => TRAITS.iter().find(|known| known.name == name).map_or(name, |known| known.label),
    }
}

pub(super) fn value<'a>(form: &'a ProfileForm, name: &str) -> &'a str {
    match name {
        "display_name" => &form.display_name,
        "username" => &form.username,
        "email" => &form.email,
        "external_id" => &form.external_id,
        name => form.traits.get(name).map_or("", String::as_str),
    }
}

/// Sets a field. A trait that is emptied is none, as it was before it was filled.
pub(super) fn set(form: &mut ProfileForm, name: &str, text: String) {
    match name {
        "display_name" => form.display_name = text,
        "username" => form.username = text,
        "email" => form.email = text,
        "external_id" => form.external_id = text,
        name if text.is_empty() => {
            form.traits.remove(name);
        }
        name => {
            form.traits.insert(name.to_owned(), text);
        }
    }
}

/// A field that two versions of an entry do not agree on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Difference {
    pub(super) name: &'static str,
    pub(super) theirs: String,
    pub(super) yours: String,
}

/// What differs between the entry as somebody else saved it and the form, blanks around the text aside.
pub(super) fn differences(theirs: &ProfileForm, yours: &ProfileForm) -> Vec<Difference> {
    let differs = |name: &&str| value(theirs, name).trim() != value(yours, name).trim();
    let pair = |name| Difference { name, theirs: value(theirs, name).to_owned(), yours: value(yours, name).to_owned() };
    all().filter(differs).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_trait_stands_in_one_section() {
        let shown: Vec<&str> = all().collect();
        let once: BTreeSet<&str> = shown.iter().copied().collect();
        assert_eq!(once.len(), shown.len());
        let known: BTreeSet<&str> = TRAITS.iter().map(|known| known.name).chain(MAIN).chain(["external_id"]).collect();
        assert_eq!(once, known);
    }

    #[test]
    fn every_field_keeps_its_own_value() {
        let mut form = ProfileForm::default();
        for name in all() {
            set(&mut form, name, format!("value of {name}"));
        }
        for name in all() {
            assert_eq!(value(&form, name), format!("value of {name}"));
            assert!(!label(name).is_empty());
        }
    }

    #[test]
    fn an_emptied_trait_is_as_if_it_never_was() {
        let mut form = ProfileForm::default();
        set(&mut form, "region", "Skåne".into());
        set(&mut form, "region", String::new());
        assert_eq!(form, ProfileForm::default());
    }

    #[test]
    fn differences_are_told_field_by_field_in_the_order_of_the_form() {
        let mut theirs = ProfileForm { display_name: "Zoë Ångström".into(), username: "zoe".into(), ..ProfileForm::default() };
        let mut yours = theirs.clone();
        assert_eq!(differences(&theirs, &yours), []);
        yours.username = "zoe ".into();
        assert_eq!(differences(&theirs, &yours), []);
        set(&mut theirs, "region", "Skåne".into());
        yours.display_name = "Zoe".into();
        let told = differences(&theirs, &yours);
        let expected = [("display_name", "Zoë Ångström", "Zoe"), ("region", "Skåne", "")];
        assert_eq!(told, expected.map(|(name, theirs, yours)| Difference { name, theirs: theirs.into(), yours: yours.into() }));
    }
}
