//! What explains a requirement or looks ahead, on accounts of options with coins as collateral, under Deribit's portfolio
//! margin.

use margin_engine::account::{Account, Balance, Quantity};
use margin_engine::asset::Asset;
use margin_engine::book::Book;
use margin_engine::collateral::{CollateralSchedule, default_for};
use margin_engine::insight::pre_trade::{Order, PreTrade, pre_trade};
use margin_engine::insight::{
    Attribution, AttributionOptions, CurveAxis, CurveRange, MarginCurve, Moved, attribution, margin_curve,
};
use margin_engine::market::Market;
use margin_engine::methodology::{Assessment, Methodology, assess, find};
use margin_engine::progress::Progress;

use super::books;

/// The legs of the account whose requirement is shared out.
pub const ATTRIBUTED_LEGS: usize = 20;
/// The legs of the account that an order is checked against, and of that whose curve is drawn.
pub const ACCOUNT_LEGS: usize = 100;
/// The places of a margin curve.
pub const CURVE_POINTS: usize = 201;

/// Coins that meet the requirement of a hundred legs, so that an order can fit.
const COINS: f64 = 2_000.0;

/// An account, assessed.
pub struct Insights {
    methodology: Box<dyn Methodology>,
    schedule: CollateralSchedule,
    account: Account,
    market: Market,
    book: Book,
    assessment: Assessment,
}

impl Insights {
    /// The account of [`books::account`] with coins.
    pub fn new(legs: usize) -> Insights {
        let entry = find("deribit-portfolio").expect("registered");
        let methodology = entry.configure(None).expect("a preset");
        let schedule = default_for(entry).configure(None).expect("a preset");
        let collateral = vec![Balance::new(Asset::BTC, COINS)];
        let account = books::account(legs).with_balances(collateral).expect("a valid account");
        let market = books::market();
        let book = books::resolved(&account, &market);
        let assessment = assess(entry, methodology.as_ref(), &book).expect("it has rules for options");
        Insights { methodology, schedule, account, market, book, assessment }
    }

    /// Shares of the legs, Shapley's from a sample of orders.
    pub fn attribution(&self) -> Attribution {
        attribution(
            self.methodology.as_ref(),
            &self.book,
            &self.assessment,
            AttributionOptions::default(),
            Progress::UNHEARD,
        )
        .expect("it has rules for the legs")
    }

    /// An order for ten of the account's first option, with the largest sizes that fit.
    pub fn pre_trade(&self) -> PreTrade {
        let mut position = self.account.positions()[0];
        position.quantity = Quantity::coins(-10.0);
        let order = Order { position, fee: 0.0, tick: None };
        let book = (&self.book, &self.market);
        pre_trade(self.methodology.as_ref(), &self.schedule, &self.account, book, &[order], true)
            .expect("it can be traded")
    }

    /// The account over all prices of coins, between half of today's and half as much again.
    pub fn margin_curve(&self) -> MarginCurve {
        let range = CurveRange { from: Some(-0.5), to: Some(0.5), points: CURVE_POINTS };
        let axis = CurveAxis::Price(Moved::alone(Asset::BTC));
        margin_curve(self.methodology.as_ref(), &self.schedule, &self.book, axis, range, Progress::UNHEARD)
            .expect("it has rules for the book")
    }
}
