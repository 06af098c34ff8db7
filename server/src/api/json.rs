//! JSON in which no name is said twice: which of both were meant, nobody can tell (RFC 8259, §4).

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Why a body is not read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unread {
    NoJson,
    /// These names, from the top of the body.
    Twice(Vec<String>),
}

pub(super) fn read(body: &[u8]) -> Result<Value, Unread> {
    let twice = RefCell::default();
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = Once { name: String::new(), twice: &twice }.deserialize(&mut json).and_then(|value| json.end().map(|()| value));
    match (value, twice.into_inner()) {
        (Err(_), _) => Err(Unread::NoJson),
        (Ok(value), names) if names.is_empty() => Ok(value),
        (Ok(_), names) => Err(Unread::Twice(names)),
    }
}

/// Reads what has this name.
#[derive(Clone)]
struct Once<'a> {
    name: String,
    twice: &'a RefCell<Vec<String>>,
}

impl Once<'_> {
    fn below(&self, key: &str) -> Self {
        let name = if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) };
        Self { name, twice: self.twice }
    }
}

impl<'de> DeserializeSeed<'de> for Once<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Once<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("no number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = seq.next_element_seed(self.clone())? {
            values.push(value);
        }
        Ok(values.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            let below = self.below(&key);
            if object.contains_key(&key) {
                self.twice.borrow_mut().push(below.name.clone());
            }
            let value = map.next_value_seed(below)?;
            object.insert(key, value);
        }
        Ok(object.into())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_is_read_as_it_is() {
        let text = r#"{"a":[1,-2,1.5,"é\n",null,true,{"b":{}}],"c":18446744073709551615}"#;
        assert_eq!(read(text.as_bytes()), Ok(json!({"a": [1, -2, 1.5, "é\n", null, true, {"b": {}}], "c": u64::MAX})));
    }

    #[test]
    fn what_is_no_json_is_not_read() {
        let deep = "[".repeat(1_000);
        for text in ["", "{", "{}{}", "{} x", "nul", "\"\\ud800\"", "1e999", deep.as_str()] {
            assert_eq!(read(text.as_bytes()), Err(Unread::NoJson), "{text}");
        }
        assert_eq!(read(b"{\"a\":\"\xff\"}"), Err(Unread::NoJson));
    }

    #[test]
    fn names_that_are_said_twice_are_all_named() {
        let text = r#"{"a":{"b":1,"b":2,"c":[{"d":1,"\u0064":2}]},"a":3}"#;
        assert_eq!(read(text.as_bytes()), Err(Unread::Twice(vec!["a.b".into(), "a.c.d".into(), "a".into()])));
        assert!(read(br#"{"a":{"b":1},"c":{"b":1}}"#).is_ok());
    }
}
