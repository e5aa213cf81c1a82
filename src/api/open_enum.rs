/// Declares an enum of the API that keeps values it does not know.
///
/// Google adds enum values without a new API version, so a value outside the list becomes
/// `Unrecognized` with its text and is shown and written back as it came. An absent value is the
/// proto3 default, which the first variant stands for.
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        $name:ident { $( $(#[$vmeta:meta])* $variant:ident = $text:literal, )+ }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $( $(#[$vmeta])* $variant, )+
            /// A value that this version does not know, as it came.
            Unrecognized(String),
        }

        impl $name {
            /// Every value that this version knows, in the order of the API.
            pub const KNOWN: &'static [$name] = &[ $( $name::$variant, )+ ];

            /// The value as the API writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    $( $name::$variant => $text, )+
                    $name::Unrecognized(text) => text,
                }
            }

            /// Whether the value is the proto3 default, which JSON leaves out.
            pub fn is_unspecified(&self) -> bool {
                *self == $name::KNOWN[0]
            }
        }

        impl crate::api::message::Field for $name {
            fn is_unset(&self) -> bool {
                self.is_unspecified()
            }

            fn slot(&mut self) -> crate::api::message::Slot<'_> {
                crate::api::message::Slot::Enum(self)
            }
        }

        impl crate::api::message::Set for $name {
            fn set(&mut self, text: &str) {
                *self = $name::from(text);
            }
        }

        impl Default for $name {
            fn default() -> Self {
                $name::KNOWN[0].clone()
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $( $text => $name::$variant, )+
                    other => $name::Unrecognized(other.to_owned()),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                Ok($name::from(text.as_ref()))
            }
        }
    };
}
pub(crate) use open_enum;
