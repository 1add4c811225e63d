//! What the prepared portfolios are made of.

use super::portfolios::{Deposit, Home, LegShape, Prepared, Shape};
use crate::state::draft::DEFAULT_METHODOLOGY;
use crate::state::markets::{BUNDLED, US};

const fn leg(of: &'static str, size: f64, days: f64, shape: Shape) -> LegShape {
    LegShape { of, size, days, shape }
}

const fn call(size: f64, days: f64, moneyness: f64) -> LegShape {
    call_on("", size, days, moneyness)
}

const fn put(size: f64, days: f64, moneyness: f64) -> LegShape {
    put_on("", size, days, moneyness)
}

const fn call_on(of: &'static str, size: f64, days: f64, moneyness: f64) -> LegShape {
    leg(of, size, days, Shape::Call { moneyness })
}

const fn put_on(of: &'static str, size: f64, days: f64, moneyness: f64) -> LegShape {
    leg(of, size, days, Shape::Put { moneyness })
}

const fn future(size: f64, days: f64) -> LegShape {
    leg("", size, days, Shape::Future)
}

const fn perpetual(size: f64) -> LegShape {
    leg("", size, 0.0, Shape::Perpetual)
}

const fn shares(of: &'static str, size: f64) -> LegShape {
    leg(of, size, 0.0, Shape::Share)
}

const fn usd(amount: f64) -> Deposit {
    Deposit::Amount("USD", amount)
}

/// A market with bitcoin and ether, under the methodology that coins open with.
const BOTH_COINS: Option<Home> = Some(Home { market: BUNDLED[0].name, methodology: DEFAULT_METHODOLOGY });
const TIMS: Option<Home> = Some(Home { market: US, methodology: "tims" });
const REGULATION_T: Option<Home> = Some(Home { market: US, methodology: "regulation-t" });
const CUSTOM: Option<Home> = Some(Home { market: US, methodology: "custom" });

