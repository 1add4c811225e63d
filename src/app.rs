//! The page's frame: the bar on top, three zones below.

mod appearance;
mod drop_file;
mod fetch;
mod keys;
mod methodology_picker;
mod notices;
mod top_bar;

pub use appearance::{Appearance, use_appearance};
pub use fetch::fetch_text;

use leptos::prelude::*;

use crate::account::{AccountPanel, CollateralPanel, LifePanel};
use crate::builder::{BuildPanel, LegsPanel, TextPanel};
use crate::margin::{ComparisonPanel, CreditPanel, PairingsPanel, RequirementPanel};
use crate::risk::{PayoffPanel, RangePanel, RiskPanel, SlidesPanel};
use crate::state::Simulator;
use crate::state::link::Place;
use crate::trade::{OrderTicket, TicketPage, TradePanel};
use notices::Notices;
use top_bar::TopBar;

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    let simulator = Simulator::start();
    provide_context(simulator);
    provide_context(Appearance::start());
    provide_context(OrderTicket::start());
    keys::listen(simulator);
    if simulator.place != Place::Whole {
        return view! {
            <Notices />
            <TicketPage />
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
                <CollateralPanel />
                <TextPanel />
            </div>
            <div class="zone">
                <RiskPanel />
                <LifePanel />
                <PayoffPanel />
                <RangePanel />
                <SlidesPanel />
            </div>
            <div class="zone">
                <CreditPanel />
                <RequirementPanel />
                <AccountPanel />
                <TradePanel />
                <PairingsPanel />
                <ComparisonPanel />
            </div>
        </main>
    }
    .into_any()
}
