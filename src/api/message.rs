//! Declares the messages of the API: structs, and how they are read from JSON and written to it.

use super::job_run::StringMap;

/// A value that a field of a message can hold.
pub(crate) trait Field {
    /// Whether it is the proto3 default, which JSON leaves out.
    fn is_unset(&self) -> bool;
}

impl Field for String {
    fn is_unset(&self) -> bool {
        self.is_empty()
    }
}

impl Field for bool {
    fn is_unset(&self) -> bool {
        !self
    }
}

impl<T> Field for Option<T> {
    fn is_unset(&self) -> bool {
        self.is_none()
    }
}

impl<T> Field for Vec<T> {
    fn is_unset(&self) -> bool {
        self.is_empty()
    }
}

impl Field for StringMap {
    fn is_unset(&self) -> bool {
        self.is_empty()
    }
}

/// Declares messages with the JSON name of each field.
///
/// It stands in for serde's derive, whose code also reads structs from arrays and looks for
/// fields that come twice, some kilobytes of the compressed bundle for a job run. Unknown
/// fields are skipped, as [`Record`](super::source::Record) keeps them; missing ones take their
/// default, and defaults are not written.
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

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Visitor;

                impl<'de> serde::de::Visitor<'de> for Visitor {
                    type Value = $name;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str(concat!("a ", stringify!($name)))
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<$name, A::Error> {
                        let mut message = $name::default();
                        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
                            match &*key {
                                $( $json => message.$field = map.next_value()?, )+
                                _ => drop(map.next_value::<serde::de::IgnoredAny>()?),
                            }
                        }
                        Ok(message)
                    }
                }

                deserializer.deserialize_map(Visitor)
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

/// A message of which only its presence counts: one that has no fields, or whose fields nobody
/// here needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Present;

impl<'de> serde::Deserialize<'de> for Present {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Present;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Present, A::Error> {
                while map.next_entry::<serde::de::IgnoredAny, serde::de::IgnoredAny>()?.is_some() {}
                Ok(Present)
            }
        }

        deserializer.deserialize_map(Visitor)
    }
}

impl serde::Serialize for Present {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;

        serializer.serialize_map(None)?.end()
    }
}
