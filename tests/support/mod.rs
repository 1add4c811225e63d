//! A browser session that a test drives: opened by [`browse`], read and used through [`Page`].

mod chrome;
mod reading;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Map, Value, json};

pub use chrome::ConsoleEntry;
pub use reading::Figures;

/// How long a test may take in all; a hanging browser must not hang the checks.
const TEST_LIMIT: Duration = Duration::from_secs(120);

/// How long [`Page::wait_for`] waits.
const WAIT_LIMIT: Duration = Duration::from_secs(15);

/// The page writes what is off screen, the address and the storage only after a moment without edits; so long at most.
pub const REST: Duration = Duration::from_millis(450);

/// Held by every test as a reader, and by one that measures time as the writer: the others then wait.
static MACHINE: RwLock<()> = RwLock::new(());

/// The size of the page on the screen, in CSS pixels.
#[derive(Debug, Clone, Copy)]
pub struct Viewport {
    /// Across.
    pub width: u32,
    /// Down.
    pub height: u32,
    /// Device pixels per CSS pixel.
    pub pixel_ratio: f64,
}

impl Viewport {
    /// A laptop's screen.
    pub const DESKTOP: Viewport = Viewport { width: 1440, height: 900, pixel_ratio: 1.0 };
    /// A telephone held upright.
    pub const PHONE: Viewport = Viewport { width: 390, height: 844, pixel_ratio: 3.0 };
}

/// What a browser shows when a test begins.
#[derive(Debug, Clone, Copy)]
pub enum Start<'a> {
    /// Nothing: the test itself opens the page.
    Blank,
    /// The page at its plain address.
    Page,
    /// The page with a fragment, as a share link leads to.
    Fragment(&'a str),
}

/// Opens the simulator in a fresh browser profile, runs the test and closes the browser, whatever happens. The test
/// also fails if, by its end, anything was logged as a warning or an error or another host was asked for something.
/// A failed test leaves a picture of the page and prints its console.
pub fn browse<T>(name: &str, viewport: Viewport, test: impl AsyncFnOnce(&Page) -> T) -> T {
    browse_from(name, viewport, Start::Page, test)
}

/// As [`browse`], from another start.
pub fn browse_from<T>(name: &str, viewport: Viewport, start: Start<'_>, test: impl AsyncFnOnce(&Page) -> T) -> T {
    // A failed test says nothing about the others.
    let _others_may_run = MACHINE.read().unwrap_or_else(PoisonError::into_inner);
    run(name, viewport, start, test)
}

/// As [`browse_from`], while no other test uses the machine.
pub fn browse_alone<T>(name: &str, viewport: Viewport, start: Start<'_>, test: impl AsyncFnOnce(&Page) -> T) -> T {
    let _alone = MACHINE.write().unwrap_or_else(PoisonError::into_inner);
    run(name, viewport, start, test)
}

fn run<T>(name: &str, viewport: Viewport, start: Start<'_>, test: impl AsyncFnOnce(&Page) -> T) -> T {
    let page_url = setting("MARGIN_PAGE_URL");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let page = runtime.block_on(Page::connect(page_url));
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        runtime.block_on(async {
            tokio::time::timeout(TEST_LIMIT, async {
                page.resize(viewport).await;
                match start {
                    Start::Blank => {}
                    Start::Page => page.reopen().await,
                    Start::Fragment(fragment) => page.open_fragment(fragment).await,
                }
                let result = test(&page).await;
                page.rest().await;
                page.assert_quiet_console().await;
                page.assert_own_host_only(&page.requests().await);
                result
            })
            .await
            .unwrap_or_else(|_| panic!("the test takes longer than {TEST_LIMIT:?}"))
        })
    }));
    runtime.block_on(async {
        if outcome.is_err() {
            let evidence = async {
                println!("picture: {}", page.screenshot(&format!("failed-{name}")).await.display());
                for entry in page.console().await {
                    println!("console: {entry}");
                }
            };
            // The browser may be what failed.
            let _ = tokio::time::timeout(Duration::from_secs(10), evidence).await;
        }
        let _ = tokio::time::timeout(Duration::from_secs(10), page.client.close()).await;
    });
    outcome.unwrap_or_else(|panic| resume_unwind(panic))
}

