//! One tab of a Chromium without a window, for looking at a report as people do.
//!
//! In: a file. Out: what a script or a key in it leads to, and what the browser complained of or asked the network for.

use serde_json::{Value, json};
use std::path::Path;

use crate::devtools::Devtools;

pub(crate) struct Tab {
    browser: Devtools,
    pub(crate) seen: Seen,
}

/// What a page did besides being looked at.
#[derive(Default)]
pub(crate) struct Seen {
    /// Requests the page made.
    pub(crate) requests: Vec<String>,
    /// Errors and warnings in its console.
    pub(crate) complaints: Vec<String>,
    /// Pages that were loaded while something else was waited for.
    loads: usize,
}

impl Seen {
    fn note(&mut self, heard: &Value) {
        let params = &heard["params"];
        match heard["method"].as_str() {
            Some("Network.requestWillBeSent") => {
                self.requests.push(params["request"]["url"].as_str().unwrap_or_default().to_string());
            }
            Some("Page.loadEventFired") => self.loads += 1,
            Some("Log.entryAdded" | "Runtime.exceptionThrown" | "Runtime.consoleAPICalled") => {
                self.complaints.push(params.to_string());
            }
            Some(_) | None => {}
        }
    }
}

impl Tab {
    pub(crate) fn open(command: &str) -> Self {
        Self::open_with(command, &[])
    }

    /// The same with more of the browser's own options.
    pub(crate) fn open_with(command: &str, more: &[&str]) -> Self {
        let mut tab = Self { browser: Devtools::open(command, more), seen: Seen::default() };
        for domain in ["Page", "Runtime", "Log", "Network"] {
            tab.ask(&format!("{domain}.enable"), json!({}));
        }
        tab
    }

    /// Opens a file and waits until it is loaded.
    pub(crate) fn go(&mut self, file: &Path) {
        let url = url::Url::from_file_path(file).expect("an absolute path");
        self.visit(url.as_str());
    }

    /// Opens an address and waits until it is loaded.
    pub(crate) fn visit(&mut self, url: &str) {
        self.ask("Page.navigate", json!({"url": url}));
        self.until_loaded();
    }

    /// Presses a key that leads to another page, and waits until that is loaded.
    pub(crate) fn follow(&mut self, key: &str) {
        let before = self.seen.loads;
        self.press(key);
        if self.seen.loads == before {
            self.until_loaded();
        }
    }

    /// The whole page as a PNG.
    pub(crate) fn screenshot(&mut self) -> Vec<u8> {
        let answer = self.ask("Page.captureScreenshot", json!({"format": "png", "captureBeyondViewport": true}));
        let text = answer["data"].as_str().expect("a picture is text");
        let mut octets = vec![];
        let (mut held, mut bits) = (0_u32, 0);
        for c in text.bytes().filter(|c| *c != b'=') {
            let digit = match c {
                b'A'..=b'Z' => c - b'A',
                b'a'..=b'z' => c - b'a' + 26,
                b'0'..=b'9' => c - b'0' + 52,
                b'+' => 62,
                _slash => 63,
            };
            (held, bits) = (held << 6 | u32::from(digit), bits + 6);
            if bits >= 8 {
                bits -= 8;
                octets.push((held >> bits) as u8);
                held &= (1 << bits) - 1;
            }
        }
        octets
    }

    pub(crate) fn reload(&mut self) {
        self.ask("Page.reload", json!({}));
        self.until_loaded();
    }

    fn until_loaded(&mut self) {
        let seen = &mut self.seen;
        self.browser.until("Page.loadEventFired", |_, heard| seen.note(heard));
    }

    /// The size of the window, and which colours its reader prefers.
    pub(crate) fn shape(&mut self, width: u32, scheme: &str) {
        let size = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": true});
        self.ask("Emulation.setDeviceMetricsOverride", size);
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.ask("Emulation.setEmulatedMedia", json!({"features": features}));
    }

    /// From the next page on no script of a page runs.
    pub(crate) fn without_scripts(&mut self) {
        self.ask("Emulation.setScriptExecutionDisabled", json!({"value": true}));
    }

    /// The value of an expression.
    pub(crate) fn value(&mut self, expression: &str) -> Value {
        let ask = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let mut answer = self.ask("Runtime.evaluate", ask);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].take()
    }

    /// A key, pressed and let go.
    pub(crate) fn press(&mut self, key: &str) {
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

    pub(crate) fn write(&mut self, words: &str) {
        self.ask("Input.insertText", json!({"text": words}));
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        let seen = &mut self.seen;
        self.browser.ask(method, params, |_, heard| seen.note(heard))
    }
}
