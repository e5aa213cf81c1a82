//! The runs of a history as a table, of which only the rows in view are in the page.

use leptos::html::Div;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::badge::RunBadge;
use super::history_worker::HistoryWorker;
use crate::core::text::clip;
use crate::ui::dom::signals::SetIfChanged;
use crate::workers::history::protocol::{Request, Row, Rows};

/// The height of a row in CSS pixels, as the style sheet has it.
const ROW: i32 = 30;
/// Rows beyond those in view, so that scrolling a little shows no gap.
const SPARE: usize = 10;

const COLUMNS: [&str; 9] = [
    "State", "Phase", "Job", "Attempt", "Rollout", "Target", "Created", "Waited", "Ran",
];

/// Shows the runs that the filters let through as a table.
#[component]
pub(super) fn HistoryTable(worker: HistoryWorker) -> impl IntoView {
    let table = Table::new(worker);
    let columns = COLUMNS.map(|column| view! { <th scope="col">{column}</th> });
    let active_id = move || match table.total.get() {
        0 => String::new(),
        _ => format!("history-row-{}", table.active.get()),
    };
    let rows = move || {
        let rows = worker.rows.read();
        let row = |row: &Row| {
            let index = row.index;
            view! { <TableRow row=row.clone() on_choose=move || table.choose(index) /> }
        };
        rows.rows.iter().map(row).collect_view()
    };
    view! {
        <div
            class="history-table"
            tabindex="0"
            role="group"
            aria-label="Table of the job runs: arrow keys move, Enter selects"
            aria-activedescendant=active_id
            node_ref=table.element
            on:scroll=move |_| table.scrolled()
            on:keydown=move |event| table.press(&event)
        >
            <table role="grid" aria-label="Job runs" aria-rowcount=move || (table.total.get() + 1).to_string()>
                <thead>
                    <tr aria-rowindex="1">{columns.collect_view()}</tr>
                </thead>
                <tbody>
                    <Space rows=Signal::derive(move || worker.rows.read().first) />
                    {rows}
                    <Space rows=Signal::derive(move || rows_below(&worker.rows.read())) />
                </tbody>
            </table>
        </div>
    }
}

fn rows_below(rows: &Rows) -> usize {
    rows.total.saturating_sub(rows.first + rows.rows.len())
}

/// The table's scroll and keyboard cursor. Copies are of the same one.
#[derive(Clone, Copy)]
struct Table {
    worker: HistoryWorker,
    element: NodeRef<Div>,
    /// How many rows there are.
    total: Memo<usize>,
    /// The first row in view, and how many are.
    view: RwSignal<(usize, usize)>,
    /// The row that the keyboard is on.
    active: RwSignal<usize>,
}

impl Table {
    /// Requests the rows in view now, and whenever others are or the runs change.
    fn new(worker: HistoryWorker) -> Self {
        let counts = worker.counts;
        let total = Memo::new(move |_| counts.read().as_ref().map_or(0, |counts| counts.matching));
        let (view, active) = (RwSignal::new((0_usize, 20_usize)), RwSignal::new(0_usize));
        Effect::new(move |_| {
            let (first, count) = view.get();
            counts.track();
            let (first, count, active) =
                (first.saturating_sub(SPARE), count + 2 * SPARE, active.get());
            worker.send(&Request::Rows {
                first,
                count,
                active,
            });
        });
        Self {
            worker,
            element: NodeRef::new(),
            total,
            view,
            active,
        }
    }

    fn scrolled(self) {
        if let Some(element) = self.element.get_untracked() {
            let (first, count) = (
                element.scroll_top() / ROW,
                element.client_height() / ROW + 1,
            );
            self.view
                .set_if_changed((first.max(0) as usize, count as usize));
        }
    }

    fn choose(self, row: usize) {
        self.active.set_if_changed(row);
        self.worker.send(&Request::Choose(row));
    }

    fn press(self, event: &KeyboardEvent) {
        let active = self.active.get_untracked();
        let last = self.total.get_untracked().saturating_sub(1);
        let page = self.view.get_untracked().1.max(2) - 1;
        let to = match event.key().as_str() {
            "ArrowDown" => active + 1,
            "ArrowUp" => active.saturating_sub(1),
            "PageDown" => active + page,
            "PageUp" => active.saturating_sub(page),
            "Home" => 0,
            "End" => last,
            "Enter" | " " => {
                event.prevent_default();
                return self.worker.send(&Request::Choose(active));
            }
            _ => return,
        };
        event.prevent_default();
        self.go_to(to.min(last));
    }

    /// Moves the keyboard to a row and scrolls it into view.
    fn go_to(self, row: usize) {
        self.active.set_if_changed(row);
        let Some(element) = self.element.get_untracked() else {
            return;
        };
        let at = row as i32 * ROW;
        // The head and the row itself.
        let (top, height) = (element.scroll_top(), element.client_height() - 2 * ROW);
        if at < top {
            element.set_scroll_top(at);
        } else if at > top + height {
            element.set_scroll_top(at - height);
        }
    }
}

/// Takes the space of rows that are not in the page.
#[component]
fn Space(rows: Signal<usize>) -> impl IntoView {
    view! {
        <tr class="history-space" aria-hidden="true">
            <td colspan=COLUMNS.len().to_string() style=move || format!("height:{}px", rows.get() as i32 * ROW)></td>
        </tr>
    }
}

#[component]
fn TableRow(row: Row, on_choose: impl Fn() + 'static) -> impl IntoView {
    let Row {
        badge,
        phase,
        job,
        attempt,
        rollout,
        target,
        created,
        waited,
        ran,
        cause,
        ..
    } = row;
    let is_selected = row.is_selected;
    view! {
        <tr
            class:is-shown=is_selected
            class:is-flagged=row.is_flagged && !is_selected
            class:is-active=row.is_active
            id=format!("history-row-{}", row.index)
            data-run=row.run.to_string()
            aria-rowindex=(row.index + 2).to_string()
            aria-selected=if is_selected { "true" } else { "false" }
            title=cause.map(clip)
            on:click=move |_| on_choose()
        >
            <td><RunBadge badge /></td>
            <td>{phase}</td>
            <td>{job}</td>
            <td>{attempt}</td>
            <td>{rollout}</td>
            <td>{target}</td>
            <td>{created}</td>
            <td>{waited}</td>
            <td>{ran}</td>
        </tr>
    }
}
