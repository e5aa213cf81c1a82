//! Puts on the screen what the worker has drawn.

use super::icon::{Icon, icon};
use crate::api::job_run::State;
use crate::model::address::Address;
use crate::ui::dom::el::{El, el};
use crate::ui::nav::link::link;
use crate::workers::rendered::{Child, Node};

/// An element, packed; nothing for what is none.
pub(crate) fn drawn_view(packed: &str) -> Option<El> {
    Node::unpack(packed).map(view)
}

fn view(node: Node) -> El {
    if node.tag == "icon" {
        return icon(Icon::of(&State::from(node.get("state"))));
    }
    let node_element = match node.tag {
        "a" => link(Address::from_hash(node.get("data-place"))),
        tag => el(tag),
    };
    let element =
        node.attributes.into_iter().fold(node_element, |element, (name, value)| element.attr(name, value));
    node.children.into_iter().fold(element, |element, child| match child {
        Child::Text(text) => element.text(text),
        Child::Node(node) => element.child(view(node)),
    })
}
