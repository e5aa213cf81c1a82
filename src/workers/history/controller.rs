//! The controller: what is shown of a history, and how it changes by what a person does.

use std::ops::Range;

use super::labels::rfc3339;
use super::protocol::{Cursor, Event, Keys, Pointer, Touch};
use crate::api::http::percent_encode;
use crate::api::job_run::State;
use crate::model::history::compare::Comparison;
use crate::model::history::critical_path::CriticalPath;
use crate::model::history::durations::Durations;
use crate::model::history::failures::Failures;
use crate::model::history::lanes::{GROUP, Lanes, ROW, States};
use crate::model::history::replay::Replay;
use crate::model::history::view::HistoryView;
use crate::model::history::viewport::Viewport;
use crate::model::history::{History, Micros, Span};

/// The height of the minimap and of the axis, in CSS pixels.
pub(crate) const MINIMAP: i32 = 34;
pub(crate) const AXIS: i32 = 26;
/// Where the lanes begin.
pub(crate) const HEAD: i32 = MINIMAP + AXIS;

/// Into how many parts the time is divided in which failures are counted.
const BUCKETS: usize = 48;
/// The shortest time that fills the width: a millisecond.
const SHORTEST: f64 = 1_000.0;
/// By what a step of a key or of the wheel zooms.
const ZOOM: f64 = 1.25;

/// What the controller has to ask of the browser.
pub trait Host {
    /// The present.
    fn now(&self) -> Micros;
    /// How many seconds east of UTC a zone is at a time: `utc`, a name such as `Europe/Berlin`, or
    /// nothing for the reader's own.
    fn offset(&self, zone: &str, at: Micros) -> i32;
}

/// What a drag does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Drag {
    /// Moves the lanes: where it began, and the window's start and the scroll then.
    Lanes {
        x: f64,
        y: f64,
        from: Micros,
        top: f64,
    },
    /// Measures from a time.
    Ruler { from: Micros },
    /// Chooses a stretch of the axis or the minimap, from a shown time.
    Stretch { from: Micros, on_minimap: bool },
    /// Moves the window on the minimap: the time between the pointer and the window's start.
    Window { ahead: Micros },
    /// Moves the moment of the replay.
    Moment,
    /// Two fingers: how far apart, and the time between them.
    Pinch { apart: f64, at: Micros, length: f64 },
}

/// A history and the view of it.
pub struct Controller<H> {
    pub(super) host: H,
    pub(super) history: History,
    pub(super) view: HistoryView,
    /// The runs that the filters let through.
    pub(super) runs: Vec<u32>,
    pub(super) lanes: Lanes,
    /// How many runs there are in each pixel of the minimap, and how many of them failed.
    pub(super) minimap: Vec<(u32, u32)>,
    pub(super) width: i32,
    pub(super) height: i32,
    /// The shown time at the left and the right edge of the lanes.
    pub(super) window: (Micros, Micros),
    /// Whether the window is all there is, and grows with it.
    pub(super) fits: bool,
    pub(super) top: f64,
    pub(super) hover: Option<(f64, f64)>,
    pub(super) drag: Option<Drag>,
    /// The end of a drag that chooses.
    pub(super) drag_to: Micros,
    pointers: Vec<Pointer>,
    /// Whether the pointer has moved since it went down: then it is no click.
    has_moved: bool,
    /// Two times between which is measured, in shown time.
    pub(super) ruler: Option<(Micros, Micros)>,
    pub(super) selected: Option<usize>,
    /// How long jobs take, among all runs: a filter must not change what is usual.
    pub(super) durations: Durations,
    /// What failed when, among the runs that the filters let through, as all that follows.
    pub(super) failures: Option<Failures>,
    pub(super) replay: Replay,
    /// What determined when the selected run's rollout ended.
    pub(super) critical_path: Option<CriticalPath>,
    pub(super) comparison: Option<Comparison>,
    /// How many runs there were when they were last laid out.
    laid_out: usize,
    /// The run that the address selects and that has not come yet.
    wanted_run: String,
    /// Whether the window has changed since the page was told.
    is_window_new: bool,
    /// The table's first row, how many are shown, and which the keyboard is on.
    pub(super) table: (usize, usize, usize),
    /// What the page is yet to be sent.
    events: Vec<Event>,
}

