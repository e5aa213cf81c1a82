//! What many job runs tell: durations, critical paths, comparisons, replays and failures.

use jobrun_viewer::api::job_run::State;
use jobrun_viewer::model::history::compare::{self, Comparison, is_noise};
use jobrun_viewer::model::history::critical_path::{
    CriticalPath, Gap, PathStepKind, SCHEDULING, SKEW,
};
use jobrun_viewer::model::history::durations::{Durations, Order, Spread, Standing};
use jobrun_viewer::model::history::failures::{self, Failures};
use jobrun_viewer::model::history::replay::{Counts, Replay, Stood, stood};
use jobrun_viewer::model::history::{History, Lifecycle, Micros};
use proptest::prelude::*;
use serde_json::json;

use crate::sample::{Sample, history, micros, run};

const S: Micros = 1_000_000;

fn all(history: &History) -> Vec<u32> {
    (0..history.len() as u32).collect()
}

/// A sample in a rollout of its own name.
fn in_rollout(sample: Sample, rollout: &str) -> Sample {
    let name = sample.clone().value()["name"]
        .as_str()
        .unwrap()
        .replace("/rollouts/o/", &format!("/rollouts/{rollout}/"));
    sample.with("name", name)
}

fn failed(sample: Sample, cause: &str) -> Sample {
    sample
        .state("FAILED")
        .variant("deployJobRun", json!({ "failureCause": cause }))
}

/// Runs of three rollouts as any may be: in order or not, with times missing, and of all states.
fn any_runs() -> impl Strategy<Value = Vec<Sample>> {
    let time =
        || prop_oneof![12 => (0..200_u32).prop_map(|t| Some(f64::from(t) / 2.0)), 1 => Just(None)];
    let in_order = (0..400_u32, 0..20_u32, 0..60_u32)
        .prop_map(|(c, w, r)| [c, c + w, c + w + r].map(|t| Some(f64::from(t) / 2.0)));
    let times = prop_oneof![1 => [time(), time(), time()], 3 => in_order];
    let state = prop::sample::select(vec![
        "SUCCEEDED",
        "SUCCEEDED",
        "SUCCEEDED",
        "FAILED",
        "FAILED",
        "IN_PROGRESS",
        "TERMINATING",
        "TERMINATED",
        "ODD",
    ]);
    let job = prop::sample::select(vec!["deploy", "verify", "postdeploy"]);
    let phase = prop::sample::select(vec!["canary-5", "canary-25", "stable"]);
    let cause = prop::sample::select(vec!["", "EXECUTION_FAILED", "DEADLINE_EXCEEDED"]);
    let rollout = prop::sample::select(vec!["o", "p", "q"]);
    let one = (times, state, phase, job, cause, rollout, 0..10_u8);
    prop::collection::vec(one, 0..50).prop_map(|runs| {
        let sample = |(at, (times, state, phase, job, cause, rollout, live)): (usize, _)| {
            let [created, started, ended]: [Option<f64>; 3] = times;
            let live: u8 = live;
            // What is under way has mostly no end.
            let ended = if state == "IN_PROGRESS" && live > 0 {
                None
            } else {
                ended
            };
            let variant = json!({ "failureCause": cause });
            let sample = run(&format!("r{at}"))
                .job(phase, job)
                .variant("deployJobRun", variant);
            in_rollout(sample.state(state).times(created, started, ended), rollout)
        };
        runs.into_iter().enumerate().map(sample).collect()
    })
}

/// Every run but those that a pattern leaves out.
fn some(history: &History, pattern: u64) -> Vec<u32> {
    all(history)
        .into_iter()
        .filter(|run| pattern >> (run % 64) & 1 == 1)
        .collect()
}

mod durations {
    use super::*;

    #[test]
    fn percentiles_are_durations_that_runs_really_took() {
        let times: Vec<Micros> = (1..=100).collect();
        let spread =
            |times: &[Micros]| Spread::of(times).map(|s| (s.count, s.total, s.p50, s.p90, s.p99));
        assert_eq!(spread(&times), Some((100, 5_050, 50, 90, 99)));
        assert_eq!(spread(&[7]), Some((1, 7, 7, 7, 7)));
        assert_eq!(spread(&[1, 2]), Some((2, 3, 1, 2, 2)));
        assert_eq!(spread(&[]), None);
        assert_eq!(
            Spread::of(&[Micros::MAX, Micros::MAX]).unwrap().total,
            Micros::MAX
        );
    }

    #[test]
    fn what_failed_was_terminated_or_goes_on_does_not_say_how_long_a_job_takes() {
        let history = history(vec![
            run("a").times(0.0, 5.0, 65.0),
            run("b").times(0.0, 7.0, 127.0),
            failed(run("c").times(0.0, 9.0, 10.0), "EXECUTION_FAILED"),
            run("d").state("TERMINATED").times(0.0, 11.0, 3_600.0),
            run("e").state("TERMINATED").times(0.0, None, 3_600.0),
            run("f").state("IN_PROGRESS").times(0.0, 1.0, None),
            run("g").state("ODD").times(0.0, 1.0, 2.0),
            run("h").times(10.0, 5.0, 3.0),
            run("i").job("stable", "verify").times(None, 5.0, 6.0),
        ]);
        let durations = Durations::new(&history, &all(&history));
        let [deploy, verify] = &durations.jobs[..] else {
            panic!("{durations:?}")
        };
        assert_eq!((deploy.count, deploy.failed, deploy.terminated), (8, 1, 2));
        let waiting = deploy.waiting.unwrap();
        assert_eq!((waiting.count, waiting.total), (4, 32 * S));
        let running = deploy.running.unwrap();
        assert_eq!(
            (running.count, running.p50, running.p99),
            (2, 60 * S, 120 * S)
        );
        assert_eq!(deploy.failing.unwrap().total, S);
        assert_eq!(verify.waiting, None);
        assert_eq!(verify.running.unwrap().total, S);
    }

