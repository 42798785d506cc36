//! One tab of a Chromium without a window, for looking at a report as people do.
//!
//! In: a file. Out: what a script or a key in it leads to, and what the browser complained of or asked the network for.

use serde_json::{Value, json};
use std::path::Path;

use crate::devtools::Devtools;

pub(super) struct Tab {
    browser: Devtools,
    pub(super) seen: Seen,
}

/// What a page did besides being looked at.
#[derive(Default)]
pub(super) struct Seen {
    /// Requests the page made.
    pub(super) requests: Vec<String>,
    /// Errors and warnings in its console.
    pub(super) complaints: Vec<String>,
}

impl Seen {
    fn note(&mut self, heard: &Value) {
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
    }
}

impl Tab {
    pub(super) fn open(command: &str) -> Self {
        let mut tab = Self { browser: Devtools::open(command, &[]), seen: Seen::default() };
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
        let seen = &mut self.seen;
        self.browser.until("Page.loadEventFired", |_, heard| seen.note(heard));
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
        let seen = &mut self.seen;
        self.browser.ask(method, params, |_, heard| seen.note(heard))
    }
}
