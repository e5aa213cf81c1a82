//! The store of many job runs, in columns.

use std::collections::HashMap;
use std::ops::{BitOr, Range};

use super::scan::{ByteRange, Fields, Found, Scanner};
use crate::api::job_run::State;
use crate::core::time;
use crate::model::run::{self, JobKind};

pub use crate::model::run::Lifecycle;

/// Microseconds since 1970. Finer is neither drawn nor counted here; a run's own page has the
/// nanoseconds.
pub type Micros = i64;

/// How many entries that cannot be read are kept.
const MOST_BROKEN: usize = 100;

/// A time that a run does not have.
const ABSENT: Micros = i64::MIN;

/// Many job runs, in the order in which they came.
#[derive(Debug, Default)]
pub struct History {
    /// The JSON as it came.
    bytes: Vec<u8>,
    scanner: Scanner,
    at: Vec<(u32, u32)>,
    created: Vec<Micros>,
    started: Vec<Micros>,
    ended: Vec<Micros>,
    rollout: Vec<u32>,
    phase: Vec<u16>,
    job: Vec<u16>,
    state: Vec<u8>,
    kind: Vec<u8>,
    cause: Vec<u8>,
    flags: Vec<Flags>,
    /// From 1, among the runs of the same rollout, phase and job; once settled.
    attempt: Vec<u16>,
    attempts: Vec<u16>,
    /// The next attempt of the same job, or `u32::MAX`.
    next_attempt: Vec<u32>,
    rollouts: Names,
    rollout_infos: Vec<RolloutInfo>,
    phases: Names,
    jobs: Names,
    states: Names,
    kinds: Names,
    causes: Names,
    /// The names and targets of rollouts that came themselves, by what follows the project in their
    /// names: one answer has the project's id and another its number.
    known: HashMap<Box<[u8]>, Known>,
    spoiled: Vec<Spoiled>,
    spoiled_count: usize,
}

/// What a rollout says of itself.
#[derive(Debug)]
struct Known {
    name: Box<str>,
    target: Box<str>,
}

/// What a rollout's name says, and its target.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RolloutInfo {
    /// The full name, as the rollout has it if it came too, or else as its runs have it; whatever a
    /// run has before `/jobRuns/`, when that is no rollout's name.
    pub name: String,
    pub pipeline: String,
    pub release: String,
    pub id: String,
    /// Empty as long as no rollout resource told it.
    pub target: String,
}

/// An entry that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoiled {
    /// Where it begins, in bytes.
    pub at: usize,
    /// Its first characters.
    pub excerpt: String,
}

/// What does not add up about a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(u8);

impl Flags {
    pub const UNREADABLE_TIME: Self = Self(1);
    pub const NO_CREATE_TIME: Self = Self(2);
    /// The times are not in order.
    pub const CONTRADICTORY: Self = Self(4);
    pub const FINAL_WITHOUT_END: Self = Self(8);
    pub const END_WITHOUT_FINAL: Self = Self(16);
    /// No variant, several, or one from a newer API; or such a state.
    pub const UNKNOWN: Self = Self(32);
    pub(crate) const UNREADABLE_NAME: Self = Self(64);

    pub fn has(self, flag: Self) -> bool {
        self.0 & flag.0 != 0
    }
}

impl BitOr for Flags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The time that a run takes: from its creation over its start to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: Micros,
    /// Where waiting ends and running begins; `to` for what never ran.
    pub running: Micros,
    /// The end; [`Span::OPEN`] while it can still move.
    pub to: Micros,
}

impl Span {
    /// The end of what has not ended.
    pub const OPEN: Micros = i64::MAX;

    /// The end as it stands at a time.
    pub fn end(&self, now: Micros) -> Micros {
        // What still waits has no start of running either.
        let begun = if self.running == Self::OPEN {
            self.from
        } else {
            self.running
        };
        if self.to == Self::OPEN {
            now.max(begun)
        } else {
            self.to
        }
    }
}

/// Texts by number, for columns of few different ones.
#[derive(Debug, Default)]
struct Names {
    texts: Vec<Box<str>>,
    numbers: HashMap<Box<[u8]>, u32>,
    /// The last one asked for: most runs come beside others that are like them.
    last: Option<(Box<[u8]>, u32)>,
}

impl Names {
    /// The number of a text as it is in JSON; what is not UTF-8 is replaced.
    fn number(&mut self, raw: &[u8]) -> u32 {
        if let Some((text, number)) = &self.last
            && **text == *raw
        {
            return *number;
        }
        let number = match self.numbers.get(raw) {
            Some(number) => *number,
            None => {
                let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
                self.texts.push(text(raw).into());
                self.numbers.insert(raw.into(), number);
                number
            }
        };
        self.last = Some((raw.into(), number));
        number
    }

