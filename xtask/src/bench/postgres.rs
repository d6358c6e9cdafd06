//! A PostgreSQL server of our own, with its defaults: what it has answered is on disk.

use std::{
    net::SocketAddr,
    os::unix::{fs::chown, process::CommandExt},
    path::PathBuf,
    process::Command,
};

use anyhow::{Context, Result};

use super::{
    Place,
    server::{self, Server},
};
use crate::{files, run, tools};

const USER: &str = "latchkey";

pub(super) struct Postgres {
    address: SocketAddr,
    programs: Programs,
    _server: Server,
}

/// Its programs, and who runs them: it refuses to run as root.
struct Programs {
    folder: PathBuf,
    user: Option<(u32, u32)>,
}

impl Postgres {
    pub(super) fn start(place: &Place) -> Result<Postgres> {
        let programs = Programs::find()?;
        let folder = place.folder.join("postgres");
        files::create_folder(&folder)?;
        if let Some((user, group)) = programs.user {
            chown(&folder, Some(user), Some(group)).with_context(|| format!("cannot give away the folder {}", folder.display()))?;
        }
        let data = folder.join("data");
        let mut create = programs.command("initdb");
        create.args(["--auth=trust", "--encoding=UTF8", "--no-locale", "--no-instructions", "--username", USER, "--pgdata"]).arg(&data);
        run::output(create.current_dir(&folder))?;
        let address = server::free_address()?;
        let mut command = programs.command("postgres");
        command.args(["-h", "127.0.0.1", "-p", &address.port().to_string(), "-c", "unix_socket_directories=", "-D"]).arg(&data);
        let ready = || run::output(programs.client("pg_isready", address).arg("--quiet")).map(drop);
        let (server, _) = Server::start("postgres", command.current_dir(&folder), &place.folder.join("postgres.log"), ready)?;
        Ok(Postgres { address, programs, _server: server })
    }

    /// Makes an empty database; its address.
    pub(super) fn database(&self, name: &str) -> Result<String> {
        run::output(self.programs.client("createdb", self.address).arg(name))?;
        Ok(format!("postgres://{USER}@{}/{name}?sslmode=disable", self.address))
    }
}

impl Programs {
    fn find() -> Result<Programs> {
        let folder = tools::postgres::ensure()?;
        let root = rustix::process::geteuid().is_root();
        Ok(Programs { folder, user: root.then(|| Ok::<_, anyhow::Error>((id("-u")?, id("-g")?))).transpose()? })
    }

    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(self.folder.join(name));
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        command
    }

    /// A program that talks to the server.
    fn client(&self, name: &str, address: SocketAddr) -> Command {
        let mut command = self.command(name);
        command.args(["-h", &address.ip().to_string(), "-p", &address.port().to_string(), "-U", USER]).current_dir("/");
        command
    }
}

/// Of the user that comes with PostgreSQL.
fn id(which: &str) -> Result<u32> {
    let text = run::output(Command::new("id").args([which, "postgres"]))?;
    text.trim().parse().with_context(|| format!("id says {text:?}"))
}
