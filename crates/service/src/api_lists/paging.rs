//! What a request for a page says, checked as a whole: every violation is named at once.

use domain::filter::{Attribute, Condition};
use domain::{FieldError, Timestamp};
use storage::Stretch;

use super::token::{Listed, Token};
use super::{ApiPage, PageRequest};

/// Rows of a page for which nothing else is said.
const USUAL: u8 = 20;

/// What a list makes of a filter.
pub(super) type Filter<C> = fn(Option<&str>) -> Result<C, FieldError>;

/// Which page of which list.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Paging {
    listed: Listed,
    now: Timestamp,
    after: Option<i64>,
    size: u8,
    skip: u32,
    filter: Option<String>,
}

/// A filter on these attributes.
pub(super) fn filtered<A: Attribute>(text: Option<&str>) -> Result<Option<Condition<A>>, FieldError> {
    let condition = text.map(scim::filter::parse_condition).transpose();
    condition.map_err(|error| FieldError::new("filter", error.to_string()))
}

/// No filter: the list has none.
pub(super) fn unfiltered(text: Option<&str>) -> Result<(), FieldError> {
    let words = "This list cannot be filtered. Leave the filter out.";
    text.map_or(Ok(()), |_| Err(FieldError::new("filter", words)))
}

impl Paging {
    pub(super) fn read<C>(request: &PageRequest, listed: Listed, now: Timestamp, filter: Filter<C>) -> Result<(Self, C), Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut note = |error: FieldError| errors.push(error);
        // A parameter that is there without a value says nothing.
        let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let token = given(&request.page_token).map(|text| Token::read(&text, listed, now)).transpose();
        let token = token.map_err(|bad| note(FieldError::new("page_token", bad.to_string()))).ok().flatten();
        let size = request.page_size.as_deref().map(|text| size(text, listed.list.most())).transpose().map_err(&mut note).ok().flatten();
        let skip = request.skip.as_deref().map_or(Ok(0), skip).map_err(&mut note).ok();
        let asked = given(&request.filter);
        if let (Some(token), Some(_)) = (&token, &asked)
            && token.filter != asked
        {
            let words = "The page token carries another filter. Send that one or none, or start at the beginning, without a token.";
            note(FieldError::new("filter", words));
        }
        let (after, usual, carried) =
            token.map_or((None, USUAL, None), |token| (Some(token.after), token.size.clamp(1, listed.list.most()), token.filter));
        let text = asked.or(carried);
        let checked = filter(text.as_deref()).map_err(&mut note).ok();
        match (skip, checked) {
            (Some(skip), Some(checked)) if errors.is_empty() => {
                Ok((Self { listed, now, after, size: size.unwrap_or(usual), skip, filter: text }, checked))
            }
            _ => Err(errors),
        }
    }

    /// The rows to read: one more than the page has, so that it shows whether there is another page.
    pub(crate) fn stretch<Id>(&self, id: impl Fn(i64) -> Id) -> Stretch<Id> {
        Stretch { after: self.after.map(id), skip: self.skip, limit: u32::from(self.size) + 1 }
    }

    /// The page that these rows make.
    pub(crate) fn page<T>(self, mut rows: Vec<T>, total_size: u64, id: impl Fn(&T) -> i64) -> ApiPage<T> {
        let more = rows.len() > usize::from(self.size);
        rows.truncate(usize::from(self.size));
        let last = rows.last().filter(|_| more).map(id);
        let next = last.map(|after| Token { after, size: self.size, filter: self.filter }.write(self.listed, self.now));
        ApiPage { items: rows, total_size, next_page_token: next }
    }
}

fn size(text: &str, most: u8) -> Result<u8, FieldError> {
    let words = || format!("The page size is a whole number from 1 on; more than {most} is taken as {most}.");
    let number = whole(text).filter(|number| *number > 0).ok_or_else(|| FieldError::new("page_size", words()))?;
    Ok(u8::try_from(number).unwrap_or(most).min(most))
}

fn skip(text: &str) -> Result<u32, FieldError> {
    whole(text).ok_or_else(|| FieldError::new("skip", "The number of rows to skip is a whole number from 0 on."))
}

