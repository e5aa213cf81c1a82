//! Says that a list is not whole.

use leptos::prelude::*;

use super::dynamic::dynamic_option;
use super::el::el;
use super::feed::Feed;
use super::icon::{Shape, icon};

pub fn unreachable_note(feed: Feed) -> AnyView {
    dynamic_option(move || {
        let places = feed.unreachable.get();
        let note = el("span")
            .text("The list is not whole: the server could not reach ")
            .child(el("b").text(places.join(", ")))
            .text(".");
        (!places.is_empty()).then(|| {
            el("p").class("notice is-warning").attr("role", "status").child(icon(Shape::Warning)).child(note)
        })
    })
}
