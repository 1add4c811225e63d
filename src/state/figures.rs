//! Everything that is computed from what the user set, once for all panels.

use std::sync::Arc;

use margin_engine::account::Account;
use margin_engine::asset::Asset;
use margin_engine::book::Book;
use margin_engine::contract::{
    AccountDocument, CompareChoice, ContractError, LiveFigures, MarketChoice, MethodologyChoice, MovedAccount, Request,
    Resolved, VERSION, WhatIf,
};
use margin_engine::insight::{AccountState, Savings, account_state, savings};
use margin_engine::market::Market;
use margin_engine::methodology::{Assessment, MethodologyError, assess, find};

use serde_json::Value;

use super::draft::Draft;
use super::markets::LoadedMarket;
use super::methodologies::Methodologies;

/// What all panels show.
#[derive(Debug, Clone)]
pub struct Figures {
    /// The market after the what-if.
    pub market: Arc<Market>,
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
    /// What the account has against what it needs.
    pub account_state: AccountState,
}

/// Why there are no figures.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The reason.
    pub error: ContractError,
    /// The book, where it is the methodology that fails: others may apply.
    pub book: Option<Box<Book>>,
}

/// Figures, or why there are none.
#[derive(Debug, Clone)]
pub struct Outcome(pub Arc<Result<Figures, Failure>>);

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
        self.0.as_ref().as_ref().err().map(|failure| &failure.error)
    }

    /// The book, if the legs can be resolved in the market.
    pub fn book(&self) -> Option<&Book> {
        match self.0.as_ref() {
            Ok(figures) => Some(&figures.book),
            Err(failure) => failure.book.as_deref(),
        }
    }
}

/// The state as a request of the contract: what links, storage and embedding carry.
pub fn request(draft: &Draft, market: MarketChoice, currency: Asset, what_if: WhatIf) -> Request {
    Request {
        version: VERSION,
        account: AccountDocument {
            currency: currency.to_string(),
            positions: draft.legs.iter().map(super::draft::Leg::document).collect(),
            balances: draft.balances.iter().map(super::draft::DraftBalance::document).collect(),
            collateral: draft.collateral.clone(),
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

/// Computes everything. What the last draft had in common with this one is in `live`, and is not computed again.
pub fn compute(
    draft: &Draft,
    market: &LoadedMarket,
    currency: Asset,
    what_if: WhatIf,
    methodologies: Methodologies,
    live: &mut LiveFigures,
) -> Outcome {
    let followed = followed(draft, &market.market, currency, what_if, methodologies, live);
    Outcome(Arc::new(followed.map_or_else(|| from_nothing(draft, market, currency, what_if, methodologies), Ok)))
}

/// The figures of an edited draft; none where there are none, for a reason that is found by starting anew.
fn followed(
    draft: &Draft,
    today: &Arc<Market>,
    currency: Asset,
    what_if: WhatIf,
    methodologies: Methodologies,
    live: &mut LiveFigures,
) -> Option<Figures> {
    let positions = draft.legs.iter().filter(|leg| leg.enabled).map(super::draft::Leg::position).collect();
    let balances = draft.balances.iter().map(super::draft::DraftBalance::balance).collect();
    let account = Account::new(currency, positions, balances).ok()?;
    let entry = find(&draft.methodology)?;
    let configured = methodologies.configured(entry, draft.chosen_edits());
    let methodology = configured.as_ref().as_ref().ok()?.as_ref();
    let schedule = methodologies.schedule(entry, draft.collateral.as_ref()).ok()?;
    let MovedAccount { account, market } = live.update(account, today, what_if, entry, &configured)?;
    let savings = live.savings().ok()??;
    let (book, assessment) = live.assessed()?;
    let account_state = account_state(methodology, &schedule, book, assessment.pair());
    let (book, assessment, leg_ids) = (book.clone(), assessment.clone(), leg_ids(draft));
    Some(Figures { market, account, book, leg_ids, assessment, savings, account_state })
}

/// The same by way of a request, whose errors name the field.
fn from_nothing(
    draft: &Draft,
    market: &LoadedMarket,
    currency: Asset,
    what_if: WhatIf,
    methodologies: Methodologies,
) -> Result<Figures, Failure> {
    // The market is at hand; the request names it, so that it is not read again.
    let request = request(draft, MarketChoice::Named(String::new()), currency, what_if);
    let resolved = request.resolve(|_| Some(market.market.as_ref().clone()));
    let Resolved { account, market, book } = resolved.map_err(|error| Failure { error, book: None })?;
    match measured(draft, &book, methodologies) {
        Ok((assessment, savings, account_state)) => {
            let (market, leg_ids) = (Arc::new(market), leg_ids(draft));
            Ok(Figures { market, account, book, leg_ids, assessment, savings, account_state })
        }
        Err(error) => Err(Failure { error, book: Some(Box::new(book)) }),
    }
}

fn leg_ids(draft: &Draft) -> Vec<u64> {
    draft.legs.iter().filter(|leg| leg.enabled).map(|leg| leg.id).collect()
}

fn measured(
    draft: &Draft,
    book: &Book,
    methodologies: Methodologies,
) -> Result<(Assessment, Savings, AccountState), ContractError> {
    let failed = |reason| ContractError::Methodology { id: draft.methodology.clone(), reason };
    let unknown = || failed(MethodologyError::NotApplicable("there is no such methodology".to_owned()));
    let entry = find(&draft.methodology).ok_or_else(unknown)?;
    let configured = methodologies.configured(entry, draft.chosen_edits());
    let methodology = configured.as_ref().as_ref().map_err(|reason| failed(reason.clone()))?.as_ref();
    let assessment = assess(entry, methodology, book).map_err(failed)?;
    let savings = savings(methodology, book, &assessment).map_err(failed)?;
    let schedule = methodologies.schedule(entry, draft.collateral.as_ref())?;
    let state = account_state(methodology, &schedule, book, assessment.pair());
    Ok((assessment, savings, state))
}
