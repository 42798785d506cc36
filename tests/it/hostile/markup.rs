//! Pages that are made to be expensive: what parser, facts and rules spend on them must grow as the page does.
//!
//! Every shape is judged by all rules at one size and at three times that. Processor time is compared, not the clock on
//! the wall. `IDEA_AUDIT_SLOWEST=1` names the rules that took longest.

use std::time::{Duration, Instant};

use cpu_time::ThreadTime;
use idea_audit::engine::{Days, Engine};
use idea_audit::facts::{Page, Standing};
use idea_audit::rules::{Profile, RuleSet};
use idea_audit::web::Capture;
use url::Url;

/// Octets of the smaller page.
const SIZE: usize = 16_000;
/// What three times the octets may cost, in times: a little more than linear, far below the nine of a square.
const GROWTH: f64 = 5.5;
/// How often what seems too dear is looked at: a busy machine only ever adds to a cost.
const TAKES: usize = 4;
/// What is too short to compare.
const NEGLIGIBLE: Duration = Duration::from_millis(400);

/// A name, what comes first, what is repeated with its number in place of `#`, and what comes last.
const SHAPES: &[(&str, &str, &str, &str)] = &[
    ("links", "", "<a href=/p#>Page #</a>\n", ""),
    ("links with one text", "", "<a href=/p#>More</a>", ""),
    ("links to one place", "", "<a href=/p>Page #</a>", ""),
    ("images", "", "<img src=/i#.png>", ""),
    ("images described alike", "", "<a href=/x#><img src=i.png alt=Picture></a>", ""),
    ("headings", "", "<h2>Part #</h2>", ""),
    ("headings of all levels", "", "<h1>A</h1><h6>B #</h6>", ""),
    ("paragraphs", "", "<p>Some words of number #.", ""),
    ("fields", "<form action=/s>", "<input name=f#>", "</form>"),
    ("forms of fields of classes of their own", "", "<form><input class=a#><input class=b#></form>", ""),
    ("fields with labels", "<form>", "<label for=f#>F #</label><input id=f#>", "</form>"),
    ("labels for one field", "<form><input id=f>", "<label for=f>Label #</label>", "</form>"),
    ("radio buttons of one group", "<form>", "<input type=radio name=r value=#>", "</form>"),
    ("options", "<select>", "<option>Choice #", "</select>"),
    ("forms", "", "<form><input type=search name=q#><button>Go</button></form>", ""),
    ("one id many times", "", "<p id=same>x", ""),
    ("ids", "", "<p id=i#>x", ""),
    ("anchors within", "", "<a href='#i#'>x</a><p id=i#>", ""),
    ("chain of labels", "", "<p id=a# aria-labelledby=b#>x</p><p id=b# aria-labelledby=a#>y", ""),
    ("one element labelled by many", "<p id=t>Word</p><button aria-labelledby='", "t ", "'></button>"),
    ("all labelled by one", "<p id=t>Word</p>", "<button aria-labelledby=t></button>", ""),
    ("all labelled by a long text", "<p id=t>Many words of a text</p>", "<button aria-labelledby='t t t t'>", ""),
    ("nested labels", "", "<div role=group aria-label=x#>", ""),
    ("cells", "<table>", "<tr><th>H #<td>c", "</table>"),
    ("one row of cells", "<table><tr>", "<td>c", "</table>"),
    ("cells that name their headers", "<table><tr>", "<th id=h#>x<td headers='h# h1'>c", "</table>"),
    ("cells without bounds", "<table>", "<tr><td rowspan=65534 colspan=1000>#", "</table>"),
    ("tables in tables", "", "<table><tr><td>", ""),
    ("lists", "", "<ul><li>#</ul>", ""),
    ("nested lists", "", "<ul><li>", ""),
    ("nested inline", "", "<b><i>", ""),
    ("misnested", "", "<b><p></b><i></p>x</i>", ""),
    ("formatting never closed", "", "<a><b><i><font size=#>x<p>", ""),
    ("frames", "", "<iframe src=/f#></iframe>", ""),
    ("scripts", "", "<script src=/s#.js></script>", ""),
    ("stylesheets", "", "<link rel=stylesheet href=/s#.css>", ""),
    ("metadata", "", "<meta name=description content='words #'>", ""),
    ("titles", "", "<svg><title>T #</title></svg>", ""),
    ("noscripts", "", "<noscript><img src=#></noscript>", ""),
    ("templates", "", "<template><p>#</template>", ""),
    ("landmarks", "", "<nav aria-label=n#><a href=#>x</a></nav>", ""),
    ("languages", "", "<p lang=l#>x", ""),
    ("comments", "", "<!-- # -->", ""),
    ("one word", "<p>", "aaaaaaaaaaaaaaaaaaaa", ""),
    ("spaces", "<p>", "                    ", "x"),
    ("dates", "<p>", "January 1, 2024 2024-01-01 ", ""),
    ("addresses in text", "<p>", "mail@agency.example 555-0100 https://a.example/# ", ""),
    ("entities", "<p>", "&amp;&notit;&#x41;", ""),
    ("one long attribute", "<p title='", "aaaaaaaaaaaaaaaa ", "'>x"),
    ("classes", "<p class='", "c# ", "'>x"),
    ("style", "<p style='", "color:#fff#;", "'>x"),
    ("style sheet within", "<style>", ".c#{color:red}", "</style>"),
    ("source set", "<img alt=x srcset='", "/i#.png #w, ", "'>"),
    ("tokens of rel", "<a href=/ rel='", "r# ", "'>x</a>"),
    ("data for programs", "<script type=application/ld+json>", "[", "</script>"),
    ("data for programs, long", "<script type=application/ld+json>[", "{\"@type\":\"T#\"},", "0]</script>"),
    ("videos", "", "<video src=v#></video><audio controls src=#></audio>", ""),
    ("buttons", "", "<button onclick=x()>Press</button>", ""),
    ("hidden", "", "<div hidden><a href=/#>x</a></div>", ""),
    ("tabbing", "", "<a href=# tabindex=#>x</a>", ""),
    ("maps", "", "<img usemap=#m alt=x><map name=m><area href=/#></map>", ""),
    ("maps of one name", "<map name=m><area href=/></map>", "<img usemap='#m' alt=x>", ""),
    ("text without tags", "", "word ", ""),
    ("less-than signs", "", "< <", ""),
    ("tags never closed", "", "<p a=\"", ""),
    ("NUL", "", "\0\0\0\0", ""),
    ("accents piled up", "<p>e", "\u{301}", ""),
    (
        "government banner again and again",
        "",
        "<section class=usa-banner aria-label='Official website of the United States government'><p>An official website of the United States government</section>",
        "",
    ),
    ("policies again and again", "", "<a href=/privacy#>Privacy policy</a><a href=/foia>FOIA</a>", ""),
    ("searches", "", "<form role=search action=/s#><input type=search aria-label=Search></form>", ""),
];

