//! The body of a request, field by field: what is missing, of another type or twice there is named, all at once.

use domain::FieldError;
use serde_json::{Map, Value};

use super::error::ApiError;
use super::json::{self, Unread};

/// Ids that one request names at most.
const MOST_IDS: usize = 1_000;

/// An object of a body, and what is wrong with what was read of it so far.
pub(super) struct Fields {
    object: Map<String, Value>,
    /// What its fields' names begin with.
    path: String,
    errors: Vec<FieldError>,
}

impl Fields {
    /// Reads a body that is an object; what its wrapper holds, where it is wrapped.
    pub(super) fn read(body: &[u8], wrapper: Option<&'static str>) -> Result<Self, ApiError> {
        let mut object = match json::read(body) {
            Ok(Value::Object(object)) => object,
            Ok(_) | Err(Unread::NoJson) => {
                return Err(ApiError::new(http::StatusCode::BAD_REQUEST, "The body is no JSON object (RFC 8259)."));
            }
            Err(Unread::Twice(names)) => {
                let errors = names.into_iter().map(|name| FieldError::new(name, "said twice: say it once"));
                return Err(ApiError::fields(errors.collect()));
            }
        };
        let Some(wrapper) = wrapper else { return Ok(Self { object, path: String::new(), errors: Vec::new() }) };
        let refused = |words: &str| ApiError::fields(vec![FieldError::new(wrapper, words)]);
        match object.remove(wrapper) {
            Some(Value::Object(object)) => Ok(Self { object, path: format!("{wrapper}."), errors: Vec::new() }),
            Some(_) => Err(refused("an object is wanted")),
            None => Err(refused("missing")),
        }
    }

    /// Whether anything is said of it.
    pub(super) fn says(&self, name: &str) -> bool {
        self.object.contains_key(name)
    }

    pub(super) fn refuse(&mut self, name: &str, words: impl Into<String>) {
        self.errors.push(FieldError::new(format!("{}{name}", self.path), words));
    }

    /// A text; empty where it is null. `None` where nothing is said, or nothing that is a text.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        match self.object.get(name)? {
            Value::String(text) if text.contains('\0') => {
                self.refuse(name, "a character that cannot be seen is in it (U+0000)");
                None
            }
            Value::String(text) => Some(text.clone()),
            Value::Null => Some(String::new()),
            _ => {
                self.refuse(name, "a text is wanted");
                None
            }
        }
    }

    /// A text that has to be there.
    pub(super) fn required(&mut self, name: &str) -> Option<String> {
        if !self.says(name) {
            self.refuse(name, "missing");
        }
        self.text(name)
    }

    /// One of the texts that this reads.
    pub(super) fn one_of<T>(&mut self, name: &str, read: impl Fn(&str) -> Option<T>, all: &str) -> Option<T> {
        match self.object.get(name)? {
            Value::String(text) if read(text).is_some() => read(text),
            _ => {
                self.refuse(name, format!("one of {all} is wanted"));
                None
            }
        }
    }

    /// Ids that have to be there.
    pub(super) fn ids<Id: std::str::FromStr>(&mut self, name: &str) -> Vec<Id> {
        let Some(Value::Array(values)) = self.object.get(name) else {
            let words = if self.says(name) { "a list of ids is wanted" } else { "missing" };
            self.refuse(name, words);
            return Vec::new();
        };
        if !(1..=MOST_IDS).contains(&values.len()) {
            self.refuse(name, format!("1 to {MOST_IDS} ids are wanted"));
            return Vec::new();
        }
        let ids: Vec<Option<Id>> = values.iter().map(|value| value.as_str().and_then(|text| text.parse().ok())).collect();
        let wrong: Vec<_> = ids.iter().enumerate().filter(|(_, id)| id.is_none()).map(|(at, _)| at).take(10).collect();
        for at in wrong {
            self.refuse(&format!("{name}[{at}]"), "this is no id");
        }
        ids.into_iter().flatten().collect()
    }

    /// An object within this one; an empty one where nothing is said.
    pub(super) fn object(&mut self, name: &str) -> Self {
        let object = match self.object.get(name) {
            Some(Value::Object(object)) => object.clone(),
            None => Map::new(),
            Some(_) => {
                self.refuse(name, "an object is wanted");
                Map::new()
            }
        };
        Self { object, path: format!("{}{name}.", self.path), errors: Vec::new() }
    }

    /// Takes over what is wrong within.
    pub(super) fn with(&mut self, inner: Self) {
        self.errors.extend(inner.errors);
    }

    /// Refuses the body where anything is wrong with it.
    pub(super) fn done(self) -> Result<(), ApiError> {
        if self.errors.is_empty() { Ok(()) } else { Err(ApiError::fields(self.errors)) }
    }

    /// The fields of the service's own words by the names that the body has for them, beside what was wrong already.
    pub(super) fn refused(self, errors: Vec<FieldError>, name: impl Fn(&str) -> String) -> ApiError {
        let known: Vec<_> = self.errors.iter().map(|error| error.field.clone()).collect();
        let more = errors.into_iter().map(|error| FieldError::new(format!("{}{}", self.path, name(&error.field)), error.message));
        let all = self.errors.iter().cloned().chain(more.filter(|error| !known.contains(&error.field)));
        ApiError::fields(all.collect())
    }
}
