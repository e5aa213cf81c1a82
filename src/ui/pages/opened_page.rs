//! What a file or an address holds.

use leptos::prelude::*;

use super::drop_zone::OpenFileButton;
use super::files::{OpenState, Opened, host, rollout_in};
use crate::core::name::RolloutName;
use crate::core::text::clip;
use crate::model::address::{Address, Source};
use crate::model::explain::{ErrorMessage, state_class};
use crate::ui::browse::browse_page::HistoryLink;
use crate::ui::nav::link::Link;
use crate::ui::rollout::rollout_page::RolloutPage;
use crate::ui::session::use_session;
use crate::ui::widgets::error_box::ErrorBox;
use crate::ui::widgets::icon::{Icon, SvgIcon};
use crate::ui::widgets::lazy_view::lazy_component;
use crate::workers::files::summary::{BrokenEntry, RolloutSummary, Summary};

/// Shows all that was opened: its rollouts, and what could not be read.
#[component]
fn OpenedPage(source: Source) -> impl IntoView {
    let shown = source.clone();
    let content = move |opened: &Opened| {
        let Opened { title, summary, .. } = opened;
        view! { <OpenedContent source=shown.clone() title=title.clone() summary=summary.clone() /> }
            .into_any()
    };
    view! { <WhenOpened source content /> }
}

/// Shows a rollout of something that was opened.
#[component]
fn OpenedRollout(source: Source, rollout: RolloutName) -> impl IntoView {
    let shown = source.clone();
    let content = move |opened: &Opened| {
        let (title, broken) = (opened.title.clone(), opened.summary.broken_title.clone());
        view! {
            <SourceNote source=shown.clone() title broken />
            <RolloutPage rollout=rollout.clone() />
        }
        .into_any()
    };
    view! { <WhenOpened source content /> }
}

/// Shows `content` of what was opened from a source, or how far opening it has come. Opens an address that is
/// not open yet.
#[component]
fn WhenOpened(
    source: Source,
    content: impl Fn(&Opened) -> AnyView + Send + 'static,
) -> impl IntoView {
    let session = use_session();
    if let Source::Url(url) = &source
        && untrack(|| session.files.stage(&source)).is_none()
    {
        session.open_url(url);
    }
    let stage = Memo::new({
        let source = source.clone();
        move |_| session.files.stage(&source)
    });
    move || match stage.get().as_deref() {
        Some(OpenState::Opened(opened)) => content(opened),
        Some(OpenState::Reading) => view! { <ReadingNote source=source.clone() /> }.into_any(),
        Some(OpenState::Failed(message)) => {
            view! { <OpenFailure source=source.clone() message=message.clone() /> }.into_any()
        }
        None => view! { <FileClosedNotice again="Drop it here, paste its text, or open it:" /> }
            .into_any(),
    }
}

/// Says what is being read.
#[component]
fn ReadingNote(source: Source) -> impl IntoView {
    let what = match &source {
        Source::Url(url) => host(url),
        _ => "the file".to_owned(),
    };
    view! { <p class="notice" role="status">{clip(format!("Reading {what}…"))}</p> }
}

/// Shows why something could not be opened, and a way to open it again.
#[component]
fn OpenFailure(source: Source, message: ErrorMessage) -> impl IntoView {
    let session = use_session();
    match source {
        Source::Url(url) => {
            let retry = Callback::new(move |()| session.open_url(&url));
            view! { <ErrorBox message retry=Some(retry) /> }.into_any()
        }
        _ => view! {
            <div>
                <ErrorBox message />
                <p class="open-again"><OpenFileButton /></p>
            </div>
        }
        .into_any(),
    }
}

/// Says that a file is closed, as after a reload: a browser gives a page no file twice. `again` says how the user
/// can open it again.
#[component]
pub(crate) fn FileClosedNotice(again: &'static str) -> impl IntoView {
    view! {
        <section class="notice">
            <h1 tabindex="-1">"The file is not open any more"</h1>
            <p>
                "A file stays in the memory of the page that opened it, and is gone when the page is loaded again. "
                {again}
            </p>
            <OpenFileButton />
        </section>
    }
}

