//! The state of the page. Figures are computed from it by the engine; nothing here computes a margin.

pub mod comparison;
pub mod draft;
pub mod figures;
pub mod link;
pub mod markets;
pub mod methodologies;
pub mod questions;
pub mod rest;
pub mod storage;

use std::sync::Arc;

use leptos::prelude::*;
use margin_engine::asset::Asset;
use margin_engine::contract::{LiveFigures, WhatIf};
use margin_engine::instrument::Expiry;
use margin_engine::market::{Market, Underlying};

use crate::later::Rules;
use draft::{Draft, History};
use figures::{Outcome, compute, request};
use markets::{BUNDLED, LoadedMarket};
use methodologies::Methodologies;
use questions::Questions;

/// Something the user should know, with a place of its own on the page.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// The sentence.
    pub text: String,
}

/// The figures before and after the last edit.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What was done: "sold 1 BTC-25SEP26-84000-C".
    pub what: String,
    /// Initial requirement before.
    pub before: f64,
    /// Their currency.
    pub currency: Asset,
}

/// The signals that all panels share. Copies are handles to the same state.
#[derive(Clone, Copy)]
pub struct Simulator {
    /// Which page it is.
    pub place: link::Place,
    /// Legs, methodology, parameters. Changed through [`Simulator::edit`], so that undo knows.
    pub draft: ReadSignal<Draft>,
    set_draft: WriteSignal<Draft>,
    history: RwSignal<History>,
    /// The market.
    pub market: RwSignal<LoadedMarket>,
    /// The currency of the figures.
    pub currency: RwSignal<Asset>,
    /// The move of the market that the sliders set.
    pub what_if: RwSignal<WhatIf>,
    /// The underlying whose chain is shown.
    pub coin: RwSignal<Asset>,
    /// The expiry whose chain is shown; none stands for the one nearest to a month.
    pub expiry: RwSignal<Option<Expiry>>,
    /// The methodologies, as they were read last.
    pub methodologies: Methodologies,
    /// What is asked of the engine in a worker.
    pub questions: Questions,
    /// Whether the daily closes are still on their way.
    pub closes_are_awaited: RwSignal<bool>,
    /// Everything that the page computes itself.
    pub outcome: Memo<Outcome>,
    /// The outcome that stood for a moment: what is out of sight follows this one.
    pub rested: RwSignal<Outcome>,
    /// What the last edit was, and what it started from.
    pub change: RwSignal<Option<Change>>,
    /// What the user should know.
    pub notices: RwSignal<Vec<Notice>>,
}

impl Simulator {
    /// The state at the start of a visit: from the link, else from storage, else the first prepared portfolio.
    ///
    /// `rules` must be there if [`storage::needs_rules`] says so.
    pub fn start(rules: Option<Rules>) -> Simulator {
        let (draft, set_draft) = signal(Draft::default());
        let first = LoadedMarket::bundled(BUNDLED[0].name).expect("the bundled markets are tested");
        let market = RwSignal::new(first);
        let currency = RwSignal::new(Asset::USD);
        let what_if = RwSignal::new(WhatIf::default());
        let methodologies = Methodologies::start(rules);
        let live = StoredValue::new_local(LiveFigures::default());
        let outcome = Memo::new(move |_| {
            let (currency, what_if) = (currency.get(), what_if.get());
            let computed = |live: &mut LiveFigures| {
                market.with(|market| draft.with(|draft| compute(draft, market, currency, what_if, methodologies, live)))
            };
            live.try_update_value(computed).unwrap_or_else(|| computed(&mut LiveFigures::default()))
        });
        let place = storage::place();
        let simulator = Simulator {
            place,
            draft,
            set_draft,
            history: RwSignal::new(History::default()),
            market,
            currency,
            what_if,
            coin: RwSignal::new(Asset::BTC),
            expiry: RwSignal::new(None),
            methodologies,
            questions: Questions::start(),
            closes_are_awaited: RwSignal::new(true),
            outcome,
            rested: RwSignal::new(outcome.get_untracked()),
            change: RwSignal::new(None),
            notices: RwSignal::new(vec![]),
        };
        storage::open_at_start(simulator);
        // What is there at the start is no edit.
        simulator.change.set(None);
        simulator.history.set(History::default());
        simulator.rested.set(outcome.get_untracked());
        rest::follow(simulator);
        storage::keep(simulator);
        simulator.await_closes();
        simulator
    }

    /// Puts the daily closes into the market as soon as they are there.
    fn await_closes(self) {
        #[cfg(target_arch = "wasm32")]
        leptos::task::spawn_local(async move {
            match markets::load_closes().await {
                Ok(()) => self.market.update(|market| *market = market.with_closes()),
                Err(reason) => self.notify(reason),
            }
            self.closes_are_awaited.set(false);
        });
    }

