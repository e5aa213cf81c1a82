//! What an event log tells as a whole: how its tests went, and why one failed.

use leptos::either::Either;
use leptos::prelude::*;

use super::log_feed::LogFeed;
use super::log_row::LineWords;
use crate::api::job_run::State;
use crate::core::text::clip;
use crate::model::event_log::summary::{ActionableError, Suggestion, TestState};
use crate::ui::widgets::icon::{Icon, SvgIcon};
use crate::ui::widgets::state_badge::state_class;
use crate::workers::log::protocol::{
    Cause, EarlierRun, ErrorCause, MalformedLines, Summary, TestRow, Verdict, Words,
};
use crate::workers::log::words::{counted, grouped};

/// The summary of a log; nothing for a text. `open` is called with the line that a button leads to.
#[component]
pub(crate) fn LogSummary(feed: LogFeed, #[prop(into)] open: Callback<u32>) -> impl IntoView {
    let summary = Memo::new(move |_| feed.report.read().summary.clone());
    move || {
        summary.get().map(|summary| {
            view! {
                <div class="log-summary-frame">
                    <SummaryParts summary open />
                </div>
            }
        })
    }
}

#[component]
fn SummaryParts(summary: Summary, open: Callback<u32>) -> impl IntoView {
    let Summary {
        verdict,
        cause,
        tests,
        earlier,
        malformed,
    } = summary;
    let cause = cause.map(|cause| match cause {
        Cause::Error(cause) => Either::Left(view! { <ErrorBox cause open /> }),
        Cause::Line { line, words } => Either::Right(view! { <ErrorLine line words open /> }),
    });
    let tests = (!tests.is_empty()).then(|| {
        view! { <ol class="log-tests" aria-label="Tests">{test_rows(tests, open)}</ol> }
    });
    let earlier = (!earlier.is_empty()).then(|| view! { <EarlierRuns runs=earlier open /> });
    let malformed = malformed.map(|MalformedLines { count, first }| {
        view! {
            <p class="log-broken">
                {counted(count.into(), "line")} " could not be read as an event, and stand as they came. "
                <LeadButton line=first open>"Show the first"</LeadButton>
            </p>
        }
    });
    view! {
        <div class="log-summary">
            <VerdictLine verdict />
            {cause}
            {tests}
            {earlier}
            {malformed}
        </div>
    }
}

/// A button that leads to a line.
#[component]
fn LeadButton(line: u32, open: Callback<u32>, children: Children) -> impl IntoView {
    view! {
        <button class="log-lead" type="button" data-row=line on:click=move |_| open.run(line)>
            {children()}
        </button>
    }
}

/// How a run went.
#[component]
fn VerdictLine(verdict: Verdict) -> impl IntoView {
    let look = look(&verdict.state);
    view! {
        <p class="log-verdict">
            <span class=format!("state-badge {}", state_class(&look))>
                <SvgIcon icon=Icon::of(&look) />
                {clip(verdict.state.label())}
            </span>
            " "
            <span>{verdict.message()}</span>
        </p>
    }
}

/// Why it failed, what the test wrote before, and what Skaffold suggests.
#[component]
fn ErrorBox(cause: ErrorCause, open: Callback<u32>) -> impl IntoView {
    let ErrorCause {
        line,
        test,
        error,
        last_words,
    } = cause;
    let ActionableError {
        code,
        message,
        suggestions,
    } = error;
    let test = (!test.is_empty()).then(|| view! { <b>{clip(test)}</b>" " });
    let message = (!message.is_empty()).then(|| {
        view! { <pre class="log-message" tabindex="0">{clip(message)}</pre> }
    });
    let last_words = (!last_words.is_empty()).then(|| {
        let line = |words: Words| view! { <div><LineWords words /></div> };
        view! {
            <p class="log-error-label">"The last it wrote:"</p>
            <pre class="log-last" tabindex="0">{last_words.into_iter().map(line).collect_view()}</pre>
        }
    });
    let suggestions = (!suggestions.is_empty()).then(|| {
        view! {
            <p class="log-error-label">"Next:"</p>
            <ol class="log-suggestions">{suggestions.into_iter().map(suggestion_item).collect_view()}</ol>
        }
    });
    view! {
        <div class="log-error">
            <p class="log-error-head">{test}<span class="log-code">{clip(code)}</span></p>
            {message}
            {last_words}
            {suggestions}
            <LeadButton line open>{show_line(line)}</LeadButton>
        </div>
    }
}

fn suggestion_item(suggestion: Suggestion) -> impl IntoView {
    // `NIL` is Skaffold's code for none.
    let has_code = !matches!(&*suggestion.code, "" | "NIL");
    let code = has_code.then(|| view! { " "<span class="log-code">{clip(suggestion.code)}</span> });
    view! { <li>{clip(suggestion.action)}{code}</li> }
}

/// The first line that was written as an error, where no event says why it failed.
#[component]
fn ErrorLine(line: u32, words: String, open: Callback<u32>) -> impl IntoView {
    view! {
        <div class="log-error">
            <p class="log-error-head">"The first line that is written as an error"</p>
            <pre>{clip(words)}</pre>
            <LeadButton line open>{show_line(line)}</LeadButton>
        </div>
    }
}

/// The runs of Skaffold before the last one.
#[component]
fn EarlierRuns(runs: Vec<EarlierRun>, open: Callback<u32>) -> impl IntoView {
    let count = counted(runs.len() as u64, "earlier run");
    let runs = runs.into_iter().enumerate().map(
        |(
            index,
            EarlierRun {
                line,
                verdict,
                tests,
            },
        )| {
            view! {
                <li>
                    <VerdictLine verdict />
                    <LeadButton line open>{format!("Run {} of this file", index + 1)}</LeadButton>
                    <ol class="log-tests">{test_rows(tests, open)}</ol>
                </li>
            }
        },
    );
    view! {
        <details class="log-earlier">
            <summary>{count}</summary>
            <ol>{runs.collect_view()}</ol>
        </details>
    }
}

fn test_rows(tests: Vec<TestRow>, open: Callback<u32>) -> impl IntoView {
    tests
        .into_iter()
        .map(|test| view! { <TestItem test open /> })
        .collect_view()
}

/// A test with its bar.
#[component]
fn TestItem(test: TestRow, open: Callback<u32>) -> impl IntoView {
    let TestRow {
        name,
        state,
        line,
        duration,
        bar,
    } = test;
    let look = look(&state);
    let bar = bar
        .map(|(from, to)| view! { <span class="step-bar" style=format!("--from:{from};--to:{to}")></span> });
    view! {
        <li class=state_class(&look)>
            <button
                class="log-test"
                type="button"
                data-row=line
                title=show_line(line)
                on:click=move |_| open.run(line)
            >
                <span class="step-icon"><SvgIcon icon=Icon::of(&look) /></span>
                <span class="log-test-name">
                    {clip(name)} " " <span class="step-status">{clip(state.label())}</span>
                </span>
                <span class="step-track">{bar}</span>
                <span class="step-duration">{duration.unwrap_or_else(|| "—".to_owned())}</span>
            </button>
        </li>
    }
}

fn show_line(line: u32) -> String {
    format!("Show line {}", grouped(line.into()))
}

/// The state of a job run that looks as that of a test should.
fn look(state: &TestState) -> State {
    match state {
        TestState::Running => State::InProgress,
        TestState::Succeeded => State::Succeeded,
        TestState::Failed => State::Failed,
        TestState::Other(_) => State::Terminated,
    }
}
