//! The icons, drawn from the [marks](crate::model::explain::mark).

use super::el::{El, svg};
pub use crate::model::explain::mark::Shape;

/// An icon, which says nothing to a screen reader: the text beside it does.
pub fn icon(shape: Shape) -> El {
    svg("svg")
        .class("icon")
        .attr("viewBox", "0 0 16 16")
        .attr("aria-hidden", "true")
        .child(svg("path").attr("d", shape.path()))
}
