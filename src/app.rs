//! The page's frame: the bar on top, three zones below.

mod appearance;
mod drop_file;
mod fetch;
mod keys;
mod methodology_picker;
mod notices;
mod top_bar;

pub use appearance::{Appearance, use_appearance};
pub use drop_file::open as open_file;
pub use fetch::fetch_text;

use leptos::prelude::*;

use crate::builder::{BuildPanel, LegsPanel};
use crate::later::{Later, Rules, later, later_panel};
use crate::margin::{CreditPanel, RequirementPanel};
use crate::risk::RiskPanel;
use crate::state::Simulator;
use crate::state::link::Place;
use crate::trade::OrderTicket;
use notices::Notices;
use top_bar::TopBar;

/// The whole page.
#[component]
pub fn App(
    /// The methodologies but the first, where they have come already.
    rules: Option<Rules>,
) -> impl IntoView {
    let simulator = Simulator::start(rules);
    provide_context(simulator);
    provide_context(Appearance::start());
    provide_context(OrderTicket::start());
    provide_context(Later::start(simulator));
    keys::listen(simulator);
    if simulator.place != Place::Whole {
        return view! {
            <Notices />
            {later(|panels| panels.ticket, || ().into_any())}
        }
        .into_any();
    }
    drop_file::listen(simulator);
    // On a phone the zones dissolve and the panels follow the order of attention: see the style sheet.
    view! {
        <TopBar />
        <Notices />
        <main class="zones">
            <div class="zone">
                <BuildPanel />
                <LegsPanel />
                {later_panel("panel-collateral", |panels| panels.collateral)}
                {later_panel("panel-text", |panels| panels.text)}
            </div>
            <div class="zone">
                <RiskPanel />
                {later_panel("panel-life", |panels| panels.life)}
                {later_panel("panel-payoff", |panels| panels.payoff)}
                {later_panel("panel-range", |panels| panels.range)}
                {later_panel("panel-slides", |panels| panels.slides)}
            </div>
            <div class="zone">
                <CreditPanel />
                <RequirementPanel />
                {later_panel("panel-account", |panels| panels.account)}
                {later_panel("panel-trade", |panels| panels.trade)}
                {later_panel("panel-pairings", |panels| panels.pairings)}
                {later_panel("panel-comparison", |panels| panels.comparison)}
            </div>
        </main>
    }
    .into_any()
}