impl<H: Host> Controller<H> {
    pub fn new(host: H) -> Self {
        let now = host.now();
        Self {
            host,
            history: History::default(),
            view: HistoryView::default(),
            runs: Vec::new(),
            lanes: Lanes::default(),
            minimap: Vec::new(),
            width: 0,
            height: 0,
            window: (now - 3_600_000_000, now),
            fits: true,
            top: 0.0,
            hover: None,
            drag: None,
            drag_to: 0,
            pointers: Vec::new(),
            has_moved: false,
            ruler: None,
            selected: None,
            durations: Durations::default(),
            failures: None,
            replay: Replay::default(),
            critical_path: None,
            comparison: None,
            laid_out: 0,
            wanted_run: String::new(),
            is_window_new: false,
            table: (0, 0, 0),
            events: Vec::new(),
        }
    }

    /// The runs, to add to. [`lay_out`](Self::lay_out) shows what was added.
    pub fn history(&mut self) -> &mut History {
        &mut self.history
    }

    /// Whether so many runs have come since the last layout that another is worth its time: then the
    /// work for all layouts together grows with the runs and not with their square.
    pub fn has_news(&self) -> bool {
        let new = self.history.len() - self.laid_out;
        new > 0 && new * 2 > self.laid_out
    }

    /// Takes the events for the page since the last call.
    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    pub(super) fn send(&mut self, event: Event) {
        self.events.push(event);
    }

    /// Changes settings of the address.
    fn set(&mut self, changes: String) {
        self.send(Event::Set(changes));
    }

    /// Begins anew with nothing.
    pub(crate) fn clear(&mut self) {
        self.history = History::default();
        self.laid_out = 0;
        self.selected = None;
        self.lay_out();
    }

    /// Shows the runs that there are now.
    pub fn lay_out(&mut self) {
        if self.laid_out != self.history.len() {
            self.history.settle();
            self.laid_out = self.history.len();
            self.durations = Durations::new(&self.history, &self.all());
        }
        let now = self.host.now();
        self.runs = self.view.filter(&self.history, now);
        self.lanes = Lanes::new(&self.history, &self.runs, &self.view, now);
        if !self.wanted_run.is_empty()
            && let Some((rollout, id)) = self.wanted_run.split_once("/jobRuns/")
            && let Some(run) = self.history.find(rollout, id)
        {
            self.selected = Some(run);
            self.wanted_run.clear();
        }
        if let Some((from, to)) = self.view.window {
            self.window = (
                self.lanes.compression.show(from),
                self.lanes.compression.show(to),
            );
            self.fits = false;
        } else if self.fits {
            self.fit();
        }
        self.replay = Replay::new(&self.history, &self.runs);
        self.failures = self.replay.extent().map(|(from, to)| {
            Failures::new(
                &self.history,
                &self.runs,
                from,
                to.min(now).max(from + 1),
                BUCKETS,
            )
        });
        self.look_closely();
        self.draw_minimap();
        self.scroll_to(self.top);
        self.send_panels();
    }

    fn all(&self) -> Vec<u32> {
        (0..self.history.len() as u32).collect()
    }

    /// Works out what is said of the selected run's rollout: of all its runs, whatever the filters
    /// say.
    fn look_closely(&mut self) {
        let Some(rollout) = self.selected.map(|run| self.history.rollout(run)) else {
            (self.critical_path, self.comparison) = (None, None);
            return;
        };
        let (all, now) = (self.all(), self.host.now());
        self.critical_path = CriticalPath::new(&self.history, &all, rollout, now);
        self.comparison = self
            .history
            .find_rollout(&self.view.versus)
            .filter(|other| *other != rollout)
            .and_then(|other| Comparison::new(&self.history, &all, rollout, other, now));
    }

