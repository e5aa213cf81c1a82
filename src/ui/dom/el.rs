//! Elements of the page.
//!
//! Leptos' `view!` gives each element a type of its own, and with it a copy of the code that
//! builds, patches and removes it: some 500 bytes of the bundle for every element written. Here
//! all elements share one type, [`El`], which Leptos mounts and patches like any other view. Every
//! node is made with `createElement`, never from a text of HTML, so that Trusted Types can be
//! enforced on the page.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::reactive::effect::RenderEffect;
use leptos::tachys::html::attribute::Attribute;
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::view::any_view::AnyViewState;
use leptos::tachys::view::{Mountable, Position, PositionState};
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast, JsValue};
use send_wrapper::SendWrapper;
use web_sys::{Element, Event, Node};

use crate::core::text::clip;

const SVG: &str = "http://www.w3.org/2000/svg";

/// An HTML element.
#[inline(never)]
pub(crate) fn el(tag: &'static str) -> El {
    El(Box::new(Draft { tag, namespace: None, settings: Vec::new(), children: Vec::new() }))
}

/// An SVG element.
pub(crate) fn svg(tag: &'static str) -> El {
    let mut svg = el(tag);
    svg.0.namespace = Some(SVG);
    svg
}

/// An element that is still to be made. It is written as a chain of calls, hundreds of times: so it
/// is one pointer, and each call goes to code that all share.
pub(crate) struct El(Box<Draft>);

struct Draft {
    tag: &'static str,
    namespace: Option<&'static str>,
    settings: Vec<Setting>,
    children: Vec<AnyView>,
}

