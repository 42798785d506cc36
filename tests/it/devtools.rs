//! One tab of a Chromium without a window, by the pipe of its debugging protocol.
//!
//! In: orders by name, with their parameters. Out: answers, and whatever else the browser says meanwhile. The pipe needs no port;
//! every host name leads nowhere. Invariant: the browser ends with the value, its profile with it; a silent browser fails the test.

use serde_json::{Value, json};
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, PipeReader, PipeWriter, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// A browser that says nothing for so long is dead.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running browser with one tab.
pub struct Devtools {
    browser: Child,
    orders: PipeWriter,
    heard: Receiver<Value>,
    session: String,
    asked: u64,
    _profile: tempfile::TempDir,
}

impl Devtools {
    /// Starts the browser with a profile of its own and opens a tab.
    pub fn open(command: &str, more: &[&str]) -> Self {
        Self::open_in(command, more, &[])
    }

    /// The same with variables in its environment.
    pub fn open_in(command: &str, more: &[&str], environment: &[(&str, std::path::PathBuf)]) -> Self {
        let profile = tempfile::tempdir().expect("a temporary folder");
        let (theirs, orders) = std::io::pipe().expect("a pipe");
        let (answers, ours) = std::io::pipe().expect("a pipe");
        let mut folder = OsStr::new("--user-data-dir=").to_owned();
        folder.push(profile.path());
        // The browser reads descriptor 3 and writes 4; a shell can arrange that, safe Rust cannot.
        let browser = Command::new("sh")
            .args(["-c", "exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>/dev/null", "sh", command])
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .args(["--remote-debugging-pipe", "--host-resolver-rules=MAP * ~NOTFOUND", "--lang=en-US"])
            .args(more)
            .arg(folder)
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::from(theirs))
            .stdout(Stdio::from(ours))
            .spawn()
            .expect("a shell starts");
        let (session, heard) = (String::new(), listen(answers));
        let mut tab = Self { browser, orders, heard, session, asked: 0, _profile: profile };
        let target = tab.ask("Target.createTarget", json!({"url": "about:blank"}), |_, _| {});
        let attach = json!({"targetId": target["targetId"], "flatten": true});
        let attached = tab.ask("Target.attachToTarget", attach, |_, _| {});
        tab.session = attached["sessionId"].as_str().expect("a session has a name").to_string();
        tab
    }

    /// Sends an order; its number comes back with the answer.
    pub fn send(&mut self, method: &str, params: &Value) -> u64 {
        self.asked += 1;
        let mut order = json!({"id": self.asked, "method": method, "params": params});
        if !self.session.is_empty() {
            order["sessionId"] = json!(self.session);
        }
        let mut bytes = serde_json::to_vec(&order).expect("JSON is written");
        bytes.push(0);
        self.orders.write_all(&bytes).expect("the browser listens");
        self.asked
    }

    /// Sends an order and waits for its answer; what else is said meanwhile goes to `meanwhile`.
    pub fn ask(&mut self, method: &str, params: Value, mut meanwhile: impl FnMut(&mut Self, &Value)) -> Value {
        let id = self.send(method, &params);
        loop {
            let mut heard = self.hear();
            if heard["id"] == id {
                assert!(heard["error"].is_null(), "{method}: {}", heard["error"]);
                return heard["result"].take();
            }
            meanwhile(self, &heard);
        }
    }

    /// Waits until something happened.
    pub fn until(&mut self, event: &str, mut meanwhile: impl FnMut(&mut Self, &Value)) {
        loop {
            let heard = self.hear();
            meanwhile(self, &heard);
            if heard["method"] == event {
                return;
            }
        }
    }

    fn hear(&mut self) -> Value {
        self.heard.recv_timeout(PATIENCE).expect("the browser speaks")
    }
}

impl Drop for Devtools {
    fn drop(&mut self) {
        let _ = self.browser.kill();
        let _ = self.browser.wait();
    }
}

/// Messages end with a zero byte.
fn listen(answers: PipeReader) -> Receiver<Value> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for message in BufReader::new(answers).split(0) {
            let Ok(Ok(value)) = message.map(|message| serde_json::from_slice(&message)) else { return };
            if sender.send(value).is_err() {
                return;
            }
        }
    });
    receiver
}
