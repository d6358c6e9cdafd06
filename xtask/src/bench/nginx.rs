//! nginx as somebody would put it in front of a CRM to keep the key at home: it forwards, with the key added.

use std::{fs, net::SocketAddr, process::Command};

use anyhow::{Context, Result};

use super::{
    Place,
    sandbox::CRM_KEY,
    server::{self, Server},
};
use crate::files;

pub(super) struct Nginx {
    pub(super) address: SocketAddr,
    _server: Server,
}

pub(super) fn start(place: &Place, crm: SocketAddr) -> Result<Nginx> {
    let address = server::free_address()?;
    let folder = place.folder.join("nginx");
    files::create_folder(&folder)?;
    let config = folder.join("nginx.conf");
    fs::write(&config, configuration(address, crm)).with_context(|| format!("cannot write {}", config.display()))?;
    let mut command = Command::new("nginx");
    command.arg("-p").arg(&folder).arg("-c").arg(&config).args(["-e", "error.log"]);
    let (server, _) = Server::start("nginx", &mut command, &place.folder.join("nginx.log"), server::answers(address, "/ready"))?;
    Ok(Nginx { address, _server: server })
}

/// Connections stay open on both sides, and nothing is logged: as fast as it gets.
fn configuration(address: SocketAddr, crm: SocketAddr) -> String {
    format!(
        r#"daemon off;
worker_processes auto;
pid nginx.pid;
error_log error.log;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    keepalive_requests 100000000;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    upstream crm {{
        server {crm};
        keepalive 512;
        keepalive_requests 100000000;
    }}
    server {{
        listen {address};
        location = /ready {{ return 204; }}
        location / {{
            proxy_pass http://crm/wi/;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header x-api-key "{CRM_KEY}";
        }}
    }}
}}
"#
    )
}