    #[test]
    fn jobs_come_in_the_order_that_is_asked_for() {
        let history = history(vec![
            run("a").job("canary-25", "deploy").times(0.0, 1.0, 100.0),
            run("b").job("canary-5", "deploy").times(0.0, 50.0, 60.0),
            failed(run("c").job("stable", "deploy").times(0.0, 1.0, 2.0), ""),
            failed(run("d").job("stable", "deploy").times(0.0, 1.0, 2.0), ""),
        ]);
        let durations = Durations::new(&history, &all(&history));
        let phases = |order| {
            let jobs = durations.ordered(&history, order);
            jobs.into_iter()
                .map(|job| history.phase_name(job.phase))
                .collect::<Vec<_>>()
        };
        assert_eq!(phases(Order::Name), ["canary-5", "canary-25", "stable"]);
        assert_eq!(phases(Order::Failed), ["stable", "canary-5", "canary-25"]);
    }

    #[test]
    fn a_run_is_told_where_it_stands() {
        let mut samples: Vec<_> = (1..=100)
            .map(|t| run(&format!("r{t}")).times(0.0, 0.0, f64::from(t)))
            .collect();
        samples.push(run("slow").times(0.0, 0.0, 97.5));
        samples.push(run("fast").times(0.0, 0.0, 0.5));
        samples.push(failed(run("failed").times(0.0, 0.0, 98.5), ""));
        samples.push(run("terminated").state("TERMINATED").times(0.0, 0.0, 0.25));
        samples.push(run("live").state("IN_PROGRESS").times(0.0, 0.0, None));
        samples.push(run("other").job("stable", "verify"));
        let history = history(samples);
        let durations = Durations::new(&history, &all(&history));
        let sentence = |run| durations.sentence(&history, run);
        let standing = |run| durations.standing(&history, run).unwrap();
        assert_eq!(
            standing(100),
            Standing {
                ran: 97_500_000,
                slower_than: 98,
                faster_than: 3,
                equal: 0
            }
        );
        assert_eq!(standing(100).others(), 101);
        let said = |text: &str| Some(format!("{text} (p50 50 s, p99 1 m 39 s)"));
        assert_eq!(
            sentence(100),
            said("Slower than 98 of 101 runs of deploy in stable")
        );
        assert_eq!(
            sentence(101),
            said("Faster than 101 of 101 runs of deploy in stable")
        );
        assert_eq!(
            sentence(102),
            said(
                "Failed after 1 m 38 s, longer than 100 of 102 runs of deploy in stable that succeeded"
            )
        );
        assert_eq!(
            sentence(103),
            said(
                "Terminated after 250 ms, sooner than 102 of 102 runs of deploy in stable that succeeded"
            )
        );
        assert_eq!(sentence(104), None);
        assert_eq!(
            sentence(105).unwrap(),
            "No other run of verify in stable succeeded, so there is none to compare with"
        );
        assert_eq!(
            durations
                .sentence_so_far(&history, 104, micros(42.5))
                .unwrap(),
            "Running for 42 s, longer than 43 of 102 runs of deploy in stable took (p50 50 s, p99 1 m 39 s)"
        );
        // A clock that is behind.
        assert_eq!(
            durations
                .so_far(&history, 104, micros(-5.0))
                .unwrap()
                .slower_than,
            0
        );
        assert_eq!(durations.so_far(&history, 0, micros(500.0)), None);
        // Of a run that the filters keep out, the others are told as well.
        let filtered = Durations::new(&history, &[0, 1, 2]);
        assert_eq!(filtered.standing(&history, 100).unwrap().slower_than, 3);
        assert_eq!(filtered.standing(&history, 0).unwrap().others(), 2);
        assert_eq!(filtered.standing(&history, 105).unwrap().others(), 0);
    }

    #[test]
    fn equals_are_told_as_such() {
        let history = history(vec![
            run("a"),
            run("b"),
            run("c").job("stable", "verify"),
            run("d").job("stable", "verify").times(0.0, 0.0, 60.0),
        ]);
        let durations = Durations::new(&history, &all(&history));
        let sentence = |run| durations.sentence(&history, run).unwrap();
        assert_eq!(
            sentence(0),
            "Took as long as the one other run of deploy in stable (p50 55 s, p99 55 s)"
        );
        assert_eq!(
            sentence(3),
            "Slower than the one other run of verify in stable (p50 55 s, p99 1 m 00 s)"
        );
    }