    /// [`number`](Self::number), where there is only room for so many: the rest share the last.
    fn number_up_to(&mut self, raw: &[u8], most: u32) -> u32 {
        if self.texts.len() < most as usize || self.numbers.contains_key(raw) {
            return self.number(raw);
        }
        self.number(b"(others)").min(most)
    }

    fn get(&self, number: usize) -> &str {
        self.texts.get(number).map_or("", |text| text)
    }
}

/// The text of a JSON string without its quotes.
fn text(raw: &[u8]) -> String {
    if raw.contains(&b'\\') {
        let quoted = [b"\"", raw, b"\""].concat();
        if let Ok(text) = serde_json::from_slice::<String>(&quoted) {
            return text;
        }
    }
    String::from_utf8_lossy(raw).into_owned()
}

impl History {
    /// Makes room for so many bytes, where that is known, since a growing buffer takes twice its size.
    pub(crate) fn expect_bytes(&mut self, count: usize) {
        // What a server claims is not yet there.
        let most = 1 << 30;
        let _ = self.bytes.try_reserve_exact(count.min(most));
    }

    /// Takes what came, and reads as much of it as is whole.
    pub fn add(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        self.scan(false);
    }

    /// Takes a whole text, such as one page of a list. The answer is its `nextPageToken`.
    pub fn add_document(&mut self, document: &[u8]) -> String {
        self.scanner.next_page_token = 0..0;
        self.add(document);
        self.end_document();
        text(&self.bytes[self.scanner.next_page_token.clone()])
    }

    /// Nothing more comes of the text that came last: what is unfinished of it stays so.
    pub fn end_document(&mut self) {
        self.scan(true);
        self.scanner.start_document(self.bytes.len());
    }

    fn scan(&mut self, is_all: bool) {
        loop {
            match self.scanner.next(&self.bytes, is_all) {
                Found::Resource(fields) => self.keep(fields),
                Found::Broken(range) => self.spoil(range),
                Found::Nothing => break,
            }
        }
    }

    fn spoil(&mut self, range: ByteRange) {
        self.spoiled_count += 1;
        if self.spoiled.len() < MOST_BROKEN {
            let shown = &self.bytes[range.start..range.end.min(range.start + 200)];
            let excerpt = String::from_utf8_lossy(shown).into_owned();
            self.spoiled.push(Spoiled {
                at: range.start,
                excerpt,
            });
        }
    }

