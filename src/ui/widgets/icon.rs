//! The icons, drawn from the [marks](crate::model::explain::mark).

pub use crate::model::explain::mark::Shape;
use crate::ui::dom::el::{El, svg};

/// An icon, which says nothing to a screen reader: the text beside it does.
pub fn icon(shape: Shape) -> El {
    svg("svg")
        .class("icon")
        .attr("viewBox", "0 0 16 16")
        .attr("aria-hidden", "true")
        .child(svg("path").attr("d", shape.path()))
}
