//! What of the page comes after the first figures, and how it is fetched.
//!
//! The wasm is built in parts (`xtask/src/split.rs`): what only the functions below reach is left out of the part that
//! the browser needs first. They are the only doors to it. A name that another module mentions beside them comes back
//! into the first part; the size budget notices.

use std::time::Duration;

use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use margin_engine::methodology::{ConfiguredMethodology, Entry};
use serde_json::Value;

use crate::account::{AccountPanel, CollateralPanel, HaircutsDrawer, LifePanel};
use crate::app::open_file;
use crate::builder::TextPanel;
use crate::margin::{ComparisonPanel, Explain, PairingsPanel, ParametersDrawer};
use crate::risk::{PayoffPanel, RangePanel, SlidesPanel, TurningView};
use crate::state::Simulator;
use crate::state::link::{LinkError, Restored, open_json};
use crate::trade::{TicketPage, TradePanel};

/// Makes a view.
type Made = fn() -> AnyView;

/// What the panels' part holds.
pub struct Panels {
    /// Balances and their haircuts.
    pub collateral: Made,
    /// Positions as text.
    pub text: Made,
    /// Margin curve, stress, liquidation, accounts.
    pub life: Made,
    /// P&L against the price.
    pub payoff: Made,
    /// The range that follows the regime.
    pub range: Made,
    /// Every slide.
    pub slides: Made,
    /// Equity against requirement.
    pub account: Made,
    /// An order, the best hedge, what each leg adds.
    pub trade: Made,
    /// What Regulation T paired.
    pub pairings: Made,
    /// All methodologies side by side.
    pub comparison: Made,
    /// The ticket by itself.
    pub ticket: Made,
    /// The surface as a landscape.
    pub turning: Made,
    /// The drawer of explanations.
    pub explain: Made,
    /// The drawer of parameters.
    pub parameters: Made,
    /// The drawer of haircuts.
    pub haircuts: Made,
    /// Reads a file's name and text into the state.
    pub open_file: fn(Simulator, &str, &str),
}

static PANELS: Panels = Panels {
    collateral: || view! { <CollateralPanel /> }.into_any(),
    text: || view! { <TextPanel /> }.into_any(),
    life: || view! { <LifePanel /> }.into_any(),
    payoff: || view! { <PayoffPanel /> }.into_any(),
    range: || view! { <RangePanel /> }.into_any(),
    slides: || view! { <SlidesPanel /> }.into_any(),
    account: || view! { <AccountPanel /> }.into_any(),
    trade: || view! { <TradePanel /> }.into_any(),
    pairings: || view! { <PairingsPanel /> }.into_any(),
    comparison: || view! { <ComparisonPanel /> }.into_any(),
    ticket: || view! { <TicketPage /> }.into_any(),
    turning: || view! { <TurningView /> }.into_any(),
    explain: || view! { <Explain /> }.into_any(),
    parameters: || view! { <ParametersDrawer /> }.into_any(),
    haircuts: || view! { <HaircutsDrawer /> }.into_any(),
    open_file,
};

/// The panels' part; fetched once, however often it is asked for.
///
/// # Errors
/// It could not be fetched, or is not of this build.
#[wasm_split(panels, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn panels() -> Result<&'static Panels, SplitLoaderError> {
    Ok(&PANELS)
}

/// What the methodologies' part holds.
#[derive(Clone, Copy)]
pub struct Rules {
    /// Makes any methodology: [`Entry::configure`].
    pub make: fn(&Entry, Option<&Value>) -> ConfiguredMethodology,
    /// Reads a state, which may ask for any: [`open_json`].
    pub open_json: fn(&str) -> Result<Restored, LinkError>,
}

/// The methodologies' part, likewise.
///
/// # Errors
/// As of [`panels`].
#[wasm_split(rules, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn rules() -> Result<Rules, SplitLoaderError> {
    Ok(Rules { make: Entry::configure, open_json })
}

/// Waits for the methodologies' part and hands it to the state; whether it came, which is said where it did not.
pub async fn learn_rules(simulator: Simulator) -> bool {
    let rules = rules().await;
    match rules {
        Ok(rules) => simulator.methodologies.learn(rules),
        Err(_) => simulator.notify(MISSING),
    }
    rules.is_ok()
}

/// What is said when a part does not come.
pub const MISSING: &str = "A part of the page could not be fetched. Check the connection, and reload the page.";

/// Begins to fetch both parts; whoever asks for them finds them under way.
pub fn fetch() {
    // Leptos has no executor before something is mounted.
    wasm_bindgen_futures::spawn_local(async {
        let _ = rules().await;
    });
    wasm_bindgen_futures::spawn_local(async {
        let _ = panels().await;
    });
}

/// The panels, once they are there. Copies are handles to the same.
#[derive(Clone, Copy)]
pub struct Later(RwSignal<Option<&'static Panels>>);

impl Later {
    /// Waits for both parts; the panels are put in place when the first figures have been painted.
    pub fn start(simulator: Simulator) -> Later {
        let later = Later(RwSignal::new(None));
        leptos::task::spawn_local(async move {
            learn_rules(simulator).await;
        });
        leptos::task::spawn_local(async move {
            match panels().await {
                Ok(panels) => request_animation_frame(move || {
                    set_timeout(move || later.0.set(Some(panels)), Duration::ZERO);
                }),
                Err(_) => simulator.notify(MISSING),
            }
        });
        later
    }
}

/// A panel that comes later; until then an empty one of this class keeps its place.
pub fn later_panel(class: &'static str, panel: fn(&Panels) -> Made) -> AnyView {
    later(panel, move || {
        view! { <section class=format!("panel awaited {class}") aria-busy="true"></section> }.into_any()
    })
}

/// A view that comes later, in place of what is shown `meanwhile`.
pub fn later(view: fn(&Panels) -> Made, meanwhile: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let Later(panels) = expect_context();
    (move || panels.get().map_or_else(&meanwhile, |panels| view(panels)())).into_any()
}