    fn keep(&mut self, fields: Fields) {
        const JOB_RUNS: &[u8] = b"/jobRuns/";
        let bytes = &self.bytes;
        let name = &bytes[fields.name.clone()];
        let split = name
            .windows(JOB_RUNS.len())
            .rposition(|part| part == JOB_RUNS);
        if split.is_none() && fields.variant.is_empty() && fields.job.is_empty() {
            match resource_path(name) {
                Some(path) => {
                    let known = Known {
                        name: text(name).into(),
                        target: text(&bytes[fields.target.clone()]).into(),
                    };
                    self.known.insert(path.into(), known);
                }
                None => self.spoil(fields.all),
            }
            return;
        }
        let (Ok(start), Ok(end)) = (
            u32::try_from(fields.all.start),
            u32::try_from(fields.all.end),
        ) else {
            return self.spoil(fields.all);
        };

        let mut flags = Flags::default();
        let mut moment = |range: ByteRange| match &bytes[range] {
            [] => ABSENT,
            text => micros(text).unwrap_or_else(|| {
                flags = flags | Flags::UNREADABLE_TIME;
                ABSENT
            }),
        };
        let (created, started, ended) = (
            moment(fields.created),
            moment(fields.started),
            moment(fields.ended),
        );
        if created == ABSENT {
            flags = flags | Flags::NO_CREATE_TIME;
        }
        let before = |a: Micros, b: Micros| a != ABSENT && b != ABSENT && a < b;
        if before(started, created) || before(ended, started) || before(ended, created) {
            flags = flags | Flags::CONTRADICTORY;
        }
        let state = match &bytes[fields.state] {
            [] => b"STATE_UNSPECIFIED",
            state => state,
        };
        let state = self.states.number_up_to(state, u8::MAX.into()) as u8;
        match (
            run::lifecycle(&State::from(self.states.get(state.into()))),
            ended,
        ) {
            (Lifecycle::Final, ABSENT) => flags = flags | Flags::FINAL_WITHOUT_END,
            (Lifecycle::Live, ended) if ended != ABSENT => flags = flags | Flags::END_WITHOUT_FINAL,
            (Lifecycle::Unknown, _) => flags = flags | Flags::UNKNOWN,
            _ => {}
        }
        let kind = match fields.several_variants {
            true => b"several kinds",
            false => &bytes[fields.variant],
        };
        let kind = self.kinds.number_up_to(kind, u8::MAX.into()) as u8;
        if matches!(
            self.kind_of(kind),
            JobKind::Missing | JobKind::Several(_) | JobKind::Unrecognized(_)
        ) {
            flags = flags | Flags::UNKNOWN;
        }
        // Number 0 stands for none.
        if self.causes.texts.is_empty() {
            self.causes.number(b"");
        }
        let bytes = &self.bytes;
        let cause = self
            .causes
            .number_up_to(&bytes[fields.cause], u8::MAX.into()) as u8;
        let phase = self
            .phases
            .number_up_to(&bytes[fields.phase], u16::MAX.into()) as u16;
        let job = self.jobs.number_up_to(&bytes[fields.job], u16::MAX.into()) as u16;
        let name = &bytes[fields.name];
        let rollout = self.rollouts.number(&name[..split.unwrap_or(0)]);
        if rollout as usize == self.rollout_infos.len() {
            self.rollout_infos
                .push(RolloutInfo::read(self.rollouts.get(rollout as usize)));
        }
        if self.rollout_infos[rollout as usize].id.is_empty() {
            flags = flags | Flags::UNREADABLE_NAME;
        }

        self.at.push((start, end));
        self.created.push(created);
        self.started.push(started);
        self.ended.push(ended);
        self.rollout.push(rollout);
        self.phase.push(phase);
        self.job.push(job);
        self.state.push(state);
        self.kind.push(kind);
        self.cause.push(cause);
        self.flags.push(flags);
        self.attempt.push(1);
        self.attempts.push(1);
        self.next_attempt.push(u32::MAX);
    }

    /// Numbers the attempts and learns the rollouts' targets. Until then every run is the first
    /// attempt of one. It takes O(n log n), so it is done for many runs at once.
    pub fn settle(&mut self) {
        for (number, info) in self.rollout_infos.iter_mut().enumerate() {
            let path = resource_path(self.rollouts.get(number).as_bytes());
            if let Some(known) = path.and_then(|path| self.known.get(path)) {
                info.target = (*known.target).to_owned();
                info.name = (*known.name).to_owned();
            }
        }
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        let job = |run: u32| {
            let run = run as usize;
            (self.rollout[run], self.phase[run], self.job[run])
        };
        // What came first comes first, among those created at the same time.
        order.sort_unstable_by_key(|&run| (job(run), self.created[run as usize], run));
        for attempts in order.chunk_by(|&a, &b| job(a) == job(b)) {
            let count = attempts.len().min(usize::from(u16::MAX)) as u16;
            for (index, &run) in attempts.iter().enumerate() {
                self.attempt[run as usize] = (index + 1).min(usize::from(u16::MAX)) as u16;
                self.attempts[run as usize] = count;
                self.next_attempt[run as usize] =
                    attempts.get(index + 1).copied().unwrap_or(u32::MAX);
            }
        }
    }

    /// How many runs there are.
    pub fn len(&self) -> usize {
        self.at.len()
    }

    pub fn is_empty(&self) -> bool {
        self.at.is_empty()
    }

    /// How many bytes came.
    pub(crate) fn byte_count(&self) -> usize {
        self.bytes.len()
    }

    /// The JSON of a run, as it came.
    pub fn raw(&self, run: usize) -> &[u8] {
        let (start, end) = self.at[run];
        &self.bytes[start as usize..end as usize]
    }

    /// createTime.
    pub fn created(&self, run: usize) -> Option<Micros> {
        Some(self.created[run]).filter(|time| *time != ABSENT)
    }

    /// startTime.
    pub fn started(&self, run: usize) -> Option<Micros> {
        Some(self.started[run]).filter(|time| *time != ABSENT)
    }

    /// endTime.
    pub fn ended(&self, run: usize) -> Option<Micros> {
        Some(self.ended[run]).filter(|time| *time != ABSENT)
    }