/// A number in digits alone; one that is too great is the greatest.
fn whole(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use domain::RealmId;
    use domain::filter::IdentityAttribute;
    use domain::time::Span;

    use super::*;
    use crate::api_lists::token::List;

    const LISTED: Listed = Listed { realm: RealmId::from_i64(3), list: List::Identities };
    const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

    /// Filter, size, token and skip as a URL has them.
    fn request(filter: Option<&str>, page_size: Option<&str>, page_token: Option<&str>, skip: Option<&str>) -> PageRequest {
        let [filter, page_size, page_token, skip] = [filter, page_size, page_token, skip].map(|text| text.map(str::to_owned));
        PageRequest { filter, page_size, page_token, skip }
    }

    fn read(request: &PageRequest) -> Result<(Paging, Option<Condition<IdentityAttribute>>), Vec<FieldError>> {
        Paging::read(request, LISTED, NOW, filtered::<IdentityAttribute>)
    }

    fn refused(request: &PageRequest) -> Vec<String> {
        read(request).err().unwrap_or_default().into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn a_page_has_twenty_rows_or_as_many_as_asked_for_up_to_the_most() {
        for (text, size) in
            [(None, 20), (Some("1"), 1), (Some("007"), 7), (Some("200"), 200), (Some("201"), 200), (Some("256"), 200), (Some("500"), 200)]
        {
            assert_eq!(read(&request(None, text, None, None)).map(|(paging, _)| paging.size), Ok(size), "{text:?}");
        }
        assert_eq!(read(&request(None, Some(&"9".repeat(50)), None, None)).map(|(paging, _)| paging.size), Ok(200));
        for text in ["0", "000", "-1", "+1", "1.5", "ten", "", " 1", "1 ", "٣", "1e2"] {
            assert_eq!(refused(&request(None, Some(text), None, None)), ["page_size"], "{text:?}");
        }
    }

    #[test]
    fn rows_are_skipped_from_none_on() {
        for (text, skip) in [(None, 0), (Some("0"), 0), (Some("15"), 15), (Some("99999999999999999999"), u32::MAX)] {
            assert_eq!(read(&request(None, None, None, text)).map(|(paging, _)| paging.skip), Ok(skip), "{text:?}");
        }
        for text in ["-1", "", "x", "0.0"] {
            assert_eq!(refused(&request(None, None, None, Some(text))), ["skip"], "{text:?}");
        }
    }

    /// The token of the page after one that ends with this row.
    fn next(request: &PageRequest, last: i64) -> Option<String> {
        let (paging, _) = read(request).expect("it is taken");
        let rows = vec![last; usize::from(paging.size) + 1];
        paging.page(rows, 0, |id| *id).next_page_token
    }

    #[test]
    fn a_token_carries_the_size_and_the_filter_but_not_what_is_skipped() {
        let filter = r#"display_name co "é""#;
        let token = next(&request(Some(filter), Some("3"), None, Some("9")), 42);
        let (alone, condition) = read(&request(None, None, token.as_deref(), None)).expect("it is taken");
        assert_eq!((alone.after, alone.size, alone.skip, alone.filter.as_deref()), (Some(42), 3, 0, Some(filter)));
        assert!(condition.is_some());
        let (beside, _) = read(&request(Some(filter), Some("5"), token.as_deref(), Some("1"))).expect("it is taken");
        assert_eq!((beside.after, beside.size, beside.skip), (Some(42), 5, 1));
        for empty in ["", " "] {
            assert!(read(&request(Some(empty), None, token.as_deref(), None)).is_ok(), "no filter is not another one");
        }
        assert_eq!(refused(&request(Some("status pr"), None, token.as_deref(), None)), ["filter"]);
        let unfiltered = next(&request(None, None, None, None), 42);
        assert_eq!(refused(&request(Some("status pr"), None, unfiltered.as_deref(), None)), ["filter"]);
    }

    #[test]
    fn a_token_that_somebody_made_up_asks_for_no_more_than_a_page() {
        for (size, taken) in [(0, 1), (255, 200)] {
            let token = Token { after: 42, size, filter: None }.write(LISTED, NOW);
            assert_eq!(read(&request(None, None, Some(&token), None)).map(|(paging, _)| paging.size), Ok(taken));
        }
    }

    #[test]
    fn the_last_page_has_no_token() {
        let (paging, _) = read(&request(None, Some("3"), None, None)).expect("it is taken");
        let page = paging.page(vec![1, 2, 3], 9, |id| *id);
        assert_eq!(page, ApiPage { items: vec![1, 2, 3], total_size: 9, next_page_token: None });
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        assert_eq!(refused(&request(Some("x"), Some("0"), Some("y"), Some("-1"))), ["page_token", "page_size", "skip", "filter"]);
        let wrong = read(&request(Some("status pr and title pr"), None, None, None)).expect_err("there is no title");
        assert!(wrong[0].message.starts_with("At character 15: "), "{}", wrong[0].message);
        let old = Token { after: 1, size: 1, filter: None }.write(LISTED, NOW - Span::days(8));
        assert_eq!(refused(&request(None, None, Some(&old), None)), ["page_token"]);
        assert!(unfiltered(Some("status pr")).is_err() && unfiltered(None).is_ok());
    }
}