    /// Shows the view that an address asks for.
    pub fn show(&mut self, query: &str) {
        let view = HistoryView::from_query(query);
        // The address often only repeats what was done here.
        if view == self.view {
            return;
        }
        let before = std::mem::replace(&mut self.view, view);
        self.fits = self.view.window.is_none();
        if self.view.run != before.run {
            self.wanted_run = self.view.run.clone();
            if self.wanted_run.is_empty() {
                self.selected = None;
            }
        }
        self.lay_out();
    }

    /// Takes a size in CSS pixels.
    pub fn resize(&mut self, width: i32, height: i32) {
        (self.width, self.height) = (width.clamp(0, 20_000), height.clamp(0, 20_000));
        self.draw_minimap();
        self.scroll_to(self.top);
    }

    /// How wide the names of the lanes are.
    pub(super) fn gutter(&self) -> i32 {
        if self.width < 600 { 104 } else { 208 }
    }

    pub(super) fn track_width(&self) -> i32 {
        (self.width - self.gutter()).max(1)
    }

    /// The present in shown time, or the moment of the replay.
    pub(super) fn now(&self) -> Micros {
        self.lanes
            .compression
            .show(self.view.moment.unwrap_or_else(|| self.host.now()))
    }

    pub(super) fn viewport(&self) -> Viewport {
        let mut viewport =
            Viewport::showing(self.window.0, self.window.1, self.track_width(), self.now());
        viewport.is_replay = self.view.moment.is_some();
        viewport
    }

    /// All that there is, with a little space on both sides.
    fn whole(&self) -> (Micros, Micros) {
        let Some((from, mut to)) = self.lanes.extent else {
            return self.window;
        };
        if Lanes::is_live(&self.history, &self.runs) {
            to = to.max(self.lanes.compression.show(self.host.now()));
        }
        let length = (to - from).max(1_000_000);
        (from - length / 50, from + length + length / 50)
    }

    pub(super) fn fit(&mut self) {
        self.window = self.whole();
    }

    fn draw_minimap(&mut self) {
        let (from, to) = self.whole();
        let viewport = Viewport::showing(
            from,
            to,
            self.track_width(),
            self.lanes.compression.show(self.host.now()),
        );
        // Where runs begin and end to be there; their number is the sum of these up to a pixel.
        let mut changes = vec![(0_i32, 0_i32); self.track_width() as usize + 1];
        // Of collapsed groups too.
        for run in self.runs.iter().map(|run| *run as usize) {
            let Some(span) = self.history.span(run) else {
                continue;
            };
            let compression = &self.lanes.compression;
            let end = if span.to == Span::OPEN {
                viewport.now
            } else {
                compression.show(span.to)
            };
            let (first, end) = viewport.pixels(compression.show(span.from), end);
            let failed = i32::from(self.history.state(run) == State::Failed);
            let (first, end) = (first.clamp(0, viewport.width), end.clamp(0, viewport.width));
            changes[first as usize].0 += 1;
            changes[first as usize].1 += failed;
            changes[end as usize].0 -= 1;
            changes[end as usize].1 -= failed;
        }
        let mut there = (0, 0);
        self.minimap.clear();
        self.minimap.extend(changes.iter().map(|(runs, failed)| {
            there = (there.0 + runs, there.1 + failed);
            (there.0.max(0) as u32, there.1.max(0) as u32)
        }));
        self.minimap.pop();
    }

    pub(super) fn minimap_viewport(&self) -> Viewport {
        let (from, to) = self.whole();
        Viewport::showing(from, to, self.track_width(), self.now())
    }

    fn set_window(&mut self, from: f64, length: f64) {
        let (whole_from, whole_to) = self.whole();
        let most = ((whole_to - whole_from) as f64 * 4.0).max(SHORTEST);
        let length = length.clamp(SHORTEST, most);
        // What there is never leaves the screen altogether.
        let least = whole_from as f64 - length * 0.9;
        let from = from.clamp(least, whole_to as f64 - length * 0.1);
        let window = (from as Micros, (from + length) as Micros);
        if window != self.window {
            self.window = window;
            self.fits = false;
            self.is_window_new = true;
        }
    }