/// A text that stays or changes, for a child or an attribute.
pub(crate) trait Words {
    /// Adds it to an element: as the attribute with this name, or without a name as a child.
    fn put(self, to: El, attribute: &'static str) -> El;
}

/// Something that is so, is not, or changes.
pub(crate) trait Condition {
    /// Adds it to an element: as the attribute with this name, or as the class.
    fn put(self, to: El, name: &'static str, is_class: bool) -> El;
}

/// What can stand in an element.
pub(crate) trait Child {
    /// Adds it to an element, after what it has.
    fn put(self, to: El) -> El;
}

type Handler = Box<dyn FnMut(Event)>;
type Then = Box<dyn FnOnce(&Element)>;

/// What an element has besides its children.
enum Setting {
    Attribute(&'static str, Text),
    /// An attribute without a value, such as `disabled`.
    Flag(&'static str, Flag),
    /// A class that comes and goes beside those of the `class` attribute.
    Class(&'static str, Flag),
    /// What an input holds, which its attribute only sets at first.
    Value(Signal<String>),
    /// Whether a `details` is open, which a person changes too.
    Open(Signal<bool>),
    Listener(&'static str, SendWrapper<Handler>),
    /// Called with the element once it is made.
    Made(SendWrapper<Then>),
}

enum Text {
    Fixed(Cow<'static, str>),
    Changing(Signal<String>),
}

enum Flag {
    Fixed(bool),
    Changing(Signal<bool>),
}

impl El {
    /// Sets the `class` attribute.
    pub(crate) fn class(self, class: impl Words) -> Self {
        self.attr("class", class)
    }

    /// Sets an attribute.
    pub(crate) fn attr(self, name: &'static str, value: impl Words) -> Self {
        value.put(self, name)
    }

    /// Sets an attribute that has no value, or leaves it out.
    pub(crate) fn flag(self, name: &'static str, is_set: impl Condition) -> Self {
        is_set.put(self, name, false)
    }

    /// Adds a class while a condition holds.
    pub(crate) fn class_if(self, class: &'static str, is_set: impl Condition) -> Self {
        is_set.put(self, class, true)
    }

    /// Keeps what an input holds equal to a signal. The input's own changes are for
    /// [`on`](Self::on) to hear.
    pub(crate) fn value(self, value: Signal<String>) -> Self {
        self.with(Setting::Value(value))
    }

    /// Keeps a `details` open or closed as a signal says.
    pub(crate) fn open(self, is_open: Signal<bool>) -> Self {
        self.with(Setting::Open(is_open))
    }

    /// Hears an event.
    pub(crate) fn on(self, event: &'static str, handler: impl FnMut(Event) + 'static) -> Self {
        self.with_listener(event, Box::new(handler))
    }

    /// Hands over the element once it is made; it is in the page only afterwards.
    pub(crate) fn made(self, then: impl FnOnce(&Element) + 'static) -> Self {
        self.with(Setting::Made(SendWrapper::new(Box::new(then))))
    }

    /// Adds a text.
    pub(crate) fn text(self, text: impl Words) -> Self {
        text.put(self, "")
    }

    /// Adds a child.
    pub(crate) fn child(self, child: impl Child) -> Self {
        child.put(self)
    }

    /// Adds a child that may be missing.
    pub(crate) fn maybe(self, child: Option<impl Child>) -> Self {
        match child {
            Some(child) => child.put(self),
            // The place is kept, so that what follows keeps its own when the view is drawn anew.
            None => self.with_nothing(),
        }
    }

    /// Adds children.
    pub(crate) fn children(self, children: impl IntoIterator<Item = El>) -> Self {
        children.into_iter().fold(self, |parent, child| child.put(parent))
    }

    #[inline(never)]
    fn with(mut self, setting: Setting) -> Self {
        self.0.settings.push(setting);
        self
    }

    #[inline(never)]
    fn with_listener(self, event: &'static str, handler: Handler) -> Self {
        self.with(Setting::Listener(event, SendWrapper::new(handler)))
    }

    #[inline(never)]
    fn with_nothing(self) -> Self {
        self.with_view(().into_any())
    }

    #[inline(never)]
    fn with_view(mut self, child: AnyView) -> Self {
        self.0.children.push(child);
        self
    }

    fn with_text(self, attribute: &'static str, text: Text) -> Self {
        match (attribute, text) {
            ("", Text::Fixed(text)) => self.with_view(clip(text.into_owned()).into_any()),
            ("", Text::Changing(text)) => self.with_view(Signal::derive(move || clip(text.get())).into_any()),
            // Words that a browser shows, or a screen reader reads, in one go.
            (name @ ("title" | "aria-label"), Text::Fixed(text)) => {
                let text = clip(text.into_owned()).into();
                self.with(Setting::Attribute(name, Text::Fixed(text)))
            }
            (name, text) => self.with(Setting::Attribute(name, text)),
        }
    }

    fn with_flag(self, name: &'static str, is_class: bool, flag: Flag) -> Self {
        self.with(if is_class { Setting::Class(name, flag) } else { Setting::Flag(name, flag) })
    }
}

impl Words for &'static str {
    #[inline(never)]
    fn put(self, to: El, attribute: &'static str) -> El {
        to.with_text(attribute, Text::Fixed(self.into()))
    }
}

impl Words for String {
    #[inline(never)]
    fn put(self, to: El, attribute: &'static str) -> El {
        to.with_text(attribute, Text::Fixed(self.into()))
    }
}

impl Words for Signal<String> {
    #[inline(never)]
    fn put(self, to: El, attribute: &'static str) -> El {
        to.with_text(attribute, Text::Changing(self))
    }
}

impl Words for ReadSignal<String> {
    fn put(self, to: El, attribute: &'static str) -> El {
        Words::put(Signal::from(self), to, attribute)
    }
}

impl Words for RwSignal<String> {
    fn put(self, to: El, attribute: &'static str) -> El {
        Words::put(Signal::from(self), to, attribute)
    }
}

impl Words for Memo<String> {
    fn put(self, to: El, attribute: &'static str) -> El {
        Words::put(Signal::from(self), to, attribute)
    }
}

impl Condition for bool {
    #[inline(never)]
    fn put(self, to: El, name: &'static str, is_class: bool) -> El {
        to.with_flag(name, is_class, Flag::Fixed(self))
    }
}

impl Condition for Signal<bool> {
    #[inline(never)]
    fn put(self, to: El, name: &'static str, is_class: bool) -> El {
        to.with_flag(name, is_class, Flag::Changing(self))
    }
}

impl Condition for ReadSignal<bool> {
    fn put(self, to: El, name: &'static str, is_class: bool) -> El {
        Condition::put(Signal::from(self), to, name, is_class)
    }
}

impl Condition for RwSignal<bool> {
    fn put(self, to: El, name: &'static str, is_class: bool) -> El {
        Condition::put(Signal::from(self), to, name, is_class)
    }
}

impl Condition for Memo<bool> {
    fn put(self, to: El, name: &'static str, is_class: bool) -> El {
        Condition::put(Signal::from(self), to, name, is_class)
    }
}

impl Child for El {
    #[inline(never)]
    fn put(self, to: El) -> El {
        to.with_view(self.into_any())
    }
}

impl Child for AnyView {
    fn put(self, to: El) -> El {
        to.with_view(self)
    }
}

/// An element in the page, with what keeps it up to date.
pub(crate) struct Made {
    tag: &'static str,
    element: Element,
    settings: Vec<Kept>,
    children: Vec<AnyViewState>,
}

/// A setting of an element that is made. What changes by itself is kept alive, and ends with this.
enum Kept {
    Attribute(&'static str, Cow<'static, str>),
    Flag(&'static str, bool),
    Class(&'static str, bool),
    Changing(&'static str, #[expect(dead_code, reason = "kept alive")] RenderEffect<()>),
    Listener(&'static str, Rc<RefCell<Handler>>, #[expect(dead_code, reason = "kept alive")] Listening),
    Made,
}

/// A listener, which ends with this.
struct Listening {
    element: Element,
    event: &'static str,
    closure: Closure<dyn FnMut(Event)>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = self
            .element
            .remove_event_listener_with_callback(self.event, self.closure.as_ref().unchecked_ref());
    }
}

impl Setting {
    /// Whether a setting of the same name takes the place of a kept one without a trace of it.
    fn fits(&self, kept: &Kept) -> bool {
        match (self, kept) {
            (Self::Attribute(name, Text::Fixed(_)), Kept::Attribute(kept, _))
            | (Self::Attribute(name, Text::Changing(_)), Kept::Changing(kept, _))
            | (Self::Flag(name, Flag::Fixed(_)), Kept::Flag(kept, _))
            | (Self::Flag(name, Flag::Changing(_)), Kept::Changing(kept, _))
            | (Self::Class(name, Flag::Fixed(_)), Kept::Class(kept, _))
            | (Self::Class(name, Flag::Changing(_)), Kept::Changing(kept, _))
            | (Self::Listener(name, _), Kept::Listener(kept, ..)) => name == kept,
            (Self::Value(_), Kept::Changing(kept, _)) => *kept == "value",
            (Self::Open(_), Kept::Changing(kept, _)) => *kept == "open",
            (Self::Made(_), Kept::Made) => true,
            _ => false,
        }
    }

    fn make(self, element: &Element) -> Kept {
        match self {
            Self::Attribute(name, Text::Fixed(value)) => {
                set_attribute(element, name, &value);
                Kept::Attribute(name, value)
            }
            Self::Attribute(name, Text::Changing(value)) => {
                let element = element.clone();
                keep(name, move || value.with(|value| set_attribute(&element, name, value)))
            }
            Self::Flag(name, Flag::Fixed(is_set)) => {
                set_flag(element, name, is_set);
                Kept::Flag(name, is_set)
            }
            Self::Flag(name, Flag::Changing(is_set)) => {
                let element = element.clone();
                keep(name, move || set_flag(&element, name, is_set.get()))
            }
            Self::Class(name, Flag::Fixed(is_set)) => {
                set_class(element, name, is_set);
                Kept::Class(name, is_set)
            }
            Self::Class(name, Flag::Changing(is_set)) => {
                let element = element.clone();
                keep(name, move || set_class(&element, name, is_set.get()))
            }
            Self::Value(value) => {
                let element = element.clone();
                keep("value", move || set_property(&element, "value", &value.get().into()))
            }
            Self::Open(is_open) => {
                let element = element.clone();
                keep("open", move || set_property(&element, "open", &is_open.get().into()))
            }
            Self::Listener(event, handler) => {
                let handler = Rc::new(RefCell::new(handler.take()));
                let listening = listen(element.clone(), event, handler.clone());
                Kept::Listener(event, handler, listening)
            }
            Self::Made(then) => {
                then.take()(element);
                Kept::Made
            }
        }
    }

    /// Takes the place of a kept setting that it [fits](Self::fits).
    fn patch(self, element: &Element, kept: &mut Kept) {
        match (self, kept) {
            (Self::Attribute(_, Text::Fixed(value)), Kept::Attribute(_, old)) if value == *old => {}
            (Self::Flag(_, Flag::Fixed(is_set)), Kept::Flag(_, old)) if is_set == *old => {}
            (Self::Class(_, Flag::Fixed(is_set)), Kept::Class(_, old)) if is_set == *old => {}
            (Self::Listener(_, handler), Kept::Listener(_, old, _)) => *old.borrow_mut() = handler.take(),
            (setting, kept) => *kept = setting.make(element),
        }
    }
}

#[inline(never)]
fn keep(name: &'static str, update: impl Fn() + 'static) -> Kept {
    Kept::Changing(name, RenderEffect::new(boxed(Box::new(update))))
}

fn boxed(update: Box<dyn Fn()>) -> impl Fn(Option<()>) {
    move |_| update()
}

fn listen(element: Element, event: &'static str, handler: Rc<RefCell<Handler>>) -> Listening {
    // What a handler asks for by context is that of the place where it was written.
    let owner = Owner::current().unwrap_or_default();
    let closure = Closure::<dyn FnMut(Event)>::new(move |event| {
        owner.with(|| (handler.borrow_mut())(event));
    });
    let _ = element.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    Listening { element, event, closure }
}

// These fail for names that no browser accepts only, and all names are written in this program.

fn set_attribute(element: &Element, name: &str, value: &str) {
    let _ = element.set_attribute(name, value);
}

fn set_flag(element: &Element, name: &str, is_set: bool) {
    let _ = element.toggle_attribute_with_force(name, is_set);
}

fn set_class(element: &Element, class: &str, is_set: bool) {
    let _ = element.class_list().toggle_with_force(class, is_set);
}

fn set_property(element: &Element, name: &str, value: &JsValue) {
    let _ = js_sys::Reflect::set(element, &name.into(), value);
}

impl Render for El {
    type State = Made;

    fn build(self) -> Made {
        let Draft { tag, namespace, settings, children } = *self.0;
        let document = document();
        let made = match namespace {
            Some(namespace) => document.create_element_ns(Some(namespace), tag),
            None => document.create_element(tag),
        };
        let element = made.expect("tags are names");
        let children = children
            .into_iter()
            .map(|child| {
                let mut child = child.build();
                child.mount(&element, None);
                child
            })
            .collect();
        let settings = settings.into_iter().map(|setting| setting.make(&element)).collect();
        Made { tag, element, settings, children }
    }

    fn rebuild(self, state: &mut Made) {
        let fits = self.0.tag == state.tag
            && self.0.settings.len() == state.settings.len()
            && self.0.settings.iter().zip(&state.settings).all(|(setting, kept)| setting.fits(kept));
        if !fits {
            let mut new = self.build();
            state.insert_before_this(&mut new);
            state.unmount();
            *state = new;
            return;
        }
        let Draft { settings, children, .. } = *self.0;
        for (setting, kept) in settings.into_iter().zip(&mut state.settings) {
            setting.patch(&state.element, kept);
        }
        for surplus in state.children.drain(children.len().min(state.children.len())..) {
            let mut surplus = surplus;
            surplus.unmount();
        }
        let known = state.children.len();
        for (at, child) in children.into_iter().enumerate() {
            if at < known {
                child.rebuild(&mut state.children[at]);
            } else {
                let mut child = child.build();
                child.mount(&state.element, None);
                state.children.push(child);
            }
        }
    }
}

impl Mountable for Made {
    fn unmount(&mut self) {
        self.element.remove();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        let _ = parent.insert_before(&self.element, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        match self.element.parent_element() {
            Some(parent) => {
                child.mount(&parent, Some(&self.element));
                true
            }
            None => false,
        }
    }

    fn elements(&self) -> Vec<Element> {
        vec![self.element.clone()]
    }
}

// Leptos asks for the rest of what a view can do elsewhere: on a server, and from a server's page.
// The viewer has no server.

impl leptos::tachys::view::add_attr::AddAnyAttr for El {
    type Output<A: Attribute> = El;

    fn add_any_attr<A: Attribute>(self, _: A) -> El {
        self
    }
}

impl RenderHtml for El {
    type AsyncOutput = El;
    type Owned = El;
    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> El {
        self
    }

    fn to_html_with_buf(self, _: &mut String, _: &mut Position, _: bool, _: bool, _: Vec<AnyAttribute>) {
        unreachable!("the viewer is drawn in a browser")
    }

    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) -> Made {
        self.build()
    }

    fn into_owned(self) -> El {
        self
    }
}
