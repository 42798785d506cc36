//! A Chromium without a window, asked over its debugging pipe what its accessibility tree holds.
//!
//! In: a page as text. Out: [`Seen`]: every element of its DOM, and every node of its accessibility tree. The page is handed over
//! inside the pipe: whatever else the browser asks for is answered here too (images with a dot, all else refused), so nothing
//! leaves the process. Scripts and style sheets are refused by policy, `style` attributes are not: both sides then see the user
//! agent's sheet and inline style, and parse with scripting on. Ends with the value; a silent browser fails the test.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, PipeReader, PipeWriter, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

/// A browser that says nothing for so long is dead.
const PATIENCE: Duration = Duration::from_secs(120);
/// The address every page is given; the name resolves nowhere.
const ADDRESS: &str = "https://page.example/";
/// What Chromium is told about loading: sheets and scripts are refused, inline style is read.
const POLICY: &str = "script-src 'none'; style-src-elem 'none'; style-src-attr 'unsafe-inline'";
/// A grey PNG of 32 × 32 pixels, for every image: a broken one is another thing in the tree.
const DOT: &str =
    "iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAAAAABWESUoAAAAFklEQVR42mNoIAAYRhWMKhhVMFIVAABCAAAfN5c2AAAAAABJRU5ErkJggg==";

/// A running browser with one tab.
pub struct Browser {
    child: Child,
    orders: PipeWriter,
    answers: Receiver<Value>,
    session: String,
    asked: u64,
    page: String,
    _profile: tempfile::TempDir,
}

/// What the browser made of a page.
pub struct Seen {
    /// The elements in document order, without what is inside `template` and `noscript`: name in lower case and number.
    pub elements: Vec<(String, i64)>,
    /// The nodes of the accessibility tree that stand for a DOM node.
    pub nodes: Vec<Value>,
}

impl Browser {
    /// The browser of this machine: the command that exists, Debian's name first.
    pub fn command() -> Option<&'static str> {
        let exists = |name: &&str| {
            let folders = std::env::var_os("PATH").unwrap_or_default();
            std::env::split_paths(&folders).any(|folder| folder.join(name).is_file())
        };
        ["chromium", "chromium-browser", "google-chrome"].into_iter().find(exists)
    }

    /// Starts the browser with a profile of its own.
    pub fn start(command: &str) -> Self {
        let profile = tempfile::tempdir().expect("a temporary folder");
        let (heard, orders) = std::io::pipe().expect("a pipe");
        let (answers, told) = std::io::pipe().expect("a pipe");
        let mut folder = OsStr::new("--user-data-dir=").to_owned();
        folder.push(profile.path());
        // The browser listens on descriptor 3 and talks on 4, which only a shell can arrange without unsafe code.
        let child = Command::new("sh")
            .args(["-c", "exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>/dev/null", "sh", command])
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-pipe"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"])
            .args(["--host-resolver-rules=MAP * ~NOTFOUND", "--force-renderer-accessibility=complete", "--lang=en-US"])
            .arg(folder)
            .stdin(Stdio::from(heard))
            .stdout(Stdio::from(told))
            .spawn()
            .expect("a shell starts");
        let mut browser = Self {
            child,
            orders,
            answers: listen(answers),
            session: String::new(),
            asked: 0,
            page: String::new(),
            _profile: profile,
        };
        let target = browser.ask("Target.createTarget", json!({"url": "about:blank"}));
        let attach = json!({"targetId": target["targetId"], "flatten": true});
        let session = browser.ask("Target.attachToTarget", attach);
        browser.session = session["sessionId"].as_str().expect("a session has a name").to_string();
        browser.ask("Page.enable", json!({}));
        browser.ask("Fetch.enable", json!({"patterns": [{"urlPattern": "*"}]}));
        browser
    }

    /// Shows a page and reads what became of it.
    pub fn show(&mut self, page: &str) -> Seen {
        self.page = page.to_string();
        self.ask("Page.navigate", json!({"url": ADDRESS}));
        while self.hear()["method"] != "Page.loadEventFired" {}
        let shot = self.ask("DOMSnapshot.captureSnapshot", json!({"computedStyles": []}));
        let elements = elements(&shot);
        let mut whole = self.ask("Accessibility.getFullAXTree", json!({}));
        let nodes = whole["nodes"].take();
        let Value::Array(nodes) = nodes else { panic!("an accessibility tree is a list of nodes: {nodes}") };
        Seen { elements, nodes }
    }

    /// Sends an order and waits for its answer.
    fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.send(method, &params);
        loop {
            let mut heard = self.hear();
            if heard["id"] == id {
                assert!(heard["error"].is_null(), "{method}: {}", heard["error"]);
                return heard["result"].take();
            }
        }
    }

    fn send(&mut self, method: &str, params: &Value) -> u64 {
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

    /// The next message; requests of the page are answered on the way.
    fn hear(&mut self) -> Value {
        let heard = self.answers.recv_timeout(PATIENCE).expect("the browser speaks");
        if heard["method"] == "Fetch.requestPaused" {
            self.answer(&heard["params"]);
        }
        heard
    }

    fn answer(&mut self, asked: &Value) {
        let request = &asked["requestId"];
        let is_page = asked["request"]["url"] == ADDRESS && asked["resourceType"] == "Document";
        let (body, kind) = match asked["resourceType"].as_str() {
            _ if is_page => (base64(self.page.as_bytes()), "text/html; charset=utf-8"),
            Some("Image") => (DOT.to_string(), "image/png"),
            Some(_) | None => {
                self.send("Fetch.failRequest", &json!({"requestId": request, "errorReason": "BlockedByClient"}));
                return;
            }
        };
        let headers = json!([
            {"name": "content-type", "value": kind},
            {"name": "content-security-policy", "value": POLICY},
        ]);
        let answer = json!({"requestId": request, "responseCode": 200, "responseHeaders": headers, "body": body});
        self.send("Fetch.fulfillRequest", &answer);
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.session.clear();
        self.send("Browser.close", &json!({}));
        let _ = self.child.wait();
    }
}

/// Messages end with a zero byte.
fn listen(answers: PipeReader) -> Receiver<Value> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for message in BufReader::new(answers).split(0) {
            let Ok(message) = message else { return };
            let value = serde_json::from_slice(&message).expect("the browser speaks JSON");
            if sender.send(value).is_err() {
                return;
            }
        }
    });
    receiver
}

/// The elements of the first document of a snapshot; what a style sheet adds (`::marker`) is none.
fn elements(shot: &Value) -> Vec<(String, i64)> {
    const ELEMENT: i64 = 1;
    let nodes = &shot["documents"][0]["nodes"];
    let number = |list: &str, at: usize| nodes[list][at].as_i64().expect("the snapshot's lists have equal lengths");
    let name = |at: usize| {
        let text = usize::try_from(number("nodeName", at)).expect("every element has a name");
        shot["strings"][text].as_str().unwrap_or_default().to_ascii_lowercase()
    };
    let all = 0..nodes["nodeType"].as_array().map_or(0, Vec::len);
    let elements =
        all.filter(|at| number("nodeType", *at) == ELEMENT).map(|at| (name(at), number("backendNodeId", at)));
    elements.filter(|(name, _)| !name.starts_with("::")).collect()
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let number = three.iter().enumerate().fold(0_u32, |sum, (at, byte)| sum | u32::from(*byte) << (16 - 8 * at));
        for at in 0..4 {
            let digit = DIGITS[(number >> (18 - 6 * at) & 63) as usize];
            text.push(if at > three.len() { '=' } else { char::from(digit) });
        }
    }
    text
}
