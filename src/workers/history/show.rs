//! What a [`Controller`] shows: the picture on the canvas, and what stands around it.

use super::controller::{Controller, Host};
use super::panels;
use super::protocol::{Event, Rows, Tip};
use super::scene::{self, Scene};

/// The most rows of the table that are sent at once.
const MOST_ROWS: usize = 200;

impl<H: Host> Controller<H> {
    /// What the canvas is to show now.
    pub fn scene(&mut self) -> Scene {
        if self.fits && self.is_live() {
            self.fit();
        }
        scene::scene(self)
    }

    pub(super) fn send_panels(&mut self) {
        self.send(Event::Counts(panels::counts(self)));
        self.send(Event::Facets(panels::facets(self)));
        self.send(Event::Insight(panels::insight(self).map(Box::new)));
        self.send_run();
        self.send_tip();
    }

    pub(super) fn send_run(&mut self) {
        self.send(Event::Run(
            self.selected.map(|run| Box::new(panels::run(self, run))),
        ));
        self.send_rows();
    }

    pub(super) fn send_tip(&mut self) {
        let tip = self
            .hover
            .filter(|_| self.drag.is_none())
            .and_then(|(x, y)| {
                let content = panels::tip(self, self.hit(x, y)?);
                Some(Tip {
                    x: x as i32,
                    y: y as i32,
                    content,
                })
            });
        self.send(Event::Tip(tip));
    }

    /// Shows `count` rows of the table from `first` on. The keyboard is on the row `active`.
    pub fn show_rows(&mut self, first: usize, count: usize, active: usize) {
        self.table = (first, count.min(MOST_ROWS), active);
        self.send_rows();
    }

    fn send_rows(&mut self) {
        let (first, count, active) = self.table;
        let total = self.runs.len();
        let first = first.min(total);
        let rows =
            (first..(first + count).min(total)).map(|at| panels::row(self, at, at == active));
        self.send(Event::Rows(Rows {
            total,
            first,
            rows: rows.collect(),
        }));
    }
}
