//! Values that change.
//!
//! Leptos compiles the code of a signal or memo once for every type that one holds: some kilobytes
//! of the bundle each. Here all values are held behind one type, so that they share one copy.

use std::any::Any;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use leptos::prelude::*;

/// What a changing value can be.
pub(crate) trait Value: PartialEq + Send + Sync + 'static {}

impl<T: PartialEq + Send + Sync + 'static> Value for T {}

/// Any value, and how it compares with another of its type.
#[derive(Clone)]
struct Erased {
    value: Arc<dyn Any + Send + Sync>,
    same: fn(&dyn Any, &dyn Any) -> bool,
}

impl Erased {
    fn new<T: Value>(value: T) -> Self {
        fn same<T: Value>(a: &dyn Any, b: &dyn Any) -> bool {
            a.downcast_ref::<T>() == b.downcast_ref::<T>()
        }
        Self { value: Arc::new(value), same: same::<T> }
    }
}

impl PartialEq for Erased {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.value, &other.value) || (self.same)(&*self.value, &*other.value)
    }
}

/// A value that changes by itself or by others. Copies are of the same value.
pub(crate) struct Live<T>(Signal<Erased>, PhantomData<fn() -> T>);

impl<T> Clone for Live<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Live<T> {}

impl<T: Value> Live<T> {
    /// The value; what asks for it is drawn or worked out anew when it changes.
    pub(crate) fn read(&self) -> Held<T> {
        Held(self.0.get(), PhantomData)
    }

    /// The value at this moment.
    pub(crate) fn read_untracked(&self) -> Held<T> {
        Held(self.0.get_untracked(), PhantomData)
    }

    /// A copy of the value, as [`read`](Self::read).
    pub(crate) fn get(&self) -> T
    where
        T: Clone,
    {
        self.read().clone()
    }

    /// A copy of the value at this moment.
    pub(crate) fn get_untracked(&self) -> T
    where
        T: Clone,
    {
        self.read_untracked().clone()
    }
}

/// A value as it was when it was asked for.
pub(crate) struct Held<T>(Erased, PhantomData<fn() -> T>);

impl<T: 'static> Deref for Held<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.value.downcast_ref().expect("a Live only holds values of its type")
    }
}

/// Changes a value.
pub(crate) struct Setter<T>(WriteSignal<Erased>, PhantomData<fn(T)>);

impl<T> Clone for Setter<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Setter<T> {}

impl<T: Value> Setter<T> {
    /// Replaces the value, and tells of it if the new one differs. Does nothing when what the
    /// value belonged to is gone.
    pub(crate) fn set(self, value: T) {
        self.set_erased(Erased::new(value));
    }

    #[inline(never)]
    fn set_erased(self, value: Erased) {
        self.0.try_maybe_update(|held| {
            let changes = *held != value;
            *held = value;
            (changes, ())
        });
    }
}

/// A value together with what changes it.
pub(crate) type Var<T> = (Live<T>, Setter<T>);

/// A value that is set.
pub(crate) fn live<T: Value>(value: T) -> Var<T> {
    let (read, write) = erased_signal(Erased::new(value));
    (Live(read, PhantomData), Setter(write, PhantomData))
}

#[inline(never)]
fn erased_signal(value: Erased) -> (Signal<Erased>, WriteSignal<Erased>) {
    let (read, write) = signal(value);
    (read.into(), write)
}

/// A value that is worked out anew when what it reads changes, and tells only of real changes.
pub(crate) fn memo<T: Value>(value: impl Fn() -> T + Send + Sync + 'static) -> Live<T> {
    Live(erased_memo(Box::new(move || Erased::new(value()))), PhantomData)
}

#[inline(never)]
fn erased_memo(value: Box<dyn Fn() -> Erased + Send + Sync>) -> Signal<Erased> {
    Memo::new(move |_| value()).into()
}

/// Does something now, and again whenever what it reads changes.
pub(crate) fn effect(act: impl FnMut() + 'static) {
    boxed_effect(Box::new(act));
}

#[inline(never)]
fn boxed_effect(mut act: Box<dyn FnMut()>) {
    Effect::new(move |_: Option<()>| act());
}
