//! What the prepared portfolios are made of.

use super::portfolios::{LegShape, Prepared, Shape};

const fn call(coins: f64, days: f64, moneyness: f64) -> LegShape {
    LegShape { coins, days, shape: Shape::Call { moneyness } }
}

const fn put(coins: f64, days: f64, moneyness: f64) -> LegShape {
    LegShape { coins, days, shape: Shape::Put { moneyness } }
}

const fn future(coins: f64, days: f64) -> LegShape {
    LegShape { coins, days, shape: Shape::Future }
}

const fn perpetual(coins: f64) -> LegShape {
    LegShape { coins, days: 0.0, shape: Shape::Perpetual }
}

/// All of them, the opening one first.
pub const PREPARED: &[Prepared] = &[
    Prepared {
        id: "hedged-condor",
        title: "Iron condor with a perpetual hedge",
        sentence: "Four options and a perpetual: alone each needs its own margin, together the wings and the hedge carry most of the risk.",
        legs: &[
            call(-10.0, 34.0, 1.085),
            call(10.0, 34.0, 1.163),
            put(-10.0, 34.0, 0.904),
            put(10.0, 34.0, 0.827),
            perpetual(1.0),
        ],
    },
    Prepared {
        id: "naked-short-call",
        title: "Naked short call",
        sentence: "A short call alone: every rally is a loss, so the whole stress is margin.",
        legs: &[call(-10.0, 34.0, 1.085)],
    },
    Prepared {
        id: "covered-by-future",
        title: "The same call, covered by a future",
        sentence: "The long future earns what the short call loses in a rally: only the fall is left to margin.",
        legs: &[call(-10.0, 34.0, 1.085), future(6.0, 34.0)],
    },
    Prepared {
        id: "short-strangle",
        title: "Short strangle with a perpetual hedge",
        sentence: "Both sides cannot lose at once, so portfolio margin charges the worse one; rules charge both.",
        legs: &[call(-10.0, 34.0, 1.163), put(-10.0, 34.0, 0.827), perpetual(1.0)],
    },
    Prepared {
        id: "straddle",
        title: "Short straddle",
        sentence: "Call and put at one strike: whatever the price does, one of them gains back a part.",
        legs: &[call(-5.0, 34.0, 1.0), put(-5.0, 34.0, 1.0)],
    },
    Prepared {
        id: "iron-condor",
        title: "Iron condor",
        sentence: "The bought wings cap both losses: the margin falls to little more than the distance between strikes.",
        legs: &[call(-10.0, 34.0, 1.085), call(10.0, 34.0, 1.163), put(-10.0, 34.0, 0.904), put(10.0, 34.0, 0.827)],
    },
    Prepared {
        id: "calendar",
        title: "Calendar",
        sentence: "The far option covers the near one at the same strike; what is left is the shape of the vol curve.",
        legs: &[call(-10.0, 34.0, 1.04), call(10.0, 125.0, 1.04)],
    },
    Prepared {
        id: "box",
        title: "Box",
        sentence: "Four options that pay the same at every price: alone they need a fortune, together next to nothing.",
        legs: &[call(10.0, 34.0, 0.93), put(-10.0, 34.0, 0.93), call(-10.0, 34.0, 1.06), put(10.0, 34.0, 1.06)],
    },
    Prepared {
        id: "hedged-in-another-expiry",
        title: "A book hedged in another expiry",
        sentence: "Short September, hedged with December futures: the slides forgive it, the roll shock charges the gap between expiries.",
        legs: &[call(-10.0, 34.0, 1.04), put(-10.0, 34.0, 0.93), future(2.0, 125.0)],
    },
];
