//! Declares the messages of the API: structs, and how they are read from JSON and written to it.
//!
//! serde's derive makes code for every struct and every type of field in it, kilobytes each. Here
//! a message only tells where a field of a name is to be put ([`Message::slot`]), and one reader
//! fills the slots of all of them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::error::Malformed;

/// A map from string to string, in a stable order.
pub(crate) type StringMap = BTreeMap<String, String>;

/// A message of the API.
pub trait Message: 'static {
    /// What the API calls it.
    fn kind(&self) -> &'static str;

    /// Where a field belongs, by its name in JSON; `None` for one that this version does not know.
    fn slot(&mut self, field: &str) -> Option<Slot<'_>>;
}

/// The slot of a value.
pub enum Slot<'m> {
    Text(&'m mut String),
    OptionalText(&'m mut Option<String>),
    Texts(&'m mut Vec<String>),
    TextsByKey(&'m mut StringMap),
    Flag(&'m mut dyn SetFlag),
    /// A value as it was written, with its quotes.
    Raw(&'m mut dyn Set),
    /// A value of an enum, by its name.
    Enum(&'m mut dyn Set),
    One(&'m mut dyn One),
    Many(&'m mut dyn Many),
    ManyByKey(&'m mut dyn ManyByKey),
}

/// What is made of a text.
pub trait Set {
    fn set(&mut self, text: &str);
}

/// What is made of `true` or `false`.
pub trait SetFlag {
    fn set(&mut self, flag: bool);
}

impl SetFlag for bool {
    fn set(&mut self, flag: bool) {
        *self = flag;
    }
}

impl SetFlag for Option<bool> {
    fn set(&mut self, flag: bool) {
        *self = Some(flag);
    }
}

/// A message that may be there.
pub trait One {
    /// Makes it be there, empty.
    fn make(&mut self) -> &mut dyn Message;
}

/// A list of messages.
pub trait Many {
    fn clear(&mut self);
    /// Appends an empty one.
    fn add(&mut self) -> &mut dyn Message;
}

/// Messages by key.
pub trait ManyByKey {
    fn clear(&mut self);
    /// Adds an empty one.
    fn add(&mut self, key: String) -> &mut dyn Message;
}

impl<M: Message + Default> One for Option<M> {
    fn make(&mut self) -> &mut dyn Message {
        self.insert(M::default())
    }
}

impl<M: Message + Default> Many for Vec<M> {
    fn clear(&mut self) {
        self.clear();
    }

    fn add(&mut self) -> &mut dyn Message {
        self.push(M::default());
        self.last_mut().expect("one was pushed")
    }
}

impl<M: Message + Default> ManyByKey for Option<BTreeMap<String, M>> {
    fn clear(&mut self) {
        *self = Some(BTreeMap::new());
    }

    fn add(&mut self, key: String) -> &mut dyn Message {
        let message = self.get_or_insert_default().entry(key).or_default();
        *message = M::default();
        message
    }
}

/// A value that a field of a message can hold.
pub(crate) trait Field {
    /// Whether it is the proto3 default, which JSON leaves out.
    fn is_unset(&self) -> bool;

    /// The slot of the value.
    fn slot(&mut self) -> Slot<'_>;
}

impl Field for String {
    fn is_unset(&self) -> bool {
        self.is_empty()
    }

    fn slot(&mut self) -> Slot<'_> {
        Slot::Text(self)
    }
}

impl Field for bool {
    fn is_unset(&self) -> bool {
        !self
    }

    fn slot(&mut self) -> Slot<'_> {
        Slot::Flag(self)
    }
}

impl Field for Option<bool> {
    fn is_unset(&self) -> bool {
        self.is_none()
    }

    fn slot(&mut self) -> Slot<'_> {
        Slot::Flag(self)
    }
}

impl Field for Option<String> {
    fn is_unset(&self) -> bool {
        self.is_none()
    }

    fn slot(&mut self) -> Slot<'_> {
        Slot::OptionalText(self)
    }
}

impl<M: Message + Default> Field for Option<M> {
    fn is_unset(&self) -> bool {
        self.is_none()
    }

    fn slot(&mut self) -> Slot<'_> {
        Slot::One(self)
    }
}

impl Field for Vec<String> {
    fn is_unset(&self) -> bool {
        self.is_empty()
    }

    fn slot(&mut self) -> Slot<'_> {
        Slot::Texts(self)
    }
}

impl<M: Message + Default> Field for Vec<M> {
    fn is_unset(&self) -> bool {
        self.is_empty()
    }

    fn slot(&mut self) -> Slot<'_> {
        Slot::Many(self)
    }
}

impl Field for StringMap {
    fn is_unset(&self) -> bool {
        self.is_empty()
    }

    fn slot(&mut self) -> Slot<'_> {
        Slot::TextsByKey(self)
    }
}

impl<M: Message + Default> Field for Option<BTreeMap<String, M>> {
    fn is_unset(&self) -> bool {
        self.is_none()
    }

    fn slot(&mut self) -> Slot<'_> {
        Slot::ManyByKey(self)
    }
}

