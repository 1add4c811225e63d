//! Everything that is computed from what the user set, once for all panels.

use std::sync::Arc;

use margin_engine::account::Account;
use margin_engine::asset::Asset;
use margin_engine::book::Book;
use margin_engine::contract::{
    AccountDocument, CompareChoice, ContractError, MarketChoice, MethodologyChoice, Request, VERSION, WhatIf,
};
use margin_engine::insight::{Comparison, Savings, compare, savings};
use margin_engine::market::Market;
use margin_engine::methodology::{Assessment, Era, METHODOLOGIES, assess};

use serde_json::Value;

use super::draft::Draft;
use super::markets::LoadedMarket;

/// What all panels show.
#[derive(Debug, Clone)]
pub struct Figures {
    /// The market after the what-if.
    pub market: Market,
    /// The account, sizes of coin-settled futures pinned where the market was moved.
    pub account: Account,
    /// The enabled legs in it.
    pub book: Book,
    /// Identifiers of the draft's legs, in the book's order.
    pub leg_ids: Vec<u64>,
    /// The requirement.
    pub assessment: Assessment,
    /// What the hedges save.
    pub savings: Savings,
    /// The same book under every methodology.
    pub comparison: Vec<Comparison>,
    /// The era of the chosen methodology.
    pub era: Era,
}

/// Figures, or why there are none.
#[derive(Debug, Clone)]
pub struct Outcome(pub Arc<Result<Figures, ContractError>>);

impl PartialEq for Outcome {
    /// Each computation is a new outcome: comparing the figures would cost more than drawing them.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Outcome {
    /// The figures, if there are any.
    pub fn figures(&self) -> Option<&Figures> {
        self.0.as_ref().as_ref().ok()
    }

    /// Why there are none.
    pub fn error(&self) -> Option<&ContractError> {
        self.0.as_ref().as_ref().err()
    }
}

/// The state as a request of the contract: what links, storage and embedding carry.
pub fn request(draft: &Draft, market: MarketChoice, currency: Asset, what_if: WhatIf) -> Request {
    Request {
        version: VERSION,
        account: AccountDocument {
            currency: currency.to_string(),
            positions: draft.legs.iter().map(super::draft::Leg::document).collect(),
            balances: vec![],
        },
        market,
        methodology: MethodologyChoice { id: draft.methodology.clone(), parameters: draft.chosen_edits().cloned() },
        what_if,
        compare: edited_others(draft),
        explain: false,
    }
}

/// The edited parameters of methodologies that are not the chosen one: the comparison shows them, so they travel.
fn edited_others(draft: &Draft) -> Vec<CompareChoice> {
    let others = draft.edits.iter().filter(|(id, _)| **id != draft.methodology);
    let edited = |(id, edits): (&String, &Value)| {
        CompareChoice::Edited(MethodologyChoice { id: id.clone(), parameters: Some(edits.clone()) })
    };
    others.map(edited).collect()
}

/// Computes everything.
pub fn compute(draft: &Draft, market: &LoadedMarket, currency: Asset, what_if: WhatIf) -> Outcome {
    Outcome(Arc::new(try_compute(draft, market, currency, what_if)))
}

fn try_compute(
    draft: &Draft,
    loaded: &LoadedMarket,
    currency: Asset,
    what_if: WhatIf,
) -> Result<Figures, ContractError> {
    // The market is at hand; the request names it, so that it is not read again for every edit.
    let request = request(draft, MarketChoice::Named(String::new()), currency, what_if);
    let prepared = request.prepare(|_| Some(loaded.market.as_ref().clone()))?;
    let failed = |reason| ContractError::Methodology { id: prepared.entry.id.to_owned(), reason };
    let assessment = assess(prepared.entry, prepared.methodology.as_ref(), &prepared.book).map_err(failed)?;
    let savings = savings(prepared.methodology.as_ref(), &prepared.book, &assessment).map_err(failed)?;
    let configured = METHODOLOGIES.iter().map(|entry| (entry, entry.configure(draft.edits.get(entry.id))));
    Ok(Figures {
        comparison: compare(&prepared.book, configured),
        leg_ids: draft.legs.iter().filter(|leg| leg.enabled).map(|leg| leg.id).collect(),
        market: prepared.market,
        account: prepared.account,
        book: prepared.book,
        era: prepared.entry.era,
        assessment,
        savings,
    })
}
