//! What reading a document costs: in the process, by kind and size of documents made to order.
//!
//! In: nothing. Out: milliseconds of processor time for each. What a child process adds is told by the wall clock of a pipe there and back.

use cpu_time::ThreadTime;
use idea_audit::document::press::{Draft, DraftField, FieldKind};
use idea_audit::document::read;

/// A figure is the least of so many.
const TIMES: usize = 5;

/// Reads documents of several kinds.
pub fn measure() {
    let line = "You can ask for a permit at the desk. The fee is paid before noon, and the card is sent to you within ten days.\n";
    let field =
        |at: usize| DraftField { name: format!("f{at}"), kind: FieldKind::Text, tooltip: Some(format!("Field {at}")) };
    let text = |lines: usize| line.repeat(lines);
    let drafts = [
        ("a page", Draft { text: text(30), ..Draft::default() }),
        ("a tagged page", Draft { text: text(30), tagged: true, ..Draft::default() }),
        ("a form of 40 fields", Draft { text: text(10), fields: (0..40).map(field).collect(), ..Draft::default() }),
        ("1,000 lines", Draft { text: text(1_000), ..Draft::default() }),
        (
            "a form of 2,000 fields",
            Draft { text: text(10), fields: (0..2_000).map(field).collect(), ..Draft::default() },
        ),
    ];
    println!("{:>28}{:>10}{:>10}", "document", "octets", "ms");
    for (name, draft) in drafts {
        let file = draft.file();
        let least = (0..TIMES).map(|_| {
            let begun = ThreadTime::now();
            std::hint::black_box(read(&file).expect("it is readable").octets);
            begun.elapsed().as_secs_f64() * 1000.0
        });
        println!("{name:>28}{:>10}{:>10.3}", file.len(), least.fold(f64::MAX, f64::min));
    }
}
