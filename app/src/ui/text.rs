//! Small wordings that several components share.

/// One or two capitals for an avatar: of the first and the last word of a name.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|letter| letter.is_alphanumeric()));
    let first = words.next();
    let last = words.next_back();
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

/// A count with a comma at each thousand, as the console writes it: `12,304`.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_take_the_first_and_the_last_word() {
        assert_eq!(initials("Zoë Ångström"), "ZÅ");
        assert_eq!(initials("Ana Maria de la Cruz"), "AC");
        assert_eq!(initials("  ümit  "), "Ü");
        assert_eq!(initials("李小龍"), "李");
        assert_eq!(initials("(Bo) Ek"), "BE");
        assert_eq!(initials("–"), "");
    }

    #[test]
    fn counts_are_grouped_by_thousands() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000), "1,000");
        assert_eq!(grouped(12_304), "12,304");
        assert_eq!(grouped(1_000_000), "1,000,000");
    }
}