    proptest! {
        #[test]
        fn durations_agree_with_counting_by_hand(samples in any_runs(), pattern: u64) {
            let history = history(samples);
            let mut runs = some(&history, pattern);
            let durations = Durations::new(&history, &runs);
            prop_assert_eq!(durations.jobs.iter().map(|job| job.count as usize).sum::<usize>(), runs.len());
            for job in &durations.jobs {
                let of_job: Vec<usize> = runs
                    .iter()
                    .map(|run| *run as usize)
                    .filter(|run| (history.phase(*run), history.job(*run)) == (job.phase, job.job))
                    .collect();
                let times = |state: Option<State>, time: &dyn Fn(usize) -> Option<Micros>| {
                    let of_state = |run: &&usize| match &state {
                        Some(state) => history.state(**run) == *state,
                        None => history.lifecycle(**run) == Lifecycle::Final,
                    };
                    let mut times: Vec<_> = of_job.iter().filter(of_state).filter_map(|run| time(*run)).collect();
                    times.sort();
                    times
                };
                let between = |a: Option<Micros>, b: Option<Micros>| Some(b? - a?).filter(|time| *time >= 0);
                let ran = |run| between(history.started(run), history.ended(run));
                let waited = |run| between(history.created(run), history.started(run));
                for (spread, times) in [
                    (job.waiting, times(None, &waited)),
                    (job.running, times(Some(State::Succeeded), &ran)),
                    (job.failing, times(Some(State::Failed), &ran)),
                ] {
                    prop_assert_eq!(spread.map_or(0, |s| s.count as usize), times.len());
                    let Some(spread) = spread else { continue };
                    prop_assert_eq!(spread.total, times.iter().sum::<Micros>());
                    for (percent, p) in [(50, spread.p50), (90, spread.p90), (99, spread.p99)] {
                        let reaches = |p: Micros| times.iter().filter(|time| **time <= p).count() * 100 >= percent * times.len();
                        prop_assert_eq!(times.iter().copied().find(|time| reaches(*time)), Some(p));
                    }
                }
                prop_assert_eq!(job.failed as usize, of_job.iter().filter(|run| history.state(**run) == State::Failed).count());
            }
            for run in 0..history.len() {
                let ran = history.ran(run).filter(|_| history.lifecycle(run) == Lifecycle::Final);
                let standing = durations.standing(&history, run);
                prop_assert_eq!(standing.map(|s| s.ran), ran);
                prop_assert_eq!(durations.sentence(&history, run).is_some(), ran.is_some());
                let Some(standing) = standing else { continue };
                let others = runs.iter().map(|other| *other as usize).filter(|other| {
                    *other != run
                        && (history.phase(*other), history.job(*other)) == (history.phase(run), history.job(run))
                        && history.state(*other) == State::Succeeded
                });
                let times: Vec<_> = others.filter_map(|other| history.ran(other)).collect();
                let count = |is: &dyn Fn(Micros) -> bool| times.iter().filter(|time| is(**time)).count() as u32;
                prop_assert_eq!(standing.slower_than, count(&|time| time < standing.ran));
                prop_assert_eq!(standing.faster_than, count(&|time| time > standing.ran));
                prop_assert_eq!(standing.equal, count(&|time| time == standing.ran));
            }
            // Twice the same run is the same run, and one that is not there is none.
            runs.extend(runs.clone());
            runs.push(u32::MAX);
            prop_assert_eq!(Durations::new(&history, &runs).jobs, durations.jobs);
        }
    }
}

mod critical_path {
    use super::*;

    fn path(history: &History, now: f64) -> CriticalPath {
        CriticalPath::new(history, &all(history), 0, micros(now)).unwrap()
    }

    /// What each step is, and its beginning and end in seconds.
    fn steps(path: &CriticalPath) -> Vec<(String, i64, i64)> {
        let name = |what| match what {
            PathStepKind::Run { run, .. } => format!("run {run}"),
            PathStepKind::Gap { gap, before } => format!("{gap:?} before {before}"),
        };
        let secs = |time: Micros| (time - micros(0.0)) / S;
        path.steps
            .iter()
            .map(|step| (name(step.kind), secs(step.from), secs(step.to)))
            .collect()
    }

    fn step(name: &str, from: i64, to: i64) -> (String, i64, i64) {
        (name.to_owned(), from, to)
    }

    #[test]
    fn a_rollout_is_explained_from_its_end_to_its_beginning() {
        let history = history(vec![
            run("a").job("canary-25", "deploy").times(0.0, 10.0, 100.0),
            failed(
                run("b")
                    .job("canary-25", "verify")
                    .times(102.0, 110.0, 200.0),
                "EXECUTION_FAILED",
            ),
            run("c")
                .job("canary-25", "verify")
                .times(500.0, 510.0, 600.0),
            run("d")
                .job("stable", "deploy")
                .times(4_200.0, 4_230.0, 4_500.0),
            run("e")
                .job("stable", "verify")
                .times(4_520.0, 4_530.0, 4_600.0),
        ]);
        let path = path(&history, 9_999.0);
        assert_eq!(
            steps(&path),
            [
                step("run 0", 0, 100),
                step("Scheduling before 1", 100, 102),
                step("run 1", 102, 200),
                step("Retry before 2", 200, 500),
                step("run 2", 500, 600),
                step("Phase before 3", 600, 4_200),
                step("run 3", 4_200, 4_500),
                step("Job before 4", 4_500, 4_520),
                step("run 4", 4_520, 4_600),
            ]
        );
        assert_eq!(
            (path.waited, path.ran, path.idle),
            (68 * S, 610 * S, 3_922 * S)
        );
        assert!(!path.is_live);
        assert_eq!(path.steps[5].per_mille, 783);
        let labels: Vec<_> = path.steps.iter().map(|step| step.label(&history)).collect();
        assert_eq!(
            labels,
            [
                "deploy in canary-25",
                "before verify in canary-25: scheduling",
                "verify in canary-25, attempt 1",
                "before attempt 2 of verify in canary-25: until it was retried",
                "verify in canary-25, attempt 2",
                "before stable: perhaps until someone advanced the rollout",
                "deploy in stable",
                "before verify in stable: nothing was under way",
                "verify in stable",
            ]
        );
        assert_eq!(
            path.sentence(&history),
            "1 h 16 m from the first creation to the last end: ran 10 m 10 s, waited 1 m 08 s to start, \
             1 h 05 m in between; the longest part is 1 h 00 m before stable: perhaps until someone advanced \
             the rollout"
        );
    }

    #[test]
    fn of_runs_side_by_side_the_one_that_ended_last_counts() {
        let history = history(vec![
            run("a").times(0.0, 1.0, 50.0),
            run("b").job("stable", "x").times(2.0, 3.0, 80.0),
            run("c").job("stable", "y").times(20.0, 30.0, 80.0),
            // Created a little before what it waited for had ended, by another server's clock.
            run("d").job("stable", "z").times(79.5, 81.0, 90.0),
        ]);
        assert_eq!(
            steps(&path(&history, 0.0)),
            [
                step("Scheduling before 1", 0, 2),
                step("run 1", 2, 79),
                step("run 3", 79, 90)
            ]
        );
    }

