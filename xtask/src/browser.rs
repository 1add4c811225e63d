//! Chrome or Chromium and its driver: found, or installed where that is ours to do, else asked for.

use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::process::{self, Context, Failure};
use crate::{server, tools};

/// Flags for a browser that runs unattended: as root in a container, without a screen, and silent on the network.
pub const FLAGS: [&str; 10] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
];

/// What the browser's Debian packages are called. Chromium draws no text without a font.
const DEBIAN_PACKAGES: [&str; 3] = ["chromium", "chromium-driver", "fonts-dejavu-core"];

/// A browser and the driver of the same version.
pub struct Browser {
    /// Chrome or Chromium.
    pub chrome: PathBuf,
    /// Its WebDriver server.
    pub driver: PathBuf,
}

/// A running driver; stopped when dropped.
pub struct Driver {
    child: Child,
    /// Where it listens.
    pub url: String,
}

/// Finds the browser, after installing it if we are root on Debian.
pub fn ensure() -> Result<Browser, Failure> {
    let named = [named_by("CHROME")?, named_by("CHROMEDRIVER")?];
    let missing = match find(&named) {
        Ok(browser) => return checked(browser),
        Err(missing) => missing,
    };
    if process::find_in_path("apt-get").is_some() && is_root() {
        let packages = DEBIAN_PACKAGES.join(" ");
        tools::timed(&format!("installing {packages}"), "a minute or two, once", || {
            process::run(&mut apt(&["update"]))?;
            process::run(&mut apt(&[&["install", "-y", "--no-install-recommends"], &DEBIAN_PACKAGES[..]].concat()))
        })?;
        let still = |missing| Failure::new(format!("{missing} even after installing {packages}"));
        return find(&named).map_err(still).and_then(checked);
    }
    let advice = if cfg!(target_os = "macos") {
        "install both, as by `brew install --cask google-chrome chromedriver`".to_owned()
    } else if process::find_in_path("apt-get").is_some() {
        format!("install both, as by `sudo apt-get install {}` on Debian", DEBIAN_PACKAGES.join(" "))
    } else {
        "install Chrome or Chromium and the chromedriver of the same version".to_owned()
    };
    Err(Failure::new(format!("{missing}; {advice}, or name them by CHROME and CHROMEDRIVER")))
}

/// Those the user named, else the usual places.
fn find([chrome, driver]: &[Option<PathBuf>; 2]) -> Result<Browser, &'static str> {
    let in_path = |names: &[&str]| names.iter().find_map(|name| process::find_in_path(name));
    let chrome = chrome
        .clone()
        .or_else(|| in_path(&["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]))
        .or_else(|| existing("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"))
        .ok_or("there is no Chrome or Chromium in PATH")?;
    let driver = driver
        .clone()
        .or_else(|| in_path(&["chromedriver"]))
        .or_else(|| existing("/usr/lib/chromium-browser/chromedriver"))
        .ok_or("there is no chromedriver in PATH")?;
    Ok(Browser { chrome, driver })
}

fn named_by(variable: &str) -> Result<Option<PathBuf>, Failure> {
    match std::env::var_os(variable) {
        None => Ok(None),
        Some(path) if Path::new(&path).is_file() => Ok(Some(path.into())),
        Some(path) => Err(Failure::new(format!("{variable} names {}, which is no file", path.to_string_lossy()))),
    }
}

fn existing(path: &str) -> Option<PathBuf> {
    Some(PathBuf::from(path)).filter(|path| path.is_file())
}

/// A driver of another version refuses every session; better to say so once and plainly.
fn checked(browser: Browser) -> Result<Browser, Failure> {
    let version = |program: &Path| {
        let text = process::output_of(Command::new(program).arg("--version"))?;
        text.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit())).map(str::to_owned)
    };
    let major = |version: &str| version.split('.').next().map(str::to_owned);
    let Browser { chrome, driver } = &browser;
    match (version(chrome), version(driver)) {
        (Some(ours), Some(drivers)) if major(&ours) == major(&drivers) => {
            println!("browser: {} {ours}", chrome.display());
            Ok(browser)
        }
        (Some(ours), Some(drivers)) => Err(Failure::new(format!(
            "{} is version {ours} but {} is for {drivers}; install matching ones or name them by CHROME and CHROMEDRIVER",
            chrome.display(),
            driver.display()
        ))),
        (None, _) => Err(Failure::new(format!("{} does not start", chrome.display()))),
        (_, None) => Err(Failure::new(format!("{} does not start", driver.display()))),
    }
}

fn is_root() -> bool {
    process::output_of(Command::new("id").arg("-u")).is_some_and(|id| id == "0")
}

fn apt(arguments: &[&str]) -> Command {
    let mut command = process::command("apt-get", arguments);
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

impl Driver {
    /// Starts the driver on a free port and waits until it listens.
    pub fn start(browser: &Browser) -> Result<Driver, Failure> {
        // The port is free again once the listener is gone; the driver takes it at once.
        let address = server::listen(0)?.local_addr().context("choose a port for chromedriver")?;
        let child = Command::new(&browser.driver)
            .arg(format!("--port={}", address.port()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .context(format_args!("start {}", browser.driver.display()))?;
        let driver = Driver { child, url: format!("http://{address}") };
        let start = Instant::now();
        while TcpStream::connect(address).is_err() {
            if start.elapsed() > Duration::from_secs(30) {
                return Err(Failure::new("chromedriver does not listen after 30 s"));
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(driver)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // It may have ended by itself, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