    /// The time that a run takes; `None` when it has no time at all. Times that contradict each other
    /// span all of them (and [`Flags::CONTRADICTORY`] says so).
    pub fn span(&self, run: usize) -> Option<Span> {
        let times = [self.created(run), self.started(run), self.ended(run)];
        let from = times.into_iter().flatten().min()?;
        let is_open = self.lifecycle(run) == Lifecycle::Live && times[2].is_none();
        let to = if is_open {
            Span::OPEN
        } else {
            times.into_iter().flatten().max()?
        };
        let running = match times[1] {
            Some(started) => started,
            // What has only an end, or only ever waited.
            None => to,
        };
        Some(Span { from, running, to })
    }

    /// How long a run waited: from createTime to startTime, or to its end if it never started.
    pub fn waited(&self, run: usize) -> Option<Micros> {
        let until = self.started(run).or_else(|| self.ended(run))?;
        Some(until - self.created(run)?).filter(|waited| *waited >= 0)
    }

    /// How long a run ran: from startTime to endTime.
    pub fn ran(&self, run: usize) -> Option<Micros> {
        Some(self.ended(run)? - self.started(run)?).filter(|ran| *ran >= 0)
    }

    /// The number of a run's rollout, for [`rollout_info`](Self::rollout_info).
    pub fn rollout(&self, run: usize) -> usize {
        self.rollout[run] as usize
    }

    /// How many rollouts there are.
    pub fn rollout_count(&self) -> usize {
        self.rollout_infos.len()
    }

    pub fn rollout_info(&self, rollout: usize) -> &RolloutInfo {
        &self.rollout_infos[rollout]
    }

    /// The number of a run's phase, for [`phase_name`](Self::phase_name).
    pub fn phase(&self, run: usize) -> usize {
        self.phase[run].into()
    }

    pub fn phase_name(&self, phase: usize) -> &str {
        self.phases.get(phase)
    }

    /// The number of a run's job, for [`job_name`](Self::job_name).
    pub fn job(&self, run: usize) -> usize {
        self.job[run].into()
    }

    pub fn job_name(&self, job: usize) -> &str {
        self.jobs.get(job)
    }

    /// A run's state as the API writes it.
    pub fn state_name(&self, run: usize) -> &str {
        self.states.get(self.state[run].into())
    }

    pub fn state(&self, run: usize) -> State {
        State::from(self.state_name(run))
    }

    pub fn lifecycle(&self, run: usize) -> Lifecycle {
        run::lifecycle(&self.state(run))
    }

    pub fn kind(&self, run: usize) -> JobKind {
        self.kind_of(self.kind[run])
    }

    fn kind_of(&self, kind: u8) -> JobKind {
        match self.kinds.get(kind.into()) {
            "" => JobKind::Missing,
            "several kinds" => JobKind::Several(Vec::new()),
            field => JobKind::of_field(field, "JobRun"),
        }
    }

    /// A run's failure cause as the API writes it; empty for none.
    pub fn cause_name(&self, run: usize) -> &str {
        self.causes.get(self.cause[run].into())
    }

    pub fn flags(&self, run: usize) -> Flags {
        self.flags[run]
    }

    /// From 1.
    pub fn attempt(&self, run: usize) -> usize {
        self.attempt[run].into()
    }

    pub fn attempts(&self, run: usize) -> usize {
        self.attempts[run].into()
    }

    /// The attempt after this one.
    pub fn next_attempt(&self, run: usize) -> Option<usize> {
        Some(self.next_attempt[run])
            .filter(|next| *next != u32::MAX)
            .map(|next| next as usize)
    }

    /// The run's full name, with the project as its rollout has it.
    pub fn name(&self, run: usize) -> String {
        let mut found = Scanner::default();
        let name = match found.next(self.raw(run), true) {
            Found::Resource(fields) => text(&self.raw(run)[fields.name]),
            _ => String::new(),
        };
        match name.rsplit_once("/jobRuns/") {
            Some((_, id)) => [&self.rollout_info(self.rollout(run)).name, "/jobRuns/", id].concat(),
            None => name,
        }
    }

    /// The rollout of a name, whether that has the project's id or its number.
    pub(crate) fn find_rollout(&self, name: &str) -> Option<usize> {
        let path = resource_path(name.as_bytes());
        (0..self.rollout_count()).find(|rollout| {
            let known = self.rollouts.get(*rollout);
            known == name || (path.is_some() && resource_path(known.as_bytes()) == path)
        })
    }

    /// The run of a rollout with an id, by number.
    pub fn find(&self, rollout: &str, id: &str) -> Option<usize> {
        let (rollout, end) = (self.find_rollout(rollout)?, ["/", id].concat());
        (0..self.len()).find(|&run| self.rollout(run) == rollout && self.name(run).ends_with(&end))
    }