    #[test]
    fn a_gap_during_which_others_ran_is_not_said_to_be_a_persons() {
        let history = history(vec![
            run("a").job("canary", "deploy").times(0.0, 1.0, 10.0),
            run("b").job("canary", "verify").times(5.0, 6.0, 100.0),
            run("c").times(60.0, 61.0, 120.0),
        ]);
        assert_eq!(
            steps(&path(&history, 0.0)),
            [
                step("run 0", 0, 10),
                step("Beside before 2", 10, 60),
                step("run 2", 60, 120)
            ]
        );
    }

    #[test]
    fn what_goes_on_ends_now() {
        let live = |started| {
            history(vec![
                run("a").times(0.0, 1.0, 10.0),
                run("b")
                    .job("stable", "verify")
                    .state("IN_PROGRESS")
                    .times(12.0, started, None),
            ])
        };
        let waiting = path(&live(None), 40.0);
        assert_eq!(steps(&waiting)[2], step("run 1", 12, 40));
        assert!(waiting.is_live);
        assert_eq!(
            (waiting.waited, waiting.ran, waiting.idle),
            (29 * S, 9 * S, 2 * S)
        );
        assert!(
            waiting
                .sentence(&live(None))
                .starts_with("40 s from the first creation to now: ran 9.0 s")
        );
        let running = path(&live(Some(20.0)), 40.0);
        assert_eq!((running.waited, running.ran), (9 * S, 29 * S));
        // A clock that is behind.
        assert_eq!(path(&live(Some(20.0)), -5.0).to, micros(20.0));
        assert_eq!(path(&live(None), -5.0).to, micros(12.0));
    }

    #[test]
    fn a_rollout_without_times_has_no_path_and_an_instant_has_one() {
        let timeless = history(vec![run("a").times(None, None, None)]);
        assert_eq!(CriticalPath::new(&timeless, &[0], 0, 0), None);
        let instant = history(vec![
            run("a").times(1.0, 1.0, 1.0),
            run("b").times(1.0, None, 1.0),
        ]);
        let path = path(&instant, 0.0);
        assert_eq!(steps(&path), [step("run 0", 1, 1)]);
        assert_eq!(path.steps[0].per_mille, 0);
        assert_eq!(CriticalPath::new(&instant, &[0, 7], 1, 0), None);
    }

    #[test]
    fn many_runs_at_the_same_time_take_no_longer() {
        let runs: Vec<_> = (0..20_000)
            .map(|n| {
                let t = f64::from(n) / 100_000.0;
                run(&n.to_string()).times(t, t, t + f64::from(n % 7) / 10.0)
            })
            .collect();
        let path = path(&history(runs), 0.0);
        assert!(!path.steps.is_empty());
    }

    proptest! {
        #[test]
        fn a_path_is_what_walking_back_by_hand_finds(samples in any_runs(), pattern: u64, now in 0..300_u32) {
            let history = history(samples);
            let (runs, now) = (some(&history, pattern), micros(f64::from(now) / 2.0));
            for rollout in 0..history.rollout_count() {
                // Beginning and end of each run.
                let extent = |run: u32| {
                    let at = run as usize;
                    let times: Vec<_> = [history.created(at), history.started(at), history.ended(at)].into_iter().flatten().collect();
                    let (from, to) = (*times.iter().min()?, *times.iter().max()?);
                    let is_open = history.lifecycle(at) == Lifecycle::Live && history.ended(at).is_none();
                    Some((run, from, if is_open { to.max(now) } else { to }))
                };
                let mine: Vec<_> = runs.iter().filter(|run| history.rollout(**run as usize) == rollout).filter_map(|run| extent(*run)).collect();
                let path = CriticalPath::new(&history, &runs, rollout, now);
                prop_assert_eq!(path.is_none(), mine.is_empty());
                let Some(path) = path else { continue };
                let first = mine.iter().map(|(_, from, _)| *from).min().unwrap();
                let last = mine.iter().map(|(.., to)| *to).max().unwrap();
                prop_assert_eq!((path.from, path.to), (first, last));

                // It covers all of the time once.
                let mut at = first;
                for step in &path.steps {
                    prop_assert_eq!(step.from, at);
                    // A run may be an instant, a gap may not.
                    let least = i64::from(matches!(step.kind, PathStepKind::Gap { gap: _, before: _ }));
                    prop_assert!(step.length() >= least);
                    at = step.to;
                }
                prop_assert_eq!(at, last);
                prop_assert_eq!(path.waited + path.ran + path.idle, last - first);
                let shares: u32 = path.steps.iter().map(|step| u32::from(step.per_mille)).sum();
                prop_assert_eq!(shares, if first < last { 1_000 } else { 0 });

                // And it has the runs that a look at all of them finds.
                let mut wanted = Vec::new();
                let mut current = mine.iter().filter(|(.., to)| *to == last).min_by_key(|(run, from, _)| (*from, *run)).copied();
                while let Some((run, until, _)) = current {
                    wanted.push(run);
                    current = mine
                        .iter()
                        .filter(|(_, from, to)| *from < until && *to <= until + SKEW)
                        .max_by_key(|(run, from, to)| ((*to).min(until), std::cmp::Reverse((*from, *run))))
                        .copied();
                }
                wanted.reverse();
                let found: Vec<_> = path.steps.iter().filter_map(|step| match step.kind {
                    PathStepKind::Run { run, .. } => Some(run),
                    PathStepKind::Gap { .. } => None,
                }).collect();
                prop_assert_eq!(found, wanted);

                for step in &path.steps {
                    step.label(&history);
                    match step.kind {
                        PathStepKind::Run { running, .. } => prop_assert!((step.from..=step.to).contains(&running)),
                        PathStepKind::Gap { gap, .. } => {
                            let is_beside = mine.iter().any(|(_, from, to)| *from < step.to && *to > step.from);
                            if gap == Gap::Scheduling {
                                prop_assert!(step.length() <= SCHEDULING);
                            } else {
                                prop_assert_eq!(gap == Gap::Beside, is_beside);
                            }
                        }
                    }
                }
                path.sentence(&history);
            }
        }

        #[test]
        fn times_from_any_year_and_any_now_do_no_harm(samples in crate::sample::any_runs(), now: i64) {
            let history = history(samples);
            for rollout in 0..history.rollout_count() {
                if let Some(path) = CriticalPath::new(&history, &all(&history), rollout, now) {
                    prop_assert_eq!(path.steps.first().map(|step| step.from), Some(path.from));
                    prop_assert_eq!(path.steps.last().map(|step| step.to), Some(path.to));
                    path.sentence(&history);
                }
            }
        }
    }
}

