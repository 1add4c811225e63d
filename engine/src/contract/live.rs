//! A request that is kept while its quantities are edited.

use std::rc::Rc;
use std::sync::Arc;

use super::{ContractError, MarketChoice, Prepared, Request, Response, WhatIf, assess};
use crate::account::{Account, Quantity};
use crate::book::{Book, ExpiredPositions, LiveBook};
use crate::insight::Savings;
use crate::live::LiveAssessment;
use crate::market::Market;
use crate::methodology::{Assessment, ConfiguredMethodology, Entry, MethodologyError};

/// An account in a market that a what-if may move, with its assessment, kept from one edit to the next.
///
/// What it holds is what [`Request::resolve`] and [`assess`](crate::methodology::assess) would give, to the bit.
#[derive(Default)]
pub struct LiveFigures {
    /// Under a what-if, the account in the market as it is: there, nothing may have expired.
    today: LiveBook,
    moved: Option<Moved>,
    live: LiveAssessment,
}

/// The last what-if, and the market that it made of which.
struct Moved {
    what_if: WhatIf,
    today: Arc<Market>,
    market: Arc<Market>,
}

/// An account and its market after the what-if.
pub struct MovedAccount {
    /// The account; under a what-if the sizes of coin-settled futures are fixed in the quote currency.
    pub account: Account,
    /// The market after the what-if.
    pub market: Arc<Market>,
}

impl LiveFigures {
    /// Makes them those of this account, market, what-if and methodology; market and methodology are compared by their
    /// addresses. None where there are no figures: [`Request::resolve`] and [`assess`](crate::methodology::assess) say
    /// why.
    pub fn update(
        &mut self,
        account: Account,
        today: &Arc<Market>,
        what_if: WhatIf,
        entry: &'static Entry,
        methodology: &Rc<ConfiguredMethodology>,
    ) -> Option<MovedAccount> {
        let (account, market, expired) = if what_if.is_none() {
            (account, Arc::clone(today), ExpiredPositions::Refuse)
        } else {
            self.today.update(&account, today, ExpiredPositions::Refuse).ok()?;
            let market = self.moved_market(today, what_if)?;
            (what_if.moved_account(&account, today).ok()?, market, ExpiredPositions::Settle)
        };
        self.live.update(&account, &market, expired, entry, methodology).ok()?;
        Some(MovedAccount { account, market })
    }

    fn moved_market(&mut self, today: &Arc<Market>, what_if: WhatIf) -> Option<Arc<Market>> {
        let is_it = |moved: &&Moved| moved.what_if == what_if && Arc::ptr_eq(&moved.today, today);
        if let Some(moved) = self.moved.as_ref().filter(is_it) {
            return Some(Arc::clone(&moved.market));
        }
        let market = Arc::new(what_if.moved_market(today).ok()?);
        self.moved = Some(Moved { what_if, today: Arc::clone(today), market: Arc::clone(&market) });
        Some(market)
    }

    /// The book and its assessment; none before the first update, and after one that failed.
    pub fn assessed(&self) -> Option<(&Book, &Assessment)> {
        Some((self.live.book()?, self.live.assessment()?))
    }

    /// What the hedges save; none where there is no assessment.
    ///
    /// # Errors
    /// Those of the methodology.
    pub fn savings(&mut self) -> Result<Option<Savings>, MethodologyError> {
        self.live.savings()
    }
}

/// A request whose quantities change: each time the assessment follows, and nothing is priced again.
pub struct LivePortfolio {
    request: Request,
    /// The account of the request, before a what-if.
    account: Account,
    /// Which leg each position of the request is; none for those that are disabled.
    legs: Vec<Option<usize>>,
    today: Arc<Market>,
    entry: &'static Entry,
    methodology: Rc<ConfiguredMethodology>,
    figures: LiveFigures,
}

impl LivePortfolio {
    /// Assesses a request, to be edited. What it compares with is left for [`LivePortfolio::response`].
    ///
    /// # Errors
    /// As of [`assess`].
    pub fn new(request: Request, markets: impl Fn(&str) -> Option<Market>) -> Result<LivePortfolio, ContractError> {
        let today = Arc::new(request.market.resolve(markets)?);
        // The market is at hand and need not be read again.
        let request = Request { market: MarketChoice::Named(String::new()), ..request };
        let Prepared { entry, methodology, .. } = request.prepare(|_| Some(today.as_ref().clone()))?;
        let methodology = Rc::new(Ok(methodology));
        let account = request.account.to_account()?;
        let mut count = 0;
        let mut leg = |is_enabled: bool| {
            count += usize::from(is_enabled);
            is_enabled.then(|| count - 1)
        };
        let legs = request.account.positions.iter().map(|position| leg(position.enabled)).collect();
        let figures = LiveFigures::default();
        let mut portfolio = LivePortfolio { request, account, legs, today, entry, methodology, figures };
        // Why there is no requirement is told by who answers the request whole.
        if !portfolio.follow() {
            portfolio.response()?;
        }
        Ok(portfolio)
    }

    /// Gives a position of the request another quantity, in its unit. One that is refused changes nothing.
    ///
    /// # Errors
    /// There is no such position, the quantity is none that an account may have, or there is no requirement with it.
    pub fn set_quantity(&mut self, position: usize, quantity: f64) -> Result<(), ContractError> {
        let count = self.legs.len();
        let Some(place) = self.legs.get(position) else {
            let reason = format!("there is no such position; there are {count}");
            return Err(ContractError::Shape { path: format!("account.positions[{position}]"), reason });
        };
        let Some(leg) = *place else {
            let reason = "it is disabled, and so no part of the account".to_owned();
            return Err(ContractError::Shape { path: format!("account.positions[{position}]"), reason });
        };
        let before = self.account.positions()[leg].quantity;
        self.account.set_quantity(leg, Quantity { amount: quantity, ..before })?;
        self.request.account.positions[position].quantity = quantity;
        if self.follow_leg(leg) {
            return Ok(());
        }
        let refusal = self.response().err();
        self.account.set_quantity(leg, before)?;
        self.request.account.positions[position].quantity = before.amount;
        self.follow();
        refusal.map_or(Ok(()), Err)
    }

    /// Follows one leg; whether there are figures.
    fn follow_leg(&mut self, leg: usize) -> bool {
        // Under a what-if a size may be fixed in another unit.
        if self.request.what_if.is_none()
            && let Ok(true) = self.figures.live.resize(leg, self.account.positions()[leg].quantity)
        {
            return true;
        }
        self.follow()
    }

    fn follow(&mut self) -> bool {
        let (account, what_if) = (self.account.clone(), self.request.what_if);
        self.figures.update(account, &self.today, what_if, self.entry, &self.methodology).is_some()
    }

    /// The book and its assessment.
    pub fn assessed(&self) -> Option<(&Book, &Assessment)> {
        self.figures.assessed()
    }

    /// The answer to the request as it is by now.
    ///
    /// # Errors
    /// As of [`assess`].
    pub fn response(&self) -> Result<Response, ContractError> {
        assess(&self.request, |_| Some(self.today.as_ref().clone()))
    }
}