    /// The states that there are, as the API writes them, by number; likewise kinds and causes.
    pub fn states(&self) -> impl Iterator<Item = &str> {
        self.states.texts.iter().map(|text| &**text)
    }

    /// The number of a run's state among [`states`](Self::states).
    pub fn state_number(&self, run: usize) -> usize {
        self.state[run].into()
    }

    /// The failure causes that there are, by number; the first is none.
    pub fn causes(&self) -> impl Iterator<Item = &str> {
        self.causes.texts.iter().map(|text| &**text)
    }

    /// The number of a run's cause among [`causes`](Self::causes).
    pub fn cause_number(&self, run: usize) -> usize {
        self.cause[run].into()
    }

    /// The kinds that there are, by number.
    pub(crate) fn kinds(&self) -> impl Iterator<Item = JobKind> {
        (0..self.kinds.texts.len()).map(|kind| self.kind_of(kind as u8))
    }

    /// The number of a run's kind among [`kinds`](Self::kinds).
    pub(crate) fn kind_number(&self, run: usize) -> usize {
        self.kind[run].into()
    }

    /// What could not be read: the first 100.
    pub fn spoiled(&self) -> &[Spoiled] {
        &self.spoiled
    }

    /// How many entries could not be read.
    pub fn spoiled_count(&self) -> usize {
        self.spoiled_count
    }
}

impl RolloutInfo {
    fn read(name: &str) -> Self {
        let parts: Vec<&str> = name.split('/').collect();
        match parts[..] {
            [
                "projects",
                _,
                "locations",
                _,
                "deliveryPipelines",
                pipeline,
                "releases",
                release,
                "rollouts",
                id,
            ] => Self {
                name: name.to_owned(),
                pipeline: pipeline.to_owned(),
                release: release.to_owned(),
                id: id.to_owned(),
                target: String::new(),
            },
            _ => Self {
                name: name.to_owned(),
                ..Self::default()
            },
        }
    }
}

/// What follows the project in a rollout's name.
fn resource_path(name: &[u8]) -> Option<&[u8]> {
    let rest = name.strip_prefix(b"projects/")?;
    let slash = rest.iter().position(|byte| *byte == b'/')?;
    let parts = name.iter().filter(|byte| **byte == b'/').count();
    // projects/P/locations/L/deliveryPipelines/D/releases/R/rollouts/O
    (parts == 9).then(|| &rest[slash..])
}

/// Reads an RFC 3339 time: the way Google's APIs write it by hand, every other by
/// [`time::parse`].
fn micros(text: &[u8]) -> Option<Micros> {
    utc_micros(text).or_else(|| {
        let time = time::parse(std::str::from_utf8(text).ok()?).ok()?;
        Some(time.as_nanosecond().div_euclid(1_000) as Micros)
    })
}

/// Reads `2026-11-24T03:04:05.678901234Z`; `None` for whatever is written in another way.
fn utc_micros(text: &[u8]) -> Option<Micros> {
    let (head, tail) = text.split_at_checked(19)?;
    let digits = |range: Range<usize>| {
        head[range]
            .iter()
            .try_fold(0_i64, |number, byte| match byte {
                b'0'..=b'9' => Some(number * 10 + i64::from(byte - b'0')),
                _ => None,
            })
    };
    let shape = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if shape.into_iter().any(|(at, byte)| head[at] != byte) {
        return None;
    }
    let (year, month, day) = (digits(0..4)?, digits(5..7)?, digits(8..10)?);
    let (hour, minute, second) = (digits(11..13)?, digits(14..16)?, digits(17..19)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + i64::from(leap),
        1..=12 => 31,
        _ => return None,
    };
    if day < 1 || day > last || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let fraction = match tail {
        [b'Z'] => 0,
        [b'.', digits @ .., b'Z'] if !digits.is_empty() && digits.len() <= 9 => {
            let mut micros = 0_i64;
            for at in 0..6 {
                let digit = digits
                    .get(at)
                    .map_or(Some(0), |byte| byte.is_ascii_digit().then(|| byte - b'0'));
                micros = micros * 10 + i64::from(digit?);
            }
            digits[6.min(digits.len())..]
                .iter()
                .all(u8::is_ascii_digit)
                .then_some(micros)?
        }
        _ => return None,
    };
    // Days since 1970 in the Gregorian calendar, with years that begin in March.
    let (years, months) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let era = years.div_euclid(400);
    let of_era = years.rem_euclid(400);
    let of_year = (153 * months + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    Some((((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000_000 + fraction)
}
