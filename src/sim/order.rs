//! `orderBy`, as AIP-132 has it: fields with commas between, each with an optional `desc`.

use crate::api::fields::{Field, ResourceKind};
use crate::api::json::Json;

/// What a list is ordered by.
#[derive(Debug, Default)]
pub(crate) struct Order(Vec<(Field, bool)>);

impl Order {
    /// Reads an order; an empty one is the server's own.
    ///
    /// # Errors
    /// A sentence that names the part that is wrong.
    pub(crate) fn parse(kind: &ResourceKind, text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        if text.trim().is_empty() {
            return Ok(Self(parts));
        }
        for part in text.split(',') {
            let mut words = part.split_whitespace();
            let field = words.next().unwrap_or("");
            let descending = match (words.next(), words.next()) {
                (None, _) => false,
                (Some(word), None) if word.eq_ignore_ascii_case("asc") => false,
                (Some(word), None) if word.eq_ignore_ascii_case("desc") => true,
                _ => {
                    return Err(format!(
                        "Invalid order_by: “{part}” is not a field, optionally with asc or desc."
                    ));
                }
            };
            match Field::parse(kind, field) {
                Some(field) => parts.push((field, descending)),
                None => {
                    return Err(format!(
                        "Invalid order_by: {} have no field “{field}”.",
                        kind.plural
                    ));
                }
            }
        }
        Ok(Self(parts))
    }

    /// Whether it is the server's own.
    pub(crate) fn is_default(&self) -> bool {
        self.0.is_empty()
    }

    /// How two runs stand to each other.
    pub(crate) fn compare(&self, a: &Json, b: &Json) -> std::cmp::Ordering {
        for (field, descending) in &self.0 {
            let order = field.key(a).cmp(&field.key(b));
            if order.is_ne() {
                return if *descending { order.reverse() } else { order };
            }
        }
        std::cmp::Ordering::Equal
    }
}
