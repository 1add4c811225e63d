//! The static file server behind `serve` and the end-to-end tests.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::thread;

use tiny_http::{Header, Method, Request, Response, ResponseBox, Server};

use crate::args::Open;
use crate::process::{self, Context, Failure};
use crate::{dist, tools};

/// Enough for a browser's parallel requests.
const WORKERS: usize = 4;

/// A folder, where it is mounted and what is said with every answer.
pub struct Site {
    /// The folder that is served and nothing outside it.
    pub folder: PathBuf,
    /// The path of the folder in the address; begins and ends with a slash.
    pub mount: String,
    /// The `Content-Security-Policy` a careful host would send.
    pub policy: Option<String>,
}

/// What a request is answered with.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    File(PathBuf),
    /// To the folder's own address, without which its relative links would lead elsewhere.
    Redirect(String),
    NotFound,
}

/// `cargo xtask serve`.
pub fn serve_command(port: u16, open: Open) -> Result<(), Failure> {
    // Taken before the build: a build is long, and nobody wants to hear of the port after it.
    let listener = listen(port)?;
    tools::ensure()?;
    dist::build()?;
    let site = Site { folder: dist::folder(), mount: "/".to_owned(), policy: None };
    let address = start(listener, site)?;
    println!("\nserving the simulator at http://{address}  (Ctrl-C stops)");
    if open == Open::IfPossible {
        open_browser(&format!("http://{address}"));
    }
    loop {
        thread::park();
    }
}

/// Takes a port of this machine, any free one for 0.
pub fn listen(port: u16) -> Result<TcpListener, Failure> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| Failure {
        message: format!("port {port} cannot be used ({error}); choose another one with --port"),
        code: 2,
    })
}

/// Answers requests in the background until the program ends.
pub fn start(listener: TcpListener, site: Site) -> Result<SocketAddr, Failure> {
    let address = listener.local_addr().context("read the server's address")?;
    let server = Arc::new(Server::from_listener(listener, None).context("start the server")?);
    let site = Arc::new(site);
    for _ in 0..WORKERS {
        let (server, site) = (Arc::clone(&server), Arc::clone(&site));
        thread::spawn(move || {
            while let Ok(request) = server.recv() {
                let response = site.respond(&request);
                // A browser that leaves early is no fault of the server.
                let _ = request.respond(response);
            }
        });
    }
    Ok(address)
}

impl Site {
    fn respond(&self, request: &Request) -> ResponseBox {
        if !matches!(request.method(), Method::Get | Method::Head) {
            return self.finish(text("only GET and HEAD\n", 405).with_header(header("Allow", "GET, HEAD")));
        }
        self.finish(match self.answer(request.url()) {
            Answer::File(path) => match fs::File::open(&path) {
                // Chunks would hide the length, by which a browser shows progress.
                Ok(file) => Response::from_file(file)
                    .with_chunked_threshold(usize::MAX)
                    .with_header(header("Content-Type", media_type(&path)))
                    .boxed(),
                Err(_) => text("not found\n", 404),
            },
            Answer::Redirect(place) => text("", 308).with_header(header("Location", &place)),
            Answer::NotFound => text("not found\n", 404),
        })
    }

    fn finish(&self, mut response: ResponseBox) -> ResponseBox {
        response.add_header(header("Cache-Control", "no-cache"));
        response.add_header(header("X-Content-Type-Options", "nosniff"));
        if let Some(policy) = &self.policy {
            response.add_header(header("Content-Security-Policy", policy));
        }
        response
    }

    /// Which file an address means.
    fn answer(&self, url: &str) -> Answer {
        let path = url.split(['?', '#']).next().unwrap_or_default();
        if self.mount.strip_suffix('/') == Some(path) && !path.is_empty() {
            return Answer::Redirect(self.mount.clone());
        }
        let Some(relative) = path.strip_prefix(&self.mount).and_then(safe_path) else { return Answer::NotFound };
        let file = self.folder.join(relative);
        if !file.is_dir() {
            return if file.is_file() { Answer::File(file) } else { Answer::NotFound };
        }
        match (path.ends_with('/'), file.join("index.html")) {
            (true, index) if index.is_file() => Answer::File(index),
            // "//host/" would be another host's address.
            (false, index) if index.is_file() && !path.starts_with("//") => Answer::Redirect(format!("{path}/")),
            _ => Answer::NotFound,
        }
    }
}

/// The path below the served folder, or nothing if it could lead out of it.
fn safe_path(encoded: &str) -> Option<PathBuf> {
    let decoded = percent_decoded(encoded)?;
    // Colons and backslashes mean drives and folders on Windows; a control character means no file of ours.
    if decoded.contains([':', '\\']) || decoded.chars().any(char::is_control) {
        return None;
    }
    let mut path = PathBuf::new();
    for part in decoded.split('/').filter(|part| !part.is_empty()) {
        if part.starts_with('.') {
            return None;
        }
        path.push(part);
    }
    Some(path)
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let high = char::from(bytes.next()?).to_digit(16)?;
                let low = char::from(bytes.next()?).to_digit(16)?;
                u8::try_from(high * 16 + low).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(decoded).ok()
}