    fn length(&self) -> f64 {
        (self.window.1 - self.window.0).max(1) as f64
    }

    /// Zooms by a factor, below 1 into it, around a position along the track in pixels.
    fn zoom(&mut self, factor: f64, x: f64) {
        let part = x / f64::from(self.track_width());
        let at = self.window.0 as f64 + self.length() * part;
        let length = self.length() * factor;
        self.set_window(at - length * part, length);
    }

    fn pan(&mut self, pixels: f64) {
        let from = self.window.0 as f64 + pixels * self.viewport().per_pixel;
        self.set_window(from, self.length());
    }

    fn scroll_to(&mut self, top: f64) {
        let most = self.lanes.height - i64::from(self.height - HEAD);
        self.top = top.clamp(0.0, most.max(0) as f64);
    }

    /// Shows a stretch with a little space on both sides.
    fn show_stretch(&mut self, from: Micros, to: Micros) {
        let length = ((to - from) as f64).max(SHORTEST / 2.0);
        self.set_window(from as f64 - length * 0.1, length * 1.2);
    }

    /// The wheel turned by so many pixels.
    pub fn wheel(&mut self, x: f64, dx: f64, dy: f64, keys: Keys) {
        if keys.control {
            self.zoom(
                (dy * 0.003).clamp(-1.0, 1.0).exp(),
                x - f64::from(self.gutter()),
            );
        } else if keys.shift {
            self.pan(dx + dy);
        } else {
            if dx != 0.0 {
                self.pan(dx);
            }
            self.scroll_to(self.top + dy);
        }
    }

    /// A key. Answers whether it means something here.
    pub fn key(&mut self, key: &str) -> bool {
        let (width, height) = (f64::from(self.track_width()), f64::from(self.height - HEAD));
        match key {
            "w" | "W" | "+" | "=" => self.zoom(1.0 / ZOOM, self.hover_x()),
            "s" | "S" | "-" => self.zoom(ZOOM, self.hover_x()),
            "a" | "A" | "ArrowLeft" => self.pan(-width * 0.15),
            "d" | "D" | "ArrowRight" => self.pan(width * 0.15),
            "ArrowUp" => self.scroll_to(self.top - 3.0 * ROW as f64),
            "ArrowDown" => self.scroll_to(self.top + 3.0 * ROW as f64),
            "PageUp" => self.scroll_to(self.top - height * 0.9),
            "PageDown" => self.scroll_to(self.top + height * 0.9),
            "Home" => self.scroll_to(0.0),
            "End" => self.scroll_to(f64::MAX),
            "f" | "F" => {
                self.fit();
                self.fits = true;
                self.is_window_new = true;
            }
            "z" | "Z" => self.zoom_to_selected(),
            "n" => self.go_to_failure(true),
            "N" => self.go_to_failure(false),
            "[" => self.step(-1),
            "]" => self.step(1),
            "." | ">" => {
                self.step_replay(self.view.moment.and_then(|moment| self.replay.next(moment)))
            }
            "," | "<" => self.step_replay(
                self.view
                    .moment
                    .and_then(|moment| self.replay.previous(moment)),
            ),
            "Escape" if self.ruler.take().is_some() => {}
            "Escape" if self.selected.is_some() => self.select(None),
            _ => return false,
        }
        true
    }

    fn hover_x(&self) -> f64 {
        let middle = f64::from(self.track_width()) / 2.0;
        self.hover
            .map_or(middle, |(x, _)| x - f64::from(self.gutter()))
            .max(0.0)
    }

    fn zoom_to_selected(&mut self) {
        match (
            self.ruler,
            self.selected.and_then(|run| self.lanes.bar_of(run)),
        ) {
            (Some((a, b)), _) => self.show_stretch(a.min(b), a.max(b)),
            (None, Some(bar)) => {
                let viewport = self.viewport();
                self.show_stretch(self.lanes.from[bar], self.lanes.end(bar, &viewport));
            }
            (None, None) => {}
        }
    }

