//! What many job runs tell: durations, critical paths, comparisons, replays and failures.

use jobrun_viewer::api::job_run::State;
use jobrun_viewer::model::history::durations::{Durations, Order, Spread, Standing};
use jobrun_viewer::model::history::{Course, History, Micros};
use proptest::prelude::*;
use serde_json::json;

use crate::sample::{Sample, run};

const S: Micros = 1_000_000;

fn history(samples: Vec<Sample>) -> History {
    let runs: Vec<_> = samples.into_iter().map(Sample::value).collect();
    let mut history = History::default();
    history.add_document(json!({ "jobRuns": runs }).to_string().as_bytes());
    history.settle();
    history
}

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
    sample.state("FAILED").variant("deployJobRun", json!({ "failureCause": cause }))
}

/// Runs of three rollouts as any may be: in order or not, with times missing, and of all states.
fn any_runs() -> impl Strategy<Value = Vec<Sample>> {
    let time = || prop_oneof![12 => (0..200_u32).prop_map(|t| Some(f64::from(t) / 2.0)), 1 => Just(None)];
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
            let ended = if state == "IN_PROGRESS" && live > 0 { None } else { ended };
            let variant = json!({ "failureCause": cause });
            let sample = run(&format!("r{at}")).job(phase, job).variant("deployJobRun", variant);
            in_rollout(sample.state(state).times(created, started, ended), rollout)
        };
        runs.into_iter().enumerate().map(sample).collect()
    })
}

/// Every run but those that a pattern leaves out.
fn some(history: &History, pattern: u64) -> Vec<u32> {
    all(history).into_iter().filter(|run| pattern >> (run % 64) & 1 == 1).collect()
}

mod durations {
    use super::*;

    #[test]
    fn percentiles_are_durations_that_runs_really_took() {
        let times: Vec<Micros> = (1..=100).collect();
        let spread = |times: &[Micros]| Spread::of(times).map(|s| (s.count, s.total, s.p50, s.p90, s.p99));
        assert_eq!(spread(&times), Some((100, 5_050, 50, 90, 99)));
        assert_eq!(spread(&[7]), Some((1, 7, 7, 7, 7)));
        assert_eq!(spread(&[1, 2]), Some((2, 3, 1, 2, 2)));
        assert_eq!(spread(&[]), None);
        assert_eq!(Spread::of(&[Micros::MAX, Micros::MAX]).unwrap().total, Micros::MAX);
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
        let [deploy, verify] = &durations.jobs[..] else { panic!("{durations:?}") };
        assert_eq!((deploy.count, deploy.failed, deploy.terminated), (8, 1, 2));
        let waiting = deploy.waiting.unwrap();
        assert_eq!((waiting.count, waiting.total), (4, 32 * S));
        let running = deploy.running.unwrap();
        assert_eq!((running.count, running.p50, running.p99), (2, 60 * S, 120 * S));
        assert_eq!(deploy.failing.unwrap().total, S);
        assert_eq!(verify.waiting, None);
        assert_eq!(verify.running.unwrap().total, S);
        assert_eq!(deploy.label(&history), "deploy in stable");
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
            jobs.into_iter().map(|job| history.phase_name(job.phase)).collect::<Vec<_>>()
        };
        assert_eq!(phases(Order::Name), ["canary-5", "canary-25", "stable"]);
        assert_eq!(phases(Order::Count), ["stable", "canary-5", "canary-25"]);
        assert_eq!(phases(Order::P50), ["canary-25", "canary-5", "stable"]);
        assert_eq!(phases(Order::P99), ["canary-25", "canary-5", "stable"]);
        assert_eq!(phases(Order::Waited), ["canary-5", "stable", "canary-25"]);
        assert_eq!(phases(Order::Failed), ["stable", "canary-5", "canary-25"]);
    }

    #[test]
    fn a_run_is_told_where_it_stands() {
        let mut samples: Vec<_> =
            (1..=100).map(|t| run(&format!("r{t}")).times(0.0, 0.0, f64::from(t))).collect();
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
        assert_eq!(standing(100), Standing { ran: 97_500_000, slower_than: 98, faster_than: 3, equal: 0 });
        assert_eq!(standing(100).others(), 101);
        let said = |text: &str| Some(format!("{text} (p50 50 s, p99 1 m 39 s)"));
        assert_eq!(sentence(100), said("Slower than 98 of 101 runs of deploy in stable"));
        assert_eq!(sentence(101), said("Faster than 101 of 101 runs of deploy in stable"));
        assert_eq!(
            sentence(102),
            said("Failed after 1 m 38 s, longer than 100 of 102 runs of deploy in stable that succeeded")
        );
        assert_eq!(
            sentence(103),
            said("Terminated after 250 ms, sooner than 102 of 102 runs of deploy in stable that succeeded")
        );
        assert_eq!(sentence(104), None);
        assert_eq!(
            sentence(105).unwrap(),
            "No other run of verify in stable succeeded, so there is none to compare with"
        );
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
        assert_eq!(sentence(0), "Took as long as the one other run of deploy in stable (p50 55 s, p99 55 s)");
        assert_eq!(sentence(3), "Slower than the one other run of verify in stable (p50 55 s, p99 1 m 00 s)");
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
                        None => history.course(**run) == Course::Final,
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
                let ran = history.ran(run).filter(|_| history.course(run) == Course::Final);
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
