//! As much of WebDriver as it takes to open a page and read an answer from it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::browser::{Browser, Driver, FLAGS};
use crate::process::{Context, Failure};

/// Often enough; asking interrupts the page.
const BETWEEN_QUESTIONS: Duration = Duration::from_secs(2);
/// Longer than all cases take on a slow machine.
const LONGEST: Duration = Duration::from_secs(1_800);

/// Opens an address in a fresh browser and waits until a script's value is there.
pub fn answer_of(browser: &Browser, address: &str, script: &str) -> Result<Value, Failure> {
    let driver = Driver::start(browser)?;
    let host = driver.url.trim_start_matches("http://");
    let options = json!({ "binary": browser.chrome, "args": FLAGS });
    let wanted = json!({ "capabilities": { "alwaysMatch": { "goog:chromeOptions": options } } });
    let session = ask(host, "POST", "/session", &wanted)?;
    let id = session["sessionId"].as_str().ok_or_else(|| Failure::new("the driver names no session"))?;
    let session = format!("/session/{id}");
    let answer = wait(host, &session, address, script);
    // The driver is stopped next; a browser that it could not close is all that this would tell.
    let _ = ask(host, "DELETE", &session, &json!({}));
    answer
}

fn wait(host: &str, session: &str, address: &str, script: &str) -> Result<Value, Failure> {
    ask(host, "POST", &format!("{session}/url"), &json!({ "url": address }))?;
    let start = Instant::now();
    while start.elapsed() < LONGEST {
        thread::sleep(BETWEEN_QUESTIONS);
        let question = json!({ "script": script, "args": [] });
        let answer = ask(host, "POST", &format!("{session}/execute/sync"), &question)?;
        if !answer.is_null() {
            return Ok(answer);
        }
    }
    Err(Failure::new(format!("the page gave no answer in {} s", LONGEST.as_secs())))
}

/// One request over a connection of its own; the value of the answer.
fn ask(host: &str, method: &str, path: &str, body: &Value) -> Result<Value, Failure> {
    let text = body.to_string();
    let mut stream = TcpStream::connect(host).context("reach the driver")?;
    let length = text.len();
    write!(stream, "{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {length}\r\n\r\n{text}")
        .context("ask the driver")?;
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).context("read the driver's answer")?;
        let line = line.trim();
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().context("read the driver's answer")?;
        }
    }
    let mut bytes = vec![0; length];
    reader.read_exact(&mut bytes).context("read the driver's answer")?;
    let mut answer: Value = serde_json::from_slice(&bytes).context("read the driver's answer")?;
    match answer["value"]["error"].as_str() {
        Some(error) => {
            let message = answer["value"]["message"].as_str().unwrap_or_default();
            Err(Failure::new(format!("the driver says {error}: {message}")))
        }
        None => Ok(answer["value"].take()),
    }
}
