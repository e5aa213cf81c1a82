//! What a [`Controller`] shows: the picture on the canvas, and what stands around it.

use super::controller::{Controller, Host};
use super::panels;
use super::scene::{self, Scene};

impl<H: Host> Controller<H> {
    /// What the canvas is to show now.
    pub fn scene(&mut self) -> Scene {
        if self.fits && self.is_live() {
            self.fit();
        }
        scene::scene(self)
    }

    pub(super) fn say_panels(&mut self) {
        let counts = panels::counts(self);
        let facets = panels::facets(self);
        self.say("counts", counts);
        self.say("facets", facets);
        self.say("insight", vec![panels::insight(self).pack()]);
        self.say_run();
        self.say_tip();
    }

    pub(super) fn say_run(&mut self) {
        let run = self.selected.map(|run| panels::run(self, run).pack()).unwrap_or_default();
        self.say("run", vec![run]);
        self.say_rows();
    }

    pub(super) fn say_tip(&mut self) {
        let bars = self.hover.filter(|_| self.drag.is_none()).and_then(|(x, y)| self.hit(x, y));
        let (x, y) = self.hover.unwrap_or_default();
        let tip = bars.map(|bars| panels::tip(self, bars).pack()).unwrap_or_default();
        self.say("tip", vec![tip, (x as i32).to_string(), (y as i32).to_string()]);
    }

    /// Shows so many rows of the table, from one on. `active` is the one that the keyboard is on.
    pub fn show_rows(&mut self, first: usize, count: usize, active: usize) {
        self.table = (first, count.min(200), active);
        self.say_rows();
    }

    /// The number of runs in the table, and the rows that it shows, each an element.
    fn say_rows(&mut self) {
        let (first, count, active) = self.table;
        let total = self.runs.len();
        let first = first.min(total);
        let mut texts = vec![total.to_string(), first.to_string()];
        texts
            .extend((first..(first + count).min(total)).map(|at| panels::row(self, at, at == active).pack()));
        self.say("rows", texts);
    }
}