/// Declares messages with the JSON name of each field.
///
/// Unknown fields are skipped, as [`Record`](super::source::Record) keeps them; missing ones and
/// `null` take their default, and defaults are not written.
macro_rules! messages {
    ($(
        $(#[$meta:meta])*
        $name:ident { $( $(#[$fmeta:meta])* $field:ident: $type:ty = $json:literal, )+ }
    )+) => { $(
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {
            $( $(#[$fmeta])* pub $field: $type, )+
        }

        impl $crate::api::message::Message for $name {
            fn kind(&self) -> &'static str {
                stringify!($name)
            }

            fn slot(&mut self, field: &str) -> Option<$crate::api::message::Slot<'_>> {
                use $crate::api::message::Field;

                match field {
                    $( $json => Some(self.$field.slot()), )+
                    _ => None,
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let mut message = $name::default();
                $crate::api::message::fill(&mut message, deserializer)?;
                Ok(message)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap;
                use $crate::api::message::Field;

                let mut map = serializer.serialize_map(None)?;
                $(
                    if !self.$field.is_unset() {
                        map.serialize_entry($json, &self.$field)?;
                    }
                )+
                map.end()
            }
        }
    )+ };
}
pub(crate) use messages;

/// Reads a message's fields.
///
/// # Errors
/// The deserializer's, for what is no such object.
pub(crate) fn fill<'de, D: Deserializer<'de>>(
    message: &mut dyn Message,
    deserializer: D,
) -> Result<(), D::Error> {
    deserializer.deserialize_map(Fields(message))
}

/// Reads the fields of a message.
struct Fields<'m>(&'m mut dyn Message);

impl<'de> DeserializeSeed<'de> for Fields<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        fill(self.0, deserializer)
    }
}

impl<'de> Visitor<'de> for Fields<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a ")?;
        f.write_str(self.0.kind())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(slot) = map.next_key_seed(SlotOf(&mut *self.0))? {
            match slot {
                Some(slot) => map.next_value_seed(slot)?,
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

/// Reads a field's name and finds its slot.
struct SlotOf<'m>(&'m mut dyn Message);

impl<'de, 'm> DeserializeSeed<'de> for SlotOf<'m> {
    type Value = Option<Slot<'m>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'m> Visitor<'_> for SlotOf<'m> {
    type Value = Option<Slot<'m>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field's name")
    }

    fn visit_str<E: Error>(self, field: &str) -> Result<Self::Value, E> {
        Ok(self.0.slot(field))
    }
}

impl<'de> DeserializeSeed<'de> for Slot<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        // In proto3 JSON a null is the field's default.
        deserializer.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for Slot<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text(_) | Self::OptionalText(_) | Self::Enum(_) => "a string",
            Self::Flag(_) => "a boolean",
            Self::Raw(_) => "any value",
            Self::Texts(_) | Self::Many(_) => "a sequence",
            Self::TextsByKey(_) | Self::One(_) | Self::ManyByKey(_) => "a map",
        })
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self {
            Self::One(one) => fill(one.make(), deserializer),
            Self::Raw(raw) => {
                let value = <Box<RawValue> as serde::Deserialize>::deserialize(deserializer)?;
                raw.set(value.get());
                Ok(())
            }
            Self::Flag(_) => deserializer.deserialize_bool(self),
            Self::Texts(_) | Self::Many(_) => deserializer.deserialize_seq(self),
            Self::TextsByKey(_) | Self::ManyByKey(_) => deserializer.deserialize_map(self),
            Self::Text(_) | Self::OptionalText(_) | Self::Enum(_) => {
                deserializer.deserialize_str(self)
            }
        }
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        match self {
            Self::Flag(flag) => {
                flag.set(value);
                Ok(())
            }
            other => Err(E::invalid_type(serde::de::Unexpected::Bool(value), &other)),
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        match self {
            Self::Text(slot) => text.clone_into(slot),
            Self::OptionalText(slot) => *slot = Some(text.to_owned()),
            Self::Enum(slot) => slot.set(text),
            other => return Err(E::invalid_type(serde::de::Unexpected::Str(text), &other)),
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        match self {
            Self::Texts(texts) => {
                texts.clear();
                while let Some(text) = items.next_element::<Cow<'de, str>>()? {
                    texts.push(text.into_owned());
                }
            }
            Self::Many(messages) => {
                messages.clear();
                // An item has its slot only once it is known that there is one.
                while items.next_element_seed(Next(messages))?.is_some() {}
            }
            other => return Err(A::Error::invalid_type(serde::de::Unexpected::Seq, &other)),
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        match self {
            Self::TextsByKey(texts) => {
                texts.clear();
                while let Some(key) = map.next_key::<Cow<'de, str>>()? {
                    let text = map.next_value::<Cow<'de, str>>()?;
                    texts.insert(key.into_owned(), text.into_owned());
                }
            }
            Self::ManyByKey(messages) => {
                messages.clear();
                while let Some(key) = map.next_key::<Cow<'de, str>>()? {
                    map.next_value_seed(Fields(messages.add(key.into_owned())))?;
                }
            }
            other => return Err(A::Error::invalid_type(serde::de::Unexpected::Map, &other)),
        }
        Ok(())
    }
}

/// Reads the next item of a list.
struct Next<'m>(&'m mut dyn Many);

impl<'de> DeserializeSeed<'de> for Next<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        fill(self.0.add(), deserializer)
    }
}

/// A message of which only its presence counts: one that has no fields, or whose fields nobody
/// here needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Present;

impl Message for Present {
    fn kind(&self) -> &'static str {
        "map"
    }

    fn slot(&mut self, _: &str) -> Option<Slot<'_>> {
        None
    }
}

impl serde::Serialize for Present {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;

        serializer.serialize_map(None)?.end()
    }
}

/// Reads a message of the API from a JSON object.
///
/// # Errors
/// [`Malformed`], which says where and why it is no such JSON.
pub fn read_object<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Malformed> {
    let read = object_or_error(text).and_then(|()| serde_json::from_str(text));
    read.map_err(|error| Malformed::new(text, &error))
}

/// That a text may be a JSON object, or the error that says what it is instead. serde would take a
/// list for an object, its items for the fields in order.
pub(super) fn object_or_error(text: &str) -> serde_json::Result<()> {
    match text.trim_start().starts_with('{') {
        true => Ok(()),
        false => serde_json::from_str::<BTreeMap<String, &RawValue>>(text).map(drop),
    }
}
