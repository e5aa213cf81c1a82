//! The scanner that finds a year of job runs in bytes, against serde_json.

use jobrun_viewer::model::history::History;
use jobrun_viewer::model::history::scan::{Fields, Found, Scanner};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::input::pieces;

/// The members of an object in their order, also those that come twice.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each;

        impl<'de> Visitor<'de> for Each {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Each)
    }
}

/// What a resource says, as texts between their quotes: the resource, and then as [`Fields`] has them.
type Told<'a> = (&'a str, [&'a str; 10], bool);

/// What serde_json reads where the scanner is to find resources; and how many other values there are.
fn reference<'a>(raw: &'a str, told: &mut Vec<Told<'a>>, others: &mut usize) -> Option<()> {
    match raw.as_bytes().first()? {
        b'[' => {
            for item in serde_json::from_str::<Vec<&RawValue>>(raw).ok()? {
                reference(item.get(), told, others)?;
            }
        }
        b'{' => {
            let Members(members) = serde_json::from_str(raw).ok()?;
            let is_list = |(key, value): &&(String, &RawValue)| {
                matches!(key.as_str(), "jobRuns" | "rollouts") && value.get().starts_with('[')
            };
            if members.iter().any(|member| is_list(&member)) {
                for (_, list) in members.iter().filter(is_list) {
                    reference(list.get(), told, others)?;
                }
            } else {
                told.push(resource(raw, &members)?);
            }
        }
        _ => *others += 1,
    }
    Some(())
}

fn resource<'a>(raw: &'a str, members: &[(String, &'a RawValue)]) -> Option<Told<'a>> {
    const TEXTS: [&str; 8] = [
        "name",
        "phaseId",
        "jobId",
        "createTime",
        "startTime",
        "endTime",
        "state",
        "targetId",
    ];
    let inner = |value: &'a RawValue| value.get().strip_prefix('"')?.strip_suffix('"');
    let last = |wanted: &str| {
        let found = members.iter().rev().filter(|(key, _)| key == wanted);
        found
            .filter_map(|(_, value)| inner(value))
            .next()
            .unwrap_or_default()
    };
    let is_variant = |(key, value): &&(String, &'a RawValue)| {
        key.ends_with("JobRun") && value.get().starts_with('{')
    };
    let mut causes = Vec::new();
    for (_, value) in members.iter().filter(is_variant) {
        collect_causes(value, &mut causes)?;
    }
    let variants = members.iter().filter(is_variant);
    // The key as it stands in the text: those with escapes are not compared.
    let variant = variants.clone().next_back().map_or("", |(key, _)| {
        let at = raw.find(&format!("\"{key}\"")).map_or(0, |at| at + 1);
        raw.get(at..at + key.len()).unwrap_or_default()
    });
    let [name, phase, job, created, started, ended, state, target] = TEXTS.map(last);
    let cause = causes.first().copied().unwrap_or_default();
    Some((
        raw,
        [
            name, phase, job, created, started, ended, state, target, cause, variant,
        ],
        variants.filter(|(key, _)| !key.is_empty()).count() > 1,
    ))
}

/// The failure causes in a value, however deep, in their order.
fn collect_causes<'a>(value: &'a RawValue, causes: &mut Vec<&'a str>) -> Option<()> {
    match value.get().as_bytes().first()? {
        b'[' => {
            for item in serde_json::from_str::<Vec<&RawValue>>(value.get()).ok()? {
                collect_causes(item, causes)?;
            }
        }
        b'{' => {
            let Members(members) = serde_json::from_str(value.get()).ok()?;
            for (key, value) in members {
                let text = value
                    .get()
                    .strip_prefix('"')
                    .and_then(|text| text.strip_suffix('"'));
                match text {
                    Some(text) if key == "failureCause" => {
                        if !text.ends_with("_UNSPECIFIED") && !text.is_empty() {
                            causes.push(text);
                        }
                    }
                    _ => collect_causes(value, causes)?,
                }
            }
        }
        _ => {}
    }
    Some(())
}

fn told<'a>(text: &'a str, fields: &Fields) -> Told<'a> {
    let Fields {
        all,
        name,
        phase,
        job,
        created,
        started,
        ended,
        state,
        target,
        cause,
        variant,
        ..
    } = fields.clone();
    let of = |range: std::ops::Range<usize>| &text[range];
    (
        of(all),
        [
            name, phase, job, created, started, ended, state, target, cause, variant,
        ]
        .map(of),
        fields.several_variants,
    )
}