mod replay {
    use super::*;

    #[test]
    fn everything_stands_as_it_stood() {
        let history = history(vec![
            run("a").times(0.0, 5.0, 60.0),
            failed(run("b").times(10.0, 15.0, 30.0), "EXECUTION_FAILED"),
            run("c").state("TERMINATING").times(20.0, 25.0, None),
            run("d").state("IN_PROGRESS").times(40.0, None, None),
            run("e").state("TERMINATED").times(50.0, None, 70.0),
            run("f").times(None, None, None),
        ]);
        let replay = Replay::new(&history, &all(&history));
        let at = |secs: f64| replay.sentence(micros(secs));
        assert_eq!(at(-1.0), "5 not there yet");
        assert_eq!(at(0.0), "1 waiting; 4 not there yet");
        assert_eq!(at(5.0), "1 running; 4 not there yet");
        assert_eq!(at(22.0), "2 running, 1 waiting; 2 not there yet");
        assert_eq!(at(29.999), "3 running; 2 not there yet");
        assert_eq!(at(30.0), "2 running, 1 failed; 2 not there yet");
        assert_eq!(at(60.0), "1 running, 2 waiting, 1 failed, 1 succeeded");
        assert_eq!(
            at(1e6),
            "1 running, 1 waiting, 1 failed, 1 terminated, 1 succeeded"
        );
        assert_eq!(replay.timeless, 1);
        assert_eq!(replay.extent(), Some((micros(0.0), micros(70.0))));
        assert_eq!(replay.next(micros(5.0)), Some(micros(10.0)));
        assert_eq!(replay.previous(micros(5.0)), Some(micros(0.0)));
        assert_eq!(
            (replay.previous(micros(0.0)), replay.next(micros(70.0))),
            (None, None)
        );
        assert_eq!(stood(&history, 2, micros(1e6)), Some(Stood::Running));
        assert_eq!(stood(&history, 5, 0), None);
        assert_eq!(Replay::new(&history, &[]).sentence(0), "No runs");
    }

    proptest! {
        #[test]
        fn counts_and_moments_agree_with_looking_at_each_run(
            samples in any_runs(), pattern: u64, moments in prop::collection::vec(-4..640_i64, 1..40)
        ) {
            let history = history(samples);
            let runs = some(&history, pattern);
            let replay = Replay::new(&history, &runs);
            let counts = |moment| {
                let mut counts = Counts { ended: vec![0; history.states().count()], ..Counts::default() };
                for run in runs.iter().map(|run| *run as usize) {
                    match stood(&history, run, moment) {
                        None => {}
                        Some(Stood::NotYet) => counts.not_yet += 1,
                        Some(Stood::Waiting) => counts.waiting += 1,
                        Some(Stood::Running) => counts.running += 1,
                        Some(Stood::Ended) => counts.ended[history.state_number(run)] += 1,
                    }
                }
                counts
            };
            let standings = |moment| -> Vec<_> { runs.iter().map(|run| stood(&history, *run as usize, moment)).collect() };
            for half in moments {
                let moment = micros(0.0) + half * S / 2;
                prop_assert_eq!(replay.at(moment), counts(moment));
                replay.sentence(moment);
                // Just before the next moment all stands as now, and at it something does not.
                if let Some(next) = replay.next(moment) {
                    prop_assert!(next > moment);
                    prop_assert_eq!(standings(next - 1), standings(moment));
                    prop_assert_ne!(standings(next), standings(moment));
                    prop_assert_eq!(replay.previous(next).unwrap_or(moment).max(moment), moment);
                } else {
                    prop_assert_eq!(standings(Micros::MAX - 1), standings(moment));
                }
                if let Some(previous) = replay.previous(moment) {
                    prop_assert!(previous < moment);
                    prop_assert_eq!(standings(previous), standings(moment - 1));
                    prop_assert_ne!(standings(previous - 1), standings(previous));
                } else {
                    prop_assert_eq!(standings(Micros::MIN), standings(moment - 1));
                }
            }
        }
    }
}

mod over_time {
    use super::*;

    #[test]
    fn failures_are_counted_where_runs_ended() {
        let history = history(vec![
            run("a").times(0.0, 0.0, 5.0),
            failed(run("b").times(0.0, 0.0, 10.0), "EXECUTION_FAILED"),
            failed(run("c").times(0.0, 12.0, None), "EXECUTION_FAILED"),
            failed(run("d").times(20.0, None, None), "DEADLINE_EXCEEDED"),
            failed(run("e").times(20.0, 25.0, 40.0), ""),
            run("f").state("TERMINATED").times(0.0, 1.0, 39.0),
            run("g").state("IN_PROGRESS").times(0.0, 1.0, None),
            failed(run("h").times(None, None, None), ""),
            failed(run("i").times(0.0, 0.0, 40.5), ""),
        ]);
        let failures = Failures::new(&history, &all(&history), micros(0.0), micros(40.0), 4);
        let buckets: Vec<_> = failures
            .buckets
            .iter()
            .map(|b| (b.finished, b.failed, b.terminated, &b.causes[..]))
            .collect();
        assert_eq!(
            history.causes().collect::<Vec<_>>(),
            ["", "EXECUTION_FAILED", "DEADLINE_EXCEEDED"]
        );
        assert_eq!(
            buckets,
            [
                (1, 0, 0, &[0, 0, 0][..]),
                (2, 2, 0, &[0, 2, 0]),
                (1, 1, 0, &[0, 0, 1]),
                (2, 1, 1, &[1, 0, 0]),
            ]
        );
        assert_eq!((failures.outside, failures.timeless), (1, 1));
        assert_eq!(failures.range(1), micros(10.0)..micros(20.0));
        assert_eq!(failures.range(3), micros(30.0)..micros(40.0) + 1);
        assert_eq!(failures.total.failed_per_mille(), Some(666));
        assert_eq!(failures.buckets[0].failed_per_mille(), Some(0));
        assert_eq!(failures::cause_label(&history, 0), "no cause given");
        assert_eq!(
            failures.sentence(&history),
            "4 of 6 finished runs failed (66.6 %), most often with EXECUTION_FAILED (2); 1 terminated"
        );
        let said = |bucket: usize| failures::sentence(&history, &failures.buckets[bucket]);
        assert_eq!(said(0), "The one finished run did not fail");
        assert_eq!(
            said(2),
            "The one finished run failed, with DEADLINE_EXCEEDED"
        );
        assert_eq!(
            said(3),
            "1 of 2 finished runs failed (50.0 %), with no cause given; 1 terminated"
        );
    }

