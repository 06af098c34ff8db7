//! Colors and their contrast (WCAG 2.2, "relative luminance" and "contrast ratio").

/// An opaque color in sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Color([u8; 3]);

/// Text of ordinary size has to stand off this much (WCAG 2.2, success criterion 1.4.3).
pub const LEAST_CONTRAST: f64 = 4.5;

/// A contrast in words: rounded down, so that what is too little never reads as enough.
#[must_use]
pub fn ratio(contrast: f64) -> String {
    format!("{:.1}", (contrast * 10.0).floor() / 10.0)
}

impl Color {
    /// `#rrggbb`, in either case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits =
            text.trim().strip_prefix('#').filter(|digits| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
        Some(Self([part(0)?, part(2)?, part(4)?]))
    }

    /// From 1, alike, to 21, black on white.
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

impl std::fmt::Display for Color {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contrast(one: &str, two: &str) -> f64 {
        Color::parse(one).unwrap().contrast(Color::parse(two).unwrap())
    }

    #[test]
    fn a_color_is_six_hexadecimal_digits() {
        assert_eq!(Color::parse(" #1F6feb ").unwrap().to_string(), "#1f6feb");
        for wrong in ["", "#", "1f6feb", "#fff", "#1f6feb00", "#1f6fe!", "#é6feb", "red", "#+1+1+1", "url(x)"] {
            assert_eq!(Color::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn contrast_is_what_the_guidelines_say() {
        assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 1e-9);
        assert!((contrast("#777777", "#777777") - 1.0).abs() < 1e-9);
        // The known pair on either side of the limit.
        assert!(contrast("#767676", "#ffffff") >= LEAST_CONTRAST && contrast("#777777", "#ffffff") < LEAST_CONTRAST);
        assert!((contrast("#1f6feb", "#ffffff") - contrast("#ffffff", "#1f6feb")).abs() < 1e-9);
    }
}
