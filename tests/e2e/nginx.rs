//! A real nginx on loopback, with the configuration of `scripts/hosting/nginx`.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

/// Its module for what Brotli has compressed, where Debian puts it.
const BROTLI: &str = "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so";

/// Serves the built viewer; it ends with its owner.
pub struct Nginx {
    pub port: u16,
    /// The folder of the files that it sends.
    pub root: PathBuf,
    process: Child,
    _folder: TempDir,
}

impl Nginx {
    /// Whether the tests are to run behind it.
    pub fn is_wanted() -> bool {
        std::env::var("BEHIND").is_ok_and(|behind| behind == "nginx")
    }

    /// `config_from` is the port of the host that has `config.json`; without it, it is a file.
    pub async fn start(path: &str, dist: &Path, config_from: Option<u16>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut root = std::path::absolute(dist).expect("a folder");
        // A test of headers needs what is compressed; the others only need what they are sent.
        if config_from.is_none() {
            root = folder.path().join("dist");
            std::fs::create_dir(&root).expect("a folder");
            for file in std::fs::read_dir(dist)
                .expect("the built viewer")
                .map_while(Result::ok)
            {
                std::fs::copy(file.path(), root.join(file.file_name())).expect("a file is copied");
            }
            let mut compress = Command::new("node");
            compress
                .arg("scripts/hosting/compress.mjs")
                .arg(&root)
                .stdout(Stdio::null());
            assert!(
                compress.status().expect("Node.js").success(),
                "the files are compressed"
            );
        }
        let spawn = |port: u16, folder: &Path| Self::spawn(port, path, folder, &root, config_from);
        Self::listening(folder, "pid", &root, spawn).await
    }

    /// As the container starts it, with what its environment says.
    pub async fn start_container(dist: &Path, environment: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let spawn = |port: u16, folder: &Path| {
            // Its workers would be another user's when root starts it, as no container does.
            let options = ["-g", "master_process off;"];
            Self::container(folder, dist)
                .args(options)
                .env("VIEWER_LISTEN", format!("127.0.0.1:{port}"))
                .envs(environment.iter().copied())
                .spawn()
                .expect("the entrypoint starts")
        };
        Self::listening(folder, "run/nginx.pid", dist, spawn).await
    }

    /// The container's entrypoint, with a folder to write to.
    pub fn container(folder: &Path, dist: &Path) -> Command {
        let mut command = Command::new("scripts/hosting/container/entrypoint");
        let dist = std::path::absolute(dist).expect("a folder");
        command
            .env("VIEWER_RUN", folder.join("run"))
            .env("VIEWER_ROOT", dist);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    async fn listening(
        folder: TempDir,
        pid: &str,
        root: &Path,
        spawn: impl Fn(u16, &Path) -> Child,
    ) -> Self {
        // Another program may take a port between its choice and nginx' start.
        for _ in 0..5 {
            let free = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a loopback port");
            let port = free.local_addr().expect("the port is known").port();
            drop(free);
            let mut process = spawn(port, folder.path());
            // It writes its id once it listens.
            while process.try_wait().expect("it can be asked").is_none() {
                if std::fs::read_to_string(folder.path().join(pid)).is_ok_and(|id| !id.is_empty()) {
                    return Self {
                        port,
                        root: root.to_owned(),
                        process,
                        _folder: folder,
                    };
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
        panic!("nginx does not start: run scripts/setup nginx");
    }

    /// Whether it can send what Brotli has compressed.
    pub fn has_brotli() -> bool {
        Path::new(BROTLI).exists()
    }

    fn spawn(port: u16, path: &str, folder: &Path, root: &Path, config_from: Option<u16>) -> Child {
        let has_brotli = Self::has_brotli();
        let configured = Command::new("scripts/hosting/nginx/configure")
            .env("VIEWER_LISTEN", format!("127.0.0.1:{port}"))
            .env("VIEWER_PATH", path)
            .env("VIEWER_ROOT", root)
            .env("VIEWER_CONNECT", "http://127.0.0.1:*")
            .env("VIEWER_BROTLI", if has_brotli { "on" } else { "off" })
            .output()
            .expect("the script runs");
        assert!(
            configured.status.success(),
            "{}",
            String::from_utf8_lossy(&configured.stderr)
        );
        let mut viewer = String::from_utf8(configured.stdout).expect("a text");
        if let Some(from) = config_from {
            // What a test sets, it sets at its own host.
            let file = format!("alias {}/config.json;", root.display());
            assert!(viewer.contains(&file), "{viewer}");
            viewer = viewer.replace(&file, &format!("proxy_pass http://127.0.0.1:{from};"));
        }
        let load = if has_brotli {
            format!("load_module {BROTLI};")
        } else {
            String::new()
        };
        let at = folder.display();
        let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|of| format!("{of}_temp_path {at}/{of};"))
            .concat();
        let main = format!(
            "{load} daemon off; master_process off; pid {at}/pid; error_log {at}/error.log; events {{}}\n\
             http {{ access_log off; {temporary}\n{viewer}\n}}"
        );
        std::fs::write(folder.join("nginx.conf"), main).expect("a file is written");
        let command = std::env::var("NGINX_COMMAND").unwrap_or_else(|_| "nginx".into());
        Command::new(&command)
            .arg("-p")
            .arg(folder)
            .arg("-c")
            .arg(folder.join("nginx.conf"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("{command} does not start ({error}): run scripts/setup nginx")
            })
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
