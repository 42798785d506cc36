//! The generated site of the benchmarks and the server that shows it.
//!
//! In: a number of pages. Out: a child process that answers on loopback, and the paths of its pages. Pages are made once and
//! kept in memory. Invariant: the same number gives the same bytes.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use url::Url;

/// Links of a page to other pages.
const LINKS: usize = 61;
/// Octets of a page, about.
const SIZE: usize = 28_800;

/// The server's process.
pub struct Server {
    child: Child,
    root: Url,
}

impl Server {
    /// Starts this program again as a server of so many pages.
    pub fn start(pages: usize) -> Self {
        let program = std::env::current_exe().expect("the benchmark knows its own file");
        let mut child = Command::new(program)
            .env("IDEA_AUDIT_BENCH_SERVER", pages.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut first = String::new();
        let out = child.stdout.take().expect("the server's output is piped");
        BufReader::new(out).read_line(&mut first).expect("the server says its address");
        Self { root: Url::parse(first.trim()).expect("an address"), child }
    }

    /// The home page.
    pub fn root(&self) -> Url {
        self.root.clone()
    }

    fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    /// A benchmark that panics must not leave its server behind.
    fn drop(&mut self) {
        self.stop();
    }
}

/// The path of a page; the first is the home page.
pub fn path(page: usize) -> String {
    if page == 0 { "/".to_string() } else { format!("/topics/page-{page}/") }
}

/// Serves the site on a free port, whose address it prints, for ever.
pub fn serve(pages: usize) {
    // Every address of loopback is a host of its own.
    let listener = TcpListener::bind((std::net::Ipv4Addr::UNSPECIFIED, 0)).expect("a free port");
    println!("http://127.0.0.1:{}/", listener.local_addr().expect("a bound port").port());
    let site: Arc<Vec<String>> = Arc::new((0..pages).map(|page| html(page, pages)).collect());
    for stream in listener.incoming().flatten() {
        let site = site.clone();
        std::thread::spawn(move || drop(converse(stream, &site)));
    }
}

/// One connection, request after request.
fn converse(stream: TcpStream, site: &[String]) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    loop {
        let mut request = String::new();
        if reader.read_line(&mut request)? == 0 {
            return Ok(());
        }
        let mut header = String::new();
        while reader.read_line(&mut header)? > 0 && header.trim() != "" {
            header.clear();
        }
        let asked = request.split(' ').nth(1).unwrap_or_default();
        let number = asked.strip_prefix("/topics/page-").map(|rest| rest.trim_end_matches('/'));
        let page = if asked == "/" { Some(0) } else { number.and_then(|number| number.parse::<usize>().ok()) };
        let (status, body) = match page.and_then(|page| site.get(page)) {
            Some(body) => ("200 OK", body.as_str()),
            None => ("404 Not Found", "<!doctype html><title>Page not found</title><h1>Page not found</h1>"),
        };
        let head = format!(
            "HTTP/1.1 {status}\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        writer.write_all(head.as_bytes())?;
        writer.write_all(body.as_bytes())?;
    }
}

/// A page of the site.
pub fn html(page: usize, pages: usize) -> String {
    html_of(page, pages, |html, _| html.len() < SIZE - 400)
}

/// A page of about so many elements, and the same otherwise.
pub fn html_with(elements: usize) -> String {
    /// Elements of the part that is always there, and of a section.
    const FRAME: usize = 140;
    const SECTION: usize = 6;
    html_of(7, 5000, |_, section| section * SECTION + FRAME < elements)
}

fn html_of(page: usize, pages: usize, is_short: impl Fn(&str, usize) -> bool) -> String {
    let mut html = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Topic {page} of the Bureau of Benchmarks</title>\n\
         <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"description\" content=\"All there is to know about topic {page}, in plain words, for everybody who asks.\">\n\
         <link rel=\"stylesheet\" href=\"/style.css\"></head>\n<body><a href=\"#main\">Skip to main content</a><header><a href=\"/\">Bureau of Benchmarks</a>\n<nav aria-label=\"Topics\"><ul>"
    );
    for link in 0..LINKS {
        let target = (page * 7 + link * link + link + 1) % pages;
        let _ = write!(html, "<li><a class=\"usa-nav__link\" href=\"{}\">About topic {target}</a></li>", path(target));
    }
    html.push_str("</ul></nav></header>\n<main id=\"main\"><h1>Topic of the day</h1>");
    let mut paragraph = 0;
    while is_short(&html, paragraph) {
        paragraph += 1;
        let _ = writeln!(
            html,
            "<section class=\"grid-row\"><h2 id=\"s{paragraph}\">Part {paragraph}</h2><p>You can read about part {paragraph} of topic {page} here. \
             <strong>It takes a minute.</strong> The form has <em>four</em> questions and nobody asks for more than is needed.</p>\
             <img src=\"/images/{paragraph}.png\" alt=\"A chart of part {paragraph}\" width=\"40\" height=\"40\"></section>"
        );
    }
    html.push_str("</main><footer><p>Bureau of Benchmarks, 1 Example Street</p></footer></body></html>\n");
    html
}