/// Documents of JSON, one after the other, as serde_json reads them; `None` unless all are lists or
/// objects, and not so deep that either reader gives up.
fn documents(text: &str) -> Option<Vec<&RawValue>> {
    let documents = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    let documents: Vec<&RawValue> = documents.collect::<Result<_, _>>().ok()?;
    let is_deep = text
        .bytes()
        .filter(|byte| matches!(byte, b'[' | b'{'))
        .count()
        > 60;
    let fits = documents
        .iter()
        .all(|document| document.get().starts_with(['[', '{']));
    // A key could be written with escapes, which no program does and the scanner does not look for.
    (fits && !is_deep && !text.contains("\\u")).then_some(documents)
}

fn add_all(pieces: &[&[u8]]) -> History {
    let mut history = History::default();
    pieces.iter().for_each(|piece| history.add(piece));
    history.end_document();
    history.settle();
    history
}

/// Scans bytes: at once, in pieces, and beside serde_json.
pub fn target(data: &[u8]) {
    let (whole, cut) = (add_all(&[data]), add_all(&pieces(data)));
    assert_eq!(whole.len(), cut.len());
    assert_eq!(whole.spoiled_count(), cut.spoiled_count());
    for (one, other) in whole.spoiled().iter().zip(cut.spoiled()) {
        assert_eq!((one.at, &one.excerpt), (other.at, &other.excerpt));
    }
    for run in 0..whole.len() {
        assert_eq!(whole.raw(run), cut.raw(run));
        assert_eq!(whole.name(run), cut.name(run));
        assert_eq!(whole.span(run), cut.span(run));
        assert_eq!(whole.flags(run), cut.flags(run));
        assert_eq!(whole.kind(run), cut.kind(run));
        assert_eq!(
            (whole.attempt(run), whole.attempts(run)),
            (cut.attempt(run), cut.attempts(run))
        );
        assert!(whole.attempt(run) >= 1 && whole.attempt(run) <= whole.attempts(run));
        assert!(
            whole
                .next_attempt(run)
                .is_none_or(|next| next < whole.len() && next != run)
        );
        whole.waited(run);
        whole.ran(run);
        assert!(whole.rollout(run) < whole.rollout_count());
    }

    let mut scanner = Scanner::default();
    let (mut found, mut broken, mut at) = (Vec::new(), Vec::new(), 0);
    loop {
        match scanner.next(data, true) {
            Found::Resource(fields) => {
                assert!(fields.all.start >= at && fields.all.end <= data.len());
                at = fields.all.end;
                found.push(fields);
            }
            Found::Broken(range) => {
                assert!(range.start >= at && range.start < range.end && range.end <= data.len());
                at = range.end;
                broken.push(range);
            }
            Found::Nothing => break,
        }
    }
    assert_eq!(scanner.position(), data.len(), "all of it was looked at");

    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let Some(documents) = documents(text) else {
        return;
    };
    let (mut wanted, mut others) = (Vec::new(), 0);
    for document in documents {
        if reference(document.get(), &mut wanted, &mut others).is_none() {
            return;
        }
    }
    let found: Vec<Told> = found.iter().map(|fields| told(text, fields)).collect();
    assert_eq!(found, wanted);
    assert_eq!(broken.len(), others, "{broken:?}");
    assert!(
        found
            .iter()
            .all(|(raw, ..)| serde_json::from_str::<IgnoredAny>(raw).is_ok())
    );
}