    /// Selects the run before or after the selected one in its row.
    fn step(&mut self, by: isize) {
        let Some(bar) = self.selected.and_then(|run| self.lanes.bar_of(run)) else {
            return;
        };
        let bars = self.lanes.rows[self.lanes.row_of(bar)].bars.clone();
        if let Some(next) = bar
            .checked_add_signed(by)
            .filter(|next| bars.contains(next))
        {
            self.select(Some(self.lanes.runs[next] as usize));
            self.reveal(next);
        }
    }

    /// Goes to a moment of the replay.
    fn step_replay(&mut self, moment: Option<Micros>) {
        let Some(moment) = moment else { return };
        self.view.moment = Some(moment);
        self.set(format!("at={}", percent_encode(&rfc3339(moment))));
        self.send_panels();
    }

    /// Selects the next failure in time, or the one before.
    fn go_to_failure(&mut self, forward: bool) {
        let selected = self.selected.and_then(|run| self.lanes.bar_of(run));
        let key = |bar: usize| (self.lanes.from[bar], bar);
        let failed =
            (0..self.lanes.runs.len()).filter(|bar| self.lanes.state(*bar).has(States::FAILED));
        let at = selected.map(key);
        let next = if forward {
            failed
                .map(key)
                .filter(|key| at.is_none_or(|at| *key > at))
                .min()
        } else {
            failed
                .map(key)
                .filter(|key| at.is_none_or(|at| *key < at))
                .max()
        };
        if let Some((_, bar)) = next {
            self.select(Some(self.lanes.runs[bar] as usize));
            self.reveal(bar);
        }
    }

    /// Brings a bar onto the screen.
    pub(super) fn reveal(&mut self, bar: usize) {
        let viewport = self.viewport();
        let (from, to) = (self.lanes.from[bar], self.lanes.end(bar, &viewport));
        if to < self.window.0 || from > self.window.1 {
            self.set_window(
                (from + (to - from) / 2) as f64 - self.length() / 2.0,
                self.length(),
            );
        }
        let top = self.lanes.rows[self.lanes.row_of(bar)].top as f64;
        let height = f64::from(self.height - HEAD);
        if top < self.top || top + ROW as f64 > self.top + height {
            self.scroll_to(top - height / 2.0);
        }
    }

    /// Selects the run in a row of the table, and brings it onto the screen.
    pub fn choose(&mut self, index: usize) {
        let Some(run) = self.runs.get(index).map(|run| *run as usize) else {
            return;
        };
        self.select(Some(run));
        if let Some(bar) = self.lanes.bar_of(run) {
            self.reveal(bar);
        }
    }

    /// Selects a run, or none, and tells the page.
    pub(crate) fn select(&mut self, run: Option<usize>) {
        self.selected = run;
        self.look_closely();
        let name = run.map(|run| self.history.name(run)).unwrap_or_default();
        self.view.run = name.clone();
        self.set(format!("run={}", percent_encode(&name)));
        self.send_run();
    }

    /// What a pointer does.
    pub fn pointer(&mut self, touch: Touch, pointer: Pointer) {
        let known = self
            .pointers
            .iter()
            .position(|known| known.id == pointer.id);
        match touch {
            Touch::Down => {
                self.pointers.retain(|known| known.id != pointer.id);
                self.pointers.push(pointer);
                self.has_moved = false;
                self.hover = Some((pointer.x, pointer.y));
                self.begin_drag(pointer);
            }
            Touch::Move => {
                if let Some(known) = known {
                    let before = self.pointers[known];
                    self.pointers[known] = pointer;
                    self.has_moved |= (before.x - pointer.x).abs() + (before.y - pointer.y).abs()
                        > 0.0
                        && self.drag_distance(pointer) > 3.0;
                    if self.has_moved {
                        self.go_on_with_drag(pointer);
                    }
                }
                self.hover = Some((pointer.x, pointer.y));
                self.send_tip();
            }
            Touch::Up => {
                self.pointers.retain(|known| known.id != pointer.id);
                let drag = self.drag.take();
                if self.has_moved {
                    self.end_drag(drag);
                } else {
                    self.click(pointer);
                }
            }
            Touch::Gone => {
                self.pointers.retain(|known| known.id != pointer.id);
                self.drag = None;
                self.hover = None;
                self.send_tip();
            }
            Touch::Twice => {
                if let Some(bars) = self.hit(pointer.x, pointer.y) {
                    let viewport = self.viewport();
                    let end = self.lanes.end(bars.end - 1, &viewport);
                    self.show_stretch(self.lanes.from[bars.start], end);
                }
            }
        }
    }

