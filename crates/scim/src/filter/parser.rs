//! Reading a filter: `not` binds most closely, then `and`, then `or`.

use super::cursor::Cursor;
use super::{AttributePath, DEEPEST, Filter, FilterError, Literal, MOST_CHARACTERS, MOST_COMPARISONS, Number, Operator, Value, text};

type Result<T> = std::result::Result<T, FilterError>;

/// Reads a filter.
pub fn parse(text: &str) -> Result<Filter> {
    let characters: Vec<char> = text.chars().take(MOST_CHARACTERS + 1).collect();
    if characters.len() > MOST_CHARACTERS {
        let message = format!("the filter is too long; it may have {MOST_CHARACTERS} characters.");
        return Err(FilterError::new(characters.len(), message));
    }
    let mut parser = Parser { cursor: Cursor::new(characters), open: 0, comparisons: 0, in_value: false };
    let filter = parser.disjunction()?;
    match parser.cursor.peek() {
        None => Ok(filter),
        Some(_) => Err(parser.wrong("“and”, “or” or the end of the filter was expected here.")),
    }
}

struct Parser {
    cursor: Cursor,
    /// Parentheses and brackets that are open.
    open: usize,
    comparisons: usize,
    /// Whether it is one value of an attribute that is asked about.
    in_value: bool,
}

impl Parser {
    /// An error at the next character that is not a blank.
    fn wrong(&mut self, message: &str) -> FilterError {
        self.cursor.skip_blanks();
        FilterError::new(self.cursor.position(), message)
    }

    fn disjunction(&mut self) -> Result<Filter> {
        let mut filter = self.conjunction()?;
        while self.cursor.take_word("or") {
            filter = Filter::Or(Box::new(filter), Box::new(self.conjunction()?));
        }
        Ok(filter)
    }

    fn conjunction(&mut self) -> Result<Filter> {
        let mut filter = self.operand()?;
        while self.cursor.take_word("and") {
            filter = Filter::And(Box::new(filter), Box::new(self.operand()?));
        }
        Ok(filter)
    }

    fn operand(&mut self) -> Result<Filter> {
        self.cursor.skip_blanks();
        if self.cursor.peek() == Some('(') {
            return self.enclosed(')');
        }
        let position = self.cursor.position();
        let word = self.cursor.word();
        if word.eq_ignore_ascii_case("not") && self.cursor.comes('(') {
            self.cursor.skip_blanks();
            return Ok(Filter::Not(Box::new(self.enclosed(')')?)));
        }
        let path = path(&word, position)?;
        if self.cursor.peek() == Some('[') { self.value_path(path) } else { self.comparison(path) }
    }

    /// What stands between the bracket that is next and its counterpart.
    fn enclosed(&mut self, end: char) -> Result<Filter> {
        if self.open == DEEPEST {
            return Err(self.wrong(&format!("the filter is nested too deep; {DEEPEST} levels are the most.")));
        }
        self.cursor.take();
        self.open += 1;
        let filter = self.disjunction()?;
        self.open -= 1;
        if self.cursor.take_if(end) {
            Ok(filter)
        } else {
            Err(self.wrong(&format!("“and”, “or” or “{end}” was expected here.")))
        }
    }

    fn value_path(&mut self, path: AttributePath) -> Result<Filter> {
        if self.in_value {
            return Err(self.wrong("brackets cannot stand within brackets."));
        }
        self.in_value = true;
        let filter = self.enclosed(']')?;
        self.in_value = false;
        Ok(Filter::Value(path, Box::new(filter)))
    }

    fn comparison(&mut self, path: AttributePath) -> Result<Filter> {
        self.comparisons += 1;
        if self.comparisons > MOST_COMPARISONS {
            let message = format!("the filter compares too much; {MOST_COMPARISONS} comparisons are the most.");
            return Err(FilterError::new(path.position, message));
        }
        self.cursor.expect_gap()?;
        self.cursor.skip_blanks();
        let position = self.cursor.position();
        let word = self.cursor.word();
        if word.eq_ignore_ascii_case("pr") {
            self.cursor.expect_gap()?;
            return Ok(Filter::Present(path));
        }
        let expected = "one of eq, ne, co, sw, ew, gt, ge, lt, le and pr was expected here.";
        let operator = Operator::read(&word).ok_or_else(|| FilterError::new(position, expected))?;
        self.cursor.expect_gap()?;
        Ok(Filter::Compare(path, operator, self.value()?))
    }

    fn value(&mut self) -> Result<Value> {
        self.cursor.skip_blanks();
        let position = self.cursor.position();
        let literal = if self.cursor.peek() == Some('"') {
            Literal::Text(text::read(&mut self.cursor)?)
        } else {
            literal(&self.cursor.word()).ok_or_else(|| {
                FilterError::new(position, "a value was expected here: a text in double quotation marks, a number, true, false or null.")
            })?
        };
        self.cursor.expect_gap()?;
        Ok(Value { literal, position })
    }
}

fn literal(word: &str) -> Option<Literal> {
    let is = |name: &str| word.eq_ignore_ascii_case(name);
    Some(match word {
        _ if is("true") => Literal::Boolean(true),
        _ if is("false") => Literal::Boolean(false),
        _ if is("null") => Literal::Null,
        number => Literal::Number(Number::parse(number)?),
    })
}

/// The parts of an attribute's path. What stands before the last colon is its schema.
fn path(word: &str, position: usize) -> Result<AttributePath> {
    if word.is_empty() {
        return Err(FilterError::new(position, "the name of an attribute was expected here."));
    }
    let (uri, names) = word.rsplit_once(':').map_or((None, word), |(uri, names)| (Some(uri), names));
    let (name, sub) = names.split_once('.').map_or((names, None), |(name, sub)| (name, Some(sub)));
    if uri.is_none_or(is_uri) && is_name(name) && sub.is_none_or(is_name) {
        Ok(AttributePath { uri: uri.map(str::to_owned), name: name.to_owned(), sub: sub.map(str::to_owned), position })
    } else {
        let message = "this is no attribute: letters, digits, “-” and “_” make its name, which begins with a letter.";
        Err(FilterError::new(position, message))
    }
}

/// A letter, then letters, digits, `-` and `_`; or `$ref`, which RFC 7643 (§2.4) names so.
fn is_name(name: &str) -> bool {
    let rest = name.strip_prefix('$').unwrap_or(name);
    rest.starts_with(|c: char| c.is_ascii_alphabetic()) && rest.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// A scheme, a colon, and characters that RFC 3986 allows without being decoded.
fn is_uri(uri: &str) -> bool {
    let Some((scheme, rest)) = uri.split_once(':') else { return false };
    let scheme_holds = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    scheme_holds && !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~:/?#@!$&'*+,;=%".contains(&b))
}
