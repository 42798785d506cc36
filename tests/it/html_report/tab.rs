//! One tab of a Chromium without a window, for looking at a report as people do.
//!
//! In: a file. Out: what a script or a key in it leads to, and what the browser complained of or asked the network for. The debugging
//! pipe needs no port; every host name leads nowhere. Invariant: ends with the value, its profile with it; a silent browser
//! fails the test.

use serde_json::{Value, json};
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, PipeReader, PipeWriter, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// A browser that says nothing for so long is dead.
const PATIENCE: Duration = Duration::from_secs(120);

pub(super) struct Tab {
    browser: Child,
    orders: PipeWriter,
    heard: Receiver<Value>,
    session: String,
    asked: u64,
    /// Requests the page made.
    pub(super) requests: Vec<String>,
    /// Errors and warnings in its console.
    pub(super) complaints: Vec<String>,
    _profile: tempfile::TempDir,
}

/// The browser's command, where there is one. Without one a test is skipped, unless everything is required.
pub(super) fn chromium() -> Option<&'static str> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<_> = std::env::split_paths(&folders).collect();
    let is_there = |name: &&str| folders.iter().any(|folder| folder.join(name).is_file());
    let found = ["chromium", "chromium-browser", "google-chrome"].into_iter().find(is_there);
    let required = std::env::var_os("IDEA_AUDIT_REQUIRE_ALL").is_some_and(|value| value == "1");
    assert!(found.is_some() || !required, "IDEA_AUDIT_REQUIRE_ALL=1, and there is no Chromium");
    if found.is_none() {
        println!("skipped: there is no Chromium on this machine");
    }
    found
}

impl Tab {
    pub(super) fn open(command: &str) -> Self {
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
            .arg(folder)
            .stdin(Stdio::from(theirs))
            .stdout(Stdio::from(ours))
            .spawn()
            .expect("a shell starts");
        let mut tab = Self {
            browser,
            orders,
            heard: listen(answers),
            session: String::new(),
            asked: 0,
            requests: vec![],
            complaints: vec![],
            _profile: profile,
        };
        let target = tab.ask("Target.createTarget", json!({"url": "about:blank"}));
        let attached = tab.ask("Target.attachToTarget", json!({"targetId": target["targetId"], "flatten": true}));
        tab.session = attached["sessionId"].as_str().expect("a session has a name").to_string();
        for domain in ["Page", "Runtime", "Log", "Network"] {
            tab.ask(&format!("{domain}.enable"), json!({}));
        }
        tab
    }

    /// Opens a file and waits until it is loaded.
    pub(super) fn go(&mut self, file: &Path) {
        let url = url::Url::from_file_path(file).expect("an absolute path");
        self.ask("Page.navigate", json!({"url": url.as_str()}));
        self.until_loaded();
    }

    pub(super) fn reload(&mut self) {
        self.ask("Page.reload", json!({}));
        self.until_loaded();
    }

    fn until_loaded(&mut self) {
        while self.hear()["method"] != "Page.loadEventFired" {}
    }

    /// The size of the window, and which colours its reader prefers.
    pub(super) fn shape(&mut self, width: u32, scheme: &str) {
        let size = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": true});
        self.ask("Emulation.setDeviceMetricsOverride", size);
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.ask("Emulation.setEmulatedMedia", json!({"features": features}));
    }

    /// From the next page on no script of a page runs.
    pub(super) fn without_scripts(&mut self) {
        self.ask("Emulation.setScriptExecutionDisabled", json!({"value": true}));
    }

    /// The value of an expression.
    pub(super) fn value(&mut self, expression: &str) -> Value {
        let ask = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let mut answer = self.ask("Runtime.evaluate", ask);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].take()
    }

    /// A key, pressed and let go.
    pub(super) fn press(&mut self, key: &str) {
        let (code, number, text) = match key {
            "Tab" => ("Tab", 9, ""),
            "Enter" => ("Enter", 13, "\r"),
            "Space" => ("Space", 32, " "),
            other => panic!("{other} is not needed yet"),
        };
        let name = if key == "Space" { " " } else { key };
        let mut event = json!({"key": name, "code": code, "windowsVirtualKeyCode": number, "text": text});
        for kind in [if text.is_empty() { "rawKeyDown" } else { "keyDown" }, "keyUp"] {
            event["type"] = json!(kind);
            self.ask("Input.dispatchKeyEvent", event.clone());
        }
    }

    pub(super) fn write(&mut self, words: &str) {
        self.ask("Input.insertText", json!({"text": words}));
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.asked += 1;
        let id = self.asked;
        let mut order = json!({"id": id, "method": method, "params": params});
        if !self.session.is_empty() {
            order["sessionId"] = json!(self.session);
        }
        let mut bytes = serde_json::to_vec(&order).expect("JSON is written");
        bytes.push(0);
        self.orders.write_all(&bytes).expect("the browser listens");
        loop {
            let mut heard = self.hear();
            if heard["id"] == id {
                assert!(heard["error"].is_null(), "{method}: {}", heard["error"]);
                return heard["result"].take();
            }
        }
    }

    /// The next message; what the page asks for or complains of is remembered on the way.
    fn hear(&mut self) -> Value {
        let heard = self.heard.recv_timeout(PATIENCE).expect("the browser speaks");
        let params = &heard["params"];
        match heard["method"].as_str() {
            Some("Network.requestWillBeSent") => {
                self.requests.push(params["request"]["url"].as_str().unwrap_or_default().to_string());
            }
            Some("Log.entryAdded" | "Runtime.exceptionThrown" | "Runtime.consoleAPICalled") => {
                self.complaints.push(params.to_string());
            }
            Some(_) | None => {}
        }
        heard
    }
}

impl Drop for Tab {
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