/// What `cargo xtask test` passes on. Without it there is nothing to test, and that must not look like success.
fn setting(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| {
        panic!("{name} is not set: the end-to-end tests are run by `cargo xtask test`, which starts what they need")
    })
}

/// The simulator's page in one browser session.
pub struct Page {
    /// The WebDriver session, for what has no helper here.
    pub client: Client,
    /// The address of the page.
    pub url: String,
}

impl Page {
    async fn connect(url: String) -> Page {
        let flags = setting("MARGIN_CHROME_FLAGS");
        let flags: Vec<&str> = flags.split_whitespace().collect();
        // Without a user-data-dir the driver makes a fresh profile for each session.
        let capabilities: Map<String, Value> = [
            ("goog:chromeOptions".to_owned(), json!({ "binary": setting("MARGIN_CHROME"), "args": flags })),
            ("goog:loggingPrefs".to_owned(), json!({ "browser": "ALL", "performance": "ALL" })),
        ]
        .into_iter()
        .collect();
        let client = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
            .capabilities(capabilities)
            .connect(&setting("MARGIN_WEBDRIVER_URL"))
            .await
            .expect("chromedriver opens a browser");
        Page { client, url }
    }

    /// Gives the page another screen. Emulated, for a window of its own is never narrower than 500 and keeps space
    /// for the browser's bars.
    pub async fn resize(&self, Viewport { width, height, pixel_ratio }: Viewport) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": pixel_ratio, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// Opens the page's plain address, without a fragment, and waits for its figures.
    pub async fn reopen(&self) {
        self.client.goto(&self.url).await.expect("the page opens");
        self.started().await;
    }

    /// Opens the page with a fragment, as a share link does, and waits for its figures.
    pub async fn open_fragment(&self, fragment: &str) {
        // A change of the fragment alone would not load the page anew.
        self.client.goto("about:blank").await.expect("an empty page opens");
        self.client.goto(&format!("{}#{fragment}", self.url)).await.expect("the page opens");
        self.started().await;
    }

    /// Loads the page again, as the browser's button does, and waits for its figures.
    pub async fn reload(&self) {
        self.client.refresh().await.expect("the page reloads");
        self.started().await;
    }

    async fn started(&self) {
        self.by_testid("initial-margin").await;
    }

    /// Waits until everything that the page puts off is written.
    pub async fn rest(&self) {
        tokio::time::sleep(REST).await;
    }

    /// The document's title.
    pub async fn title(&self) -> String {
        self.client.title().await.expect("a title")
    }

    /// Whether the wasm runs: Trunk's boot script has loaded it and handed out its bindings.
    pub async fn has_started(&self) -> bool {
        self.script("return window.wasmBindings !== undefined", vec![]).await == Value::Bool(true)
    }

    /// The result of a script.
    pub async fn script(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.client.execute(script, arguments).await.expect(script)
    }

    /// The element that carries a `data-testid`; waits for it.
    pub async fn by_testid(&self, testid: &str) -> Element {
        let selector = selector(testid);
        self.wait_for(testid, async || self.client.find(Locator::Css(&selector)).await.is_ok()).await;
        self.client.find(Locator::Css(&selector)).await.expect(testid)
    }

    /// All elements that carry a `data-testid`, possibly none.
    pub async fn all_by_testid(&self, testid: &str) -> Vec<Element> {
        self.client.find_all(Locator::Css(&selector(testid))).await.expect(testid)
    }

    /// Clicks the element that carries a `data-testid`.
    pub async fn click(&self, testid: &str) {
        self.by_testid(testid).await.click().await.expect(testid);
    }

    /// Clicks the element that a selector finds; waits for it.
    pub async fn click_css(&self, selector: &str) {
        self.wait_for(selector, async || self.client.find(Locator::Css(selector)).await.is_ok()).await;
        self.client.find(Locator::Css(selector)).await.expect(selector).click().await.expect(selector);
    }

