//! A value into a shape.

use std::cell::RefCell;
use std::fmt::{self, Write};

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, Expected, IntoDeserializer, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value};

/// The place at which a reader stands. On an error it stays where it is.
#[derive(Default)]
pub(super) struct Path(RefCell<Vec<String>>);

impl Path {
    pub(super) fn enter_field(&self, name: &str) {
        self.0.borrow_mut().push(format!(".{name}"));
    }

    pub(super) fn enter_item(&self, index: usize) {
        self.0.borrow_mut().push(format!("[{index}]"));
    }

    pub(super) fn leave(&self) {
        self.0.borrow_mut().pop();
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.0.borrow().concat();
        f.write_str(path.strip_prefix('.').unwrap_or(&path))
    }
}

/// What is wrong with a value.
#[derive(Debug)]
pub(super) struct Refused(String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

impl Error for Refused {
    fn custom<T: fmt::Display>(message: T) -> Self {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = write!(text, "{message}");
        Refused(text)
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        // serde speaks of Rust's types.
        let expected = match expected.to_string().as_str() {
            "f64" => "a number".to_owned(),
            "u32" => "a whole number".to_owned(),
            other => other.to_owned(),
        };
        Refused(format!("invalid type: {unexpected}, expected {expected}"))
    }
}

/// A value at its place.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    value: &'a Value,
    path: &'a Path,
}

impl<'a> Reader<'a> {
    pub(super) fn new(value: &'a Value, path: &'a Path) -> Reader<'a> {
        Reader { value, path }
    }

    fn refuse<T>(&self, expected: &dyn Expected) -> Result<T, Refused> {
        let unexpected = match self.value {
            Value::Null => Unexpected::Other("null"),
            Value::Bool(flag) => Unexpected::Bool(*flag),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(whole), _) => Unexpected::Unsigned(whole),
                (_, Some(whole)) => Unexpected::Signed(whole),
                _ => Unexpected::Float(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::String(text) => Unexpected::Str(text),
            Value::Array(_) => Unexpected::Seq,
            Value::Object(_) => Unexpected::Map,
        };
        Err(Refused::invalid_type(unexpected, expected))
    }

    fn visit_list<'de, V: Visitor<'de>>(self, items: &'a [Value], visitor: V) -> Result<V::Value, Refused> {
        let mut list = Items { items, next: 0, path: self.path };
        let value = visitor.visit_seq(&mut list)?;
        if list.next < items.len() {
            return Err(Refused(format!("it has {} items, {} are read", items.len(), list.next)));
        }
        Ok(value)
    }

    fn visit_object<'de, V: Visitor<'de>>(
        self,
        fields: &'a Map<String, Value>,
        visitor: V,
    ) -> Result<V::Value, Refused> {
        visitor.visit_map(Fields { fields: fields.iter(), value: None, path: self.path })
    }
}

impl<'de> Deserializer<'de> for Reader<'_> {
    type Error = Refused;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(flag) => visitor.visit_bool(*flag),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(whole), _) => visitor.visit_u64(whole),
                (_, Some(whole)) => visitor.visit_i64(whole),
                _ => visitor.visit_f64(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::String(text) => visitor.visit_str(text),
            Value::Array(items) => self.visit_list(items, visitor),
            Value::Object(fields) => self.visit_object(fields, visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.value {
            Value::Bool(flag) => visitor.visit_bool(*flag),
            _ => self.refuse(&visitor),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.value.as_f64() {
            Some(number) => visitor.visit_f64(number),
            None => self.refuse(&visitor),
        }
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.value.as_u64() {
            Some(number) => visitor.visit_u64(number),
            None => self.refuse(&visitor),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.value {
            Value::String(text) => visitor.visit_str(text),
            _ => self.refuse(&visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.value {
            Value::Array(items) => self.visit_list(items, visitor),
            _ => self.refuse(&visitor),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, Refused> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.value {
            Value::Object(fields) => self.visit_object(fields, visitor),
            _ => self.refuse(&visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refused> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refused> {
        match self.value {
            Value::String(name) => visitor.visit_enum(Name(name)),
            _ => self.refuse(&visitor),
        }
    }

    // The shapes of this program have no other kinds.
    forward_to_deserialize_any! {
        i8 i16 i32 i64 u8 u16 u64 f32 char str bytes byte_buf unit unit_struct newtype_struct tuple_struct identifier
        ignored_any
    }
}

/// The items of a list.
struct Items<'a> {
    items: &'a [Value],
    next: usize,
    path: &'a Path,
}

impl<'de> SeqAccess<'de> for &mut Items<'_> {
    type Error = Refused;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Refused> {
        let Some(value) = self.items.get(self.next) else { return Ok(None) };
        self.path.enter_item(self.next);
        let read = seed.deserialize(Reader::new(value, self.path))?;
        self.path.leave();
        self.next += 1;
        Ok(Some(read))
    }
}

/// The fields of an object.
struct Fields<'a> {
    fields: serde_json::map::Iter<'a>,
    value: Option<&'a Value>,
    path: &'a Path,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Refused;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Refused> {
        let Some((name, value)) = self.fields.next() else { return Ok(None) };
        self.value = Some(value);
        // A field that is not known is wrong at its own place.
        self.path.enter_field(name);
        let deserializer: StrDeserializer<'_, Refused> = name.as_str().into_deserializer();
        seed.deserialize(deserializer).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Refused> {
        let value = self.value.take().unwrap_or(&Value::Null);
        let read = seed.deserialize(Reader::new(value, self.path))?;
        self.path.leave();
        Ok(read)
    }
}

/// A choice, named.
struct Name<'a>(&'a str);

impl<'de> EnumAccess<'de> for Name<'_> {
    type Error = Refused;
    type Variant = Bare;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Bare), Refused> {
        let deserializer: StrDeserializer<'_, Refused> = self.0.into_deserializer();
        Ok((seed.deserialize(deserializer)?, Bare))
    }
}

/// A choice that carries nothing.
struct Bare;

impl<'de> VariantAccess<'de> for Bare {
    type Error = Refused;

    fn unit_variant(self) -> Result<(), Refused> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _seed: T) -> Result<T::Value, Refused> {
        Err(Refused("a plain name is expected".to_owned()))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, _visitor: V) -> Result<V::Value, Refused> {
        Err(Refused("a plain name is expected".to_owned()))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, Refused> {
        Err(Refused("a plain name is expected".to_owned()))
    }
}
