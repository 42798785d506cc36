//! A PostgreSQL server for the tests that need one: one server a test run, a database of its own for each test.
//!
//! In: Debian's binaries, or the address of a server in `IDEA_AUDIT_TEST_POSTGRES` whose user may create databases. Out: addresses.
//! Invariant: the server listens on a socket in a private folder and nowhere else; it ends, and its folder goes, when this
//! process ends, however it ends.
#![allow(dead_code, reason = "each test module uses a part of it")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::Connection;

use crate::machine;

static SERVER: OnceLock<Option<Server>> = OnceLock::new();
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// The address of a new, empty database; none where the machine has no PostgreSQL, which is said.
pub async fn database() -> Option<String> {
    let admin = match std::env::var("IDEA_AUDIT_TEST_POSTGRES") {
        Ok(given) => given,
        Err(_) => match SERVER.get_or_init(Server::start) {
            Some(server) => server.url("postgres"),
            None => {
                machine::lacks("PostgreSQL");
                return None;
            }
        },
    };
    Some(fresh(&admin).await)
}

/// A new database on the server of an address.
pub async fn fresh(admin: &str) -> String {
    let name = format!("idea_audit_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let mut connection = sqlx::PgConnection::connect(admin).await.expect("the server takes connections");
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE template0"));
    sqlx::query(create).execute(&mut connection).await.expect("the user may create databases");
    let _ = connection.close().await;
    let mut url = url::Url::parse(admin).expect("the address of a server");
    url.set_path(&name);
    url.to_string()
}

/// A server that ends with this value, or with this process.
pub struct Server {
    binaries: PathBuf,
    folder: PathBuf,
    guardian: Child,
}

/// Starts the server, and ends it and removes its folder when standard input closes: when this process is gone.
const GUARDIAN: &str = r#"
"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c full_page_writes=off -c synchronous_commit=off \
    -c max_connections=200 -c shared_buffers=32MB </dev/null &
server=$!
cat >/dev/null
kill -INT $server
wait $server
[ -e "$2/halted" ] || rm -rf "$2"
"#;

impl Server {
    /// Makes a database cluster and starts a server over it; none where the binaries are not there.
    pub fn start() -> Option<Self> {
        let binaries = binaries()?;
        let folder = tempfile::Builder::new().prefix("ia-pg-").tempdir().expect("a temporary folder").keep();
        if is_root() {
            let owned = Command::new("chown").arg("postgres").arg(&folder).status().expect("chown runs");
            assert!(owned.success(), "the package brings the user postgres");
        }
        let made = as_postgres(&binaries.join("initdb"))
            .arg("-D")
            .arg(folder.join("data"))
            .args(["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync"])
            .stdout(Stdio::null())
            .stdin(Stdio::null())
            .output()
            .expect("initdb runs");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let guardian = Self::serve(&binaries, &folder);
        Some(Self { binaries, folder, guardian })
    }

    fn serve(binaries: &Path, folder: &Path) -> Child {
        let mut guardian = as_postgres(Path::new("sh"))
            .args(["-c", GUARDIAN, "guardian"])
            .arg(binaries)
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("a shell runs");
        let said = guardian.stderr.take().expect("it is piped");
        let (ready, waiting) = std::sync::mpsc::channel();
        // Read to the end, or the server would wait for a reader.
        std::thread::spawn(move || {
            for line in BufReader::new(said).lines().map_while(Result::ok) {
                if line.contains("ready to accept connections") {
                    let _ = ready.send(());
                }
            }
        });
        waiting.recv().expect("the server becomes ready");
        guardian
    }

    /// Shuts the server down as its administrator would, and leaves its databases.
    pub fn halt(&mut self) {
        std::fs::write(self.folder.join("halted"), "").expect("the folder is ours");
        drop(self.guardian.stdin.take());
        self.guardian.wait().expect("is a child");
    }

    /// Starts it again.
    pub fn go_on(&mut self) {
        std::fs::remove_file(self.folder.join("halted")).expect("it was halted");
        self.guardian = Self::serve(&self.binaries, &self.folder);
    }

    /// The address of one of its databases.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@localhost/{database}?host={}", self.folder.display())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.guardian.stdin.take());
        let _ = self.guardian.wait();
    }
}

/// The folder of the binaries: that of the path, else Debian's of the highest version.
fn binaries() -> Option<PathBuf> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let mut found: Vec<PathBuf> = std::env::split_paths(&folders).collect();
    let mut debian: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .collect();
    debian.sort();
    found.extend(debian.into_iter().rev());
    found.into_iter().find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

/// A command as a user whom the server accepts: it does not run as root.
fn as_postgres(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid", "postgres", "--regid", "postgres", "--init-groups"]).arg(program);
    // The folder of the test may be closed to that user.
    command.current_dir("/");
    command
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id runs");
    id.stdout.trim_ascii() == b"0"
}