    /// Clicks the price of an instrument in the chain, which trades it.
    pub async fn trade(&self, instrument: &str) {
        self.click_css(&format!("[data-testid=\"chain-cell\"][data-instrument=\"{instrument}\"]")).await;
    }

    /// Opens an entry of the menu of prepared portfolios.
    pub async fn open_prepared(&self, id: &str) {
        self.click("learn").await;
        self.click(&format!("portfolio-{id}")).await;
    }

    /// Puts positions in place of the legs, through the text box.
    pub async fn apply_text(&self, text: &str) {
        self.set_value("portfolio-text", text).await;
        self.click("portfolio-apply").await;
    }

    /// Types over what a field holds and presses Enter.
    pub async fn type_over(&self, testid: &str, text: &str) {
        let field = self.by_testid(testid).await;
        field.click().await.expect(testid);
        self.press(&format!("{}a{}{text}{}", char::from(Key::Control), char::from(Key::Null), char::from(Key::Enter)))
            .await;
    }

    /// Presses keys wherever the focus is.
    pub async fn press(&self, keys: &str) {
        let focused = self.client.active_element().await.expect("something has the focus");
        focused.send_keys(keys).await.expect(keys);
    }

    /// The visible text of the element that carries a `data-testid`.
    pub async fn text(&self, testid: &str) -> String {
        self.by_testid(testid).await.text().await.expect(testid)
    }

    /// The visible text of the element that a selector finds.
    pub async fn text_of(&self, selector: &str) -> String {
        self.client.find(Locator::Css(selector)).await.expect(selector).text().await.expect(selector)
    }

    /// Sets a slider, number or text field and tells the page, as a user's input would.
    pub async fn set_value(&self, testid: &str, value: &str) {
        let element = self.by_testid(testid).await;
        let element = serde_json::to_value(element).expect("an element reference");
        let set = "const [element, value] = arguments; element.value = value; \
                   for (const kind of ['input', 'change']) element.dispatchEvent(new Event(kind, { bubbles: true }));";
        self.script(set, vec![element, json!(value)]).await;
    }

    /// Chooses an option by its value: of a `<select>`, or of the list that a button opens.
    pub async fn select(&self, testid: &str, value: &str) {
        let element = self.by_testid(testid).await;
        if element.tag_name().await.expect(testid) == "select" {
            element.select_by_value(value).await.expect(testid);
        } else {
            element.click().await.expect(testid);
            self.click_css(&format!("[role=\"option\"][data-value=\"{value}\"]")).await;
        }
    }

    /// Asks again and again until the condition holds.
    pub async fn wait_for(&self, what: &str, mut condition: impl AsyncFnMut() -> bool) {
        let start = Instant::now();
        while !condition().await {
            assert!(start.elapsed() < WAIT_LIMIT, "waited {WAIT_LIMIT:?} for {what}");
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    /// Saves a picture of the window under `target/e2e/`.
    pub async fn screenshot(&self, name: &str) -> PathBuf {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).with_file_name("e2e");
        let file = folder.join(format!("{name}.png"));
        let picture = self.client.screenshot().await.expect("a picture");
        std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&file, picture)).expect("target/e2e is writable");
        file
    }

    /// Fails if anything was logged as a warning or an error since the last look at the console.
    pub async fn assert_quiet_console(&self) {
        let loud: Vec<ConsoleEntry> = self.console().await.into_iter().filter(ConsoleEntry::is_loud).collect();
        assert!(loud.is_empty(), "the console is not quiet: {loud:#?}");
    }

    /// Fails if a request went anywhere but to the page's own host.
    pub fn assert_own_host_only(&self, requests: &[String]) {
        let host = self.url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/") + "/";
        let own = [host.as_str(), "data:", "blob:", "about:"];
        let foreign: Vec<_> = requests.iter().filter(|url| !own.iter().any(|start| url.starts_with(start))).collect();
        assert!(foreign.is_empty(), "requests to other hosts than {host}: {foreign:#?}");
    }
}

fn selector(testid: &str) -> String {
    format!("[data-testid=\"{testid}\"]")
}
