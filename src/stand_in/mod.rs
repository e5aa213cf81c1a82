//! A stand-in for Cloud Deploy: the simulation behind HTTP, on loopback only, with faults to
//! order and a log of what was asked. Its own paths are described in `control`.

mod clock;
mod control;
mod fault;
mod log;
mod range;
mod server;
mod shared;

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::oneshot;

pub use fault::{Calls, Fault, FaultKind};
pub use log::LoggedRequest;

use crate::api::http::Reply;
use crate::core::name::RolloutName;
use crate::core::time::{SignedDuration, Timestamp};
use crate::sim::{Project, Sim};
use shared::{Inner, Shared};

/// How a stand-in is set up. The default takes any free port, lets any token in, and goes with
/// the real time.
#[derive(Debug)]
pub struct Options {
    /// Of 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// The only bearer token that is let in; any is, and none, without it.
    pub token: Option<String>,
    /// How many times faster than real time the simulation's clock runs. At 0 it only moves by
    /// [`StandIn::advance`] and [`StandIn::set_time`].
    pub speed: f64,
    /// Before every answer.
    pub delay: Duration,
    /// What goes wrong from the start.
    pub faults: Vec<Fault>,
    /// Adds a finished rollout with so many job runs.
    pub many: usize,
    /// Puts at most so many items on a page, whatever is asked for.
    pub max_page: Option<usize>,
    /// The present when the stand-in starts, and when what is live in its world is going on; the
    /// real one without it.
    pub epoch: Option<Timestamp>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            token: None,
            speed: 1.0,
            delay: Duration::ZERO,
            faults: Vec::new(),
            many: 0,
            max_page: None,
            epoch: None,
        }
    }
}

/// A running stand-in, which ends when this is dropped.
pub struct StandIn {
    base_url: String,
    shared: Arc<Shared>,
    end: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl StandIn {
    /// Starts a stand-in on a thread of its own; it answers once this returns.
    ///
    /// # Errors
    /// When the port is taken, or the system gives no socket or thread.
    pub fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))?;
        listener.set_nonblocking(true)?;
        let base_url = format!("http://{}", listener.local_addr()?);

        let epoch = options.epoch.unwrap_or_else(Timestamp::now);
        let mut sim = Sim::world(Project::STAND_IN, epoch);
        if options.many > 0 {
            sim.add_large_rollout(epoch, options.many);
        }
        if let Some(most) = options.max_page {
            sim.limit_pages(most);
        }
        let clock = clock::Clock::new(epoch, options.speed);
        let inner = Inner {
            sim,
            clock,
            faults: options.faults,
            log: Vec::new(),
            rewrite: None,
        };
        let shared = Arc::new(Shared::new(inner, options.token, options.delay));

        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (end, ended) = oneshot::channel::<()>();
        let router = server::router(Arc::clone(&shared));
        let thread = std::thread::Builder::new()
            .name("stand-in".to_owned())
            .spawn(move || {
                runtime.block_on(async move {
                    let serve = async move {
                        let listener = tokio::net::TcpListener::from_std(listener)?;
                        axum::serve(listener, router).await
                    };
                    // Whatever is still under way is dropped with the runtime.
                    tokio::select! {
                        result = serve => if let Err(error) = result {
                            eprintln!("stand-in: {error}");
                        },
                        _ = ended => {}
                    }
                });
            })?;
        Ok(Self {
            base_url,
            shared,
            end: Some(end),
            thread: Some(thread),
        })
    }

    /// What stands before `/v1/`: the viewer's `apiBase`.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The rollouts, each with a few words.
    pub fn rollouts(&self) -> Vec<(RolloutName, &'static str)> {
        let inner = self.shared.lock();
        inner
            .sim
            .rollouts()
            .iter()
            .map(|plan| (plan.name.clone(), plan.title))
            .collect()
    }

    /// The simulation's time.
    pub fn now(&self) -> Timestamp {
        self.shared.lock().clock.now()
    }

    /// Sets the simulation's time; its speed stays.
    pub fn set_time(&self, time: Timestamp) {
        self.shared.lock().clock.set(time);
    }

    /// Moves the simulation's time.
    pub fn advance(&self, by: SignedDuration) {
        self.shared.lock().clock.advance(by);
    }

    /// Lets something go wrong from now on, besides what already does. With several faults a
    /// request meets the first that it falls under, and all the delays.
    pub fn add_fault(&self, fault: Fault) {
        self.shared.lock().faults.push(fault);
    }

    /// Lets nothing go wrong any more.
    pub fn reset_faults(&self) {
        self.shared.lock().faults.clear();
    }

    /// Sends what `rewrite` makes of every answer from now on, whether it is one of the simulation's or of
    /// a fault's.
    pub fn rewrite(&self, rewrite: impl Fn(&LoggedRequest, Reply) -> Reply + Send + 'static) {
        self.shared.lock().rewrite = Some(Box::new(rewrite));
    }

    /// What was asked so far, in the order in which it came.
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.shared.lock().log.clone()
    }

    /// Empties the log.
    pub fn forget_requests(&self) {
        self.shared.lock().log.clear();
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        if let Some(end) = self.end.take() {
            // Fails only when the server has ended by itself.
            let _ = end.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