    fn drag_distance(&self, pointer: Pointer) -> f64 {
        match self.drag {
            Some(Drag::Lanes { x, y, .. }) => (pointer.x - x).abs() + (pointer.y - y).abs(),
            // These are meant from the first pixel on.
            Some(_) => 4.0,
            None => 0.0,
        }
    }

    fn time_at(&self, x: f64) -> Micros {
        self.viewport().time(x - f64::from(self.gutter()))
    }

    fn minimap_time_at(&self, x: f64) -> Micros {
        self.minimap_viewport().time(x - f64::from(self.gutter()))
    }

    fn begin_drag(&mut self, pointer: Pointer) {
        let Pointer { x, y, shift, .. } = pointer;
        if let [a, b] = self.pointers[..] {
            let at = self.time_at((a.x + b.x) / 2.0);
            self.drag = Some(Drag::Pinch {
                apart: (a.x - b.x).abs().max(20.0),
                at,
                length: self.length(),
            });
            return;
        }
        let on_moment = self.view.moment.is_some()
            && (f64::from(self.viewport().pixel(self.now()) + self.gutter()) - x).abs() < 8.0;
        self.drag = Some(if y < f64::from(MINIMAP) {
            let at = self.minimap_time_at(x);
            if (self.window.0..=self.window.1).contains(&at) && self.window != self.whole() {
                Drag::Window {
                    ahead: at - self.window.0,
                }
            } else {
                Drag::Stretch {
                    from: at,
                    on_minimap: true,
                }
            }
        } else if on_moment {
            Drag::Moment
        } else if y < f64::from(HEAD) {
            Drag::Stretch {
                from: self.time_at(x),
                on_minimap: false,
            }
        } else if shift {
            Drag::Ruler {
                from: self.time_at(x),
            }
        } else {
            Drag::Lanes {
                x,
                y,
                from: self.window.0,
                top: self.top,
            }
        });
    }

    fn go_on_with_drag(&mut self, pointer: Pointer) {
        match self.drag {
            Some(Drag::Lanes { x, y, from, top }) => {
                let from = from as f64 - (pointer.x - x) * self.viewport().per_pixel;
                self.set_window(from, self.length());
                self.scroll_to(top - (pointer.y - y));
            }
            Some(Drag::Ruler { from }) => self.ruler = Some((from, self.time_at(pointer.x))),
            Some(Drag::Stretch { on_minimap, .. }) => {
                self.drag_to = if on_minimap {
                    self.minimap_time_at(pointer.x)
                } else {
                    self.time_at(pointer.x)
                };
            }
            Some(Drag::Window { ahead }) => {
                let from = self.minimap_time_at(pointer.x) - ahead;
                self.set_window(from as f64, self.length());
            }
            Some(Drag::Moment) => {
                let moment = self.lanes.compression.real(self.time_at(pointer.x));
                self.view.moment = Some(moment);
            }
            Some(Drag::Pinch { apart, at, length }) => {
                let [a, b] = self.pointers[..] else { return };
                let length = length * apart / (a.x - b.x).abs().max(20.0);
                let part =
                    ((a.x + b.x) / 2.0 - f64::from(self.gutter())) / f64::from(self.track_width());
                self.set_window(at as f64 - length * part, length);
            }
            None => {}
        }
    }