fn made(shape: &(&str, &str, &str, &str), octets: usize) -> String {
    let (_, first, again, last) = shape;
    let mut text =
        String::from("<!doctype html><html lang=en><head><title>Page</title></head><body><main><h1>Page</h1>");
    text.push_str(first);
    let mut number = 0;
    while text.len() < octets {
        text.push_str(&again.replace('#', &number.to_string()));
        number += 1;
    }
    text.push_str(last);
    text
}

fn capture(body: String) -> Capture {
    let url = Url::parse("https://www.agency.example/x").expect("a URL");
    Capture::page(url, "text/html; charset=utf-8", body)
}

fn engine() -> Engine {
    let set = RuleSet::bundled().expect("the bundled rules load");
    let day = jiff::civil::date(2026, 11, 22);
    Engine::of(set.rules.clone(), set.sources.clone(), Days { today: day, policy_as_of: day })
}

/// Processor time for a page: read, all facts that rules ask for, all rules.
fn cost(engine: &Engine, body: String) -> Duration {
    let capture = capture(body);
    let started = ThreadTime::now();
    let page = Page::read(&capture);
    let facts = page.facts(Standing::Home, engine.days().today);
    let _ = facts.links().len();
    // A page that was cut is a problem, and no rule looks at it.
    if page.document.as_ref().is_some_and(|document| document.cut().is_none()) {
        let judgement = engine.judge_page(&facts, &Profile::default());
        assert!(!judgement.outcomes.is_empty());
    }
    started.elapsed()
}

fn slowest(body: String) -> Vec<(Duration, String)> {
    let set = RuleSet::bundled().expect("the bundled rules load");
    let day = jiff::civil::date(2026, 11, 22);
    let capture = capture(body);
    let page = Page::read(&capture);
    let facts = page.facts(Standing::Home, day);
    let mut times = Vec::new();
    for rule in &set.rules {
        let alone = Engine::of(vec![rule.clone()], set.sources.clone(), Days { today: day, policy_as_of: day });
        let started = Instant::now();
        let _ = alone.judge_page(&facts, &Profile::default());
        times.push((started.elapsed(), rule.id.to_string()));
    }
    times.sort();
    times.reverse();
    times.truncate(6);
    times
}

#[test]
fn no_shape_of_page_costs_more_than_its_size_explains() {
    let engine = engine();
    let shown = std::env::var_os("IDEA_AUDIT_SLOWEST").is_some();
    let mut wrong = Vec::new();
    // The first page pays for what all of them share.
    cost(&engine, made(&SHAPES[0], 10_000));
    for shape in SHAPES {
        let mut small = cost(&engine, made(shape, SIZE));
        let mut large = cost(&engine, made(shape, SIZE * 3));
        let over = |small: Duration, large: Duration| large.as_secs_f64() / small.as_secs_f64() > GROWTH;
        for _ in 1..TAKES {
            if over(small, large) {
                small = small.min(cost(&engine, made(shape, SIZE)));
                large = large.min(cost(&engine, made(shape, SIZE * 3)));
            }
        }
        let growth = large.as_secs_f64() / small.as_secs_f64();
        if shown {
            println!("{:34} {small:9.1?} {large:9.1?} {growth:5.1}", shape.0);
        }
        if large > NEGLIGIBLE && over(small, large) {
            let rules = if shown { format!("{:.1?}", slowest(made(shape, SIZE * 3))) } else { String::new() };
            wrong.push(format!("{}: {small:.1?}, then {large:.1?}: {growth:.1} times {rules}", shape.0));
        }
    }
    assert!(wrong.is_empty(), "grow faster than the page:\n{}", wrong.join("\n"));
}