    /// Changes the draft as one step of undo. `what` names the edit in words, for the line on what it changed.
    pub fn edit(&self, what: impl Into<String>, edit: impl FnOnce(&mut Draft)) {
        let before = self.draft.get_untracked();
        let mut after = before.clone();
        edit(&mut after);
        if after == before {
            return;
        }
        self.note_change(what.into());
        self.history.update(|history| history.record(before));
        self.set_draft.set(after);
    }

    /// Takes the last edit back.
    pub fn undo(&self) {
        self.step("undo", History::undo);
    }

    /// Does again what was taken back.
    pub fn redo(&self) {
        self.step("redo", History::redo);
    }

    fn step(&self, what: &str, step: impl FnOnce(&mut History, &Draft) -> Option<Draft>) {
        let now = self.draft.get_untracked();
        if let Some(then) = self.history.try_update(|history| step(history, &now)).flatten() {
            self.note_change(what.to_owned());
            self.set_draft.set(then);
        }
    }

    /// Whether there is something to take back.
    pub fn can_undo(&self) -> bool {
        self.history.with(History::can_undo)
    }

    /// Whether there is something to do again.
    pub fn can_redo(&self) -> bool {
        self.history.with(History::can_redo)
    }

    /// Shows another market, and resets what belongs to the one before.
    pub fn use_market(&self, loaded: LoadedMarket) {
        self.note_change("another market".to_owned());
        let first_of = |market: &Market| market.underlyings().first().map(Underlying::asset);
        let first = first_of(&loaded.market);
        // What is shown stays where it is at home: a market of shares that also has a coin opens with its shares.
        let is_alike = first == self.market.with_untracked(|before| first_of(&before.market));
        let stays = is_alike && loaded.market.get(self.coin.get_untracked()).is_some();
        if let (false, Some(first)) = (stays, first) {
            self.coin.set(first);
        }
        if loaded.market.fx(self.currency.get_untracked(), Asset::USD).is_err() {
            self.currency.set(Asset::USD);
        }
        self.expiry.set(None);
        self.market.set(loaded);
    }

    /// Puts a restored state in place; what was there before can be taken back.
    pub fn restore(&self, restored: link::Restored) {
        self.use_market(restored.market);
        self.currency.set(restored.currency);
        self.what_if.set(restored.what_if);
        if let Some(first) = restored.draft.legs.first() {
            let coin = first.instrument.product.base;
            if self.market.with_untracked(|loaded| loaded.market.get(coin).is_some()) {
                self.coin.set(coin);
            }
        }
        self.edit("opened", |draft| *draft = restored.draft);
    }

    /// Tells the user something that stays until it is dismissed.
    pub fn notify(&self, text: impl Into<String>) {
        let notice = Notice { text: text.into() };
        self.notices.update(|notices| {
            if !notices.contains(&notice) {
                notices.push(notice);
            }
        });
    }

    /// The state as text for links and storage, in full.
    pub fn request(&self) -> margin_engine::contract::Request {
        let choice = self.market.with(|loaded| loaded.choice.clone());
        self.draft.with(|draft| request(draft, choice, self.currency.get(), self.what_if.get()))
    }

    /// The market as it is, without the what-if.
    pub fn today(&self) -> Arc<Market> {
        self.market.with(|loaded| Arc::clone(&loaded.market))
    }

    /// The coin that figures may be shown in: the shown one, else the market's first.
    pub fn account_coin(&self) -> Option<Asset> {
        let market = self.today();
        let is_coin = |underlying: &&Underlying| underlying.terms().class.is_coin();
        let shown = market.get(self.coin.get()).filter(is_coin);
        shown.or_else(|| market.underlyings().iter().find(is_coin)).map(Underlying::asset)
    }

    /// The expiry whose chain is shown: the chosen one, or the one nearest to a month that has a smile.
    pub fn shown_expiry(&self) -> Option<Expiry> {
        let market = self.today();
        let underlying = market.get(self.coin.get())?;
        let listed = |expiry: &Expiry| underlying.expiry(*expiry).is_some();
        self.expiry.get().filter(listed).or_else(|| nearest_expiry(underlying, 30.0))
    }

    fn note_change(&self, what: String) {
        let before = self.outcome.with_untracked(|outcome| {
            outcome.figures().map(|figures| (figures.assessment.initial, figures.assessment.currency))
        });
        self.change.set(before.map(|(before, currency)| Change { what, before, currency }));
    }
}

/// The expiry with a smile whose time to go is nearest to so many days.
pub fn nearest_expiry(underlying: &Underlying, days: f64) -> Option<Expiry> {
    let with_smile = underlying.expiries().iter().filter(|expiry| !expiry.smile().is_empty() && expiry.years() > 0.0);
    let distance = |years: f64| (years * 365.0 - days).abs();
    with_smile.min_by(|a, b| distance(a.years()).total_cmp(&distance(b.years()))).map(|expiry| expiry.expiry())
}

/// The state, from any component below the page's frame.
pub fn use_simulator() -> Simulator {
    expect_context::<Simulator>()
}