    #[test]
    fn a_window_of_any_kind_has_buckets() {
        let history = history(vec![run("a")]);
        for (from, to, count) in [
            (0, 0, 0),
            (5, -5, 7),
            (Micros::MIN, Micros::MAX, usize::MAX),
            (0, 2, 9),
        ] {
            let failures = Failures::new(&history, &[0, 9], from, to, count);
            let mut at = from;
            for bucket in 0..failures.buckets.len() {
                let range = failures.range(bucket);
                assert_eq!(range.start, at);
                at = range.end;
            }
            assert_eq!(at, to.max(from).saturating_add(1));
        }
        assert_eq!(
            Failures::new(&History::default(), &[], 0, 1, 1).sentence(&History::default()),
            "No run finished"
        );
    }

    proptest! {
        #[test]
        fn buckets_have_what_their_range_has(
            samples in any_runs(), pattern: u64, from in -10..300_i64, length in 0..300_i64, count in 0..40_usize
        ) {
            let history = history(samples);
            let runs = some(&history, pattern);
            let (from, to) = (micros(0.0) + from * S / 3, micros(0.0) + (from + length) * S / 3);
            let failures = Failures::new(&history, &runs, from, to, count);
            prop_assert_eq!(failures.buckets.len(), count.max(1));
            let finished: Vec<usize> = runs
                .iter()
                .map(|run| *run as usize)
                .filter(|run| history.lifecycle(*run) == Lifecycle::Final)
                .collect();
            let mut at = from;
            for (number, bucket) in failures.buckets.iter().enumerate() {
                let range = failures.range(number);
                prop_assert_eq!(range.start, at);
                at = range.end;
                let within: Vec<_> = finished
                    .iter()
                    .filter(|run| failures::fell(&history, **run).is_some_and(|time| range.contains(&time)))
                    .collect();
                prop_assert_eq!(bucket.finished as usize, within.len());
                for (cause, count) in bucket.causes.iter().enumerate() {
                    let with = within
                        .iter()
                        .filter(|run| history.state(***run) == State::Failed && history.cause_number(***run) == cause)
                        .count();
                    prop_assert_eq!(*count as usize, with);
                }
                prop_assert_eq!(bucket.causes.iter().sum::<u32>(), bucket.failed);
                failures::sentence(&history, bucket);
            }
            prop_assert_eq!(at, to + 1);
            let counted = failures.total.finished + failures.outside + failures.timeless;
            prop_assert_eq!(counted as usize, finished.len());
            let lengths: Vec<_> = (0..failures.buckets.len()).map(|b| failures.range(b)).map(|r| r.end - r.start).collect();
            prop_assert!(lengths.iter().max().unwrap() - lengths.iter().min().unwrap() <= 2);
        }
    }
}

mod comparing {
    use super::*;

    fn here(sample: Sample) -> Sample {
        in_rollout(sample, "here")
    }

    fn there(sample: Sample) -> Sample {
        in_rollout(sample, "there")
    }

    /// Compares the first rollout with the second.
    fn compared(samples: Vec<Sample>, now: f64) -> (History, Comparison) {
        let history = history(samples);
        let comparison = Comparison::new(&history, &all(&history), 0, 1, micros(now)).unwrap();
        (history, comparison)
    }

    fn texts(comparison: &Comparison) -> Vec<&str> {
        comparison
            .differences
            .iter()
            .map(|difference| &*difference.text)
            .collect()
    }

    fn lanes(history: &History, comparison: &Comparison) -> Vec<String> {
        let name = |lane: &compare::ComparedLane| {
            format!(
                "{} {}",
                history.phase_name(lane.phase),
                history.job_name(lane.job)
            )
        };
        comparison.lanes.iter().map(name).collect()
    }

