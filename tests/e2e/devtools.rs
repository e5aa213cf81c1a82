//! A connection to Chromium by the DevTools protocol.
//!
//! One WebSocket carries all sessions ("flat" mode): one of the browser, and one for each target of
//! a test, which is its page, other windows, frames of other processes, and workers.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio_tungstenite::connect_async_with_config;
use tokio_tungstenite::tungstenite::Message;

/// The longest that Chromium may take to answer a command, a script that waits for the page included.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(120);

/// An answer: the result of a command, or the message of its error.
pub type Answer = Result<Value, String>;

/// An event of a session.
#[derive(Clone, Debug)]
pub struct Event {
    /// Empty for the browser's.
    pub session: String,
    pub method: String,
    pub params: Value,
}

/// Sends commands; a clone sends over the same connection.
#[derive(Clone)]
pub struct Commands {
    outgoing: mpsc::UnboundedSender<Message>,
    /// The commands that wait for an answer, by id.
    waiting: Arc<Mutex<HashMap<u64, oneshot::Sender<Answer>>>>,
    next_id: Arc<AtomicU64>,
}

impl Commands {
    /// Sends a command to a session (empty: the browser's own) and waits for its answer.
    ///
    /// # Errors
    ///
    /// The message of the protocol's error, such as that a page was left before it answered.
    pub async fn run(&self, session: &str, method: &str, params: Value) -> Answer {
        let answer = self.send(session, method, params);
        match tokio::time::timeout(COMMAND_TIMEOUT, answer).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err("the connection to Chromium has ended".to_owned()),
            Err(_) => Err(format!(
                "{method} was not answered within {COMMAND_TIMEOUT:?}"
            )),
        }
    }

    /// Sends a command without waiting for its answer, which the receiver gets.
    pub fn send(&self, session: &str, method: &str, params: Value) -> oneshot::Receiver<Answer> {
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let (sender, receiver) = oneshot::channel();
        lock(&self.waiting).insert(id, sender);
        let mut message = json!({ "id": id, "method": method, "params": params });
        if !session.is_empty() {
            message["sessionId"] = session.into();
        }
        // A connection that has ended drops the sender of the answer.
        if self
            .outgoing
            .send(Message::text(message.to_string()))
            .is_err()
        {
            lock(&self.waiting).remove(&id);
        }
        receiver
    }

    fn answer(&self, id: u64, message: &mut Value) {
        let answer = match message["error"]["message"].as_str() {
            Some(error) => Err(error.to_owned()),
            None => Ok(message["result"].take()),
        };
        // A caller that gave up has dropped its receiver.
        if let Some(waiting) = lock(&self.waiting).remove(&id) {
            let _ = waiting.send(answer);
        }
    }
}

/// A connection, which ends with its owner.
pub struct Connection {
    pub commands: Commands,
    tasks: [JoinHandle<()>; 2],
}

impl Connection {
    /// Connects to an endpoint. `on_event` gets every event in the order in which they come.
    pub async fn open(
        endpoint: &str,
        mut on_event: impl FnMut(&Commands, Event) + Send + 'static,
    ) -> Self {
        let (socket, _) = connect_async_with_config(endpoint, None, true)
            .await
            .expect("Chromium has a DevTools endpoint");
        let (mut sink, mut incoming) = socket.split();
        let (outgoing, mut queue) = mpsc::unbounded_channel();
        let commands = Commands {
            outgoing,
            waiting: Arc::default(),
            next_id: Arc::new(AtomicU64::new(1)),
        };
        let writer = tokio::spawn(async move {
            while let Some(message) = queue.recv().await {
                if sink.send(message).await.is_err() {
                    return;
                }
            }
        });
        let received = commands.clone();
        let reader = tokio::spawn(async move {
            while let Some(Ok(message)) = incoming.next().await {
                let Message::Text(text) = message else {
                    continue;
                };
                let mut message: Value = serde_json::from_str(&text).expect("Chromium sends JSON");
                if let Some(id) = message["id"].as_u64() {
                    received.answer(id, &mut message);
                    continue;
                }
                let event = Event {
                    session: message["sessionId"].as_str().unwrap_or_default().to_owned(),
                    method: message["method"].as_str().unwrap_or_default().to_owned(),
                    params: message["params"].take(),
                };
                on_event(&received, event);
            }
            // Wakes all who wait: nothing more is answered.
            lock(&received.waiting).clear();
        });
        Self {
            commands,
            tasks: [reader, writer],
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // With its two tasks goes the socket, and with that what Chromium has opened for it.
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// Locks what no panic can leave locked.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("no panic while it is locked")
}
