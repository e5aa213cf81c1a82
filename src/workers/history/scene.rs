//! What the canvas has to paint: rectangles, lines and texts, in order. Which colours these are is
//! the page's to say.

use super::controller::{AXIS, Controller, Drag, HEAD, Host, MINIMAP};
use super::labels::{duration, grouped, timestamp};
use crate::core::time::SignedDuration;
use crate::model::history::critical_path::PathStepKind;
use crate::model::history::lanes::{GROUP, GroupLanes, ROW, States};
use crate::model::history::viewport::{Block, Viewport};
use crate::model::history::{Flags, Micros};
use crate::model::timeline::Window;
use crate::model::timeline::ticks::{clock, ticks, zone_label};

/// A colour by its role. The page sends the colours in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Paint {
    Surface,
    Stripe,
    Line,
    LineStrong,
    Text,
    Faint,
    Accent,
    Succeeded,
    Unknown,
    Terminated,
    Live,
    Terminating,
    Failed,
    /// On the fill of a state.
    OnState,
    Warning,
    /// For words about failures: readable on the surface.
    FailedText,
}

/// The style sheet's names of the colours, in the order of [`Paint`].
pub(crate) const COLORS: [&str; 16] = [
    "--surface",
    "--surface-2",
    "--line",
    "--line-strong",
    "--text",
    "--text-2",
    "--accent",
    "--green-fill",
    "--gray-fill",
    "--violet-fill",
    "--blue-fill",
    "--orange-fill",
    "--red-fill",
    "--on-accent",
    "--orange",
    "--red",
];

/// The states from what may be hidden to what must not, with their colours.
const STATES: [(States, Paint); 6] = [
    (States::SUCCEEDED, Paint::Succeeded),
    (States::UNKNOWN, Paint::Unknown),
    (States::TERMINATED, Paint::Terminated),
    (States::LIVE, Paint::Live),
    (States::TERMINATING, Paint::Terminating),
    (States::FAILED, Paint::Failed),
];

/// x, y, width and height in CSS pixels; of lines, x and y of both ends.
pub(crate) type Four = [f32; 4];

/// One step of painting.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    Clip(Four),
    Unclip,
    /// Fills rectangles, as opaque as the number from 0 to 1 says.
    Fill(Paint, f32, Vec<Four>),
    /// Outlines rectangles with lines of a width.
    Outline(Paint, f32, Vec<Four>),
    Lines {
        paint: Paint,
        width: f32,
        is_dashed: bool,
        lines: Vec<Four>,
    },
    Texts(Vec<Label>),
}

/// A text, its middle at a height.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    pub x: f32,
    pub y: f32,
    pub text: String,
    pub paint: Paint,
    pub is_strong: bool,
    /// Whether `x` is its middle rather than its start.
    pub is_centered: bool,
}

/// All of it, in the order of painting.
pub(crate) type Scene = Vec<Op>;

/// How wide a letter is, about: what is cut off by this is cut a little early.
const LETTER: f32 = 6.6;

fn fit(text: &str, width: f32) -> String {
    let most = (width / LETTER) as usize;
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    kept + "…"
}

/// [`fit`] that keeps the end, which tells the rollouts of a release apart.
fn fit_end(text: &str, width: f32) -> String {
    let most = (width / LETTER) as usize;
    let length = text.chars().count();
    if length <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().skip(length - most.saturating_sub(1)).collect();
    ["…", &kept].concat()
}

pub(super) fn scene<H: Host>(controller: &Controller<H>) -> Scene {
    let mut painter = Painter {
        controller,
        viewport: controller.viewport(),
        left: controller.gutter() as f32,
        ops: Vec::new(),
    };
    painter.ground();
    // Hidden, or too small for anything to be seen.
    if controller.width < controller.gutter() + 20 || controller.height < HEAD + 20 {
        return painter.ops;
    }
    painter.lanes();
    painter.minimap();
    painter.axis();
    painter.over();
    painter.ops
}