    fn end_drag(&mut self, drag: Option<Drag>) {
        match drag {
            Some(Drag::Stretch { from, .. }) => {
                let (from, to) = (from.min(self.drag_to), from.max(self.drag_to));
                if to > from {
                    self.set_window(from as f64, (to - from) as f64);
                }
            }
            Some(Drag::Moment) => {
                let moment = self.view.moment.map(rfc3339).unwrap_or_default();
                self.set(format!("at={}", percent_encode(&moment)));
                self.send_panels();
            }
            _ => {}
        }
    }

    fn click(&mut self, pointer: Pointer) {
        if pointer.y < f64::from(HEAD) {
            return;
        }
        if let Some(group) = self.group_at(pointer.y) {
            let name = self.lanes.groups[group].name.clone();
            match self.view.shut.iter().position(|shut| *shut == name) {
                Some(index) => {
                    self.view.shut.remove(index);
                }
                None => self.view.shut.push(name),
            }
            self.set(format!(
                "shut={}",
                percent_encode(&self.view.shut.join(","))
            ));
            self.lay_out();
            return;
        }
        match self.hit(pointer.x, pointer.y) {
            Some(bars) if bars.len() == 1 => {
                self.select(Some(self.lanes.runs[bars.start] as usize))
            }
            Some(bars) => {
                let viewport = self.viewport();
                let end = self.lanes.end(bars.end - 1, &viewport);
                self.show_stretch(self.lanes.from[bars.start], end);
            }
            None if self.selected.is_some() => self.select(None),
            None => {}
        }
    }

    /// The group whose head is at a height of the canvas.
    pub(super) fn group_at(&self, y: f64) -> Option<usize> {
        let y = (y - f64::from(HEAD) + self.top) as i64;
        let group = self
            .lanes
            .groups
            .partition_point(|group| group.top <= y)
            .checked_sub(1)?;
        (y < self.lanes.groups[group].top + GROUP).then_some(group)
    }

    /// The bars that are drawn at a position, or close beside it.
    pub(super) fn hit(&self, x: f64, y: f64) -> Option<Range<usize>> {
        if y < f64::from(HEAD) || x < f64::from(self.gutter()) {
            return None;
        }
        let y = (y - f64::from(HEAD) + self.top) as i64;
        let row = self.lanes.rows_between(y, y + 1).next()?;
        let viewport = self.viewport();
        let pixel = x as i32 - self.gutter();
        [0, -1, 1, -2, 2, -3, 3]
            .into_iter()
            .map(|beside| self.lanes.at(row, pixel + beside, &viewport))
            .find(|bars| !bars.is_empty())
    }

    /// What changed and the address does not have yet: what it then gets. The page asks when a gesture
    /// is over.
    pub fn save_window(&mut self) {
        if !std::mem::take(&mut self.is_window_new) || self.drag.is_some() {
            return;
        }
        let (from, to) = match self.fits {
            true => Default::default(),
            false => {
                let real = |time| percent_encode(&rfc3339(self.lanes.compression.real(time)));
                (real(self.window.0), real(self.window.1))
            }
        };
        self.view.window = match self.fits {
            true => None,
            false => Some((
                self.lanes.compression.real(self.window.0),
                self.lanes.compression.real(self.window.1),
            )),
        };
        self.set(format!("from={from}&to={to}"));
    }

    /// Whether it changes by itself.
    pub(crate) fn is_live(&self) -> bool {
        self.view.moment.is_none() && Lanes::is_live(&self.history, &self.runs)
    }

    /// The shape of the pointer over the canvas.
    pub(crate) fn cursor(&self) -> Cursor {
        match (self.drag, self.hover) {
            (Some(Drag::Lanes { .. }), _) if self.has_moved => Cursor::Grabbing,
            (Some(Drag::Window { .. }), _) => Cursor::Grabbing,
            (_, Some((_, y))) if y < f64::from(HEAD) => Cursor::Resize,
            (_, Some((_, y))) if self.group_at(y).is_some() => Cursor::Pointer,
            (_, Some((x, y))) if self.hit(x, y).is_some() => Cursor::Pointer,
            _ => Cursor::Default,
        }
    }
}