    #[test]
    fn what_differs_is_said_with_the_failure_first() {
        let (history, comparison) = compared(
            vec![
                here(run("a").job("canary-25", "deploy").times(0.0, 10.0, 490.0)),
                here(
                    run("b")
                        .job("stable", "deploy")
                        .times(4_500.0, 4_510.0, 4_600.0),
                ),
                here(
                    run("c")
                        .job("stable", "verify")
                        .times(4_601.0, 4_602.0, 4_620.0)
                        .state("FAILED")
                        .variant(
                            "verifyJobRun",
                            json!({ "failureCause": "EXECUTION_FAILED" }),
                        ),
                ),
                // Aligned at the start, whatever day it was.
                there(
                    run("d")
                        .job("canary-25", "deploy")
                        .times(100_000.0, 100_010.0, 100_240.0),
                ),
                there(
                    run("e")
                        .job("stable", "deploy")
                        .times(100_650.0, 100_660.0, 100_750.5),
                ),
                there(
                    run("f")
                        .job("stable", "verify")
                        .times(100_751.0, 100_752.0, 101_052.0)
                        .variant("verifyJobRun", json!({})),
                ),
                there(
                    run("g")
                        .job("stable", "postdeploy")
                        .times(101_053.0, 101_054.0, 101_060.0),
                ),
            ],
            0.0,
        );
        assert_eq!(
            lanes(&history, &comparison),
            [
                "canary-25 deploy",
                "stable deploy",
                "stable verify",
                "stable postdeploy"
            ]
        );
        assert_eq!(
            texts(&comparison),
            [
                "verify in stable failed (EXECUTION_FAILED) here, succeeded there",
                "waited 1 h 00 m longer before stable",
                "deploy in canary-25 ran 4 m 10 s longer (2.1×)",
                "postdeploy in stable is only there",
            ]
        );
        let verify = comparison.lanes[2].here.as_ref().unwrap();
        assert_eq!(
            (verify.offset, verify.gap, verify.waited, verify.ran),
            (Some(4_601 * S), Some(S), Some(S), Some(18 * S))
        );
        assert_eq!(
            comparison.sentence(),
            "1 h 17 m here, 17 m 40 s there: 59 m 20 s longer"
        );
    }

    #[test]
    fn attempts_are_told_apart_from_how_long_the_last_one_took() {
        let (_, comparison) = compared(
            vec![
                here(failed(run("a").times(0.0, 5.0, 60.0), "EXECUTION_FAILED")),
                here(failed(
                    run("b").times(300.0, 305.0, 360.0),
                    "EXECUTION_FAILED",
                )),
                here(run("c").times(600.0, 605.0, 660.0)),
                there(run("d").times(0.0, 5.0, 60.0)),
            ],
            0.0,
        );
        assert_eq!(
            texts(&comparison),
            ["deploy: 3 attempts instead of 1, so that the last began 10 m 00 s later"]
        );
        let (_, comparison) = compared(
            vec![
                here(failed(run("a").times(0.0, 5.0, 60.0), "EXECUTION_FAILED")),
                here(run("c").times(100.0, 105.0, 160.0)),
                there(failed(run("d").times(0.0, 5.0, 60.0), "EXECUTION_FAILED")),
                there(run("e").times(600.0, 665.0, 720.0)),
            ],
            0.0,
        );
        assert_eq!(
            texts(&comparison),
            [
                "deploy: 8 m 20 s less until the last attempt",
                "deploy waited 1 m 00 s less to start"
            ]
        );
    }

    #[test]
    fn what_goes_on_is_not_said_to_be_shorter() {
        let live = |now| {
            compared(
                vec![
                    here(run("a").state("IN_PROGRESS").times(0.0, 5.0, None)),
                    there(run("b").times(0.0, 5.0, 65.0)),
                    there(run("c").job("stable", "verify").times(66.0, 67.0, 70.0)),
                ],
                now,
            )
            .1
        };
        let early = live(30.0);
        assert_eq!(
            texts(&early),
            [
                "deploy is running here, succeeded there",
                "verify is not here yet, only there"
            ]
        );
        let late = live(305.0);
        assert_eq!(
            texts(&late),
            [
                "deploy is running here, succeeded there",
                "deploy ran 4 m 00 s longer, so far (5.0×)",
                "verify is not here yet, only there",
            ]
        );
        assert_eq!(
            late.sentence(),
            "5 m 05 s so far here, 1 m 10 s there: 3 m 55 s longer"
        );
    }

    #[test]
    fn a_failure_cuts_short_and_its_cause_counts() {
        let (_, comparison) = compared(
            vec![
                here(failed(run("a").times(0.0, 5.0, 10.0), "EXECUTION_FAILED")),
                here(run("b").job("stable", "verify").times(11.0, 12.0, 13.0)),
                there(failed(
                    run("c").times(0.0, 5.0, 3_605.0),
                    "DEADLINE_EXCEEDED",
                )),
                there(
                    run("d")
                        .job("stable", "verify")
                        .state("TERMINATED")
                        .times(3_606.0, None, 3_607.0),
                ),
            ],
            0.0,
        );
        assert_eq!(
            texts(&comparison),
            [
                "deploy failed (EXECUTION_FAILED) here, failed (DEADLINE_EXCEEDED) there",
                "verify succeeded here, was terminated there",
                "deploy ran 59 m 55 s shorter (720×)",
            ]
        );
    }

    #[test]
    fn lanes_keep_their_phase_and_their_order() {
        let (history, comparison) = compared(
            vec![
                here(run("a").job("canary", "deploy").times(0.0, 1.0, 2.0)),
                here(run("b").job("canary", "postdeploy").times(3.0, 4.0, 5.0)),
                here(run("c").job("stable", "deploy").times(6.0, 7.0, 8.0)),
                there(run("d").job("canary", "predeploy").times(0.0, 1.0, 2.0)),
                there(run("e").job("canary", "deploy").times(3.0, 4.0, 5.0)),
                there(run("f").job("canary", "verify").times(6.0, 7.0, 8.0)),
                there(run("g").job("canary-2", "deploy").times(9.0, 10.0, 11.0)),
                there(run("h").job("stable", "predeploy").times(12.0, 13.0, 14.0)),
                there(run("i").job("stable", "deploy").times(15.0, 16.0, 17.0)),
            ],
            0.0,
        );
        assert_eq!(
            lanes(&history, &comparison),
            [
                "canary predeploy",
                "canary deploy",
                "canary verify",
                "canary postdeploy",
                "canary-2 deploy",
                "stable predeploy",
                "stable deploy",
            ]
        );
        assert_eq!(Comparison::new(&history, &[0], 0, 1, 0), None);
        assert_eq!(Comparison::new(&history, &all(&history), 0, 2, 0), None);
    }

