//! What it costs to write a report of very many findings, format by format.
//!
//! In: the example report of `fixtures/reports`, its pages and findings many times over with addresses of their own. Out: a table: CPU and octets a
//! finding, and the memory that writing took beyond the report itself. Nothing is kept of what is written.

use std::io::{self, BufWriter, Write};

use cpu_time::ThreadTime;
use idea_audit::report::{self, Paint, Report};

/// The example.
const EXAMPLE: &str = include_str!("../../fixtures/reports/demo.json");

/// Writes a report somewhere.
type Writes = fn(&Report, &mut dyn Write) -> io::Result<()>;

/// The formats that have a row for each finding.
const FORMATS: [(&str, Writes); 8] = [
    ("json", |report, out| report::json(report, out)),
    ("jsonl", |report, out| report::jsonl(report, out)),
    ("csv", |report, out| report::findings_csv(report, out)),
    ("html", |report, out| report::html(report, out)),
    ("sarif", |report, out| report::sarif(report, out)),
    ("junit", |report, out| report::junit(report, out)),
    ("earl", |report, out| report::earl(report, out)),
    ("text", |report, out| report::text(report, Paint::Plain, 120, out)),
];

/// Counts what is written.
#[derive(Debug)]
struct Octets(u64);

impl Write for Octets {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.0 += octets.len() as u64;
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Prints what each format costs; `forget` and `peak` ask the system for the most memory since.
pub fn print(findings: usize, forget: fn(), peak: fn() -> Option<f64>) {
    let report = large(findings);
    println!("\na report of {} findings on {} pages", report.findings.len(), report.pages.len());
    println!("{:<8}{:>18}{:>18}{:>10}{:>22}", "", "CPU µs/finding", "octets/finding", "MB", "MB beyond the report");
    for (name, write) in FORMATS {
        forget();
        let before = peak();
        let begun = ThreadTime::now();
        let mut out = BufWriter::new(Octets(0));
        write(&report, &mut out).expect("counting never fails");
        let (cpu, octets) = (begun.elapsed(), out.into_inner().expect("counting never fails").0);
        let more = peak().zip(before).map_or_else(String::new, |(after, before)| format!("{:.0}", after - before));
        let each = |sum: f64| sum / report.findings.len() as f64;
        println!(
            "{name:<8}{:>18.2}{:>18.0}{:>10.0}{more:>22}",
            each(cpu.as_secs_f64() * 1e6),
            each(octets as f64),
            octets as f64 / 1e6
        );
    }
}

/// The example with so many findings, each page and its findings again and again under other addresses.
fn large(findings: usize) -> Report {
    let example: Report = serde_json::from_str(EXAMPLE).expect("the example is a report");
    let mut report = example.clone();
    let times = findings.div_ceil(example.findings.len().max(1));
    let again = |url: &str, time: usize| format!("{}/{time}", url.trim_end_matches('/'));
    for time in 1..times {
        for page in &example.pages {
            report.pages.push(report::PageRow { url: again(&page.url, time).into(), ..page.clone() });
        }
        for finding in &example.findings {
            let mut finding = finding.clone();
            finding.url = again(&finding.url, time).into();
            finding.fingerprint = format!("{}{time:x}", finding.fingerprint).into();
            report.findings.push(finding);
        }
    }
    report.sort();
    report
}
