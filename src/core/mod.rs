//! The types that all other rooms use: names of resources, times, the demo's names, and sorting.
//!
//! Imports nothing of ours. Begin with [`name`], which has the types that the rest of the viewer hands
//! around, and [`time`].

pub mod demo;
pub(crate) mod index;
pub mod name;
pub(crate) mod order;
pub(crate) mod text;
pub mod time;
