//! A Chromium without a window, asked over its debugging pipe what its accessibility tree holds.
//!
//! In: a page as text. Out: [`Seen`]: every element of its DOM, and every node of its accessibility tree. The page is handed over
//! inside the pipe: whatever else the browser asks for is answered here too (images with a dot, all else refused), so nothing
//! leaves the process. Scripts and style sheets are refused by policy, `style` attributes are not: both sides then see the user
//! agent's sheet and inline style, and parse with scripting on.

use serde_json::{Value, json};

use crate::devtools::Devtools;

/// The address every page is given; the name resolves nowhere.
const ADDRESS: &str = "https://page.example/";
/// What Chromium is told about loading: sheets and scripts are refused, inline style is read.
const POLICY: &str = "script-src 'none'; style-src-elem 'none'; style-src-attr 'unsafe-inline'";
/// A grey PNG of 32 × 32 pixels, for every image: a broken one is another thing in the tree.
const DOT: &str =
    "iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAAAAABWESUoAAAAFklEQVR42mNoIAAYRhWMKhhVMFIVAABCAAAfN5c2AAAAAABJRU5ErkJggg==";

/// A running browser.
pub struct Browser {
    tab: Devtools,
    page: String,
}

/// What the browser made of a page.
pub struct Seen {
    /// The elements in document order, without what is inside `template` and `noscript`: name in lower case and number.
    pub elements: Vec<(String, i64)>,
    /// The nodes of the accessibility tree that stand for a DOM node.
    pub nodes: Vec<Value>,
}

impl Browser {
    /// Starts the browser.
    pub fn start(command: &str) -> Self {
        let tab = Devtools::open(command, &["--force-renderer-accessibility=complete"]);
        let mut browser = Self { tab, page: String::new() };
        browser.ask("Page.enable", json!({}));
        browser.ask("Fetch.enable", json!({"patterns": [{"urlPattern": "*"}]}));
        browser
    }

    /// Shows a page and reads what became of it.
    pub fn show(&mut self, page: &str) -> Seen {
        self.page = page.to_string();
        self.ask("Page.navigate", json!({"url": ADDRESS}));
        let page = &self.page;
        self.tab.until("Page.loadEventFired", |tab, heard| serve(tab, page, heard));
        let shot = self.ask("DOMSnapshot.captureSnapshot", json!({"computedStyles": []}));
        let elements = elements(&shot);
        let mut whole = self.ask("Accessibility.getFullAXTree", json!({}));
        let nodes = whole["nodes"].take();
        let Value::Array(nodes) = nodes else { panic!("an accessibility tree is a list of nodes: {nodes}") };
        Seen { elements, nodes }
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        let page = &self.page;
        self.tab.ask(method, params, |tab, heard| serve(tab, page, heard))
    }
}

/// Answers what a page asks for: itself, and a dot for each image; everything else is refused.
fn serve(tab: &mut Devtools, page: &str, heard: &Value) {
    if heard["method"] != "Fetch.requestPaused" {
        return;
    }
    let asked = &heard["params"];
    let request = &asked["requestId"];
    let is_page = asked["request"]["url"] == ADDRESS && asked["resourceType"] == "Document";
    let (body, kind) = match asked["resourceType"].as_str() {
        _ if is_page => (base64(page.as_bytes()), "text/html; charset=utf-8"),
        Some("Image") => (DOT.to_string(), "image/png"),
        Some(_) | None => {
            tab.send("Fetch.failRequest", &json!({"requestId": request, "errorReason": "BlockedByClient"}));
            return;
        }
    };
    let headers = json!([
        {"name": "content-type", "value": kind},
        {"name": "content-security-policy", "value": POLICY},
    ]);
    let answer = json!({"requestId": request, "responseCode": 200, "responseHeaders": headers, "body": body});
    tab.send("Fetch.fulfillRequest", &answer);
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