/// The media type by the file's extension; a wrong one keeps a browser from streaming wasm or running a module.
fn media_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "csv" => "text/csv; charset=utf-8",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn text(body: &str, status: u16) -> ResponseBox {
    Response::from_string(body).with_status_code(status).boxed()
}

fn header(name: &str, value: &str) -> Header {
    // Line ends would start another header; the names and policies here hold none, and a request is never echoed raw.
    Header::from_bytes(name, value.replace(['\r', '\n'], " ")).expect("header names and values here are ASCII")
}

/// Opens the page where there is a browser; where there is none, the printed address does.
fn open_browser(address: &str) {
    let has_display = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
    let mut command = if cfg!(target_os = "macos") {
        process::command("open", &[address])
    } else if cfg!(windows) {
        process::command("cmd", &["/C", "start", "", address])
    } else if has_display && process::find_in_path("xdg-open").is_some() {
        process::command("xdg-open", &[address])
    } else {
        return;
    };
    let _ = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpStream;

    use super::*;

    /// A site of one page and one wasm file beside a file that is not served.
    fn site(name: &str, mount: &str) -> Site {
        let outside = process::root().join("target/xtask-server-tests").join(name);
        let folder = outside.join("dist");
        fs::create_dir_all(folder.join("help")).expect("a temporary folder");
        for (file, text) in [
            ("secret.txt", "secret"),
            ("dist/index.html", "page"),
            ("dist/help/index.html", "help"),
            ("dist/a b.wasm", "wasm"),
            ("dist/.hidden", "hidden"),
        ] {
            fs::write(outside.join(file), text).expect("a temporary file");
        }
        Site { folder, mount: mount.to_owned(), policy: Some("default-src 'none'".to_owned()) }
    }

    #[test]
    fn addresses_lead_to_files_below_the_mount() {
        let site = site("files", "/some/sub/path/");
        let file = |name: &str| Answer::File(site.folder.join(name));
        for (url, answer) in [
            ("/some/sub/path/", file("index.html")),
            ("/some/sub/path/?a=/../#x", file("index.html")),
            ("/some/sub/path/index.html", file("index.html")),
            ("/some/sub/path/a%20b.wasm", file("a b.wasm")),
            ("/some/sub/path/help/", file("help/index.html")),
            ("/some/sub/path", Answer::Redirect("/some/sub/path/".to_owned())),
            ("/some/sub/path/help", Answer::Redirect("/some/sub/path/help/".to_owned())),
            ("/some/sub/path/missing.js", Answer::NotFound),
            ("/", Answer::NotFound),
            ("/index.html", Answer::NotFound),
        ] {
            assert_eq!(site.answer(url), answer, "{url}");
        }
    }

    #[test]
    fn nothing_outside_the_folder_is_served() {
        let site = site("traversal", "/");
        for url in [
            "/../secret.txt",
            "/help/../../secret.txt",
            "/%2e%2e/secret.txt",
            "/..%2fsecret.txt",
            "/..%5csecret.txt",
            "/%2Fetc/passwd/../../secret.txt",
            "/C:/secret.txt",
            "/.hidden",
            "/%00",
            "/%",
            "/%zz",
            "/%ff",
            "secret.txt",
            "",
            "//help",
        ] {
            assert_eq!(site.answer(url), Answer::NotFound, "{url}");
        }
    }

    #[test]
    fn an_answer_carries_its_headers() {
        let address = start(listen(0).expect("a free port"), site("headers", "/")).expect("a server");
        let ask = |request: &str| {
            let mut stream = TcpStream::connect(address).expect("the server answers");
            write!(stream, "{request} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").expect("sent");
            let mut answer = String::new();
            stream.read_to_string(&mut answer).expect("text");
            answer
        };
        let wasm = ask("GET /a%20b.wasm");
        for part in [
            "HTTP/1.1 200",
            "Content-Type: application/wasm\r\n",
            "Cache-Control: no-cache\r\n",
            "Content-Security-Policy: default-src 'none'\r\n",
            "\r\n\r\nwasm",
        ] {
            assert!(wasm.contains(part), "{part}: {wasm}");
        }
        assert!(ask("HEAD /").ends_with("\r\n\r\n"));
        assert!(ask("GET /missing").starts_with("HTTP/1.1 404"));
        assert!(ask("POST /").starts_with("HTTP/1.1 405"));
        assert!(ask("GET /help").contains("Location: /help/\r\n"));
    }

    #[test]
    fn a_taken_port_is_told_with_a_way_out() {
        let taken = listen(0).expect("a free port");
        let port = taken.local_addr().expect("an address").port();
        let failure = listen(port).expect_err("taken");
        assert_eq!(failure.code, 2);
        assert!(failure.message.contains(&port.to_string()) && failure.message.contains("--port"), "{failure}");
    }
}