struct Painter<'s, H> {
    controller: &'s Controller<H>,
    viewport: Viewport,
    /// Where the track begins.
    left: f32,
    ops: Scene,
}

impl<H: Host> Painter<'_, H> {
    fn fill(&mut self, paint: Paint, alpha: f32, rects: Vec<Four>) {
        if !rects.is_empty() {
            self.ops.push(Op::Fill(paint, alpha, rects));
        }
    }

    fn lines(&mut self, paint: Paint, width: f32, is_dashed: bool, lines: Vec<Four>) {
        if !lines.is_empty() {
            self.ops.push(Op::Lines {
                paint,
                width,
                is_dashed,
                lines,
            });
        }
    }

    fn width(&self) -> f32 {
        self.controller.width as f32
    }

    fn height(&self) -> f32 {
        self.controller.height as f32
    }

    /// Where a height of the lanes is on the canvas.
    fn y(&self, top: i64) -> f32 {
        (top as f64 - self.controller.top) as f32 + HEAD as f32
    }

    fn x(&self, shown: Micros) -> f32 {
        self.left + self.viewport.pixel(shown) as f32
    }

    fn ground(&mut self) {
        self.fill(
            Paint::Surface,
            1.0,
            vec![[0.0, 0.0, self.width(), self.height()]],
        );
        if self.controller.runs.is_empty() && !self.controller.history.is_empty() {
            let text = "No run matches the filters.".to_owned();
            let label = plain(self.width() / 2.0, self.height() / 2.0, text, Paint::Faint);
            self.ops.push(Op::Texts(vec![Label {
                is_centered: true,
                ..label
            }]));
        }
    }

    fn lanes(&mut self) {
        let lanes = &self.controller.lanes;
        let head = HEAD as f32;
        let body = [0.0, head, self.width(), (self.height() - head).max(0.0)];
        self.ops.push(Op::Clip(body));
        let top = self.controller.top as i64;
        let bottom = top + i64::from(self.controller.height - HEAD) + 1;

        let mut heads = Vec::new();
        let mut labels = Vec::new();
        let first = lanes
            .groups
            .partition_point(|group| group.top + GROUP <= top)
            .saturating_sub(1);
        for group in &lanes.groups[first..] {
            if group.top >= bottom {
                break;
            }
            let y = self.y(group.top);
            heads.push([0.0, y, self.width(), GROUP as f32]);
            let name = if group.name.is_empty() {
                "(unknown)"
            } else {
                &group.name
            };
            let mark = if group.is_shut { "▸" } else { "▾" };
            let middle = y + GROUP as f32 / 2.0;
            let title = fit(&format!("{mark} {name}"), self.width() - 160.0);
            // Bold letters are a little wider.
            let mut x = 8.0 + title.chars().count() as f32 * (LETTER + 0.9) + 8.0;
            labels.push(Label {
                is_strong: true,
                ..plain(8.0, middle, title, Paint::Text)
            });
            let (runs, failed) = self.so_far(group);
            let count = format!("{} run{}", grouped(runs), if runs == 1 { "" } else { "s" });
            let width = count.chars().count() as f32 * LETTER + 6.0;
            labels.push(plain(x, middle, count, Paint::Faint));
            x += width;
            if failed > 0 {
                let failed = format!("{} failed", grouped(failed));
                labels.push(plain(x, middle, failed, Paint::FailedText));
            }
        }
        self.fill(Paint::Stripe, 1.0, heads);
        self.grid(body);
        self.bars(lanes.rows_between(top, bottom), &mut labels);

        let first = lanes
            .lanes
            .partition_point(|lane| lanes.rows[lane.rows.end - 1].top + ROW <= top);
        let mut under = Vec::new();
        for lane in &lanes.lanes[first..] {
            if lane.top >= bottom {
                break;
            }
            let y = self.y(lane.top);
            let height = (lane.rows.len() as i64 * ROW) as f32;
            under.push([0.0, y, self.left - 1.0, height]);
            // The name stays in sight as long as a row of the lane does.
            let y = y.max(head).min(y + height - ROW as f32);
            labels.push(Label {
                x: 22.0,
                y: y + ROW as f32 / 2.0,
                text: fit(&lane.name, self.left - 30.0),
                paint: Paint::Text,
                is_strong: false,
                is_centered: false,
            });
        }
        self.fill(Paint::Surface, 1.0, under);
        self.ops.push(Op::Texts(labels));
        self.lines(
            Paint::Line,
            1.0,
            false,
            vec![[self.left - 0.5, head, self.left - 0.5, self.height()]],
        );
        self.ops.push(Op::Unclip);
    }

    /// How many runs of a group there are and how many failed: in a replay, at its moment.
    fn so_far(&self, group: &GroupLanes) -> (usize, usize) {
        let lanes = &self.controller.lanes;
        if !self.viewport.is_replay || group.lanes.is_empty() {
            return (group.runs, group.failed);
        }
        let rows =
            lanes.lanes[group.lanes.start].rows.start..lanes.lanes[group.lanes.end - 1].rows.end;
        let bars = lanes.rows[rows.start].bars.start..lanes.rows[rows.end - 1].bars.end;
        let now = self.viewport.now;
        bars.filter(|bar| lanes.from[*bar] <= now)
            .fold((0, 0), |(runs, failed), bar| {
                let has_failed = lanes.to[bar] <= now && lanes.state(bar) == States::FAILED;
                (runs + 1, failed + usize::from(has_failed))
            })
    }

    fn bars(&mut self, rows: std::ops::Range<usize>, labels: &mut Vec<Label>) {
        let (controller, viewport) = (self.controller, self.viewport);
        let (lanes, history) = (&controller.lanes, &controller.history);
        let mut running: [Vec<Four>; 6] = Default::default();
        let mut waiting: [Vec<Four>; 6] = Default::default();
        let mut flagged = Vec::new();
        let mut joined = Vec::new();
        let mut selected = Vec::new();
        let mut decisive = Vec::new();
        let path: Vec<usize> = controller
            .critical_path
            .iter()
            .flat_map(|path| &path.steps)
            .filter_map(|step| match step.kind {
                PathStepKind::Run { run, .. } => Some(run as usize),
                PathStepKind::Gap { .. } => None,
            })
            .collect();
        let mut blocks: Vec<Block> = Vec::new();
        for row in rows {
            blocks.clear();
            lanes.blocks(row, &viewport, &mut blocks);
            let y = self.y(lanes.rows[row].top);
            for block in &blocks {
                let (from, to) = (block.from.max(-1), block.to.min(viewport.width + 1));
                let x = self.left + from as f32;
                let width = (to - from) as f32;
                let worst = block.states.worst();
                let index = STATES
                    .iter()
                    .position(|(state, _)| *state == worst)
                    .unwrap_or(1);
                // Where there is no space for a sign, the height tells the state, and not the colour alone.
                let (inset, height) = match worst {
                    States::FAILED => (0.0, ROW as f32 - 1.0),
                    States::LIVE | States::TERMINATING => (1.5, ROW as f32 - 4.0),
                    States::SUCCEEDED => (2.5, ROW as f32 - 6.0),
                    States::TERMINATED => (5.5, ROW as f32 - 12.0),
                    _ => (4.0, ROW as f32 - 9.0),
                };
                if !block.is_one() || width < 3.0 {
                    running[index].push([x, y + inset, width, height]);
                    if controller.selected.is_some_and(|run| {
                        lanes
                            .bar_of(run)
                            .is_some_and(|bar| (block.first..block.end).contains(&bar))
                    }) {
                        selected.push([x - 2.0, y - 1.0, width + 4.0, ROW as f32 + 1.0]);
                    }
                    continue;
                }
                let bar = block.first;
                let run = lanes.runs[bar] as usize;
                let end = lanes.end(bar, &viewport);
                let starts = viewport.pixel(lanes.running[bar].min(end)).clamp(from, to);
                if starts > from {
                    waiting[index].push([x, y + 7.0, (starts - from) as f32, 3.0]);
                }
                if to > starts {
                    running[index].push([
                        self.left + starts as f32,
                        y + inset,
                        (to - starts) as f32,
                        height,
                    ]);
                }
                if controller.selected == Some(run) {
                    selected.push([x - 2.0, y - 1.0, width + 4.0, ROW as f32 + 1.0]);
                }
                if path.contains(&run) {
                    decisive.push([x, y + ROW as f32 - 2.0, width, 2.5]);
                }
                if history.flags(run).has(Flags::CONTRADICTORY)
                    || history.flags(run).has(Flags::UNREADABLE_TIME)
                {
                    flagged.push([x, y, width, ROW as f32 - 1.0]);
                }
                if let Some(next) = history
                    .next_attempt(run)
                    .and_then(|next| lanes.bar_of(next))
                {
                    let next_x = self.left + viewport.pixel(lanes.from[next]) as f32;
                    let end_x = self.left + block.to as f32;
                    let next_y = self.y(lanes.rows[lanes.row_of(next)].top);
                    if next_x > end_x + 2.0 {
                        let middle = ROW as f32 / 2.0;
                        joined.push([end_x, y + middle, next_x, next_y + middle]);
                    }
                }
                let room = (to - starts.max(0)) as f32 - 8.0;
                if room >= LETTER && worst != States::SUCCEEDED || room > 60.0 {
                    labels.push(Label {
                        x: self.left + starts.max(0) as f32 + 4.0,
                        y: y + ROW as f32 / 2.0 - 0.5,
                        text: self.name_on_bar(run, worst, room),
                        paint: Paint::OnState,
                        is_strong: false,
                        is_centered: false,
                    });
                }
            }
        }
        self.lines(Paint::Faint, 1.0, false, joined);
        for ((_, paint), rects) in STATES.into_iter().zip(waiting) {
            self.fill(paint, 0.65, rects);
        }
        for ((_, paint), rects) in STATES.into_iter().zip(running) {
            self.fill(paint, 1.0, rects);
        }
        self.fill(Paint::Accent, 1.0, decisive);
        if !flagged.is_empty() {
            self.ops.push(Op::Outline(Paint::Warning, 1.5, flagged));
        }
        if !selected.is_empty() {
            self.ops.push(Op::Outline(Paint::Text, 2.0, selected));
        }
    }

    /// What a bar says: the state by a sign, and what the lane does not say yet.
    fn name_on_bar(&self, run: usize, state: States, room: f32) -> String {
        use crate::model::history::view::Group;
        let history = &self.controller.history;
        let sign = match state {
            States::SUCCEEDED => "✓",
            States::FAILED => "✕",
            States::LIVE => "▶",
            States::TERMINATING => "◼…",
            States::TERMINATED => "◼",
            _ => "?",
        };
        if room <= 30.0 {
            return sign.to_owned();
        }
        let attempt = match history.attempts(run) {
            1 => String::new(),
            attempts => format!(" {}/{attempts}", history.attempt(run)),
        };
        match self.controller.view.group {
            Group::Rollout => {
                let ran = history
                    .ran(run)
                    .map(|ran| format!(" {}", duration(ran)))
                    .unwrap_or_default();
                fit(&format!("{sign}{attempt}{ran}"), room)
            }
            _ => {
                let begin = format!("{sign}{attempt} ");
                let rest = room - begin.chars().count() as f32 * LETTER;
                begin + &fit_end(&history.rollout_info(history.rollout(run)).id, rest)
            }
        }
    }

    fn offset(&self) -> i32 {
        let middle =
            self.controller.window.0 + (self.controller.window.1 - self.controller.window.0) / 2;
        self.controller.host.offset(
            &self.controller.view.zone,
            self.controller.lanes.compression.real(middle),
        )
    }

    /// The stretches of time between cuts that are in sight.
    fn stretches(&self) -> Vec<(Micros, Micros)> {
        let (from, to) = self.controller.window;
        let mut stretches = Vec::new();
        let mut begin = from;
        for cut in self.controller.lanes.compression.cuts() {
            if cut.shown_to() <= from {
                continue;
            }
            if cut.shown_from >= to {
                break;
            }
            if cut.shown_from > begin {
                stretches.push((begin, cut.shown_from));
            }
            begin = cut.shown_to();
        }
        if begin < to {
            stretches.push((begin, to));
        }
        stretches
    }

    /// The ticks: where, what they say, and whether a day begins there.
    fn ticks(&self) -> Vec<(f32, String, bool)> {
        let (controller, offset) = (self.controller, self.offset());
        let compression = &controller.lanes.compression;
        let start = controller
            .lanes
            .extent
            .map_or(0, |(from, _)| compression.real(from));
        let mut found = Vec::new();
        for (from, to) in self.stretches() {
            let width = self.x(to) - self.x(from);
            if width < 50.0 {
                continue;
            }
            let (real_from, real_to) = (compression.real(from), compression.real(to));
            let shift = if controller.view.from_start { start } else { 0 };
            let window = Window {
                from: timestamp(real_from - shift),
                to: timestamp(real_to - shift),
            };
            let zone = if controller.view.from_start {
                0
            } else {
                offset
            };
            let mut last = f32::MIN;
            for tick in ticks(window, (width / 80.0).max(1.0) as usize, zone) {
                let x = self.x(from) + width * tick.at as f32;
                if x - last < 44.0 {
                    continue;
                }
                last = x;
                let label = match (controller.view.from_start, tick.is_date) {
                    (true, true) => {
                        let day = (real_from - shift
                            + ((real_to - real_from) as f64 * tick.at).round() as Micros)
                            .div_euclid(86_400_000_000);
                        format!("{day} d")
                    }
                    (true, false) => format!("+{}", tick.label),
                    _ => tick.label,
                };
                found.push((x, label, tick.is_date));
            }
        }
        found
    }

    fn grid(&mut self, body: Four) {
        let (mut thin, mut strong) = (Vec::new(), Vec::new());
        for (x, _, is_date) in self.ticks() {
            let line = [x.round() + 0.5, body[1], x.round() + 0.5, body[1] + body[3]];
            if is_date {
                strong.push(line)
            } else {
                thin.push(line)
            }
        }
        self.lines(Paint::Line, 1.0, false, thin);
        self.lines(Paint::LineStrong, 1.0, false, strong);
        let cuts: Vec<Four> = self
            .controller
            .lanes
            .compression
            .cuts()
            .iter()
            .filter(|cut| {
                cut.shown_to() > self.controller.window.0
                    && cut.shown_from < self.controller.window.1
            })
            .map(|cut| {
                let x = self.x(cut.shown_from).max(self.left);
                [x, body[1], (self.x(cut.shown_to()) - x).max(1.0), body[3]]
            })
            .collect();
        let edges = cuts
            .iter()
            .flat_map(|[x, y, width, height]| {
                [
                    [*x, *y, *x, y + height],
                    [x + width, *y, x + width, y + height],
                ]
            })
            .collect();
        self.fill(Paint::Stripe, 0.8, cuts);
        self.lines(Paint::LineStrong, 1.0, true, edges);
    }

    fn minimap(&mut self) {
        let controller = self.controller;
        let height = MINIMAP as f32 - 6.0;
        self.fill(
            Paint::Stripe,
            1.0,
            vec![[self.left, 2.0, self.width() - self.left, height + 2.0]],
        );
        let most = controller
            .minimap
            .iter()
            .map(|(runs, _)| *runs)
            .max()
            .unwrap_or(0)
            .max(1) as f32;
        let (mut runs, mut failures) = (Vec::new(), Vec::new());
        let mut x = self.left;
        for same in controller.minimap.chunk_by(|a, b| a == b) {
            let width = same.len() as f32;
            let (count, failed) = same[0];
            // Few among many are still seen.
            let high = |count: u32| (count as f32 / most * height).max(3.0);
            if count > failed {
                let high = high(count);
                runs.push([x, height + 3.0 - high, width, high]);
            }
            if failed > 0 {
                let high = high(failed);
                failures.push([x, height + 3.0 - high, width, high]);
            }
            x += width;
        }
        self.fill(Paint::Succeeded, 0.55, runs);
        self.fill(Paint::Failed, 1.0, failures);
        let viewport = controller.minimap_viewport();
        let x_of = |time| (self.left + viewport.pixel(time) as f32).clamp(self.left, self.width());
        let (mut from, mut to) = (x_of(controller.window.0), x_of(controller.window.1));
        if let Some(Drag::Stretch {
            from: begun,
            on_minimap: true,
        }) = controller.drag
        {
            (from, to) = (
                x_of(begun.min(controller.drag_to)),
                x_of(begun.max(controller.drag_to)),
            );
        }
        let right = self.width();
        self.fill(
            Paint::Surface,
            0.65,
            vec![
                [self.left, 0.0, from - self.left, MINIMAP as f32],
                [to, 0.0, right - to, MINIMAP as f32],
            ],
        );
        self.ops.push(Op::Outline(
            Paint::Accent,
            1.5,
            vec![[from, 1.0, (to - from).max(2.0), MINIMAP as f32 - 3.0]],
        ));
        let total = controller.lanes.extent.map(|(from, to)| {
            let to = if controller.is_live() {
                to.max(controller.now())
            } else {
                to
            };
            let compression = &controller.lanes.compression;
            duration(compression.real(to) - compression.real(from))
        });
        let text = fit(
            &format!("All: {}", total.unwrap_or_else(|| "nothing".into())),
            self.left - 16.0,
        );
        let y = MINIMAP as f32 / 2.0;
        self.ops
            .push(Op::Texts(vec![plain(8.0, y, text, Paint::Faint)]));
    }

    fn axis(&mut self) {
        let controller = self.controller;
        let (top, height) = (MINIMAP as f32, AXIS as f32);
        let y = top + height / 2.0;
        let compression = &controller.lanes.compression;
        let shown = compression.real(controller.window.1) - compression.real(controller.window.0);
        let zone = if controller.view.from_start {
            "from start".to_owned()
        } else {
            zone_label(self.offset())
        };
        let mut labels = vec![plain(
            8.0,
            y,
            fit(&format!("{zone} · {}", duration(shown)), self.left - 12.0),
            Paint::Faint,
        )];
        for (x, text, is_date) in self.ticks() {
            let half = text.chars().count() as f32 * LETTER / 2.0;
            if x - half < self.left || x + half > self.width() {
                continue;
            }
            labels.push(Label {
                x,
                y,
                text,
                paint: if is_date { Paint::Text } else { Paint::Faint },
                is_strong: is_date,
                is_centered: true,
            });
        }
        for cut in compression.cuts() {
            let (from, to) = (self.x(cut.shown_from), self.x(cut.shown_to()));
            let text = format!("// {}", duration(cut.length()));
            let middle = (from + to) / 2.0;
            if middle > self.left + 10.0 && middle < self.width() {
                let text = if to - from > text.chars().count() as f32 * LETTER {
                    text
                } else {
                    "//".into()
                };
                if to - from > 6.0 {
                    let label = plain(middle, y, text, Paint::Text);
                    labels.push(Label {
                        is_centered: true,
                        ..label
                    });
                }
            }
        }
        self.ops.push(Op::Texts(labels));
        let bottom = HEAD as f32 - 0.5;
        self.lines(
            Paint::LineStrong,
            1.0,
            false,
            vec![[0.0, bottom, self.width(), bottom]],
        );
    }

    /// What lies over the lanes: the present, the pointer's time, the ruler, the moment of the replay.
    fn over(&mut self) {
        let controller = self.controller;
        let (top, bottom) = (MINIMAP as f32, self.height());
        self.ops.push(Op::Clip([
            self.left,
            top,
            self.width() - self.left,
            bottom - top,
        ]));
        if let Some(Drag::Stretch {
            from,
            on_minimap: false,
        }) = controller.drag
        {
            let (from, to) = (
                self.x(from.min(controller.drag_to)),
                self.x(from.max(controller.drag_to)),
            );
            self.fill(
                Paint::Accent,
                0.18,
                vec![[from, top, to - from, bottom - top]],
            );
        }
        let now = self.x(self.viewport.now) + 0.5;
        if controller.view.moment.is_some() {
            self.lines(Paint::Accent, 2.0, false, vec![[now, top, now, bottom]]);
            let real = controller.lanes.compression.real(self.viewport.now);
            self.flag(now, &clock(timestamp(real), self.offset()), Paint::Accent);
            let text = controller.replay.sentence(real);
            let room = self.width() - self.left - 16.0;
            let words = plain(
                self.left + 8.0,
                bottom - 12.0,
                fit(&text, room),
                Paint::Text,
            );
            self.fill(
                Paint::Stripe,
                0.92,
                vec![[self.left, bottom - 24.0, self.width() - self.left, 24.0]],
            );
            self.ops.push(Op::Texts(vec![words]));
        } else if controller.is_live() {
            self.lines(
                Paint::Failed,
                1.5,
                false,
                vec![[now, top + 4.0, now, bottom]],
            );
            self.flag(now, "now", Paint::Failed);
        }
        if let Some((a, b)) = controller.ruler {
            let (from, to) = (self.x(a.min(b)), self.x(a.max(b)));
            self.fill(
                Paint::Accent,
                0.12,
                vec![[from, top, to - from, bottom - top]],
            );
            self.lines(
                Paint::Accent,
                1.0,
                false,
                vec![
                    [from + 0.5, top, from + 0.5, bottom],
                    [to + 0.5, top, to + 0.5, bottom],
                ],
            );
            let compression = &controller.lanes.compression;
            let length = compression.real(a.max(b)) - compression.real(a.min(b));
            self.flag((from + to) / 2.0, &exact(length), Paint::Accent);
        } else if let Some((x, y)) = controller.hover
            && x as f32 > self.left
            && y > f64::from(MINIMAP)
        {
            let x = x as f32;
            self.lines(
                Paint::Faint,
                1.0,
                true,
                vec![[x + 0.5, top + 18.0, x + 0.5, bottom]],
            );
            let real = controller
                .lanes
                .compression
                .real(self.viewport.time(f64::from(x - self.left)));
            self.flag(x, &clock(timestamp(real), self.offset()), Paint::Text);
        }
        self.ops.push(Op::Unclip);
    }

    /// A text on the axis, on a ground of its own.
    fn flag(&mut self, x: f32, text: &str, paint: Paint) {
        let width = text.chars().count() as f32 * LETTER + 10.0;
        let middle = x.clamp(
            self.left + width / 2.0,
            (self.width() - width / 2.0).max(self.left + width / 2.0),
        );
        let top = MINIMAP as f32 + 3.0;
        self.fill(paint, 1.0, vec![[middle - width / 2.0, top, width, 17.0]]);
        let on = if paint == Paint::Text {
            Paint::Surface
        } else {
            Paint::OnState
        };
        let label = plain(middle, top + 8.5, text.to_owned(), on);
        self.ops.push(Op::Texts(vec![Label {
            is_centered: true,
            ..label
        }]));
    }
}

fn plain(x: f32, y: f32, text: String, paint: Paint) -> Label {
    Label {
        x,
        y,
        text,
        paint,
        is_strong: false,
        is_centered: false,
    }
}

fn exact(length: Micros) -> String {
    crate::core::time::exact_duration(SignedDuration::from_micros(length))
}
