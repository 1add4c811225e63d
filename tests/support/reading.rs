//! What the page says: its figures in full precision, its legs, its notices.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::Page;

/// All figures that the page carries as `data-value`, as text, so that equal means equal to the last digit.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    values: BTreeMap<String, String>,
    currencies: BTreeMap<String, String>,
}

impl Figures {
    /// One figure by its `data-testid`, or by `comparison-row/` and the methodology.
    pub fn number(&self, name: &str) -> f64 {
        let text = self.values.get(name).unwrap_or_else(|| panic!("there is no figure {name} in {self:#?}"));
        text.parse().unwrap_or_else(|_| panic!("{name} is \"{text}\", which is no number"))
    }

    /// The currency of a figure.
    pub fn currency(&self, name: &str) -> &str {
        self.currencies.get(name).unwrap_or_else(|| panic!("{name} has no currency in {self:#?}"))
    }

    /// What has to be paid at first.
    pub fn initial(&self) -> f64 {
        self.number("initial-margin")
    }

    /// What the hedges save.
    pub fn credit(&self) -> f64 {
        self.number("hedging-credit")
    }

    /// Fails if a figure is none, or an amount that has to be paid is below nothing.
    pub fn assert_sound(&self) {
        for name in self.values.keys() {
            assert!(self.number(name).is_finite(), "{name} is not finite in {self:#?}");
        }
        for name in ["initial-margin", "maintenance-margin", "hedging-credit"] {
            assert!(self.number(name) >= 0.0, "{name} is negative in {self:#?}");
        }
    }
}

impl Page {
    /// The figures that stand on the page now, once the comparison, which comes a moment later, belongs to the rest.
    pub async fn figures(&self) -> Figures {
        const IS_BEHIND: &str = "return document.querySelector('[data-testid=\"comparison\"]')?.ariaBusy !== 'false'";
        self.wait_for("the comparison", async || !self.read::<bool>(IS_BEHIND, vec![]).await).await;
        const READ: &str = "const [field] = arguments; \
            const name = e => [e.dataset.testid, e.dataset.methodology].filter(Boolean).join('/'); \
            const elements = [...document.querySelectorAll('[data-testid][data-' + field + ']')]; \
            return Object.fromEntries(elements.map(e => [name(e), e.dataset[field]]))";
        Figures {
            values: self.read(READ, vec![json!("value")]).await,
            currencies: self.read(READ, vec![json!("currency")]).await,
        }
    }

    /// The figures once they differ from what they were.
    pub async fn figures_after(&self, before: &Figures) -> Figures {
        self.wait_for("other figures", async || self.figures().await != *before).await;
        self.figures().await
    }

    /// The legs in the order of the table: instrument, and quantity as the page writes it.
    pub async fn legs(&self) -> Vec<(String, String)> {
        const READ: &str = "const quantity = row => row.querySelector('[data-testid=\"leg-quantity\"]').value; \
            const rows = [...document.querySelectorAll('[data-testid=\"leg-row\"]')]; \
            return rows.map(row => [row.dataset.instrument, quantity(row)])";
        self.read(READ, vec![]).await
    }

    /// The sentences of the notices.
    pub async fn notices(&self) -> Vec<String> {
        const READ: &str =
            "return [...document.querySelectorAll('[data-testid=\"notice\"] span')].map(e => e.innerText)";
        self.read(READ, vec![]).await
    }

    /// The value of a field.
    pub async fn value(&self, testid: &str) -> String {
        let element = self.by_testid(testid).await;
        element.prop("value").await.expect(testid).unwrap_or_default()
    }

    /// What the browser keeps for the page under a name.
    pub async fn stored(&self, key: &str) -> Option<String> {
        self.read("return localStorage.getItem(arguments[0])", vec![json!(key)]).await
    }

    /// The result of a script, as a type.
    pub async fn read<T: DeserializeOwned>(&self, script: &str, arguments: Vec<Value>) -> T {
        let value = self.script(script, arguments).await;
        serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{script} returns {value}: {error}"))
    }
}
