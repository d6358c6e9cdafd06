//! A PostgreSQL server for the tests: on a temporary folder and a free port of the loopback address, with durability as a real one has it.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    str::FromStr,
    sync::atomic::{AtomicU32, Ordering},
};

use rustix::process::geteuid;
use sqlx::{ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use crate::{free_port, until};

/// Made up.
const PASSWORD: &str = "made-up-database-password-7c2d";
/// Who a server runs as that root starts: it refuses to run as root. The package of Debian brings this user.
const USER: &str = "postgres";

/// Runs the server until standard input ends, which it does with the test at the latest, even where that is killed.
const UNTIL_INPUT_ENDS: &str = r#"
remove=$1; shift
"$@" & server=$!
cat > /dev/null
kill -INT $server
wait $server
if [ -n "$remove" ]; then rm -rf "$remove"; fi
"#;

/// A PostgreSQL server.
pub struct Postgres {
    folder: PathBuf,
    port: u16,
    running: Option<Child>,
    /// Removes the folder in the end. Without it the server does that itself, as nothing of ours runs when a test program ends.
    _folder: Option<TempDir>,
}

/// One for all tests of a test program.
static SHARED: OnceCell<Postgres> = OnceCell::const_new();
/// Numbers databases.
static DATABASES: AtomicU32 = AtomicU32::new(1);

impl Postgres {
    /// The server that the tests of this program share, each with a database of its own.
    pub async fn shared() -> &'static Postgres {
        SHARED.get_or_init(|| async { Postgres::launch(initialised().keep(), None).await }).await
    }

    /// A server that may be stopped and started.
    pub async fn start() -> Postgres {
        let folder = initialised();
        Postgres::launch(folder.path().to_owned(), Some(folder)).await
    }

    async fn launch(folder: PathBuf, guard: Option<TempDir>) -> Postgres {
        let mut server = Postgres { folder, port: free_port(), running: None, _folder: guard };
        server.run().await;
        server
    }

    /// Makes an empty database; its URL, password included.
    pub async fn database(&self) -> String {
        let name = format!("world_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        let mut connection = self.connect().await.expect("the server takes connections");
        sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut connection).await.expect("the database is made");
        connection.close().await.expect("the connection is closed");
        self.url(&name)
    }

    /// Stops the server as an operator does: connections are cut, and what was committed is on the disk.
    pub fn stop(&mut self) {
        let Some(mut running) = self.running.take() else { return };
        drop(running.stdin.take());
        running.wait().expect("the server can be waited for");
    }

    /// Starts it again, on the same port.
    pub async fn restart(&mut self) {
        self.stop();
        self.run().await;
    }

    /// One of the programs that come with the server, such as `pg_dump`.
    pub fn program(name: &str) -> PathBuf {
        env::var_os("LATCHKEY_POSTGRES_BIN").map_or_else(|| PathBuf::from(name), |folder| Path::new(&folder).join(name))
    }

    async fn run(&mut self) {
        let log = fs::File::create(self.log()).expect("the folder can be written");
        let remove = if self._folder.is_some() { Path::new("") } else { &self.folder };
        let mut command = as_its_user(Path::new("sh"));
        command.args(["-c", UNTIL_INPUT_ENDS, "sh"]).arg(remove).arg(Postgres::program("postgres")).arg("-D").arg(self.folder.join("data"));
        let port = format!("port={}", self.port);
        for setting in ["listen_addresses=127.0.0.1", &port, "unix_socket_directories=", "max_connections=200"] {
            command.args(["-c", setting]);
        }
        let errors = log.try_clone().expect("a file");
        command.stdin(Stdio::piped()).stdout(log).stderr(errors);
        self.running = Some(command.spawn().expect("the server's shell starts"));
        until("PostgreSQL takes connections", async || match self.connect().await {
            Ok(connection) => connection.close().await.ok(),
            Err(error) => {
                let log = fs::read_to_string(self.log()).unwrap_or_default();
                assert!(!log.contains("FATAL:  could not"), "PostgreSQL does not start ({error}): {log}");
                None
            }
        })
        .await;
    }

    async fn connect(&self) -> Result<PgConnection, sqlx::Error> {
        PgConnectOptions::from_str(&self.url("postgres")).expect("an address").connect().await
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://latchkey:{PASSWORD}@127.0.0.1:{}/{database}?sslmode=disable", self.port)
    }

    fn log(&self) -> PathBuf {
        self.folder.join("log")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A temporary folder with a new cluster in `data`.
fn initialised() -> TempDir {
    let folder = TempDir::with_prefix("latchkey-postgres-").expect("a temporary folder");
    let password = folder.path().join("password");
    fs::write(&password, PASSWORD).expect("the folder can be written");
    if geteuid().is_root() {
        succeed(Command::new("chown").args(["-R", USER]).arg(folder.path()));
    }
    let mut initdb = as_its_user(&Postgres::program("initdb"));
    // What is committed is synced; only this empty cluster need not be.
    initdb.args(["--no-sync", "--encoding=UTF8", "--locale=C", "--auth=scram-sha-256", "--username=latchkey", "--pwfile"]);
    succeed(initdb.arg(password).arg("-D").arg(folder.path().join("data")));
    folder
}

fn as_its_user(program: &Path) -> Command {
    if !geteuid().is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid", USER, "--regid", USER, "--clear-groups", "--"]).arg(program);
    // Root's own folder, where a test may run, is closed to it.
    command.current_dir("/");
    command
}

fn succeed(command: &mut Command) {
    let output =
        command.output().unwrap_or_else(|error| panic!("PostgreSQL is not installed, run `cargo xtask test` ({command:?}: {error})"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
