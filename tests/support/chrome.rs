//! What chromedriver offers beyond the standard: the browser's logs and its DevTools.

use std::fmt;

use fantoccini::wd::WebDriverCompatibleCommand;
use serde_json::{Value, json};

use super::Page;

/// One line of the console.
#[derive(Debug)]
pub struct ConsoleEntry {
    /// `SEVERE`, `WARNING`, `INFO` or `DEBUG`.
    pub level: String,
    /// What was logged, with its place.
    pub message: String,
}

impl ConsoleEntry {
    /// Whether it is an error or a warning.
    pub fn is_loud(&self) -> bool {
        matches!(self.level.as_str(), "SEVERE" | "WARNING")
    }
}

impl fmt::Display for ConsoleEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.level, self.message)
    }
}

impl Page {
    /// What came on the console since the last look.
    pub async fn console(&self) -> Vec<ConsoleEntry> {
        let text = |entry: &Value, field: &str| entry[field].as_str().unwrap_or_default().to_owned();
        let entries = self.take_log("browser").await;
        entries
            .iter()
            .map(|entry| ConsoleEntry { level: text(entry, "level"), message: text(entry, "message") })
            .collect()
    }

    /// The addresses of all requests since the last look.
    pub async fn requests(&self) -> Vec<String> {
        let mut urls = Vec::new();
        for entry in self.take_log("performance").await {
            let message = entry["message"].as_str().unwrap_or_default();
            let event: Value = serde_json::from_str(message).expect("the performance log holds JSON");
            let event = &event["message"];
            let url = match event["method"].as_str() {
                Some("Network.requestWillBeSent") => &event["params"]["request"]["url"],
                Some("Network.webSocketCreated") => &event["params"]["url"],
                _ => continue,
            };
            urls.extend(url.as_str().map(str::to_owned));
        }
        urls
    }

    /// A command of the DevTools protocol, as `Emulation.setEmulatedMedia`.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.client.issue_cmd(Extension { path: "goog/cdp/execute", body }).await.expect(command)
    }

    /// The entries of a log, which chromedriver then forgets.
    async fn take_log(&self, kind: &str) -> Vec<Value> {
        let command = Extension { path: "se/log", body: json!({ "type": kind }) };
        let answer = self.client.issue_cmd(command).await.expect("chromedriver hands out its log");
        answer.as_array().cloned().expect("a log is a list")
    }
}

/// An endpoint below `/session/{id}/` that the WebDriver standard does not know.
#[derive(Debug)]
struct Extension {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Extension {
    fn endpoint(&self, base_url: &url::Url, session_id: Option<&str>) -> Result<url::Url, url::ParseError> {
        base_url.join(&format!("session/{}/{}", session_id.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}