/// All of them, the opening one first.
pub const PREPARED: &[Prepared] = &[
    Prepared {
        id: "hedged-condor",
        title: "Iron condor with a perpetual hedge",
        sentence: "Four options and a perpetual: alone each needs its own margin, together the wings and the hedge carry most of the risk.",
        home: None,
        legs: &[
            call(-10.0, 34.0, 1.085),
            call(10.0, 34.0, 1.163),
            put(-10.0, 34.0, 0.904),
            put(10.0, 34.0, 0.827),
            perpetual(1.0),
        ],
        deposits: &[Deposit::Dollars(1.04)],
    },
    Prepared {
        id: "naked-short-call",
        title: "Naked short call",
        sentence: "A short call alone: every rally is a loss, so the whole stress is margin.",
        home: None,
        legs: &[call(-10.0, 34.0, 1.085)],
        deposits: &[Deposit::Dollars(1.8)],
    },
    Prepared {
        id: "covered-by-future",
        title: "The same call, covered by a future",
        sentence: "The long future earns what the short call loses in a rally: only the fall is left to margin.",
        home: None,
        legs: &[call(-10.0, 34.0, 1.085), future(6.0, 34.0)],
        deposits: &[Deposit::Dollars(1.8)],
    },
    Prepared {
        id: "short-strangle",
        title: "Short strangle with a perpetual hedge",
        sentence: "Both sides cannot lose at once, so portfolio margin charges the worse one; rules charge both.",
        home: None,
        legs: &[call(-10.0, 34.0, 1.163), put(-10.0, 34.0, 0.827), perpetual(1.0)],
        deposits: &[Deposit::Dollars(1.8)],
    },
    Prepared {
        id: "straddle",
        title: "Short straddle",
        sentence: "Call and put at one strike: whatever the price does, one of them gains back a part.",
        home: None,
        legs: &[call(-5.0, 34.0, 1.0), put(-5.0, 34.0, 1.0)],
        deposits: &[Deposit::Dollars(1.6)],
    },
    Prepared {
        id: "iron-condor",
        title: "Iron condor",
        sentence: "The bought wings cap both losses: the margin falls to little more than the distance between strikes.",
        home: None,
        legs: &[call(-10.0, 34.0, 1.085), call(10.0, 34.0, 1.163), put(-10.0, 34.0, 0.904), put(10.0, 34.0, 0.827)],
        deposits: &[Deposit::Dollars(0.8)],
    },
    Prepared {
        id: "calendar",
        title: "Calendar",
        sentence: "The far option covers the near one at the same strike; what is left is the shape of the vol curve.",
        home: None,
        legs: &[call(-10.0, 34.0, 1.04), call(10.0, 125.0, 1.04)],
        deposits: &[Deposit::Dollars(0.4)],
    },
    Prepared {
        id: "box",
        title: "Box",
        sentence: "Four options that pay the same at every price: alone they need a fortune, together next to nothing.",
        home: None,
        legs: &[call(10.0, 34.0, 0.93), put(-10.0, 34.0, 0.93), call(-10.0, 34.0, 1.06), put(10.0, 34.0, 1.06)],
        deposits: &[Deposit::Dollars(0.1)],
    },
    Prepared {
        id: "eth-call-btc-future",
        title: "ETH option hedged with a BTC future",
        sentence: "They settle in different coins: segregated each needs its own margin, a unified account nets them as far as their correlation lets it.",
        home: BOTH_COINS,
        legs: &[call_on("ETH", -100.0, 34.0, 1.0), leg("BTC", 1.6, 34.0, Shape::Future)],
        deposits: &[Deposit::Dollars(40.0)],
    },
    Prepared {
        id: "hedged-in-another-expiry",
        title: "A book hedged in another expiry",
        sentence: "Short September, hedged with December futures: the slides forgive it, the roll shock charges the gap between expiries.",
        home: None,
        legs: &[call(-10.0, 34.0, 1.04), put(-10.0, 34.0, 0.93), future(2.0, 125.0)],
        deposits: &[Deposit::Dollars(3.2)],
    },
    Prepared {
        id: "wrong-way-collateral",
        title: "Bitcoin behind short puts in dollars",
        sentence: "A fall costs twice: the puts lose dollars just when the bitcoin that covers them is worth fewer.",
        home: BOTH_COINS,
        legs: &[put_on("BTC_USDC", -10.0, 34.0, 0.9), put_on("BTC_USDC", 10.0, 34.0, 0.7)],
        deposits: &[Deposit::Amount("BTC", 1.2)],
    },
    Prepared {
        id: "right-way-collateral",
        title: "Bitcoin behind short calls in dollars",
        sentence: "What the calls lose in a rally the bitcoin behind them gains: the collateral is half of the hedge.",
        home: BOTH_COINS,
        legs: &[call_on("BTC_USDC", -4.0, 34.0, 1.1)],
        deposits: &[Deposit::Amount("BTC", 1.0)],
    },
    Prepared {
        id: "staked-ether",
        title: "Staked ether and a short perpetual",
        sentence: "A yield on ether without its price: what is staked stands behind the short perpetual that hedges it, less a haircut.",
        home: BOTH_COINS,
        legs: &[leg("ETH", -50.0, 0.0, Shape::Perpetual)],
        deposits: &[Deposit::Amount("STETH", 50.0)],
    },
    Prepared {
        id: "us-covered-call",
        title: "Covered call on shares",
        sentence: "Alone the short calls would need margin of their own; the shares deliver them, so rules ask for the shares only.",
        home: REGULATION_T,
        legs: &[shares("AAPL", 500.0), call_on("AAPL", -5.0, 46.0, 1.05)],
        deposits: &[usd(5_000.0)],
    },
    Prepared {
        id: "us-collar",
        title: "Collar on shares",
        sentence: "A put below pays for a fall, a call above pays for the put: between two strikes little can be lost.",
        home: TIMS,
        legs: &[shares("AAPL", 500.0), put_on("AAPL", 5.0, 74.0, 0.93), call_on("AAPL", -5.0, 74.0, 1.08)],
        deposits: &[usd(5_000.0)],
    },
    Prepared {
        id: "us-iron-condor",
        title: "Iron condor on the S&P 500",
        sentence: "Four index options settled in cash: only one side can lose, so one side is the margin.",
        home: TIMS,
        legs: &[
            call_on("SPX", -2.0, 46.0, 1.05),
            call_on("SPX", 2.0, 46.0, 1.075),
            put_on("SPX", -2.0, 46.0, 0.93),
            put_on("SPX", 2.0, 46.0, 0.9),
        ],
        deposits: &[usd(35_000.0)],
    },
    Prepared {
        id: "us-box",
        title: "Box on the S&P 500",
        sentence: "A loan in four options: whatever the index does they pay the width, so risk asks for the minimum only.",
        home: TIMS,
        legs: &[
            call_on("SPX", 5.0, 165.0, 0.95),
            put_on("SPX", -5.0, 165.0, 0.95),
            call_on("SPX", -5.0, 165.0, 1.05),
            put_on("SPX", 5.0, 165.0, 1.05),
        ],
        deposits: &[usd(5_000.0)],
    },
    Prepared {
        id: "us-butterfly-calendar",
        title: "Butterfly and calendar on one stock",
        sentence: "Rules look for the cheapest way to pair these legs into spreads; a model of risk needs no pairs.",
        home: REGULATION_T,
        legs: &[
            call_on("AAPL", 5.0, 46.0, 0.97),
            call_on("AAPL", -10.0, 46.0, 1.01),
            call_on("AAPL", 5.0, 46.0, 1.05),
            put_on("AAPL", -5.0, 46.0, 0.97),
            put_on("AAPL", 5.0, 165.0, 0.96),
        ],
        deposits: &[usd(20_000.0)],
    },
    Prepared {
        id: "us-index-hedge",
        title: "Index puts hedge a fund and futures",
        sentence: "Puts on one index against a fund on another and a future: gains of related groups count in part.",
        home: TIMS,
        legs: &[
            shares("QQQ", 1000.0),
            put_on("SPX", 2.0, 74.0, 0.97),
            leg("ES", -1.0, 74.0, Shape::Future),
            call_on("QQQ", -10.0, 74.0, 1.05),
        ],
        deposits: &[usd(50_000.0)],
    },
    Prepared {
        id: "stocks-bonds-bitcoin",
        title: "Stocks, bonds and bitcoin in one book",
        sentence: "Shares, a bond, oil and bitcoin: only a model that reprices everything takes them together, the bond by a move of rates.",
        home: CUSTOM,
        legs: &[
            shares("AAPL", 300.0),
            put_on("AAPL", 3.0, 74.0, 0.95),
            leg("UST", 20_000.0, 0.0, Shape::Bond { years: 10 }),
            leg("CL", 1.0, 42.0, Shape::Future),
            leg("BTC", 1.0, 0.0, Shape::Perpetual),
            call_on("BTC", -1.0, 81.0, 1.1),
        ],
        deposits: &[usd(20_000.0)],
    },
];