/// Lists the rollouts of what was opened, and the entries that could not be read.
#[component]
fn OpenedContent(source: Source, title: String, summary: Summary) -> impl IntoView {
    let Summary {
        counts,
        broken_title,
        notes,
        rollouts,
        broken,
        ..
    } = summary;
    let notes = notes.into_iter().map(|note| {
        view! { <p class="notice is-warning"><SvgIcon icon=Icon::Warning /><span>{clip(note)}</span></p> }
    });
    let rollouts = rollouts
        .into_iter()
        .map(|summary| view! { <RolloutRow source=source.clone() summary /> });
    let broken = (!broken.is_empty()).then(|| {
        let entries = broken
            .into_iter()
            .map(|entry| view! { <BrokenRow entry /> });
        view! {
            <section class="broken">
                <h2>{clip(broken_title)}</h2>
                <ul>{entries.collect_view()}</ul>
            </section>
        }
    });
    view! {
        <article class="opened">
            <header>
                <h1 tabindex="-1" class="long-text">{clip(title)}</h1>
                <p class="lead">{clip(format!("{counts}. {}", privacy(&source)))}</p>
                <HistoryLink to=Address::history_in(source.clone()) />
                <OpenFileButton />
            </header>
            {notes.collect_view()}
            <ul class="opened-rollouts">{rollouts.collect_view()}</ul>
            {broken}
        </article>
    }
}

/// Links to a rollout of what was opened.
#[component]
fn RolloutRow(source: Source, summary: RolloutSummary) -> impl IntoView {
    let RolloutSummary {
        name,
        id,
        within,
        count,
        state,
        headline,
    } = summary;
    let headline = (!headline.is_empty()).then(|| {
        view! {
            <span class=format!("opened-verdict {}", state_class(&state))>
                <SvgIcon icon=Icon::of(&state) />
                {clip(headline)}
            </span>
        }
    });
    view! {
        <li>
            <Link to=rollout_in(&name, &source)>
                <b>{clip(id)}</b>
                <span class="absent">{clip(within)}</span>
                {headline}
                <span class="opened-count">{clip(count)}</span>
            </Link>
        </li>
    }
}

/// Shows an entry that could not be read: where it is, why, and the text around the error.
#[component]
fn BrokenRow(entry: BrokenEntry) -> impl IntoView {
    let BrokenEntry {
        position,
        path,
        reason,
        excerpt,
    } = entry;
    let excerpt = (!excerpt.is_empty()).then(|| view! { <pre>{clip(excerpt)}</pre> });
    view! {
        <li>
            <p class="absent">{clip(position)} " " <code>{clip(path)}</code></p>
            <p>{clip(reason)}</p>
            {excerpt}
        </li>
    }
}

/// Stands above a rollout of something that was opened: says what it is from, and what is missing.
#[component]
fn SourceNote(source: Source, title: String, broken: String) -> impl IntoView {
    let page = Address::Opened(source.clone());
    let broken = (!broken.is_empty()).then(|| {
        view! {
            <Link to=page.clone() class="source-broken"><SvgIcon icon=Icon::Warning />{clip(broken)}</Link>
        }
    });
    view! {
        <p class="source-note">
            "From " <Link to=page.clone() class="long-text">{clip(title)}</Link>
            {clip(format!(". {}", privacy(&source)))} {broken}
        </p>
    }
}

/// Says who learns of what was opened.
fn privacy(source: &Source) -> String {
    match source {
        Source::Url(url) => format!("Read from {}, and sent to nobody.", host(url)),
        _ => "Nothing of it leaves this browser.".to_owned(),
    }
}

lazy_component! {
    part: files;
    /// [`OpenedPage`], loaded on first use.
    pub(crate) fn LazyOpenedPage(source: Source) {
        view! { <OpenedPage source /> }
    }
}

lazy_component! {
    part: files;
    /// [`OpenedRollout`], loaded on first use.
    pub(crate) fn LazyOpenedRollout(source: Source, rollout: RolloutName) {
        view! { <OpenedRollout source rollout /> }
    }
}