    #[test]
    fn small_differences_are_noise() {
        assert!(is_noise(0, S) && is_noise(S, 0) && !is_noise(0, S + 1));
        assert!(is_noise(90 * S, 100 * S) && !is_noise(89 * S, 100 * S));
    }

    proptest! {
        #[test]
        fn sides_agree_with_looking_at_every_run(samples in any_runs(), pattern: u64, now in 0..300_u32) {
            let history = history(samples);
            let (runs, now) = (some(&history, pattern), micros(f64::from(now) / 2.0));
            for here in 0..history.rollout_count() {
                for there in 0..history.rollout_count() {
                    let of = |rollout: usize| -> Vec<usize> {
                        runs.iter().map(|run| *run as usize).filter(|run| history.rollout(*run) == rollout).collect()
                    };
                    let comparison = Comparison::new(&history, &runs, here, there, now);
                    prop_assert_eq!(comparison.is_none(), of(here).is_empty() || of(there).is_empty());
                    let Some(comparison) = comparison else { continue };
                    comparison.sentence();

                    // Every job has a lane, and the lanes of a phase stay together.
                    let key = |run: usize| (history.phase(run), history.job(run));
                    let keys: Vec<_> = comparison.lanes.iter().map(|lane| (lane.phase, lane.job)).collect();
                    let mut found = keys.clone();
                    found.sort();
                    let mut wanted: Vec<_> = of(here).into_iter().chain(of(there)).map(key).collect();
                    wanted.sort();
                    wanted.dedup();
                    prop_assert_eq!(found, wanted);
                    let mut phases: Vec<_> = keys.iter().map(|key| key.0).collect();
                    phases.dedup();
                    let count = phases.len();
                    phases.sort();
                    phases.dedup();
                    prop_assert_eq!(phases.len(), count);

                    for lane in &comparison.lanes {
                        for (side, rollout) in [(&lane.here, here), (&lane.there, there)] {
                            let attempts: Vec<usize> =
                                of(rollout).into_iter().filter(|run| key(*run) == (lane.phase, lane.job)).collect();
                            prop_assert_eq!(side.is_some(), !attempts.is_empty());
                            let Some(side) = side else { continue };
                            prop_assert_eq!(side.attempts as usize, attempts.len());
                            let last = attempts.iter().max_by_key(|run| history.attempt(**run)).unwrap();
                            prop_assert_eq!(side.run as usize, *last);
                            prop_assert_eq!(&side.state, &history.state(*last));
                            let from = |run: &usize| history.span(*run).map(|span| span.from);
                            let start = of(rollout).iter().filter_map(from).min();
                            let first = attempts.iter().filter_map(from).min();
                            prop_assert_eq!(side.offset, first.map(|first| first - start.unwrap()));
                            let end = |run: &usize| {
                                let times = [history.created(*run), history.started(*run), history.ended(*run)];
                                let last = times.into_iter().flatten().max();
                                if side_is_live(&history, *run) { last.map(|last| last.max(now)) } else { last }
                            };
                            let gap = first.map(|first| {
                                let before = of(rollout).into_iter().filter(|run| from(run).is_some_and(|from| from < first));
                                before.filter_map(|run| end(&run)).max().map_or(0, |end| (first - end).max(0))
                            });
                            prop_assert_eq!(side.gap, gap);
                            for length in [side.offset, side.earlier, side.waited, side.ran].into_iter().flatten() {
                                prop_assert!(length >= 0);
                            }
                        }
                    }

                    // The other way round it is the same, with the opposite sign.
                    let told = |comparison: &Comparison, sign: i64| {
                        let mut told: Vec<_> = comparison
                            .differences
                            .iter()
                            .map(|difference| {
                                let lane = &comparison.lanes[difference.lane];
                                (lane.phase, lane.job, format!("{:?}", difference.kind), difference.lost * sign)
                            })
                            .collect();
                        told.sort();
                        told
                    };
                    let mirrored = Comparison::new(&history, &runs, there, here, now).unwrap();
                    prop_assert_eq!(told(&comparison, 1), told(&mirrored, -1));
                    if here == there {
                        prop_assert_eq!(texts(&comparison), Vec::<&str>::new());
                    }

                    // Failures come first, and what is large before what is small.
                    let rank = |difference: &compare::Difference| {
                        let lane = &comparison.lanes[difference.lane];
                        let decides = matches!(difference.kind, compare::DifferenceKind::Outcome | compare::DifferenceKind::Only);
                        let failed = |side: &Option<compare::Side>| {
                            side.as_ref().is_some_and(|side| matches!(side.state, State::Failed | State::Terminated))
                        };
                        match () {
                            () if decides && failed(&lane.here) => 0,
                            () if decides && failed(&lane.there) => 1,
                            () => 2,
                        }
                    };
                    let order: Vec<_> =
                        comparison.differences.iter().map(|difference| (rank(difference), -difference.lost.abs())).collect();
                    prop_assert!(order.is_sorted(), "{:?}", order);
                    for difference in &comparison.differences {
                        if matches!(difference.kind, compare::DifferenceKind::Gap | compare::DifferenceKind::Waited | compare::DifferenceKind::Ran) {
                            prop_assert!(difference.lost.abs() > compare::NOISE);
                        }
                    }
                }
            }
        }

        #[test]
        fn times_from_any_year_and_any_now_do_no_harm(
            mine in crate::sample::any_runs(), yours in crate::sample::any_runs(), now: i64
        ) {
            let samples = mine.into_iter().chain(yours.into_iter().map(there)).collect();
            let history = history(samples);
            for here in 0..history.rollout_count() {
                for there in 0..history.rollout_count() {
                    if let Some(comparison) = Comparison::new(&history, &all(&history), here, there, now) {
                        comparison.sentence();
                    }
                }
            }
        }
    }

    fn side_is_live(history: &History, run: usize) -> bool {
        history.lifecycle(run) == Lifecycle::Live && history.ended(run).is_none()
    }
}
