//! Derive's portfolio manager 2: a published case, and figures by hand.

use margin_engine::account::{Account, Balance};
use margin_engine::asset::Asset;
use margin_engine::book::{Book, ExpiredPositions};
use margin_engine::instrument::{Expiry, Instrument, Kind, Product, Right};
use margin_engine::market::{ExpiryDraft, Market, MarketDraft, Source, UnderlyingDraft};
use margin_engine::methodology::{Workings, assess, assess_with, find};
use serde_json::{Value, json};

use crate::support::{NOW, assessed, close, coins, expiry, requirement};

#[track_caller]
fn assert_close(ours: f64, expected: f64) {
    assert!(close(ours, expected, 1e-12, expected.abs().max(1.0)), "{ours} is not {expected}");
}

/// The parameters of the venue's published cases, where they differ from those in force.
fn published_parameters() -> Value {
    let cap = json!({ "cap_base": 0.15, "cap_slope": -0.05 });
    let tail = |dampening: f64| json!({ "dampening": dampening });
    json!({
        "tails": {
            "-66%": tail(0.036 / 0.66), "-33%": tail(0.036 / 0.33), "+50%": tail(0.072), "+100%": tail(0.036),
            "+200%": tail(0.018), "+300%": tail(0.012), "+400%": tail(0.0), "+500%": tail(0.0),
        },
        "vol": { "floor_up": 0.45 },
        "skew": { "linear": cap, "absolute": cap, "vol_scale": -0.1 },
        "discount": {
            "gain": { "base": 0.95, "rate_factor": 1, "rate_added": 0.08 },
            "debt": { "base": 1.04, "rate_factor": 0.5, "rate_added": 0.08 },
        },
        "peg": { "threshold": 0.98, "factor": 2 },
        "perpetual": { "initial": 0.02, "maintenance": 0.015 },
    })
}

/// One short call on BTC, from the venue's published test cases ("naked short call"): net initial margin, maintenance
/// margin and the loss on the worst slide, as printed there.
#[test]
fn a_published_short_call() {
    let (strike, vol) = (100_000.0, 0.453803924321583);
    let now: jiff::Timestamp = NOW.parse().expect("a valid time");
    let date = Expiry::at(now + jiff::SignedDuration::from_secs(794_852));
    let listed = ExpiryDraft::new(date, 95_776.67392708939, [(strike, vol)]).with_discount_rate(0.15);
    let coin = UnderlyingDraft::new(Asset::BTC, 95_663.50604855).with(listed);
    let draft = MarketDraft::new(now, Source::default()).with(coin).with_usd_per(Asset::USDC, 1.00019088635);
    let market = Market::new(draft).expect("a valid market");
    let mut position = coins("BTC_USDC-PERPETUAL", -1.0);
    let kind = Kind::Option { expiry: date, strike, right: Right::Call };
    position.instrument = Instrument::coin(Product::linear(Asset::BTC, Asset::USDC), kind);
    let account = Account::new(Asset::USDC, vec![position], vec![]).expect("a valid account");
    let book = Book::resolve(&account, &market, ExpiredPositions::Refuse).expect("the market has it");

    let entry = find("derive-pm2").expect("registered");
    let methodology = entry.configure(Some(&published_parameters())).expect("valid edits");
    let assessment = assess_with(entry, methodology.as_ref(), &book, Workings::wanted()).expect("BTC has a manager");
    let value = -book.legs[0].mark();
    assert_close(value - assessment.initial, -14_604.048120144837);
    assert_close(value - assessment.maintenance, -11_824.858703959073);
    let pot = assessment.leading_pot().expect("a pot");
    assert_close(pot.worst_loss(), 12_939.312020443322);
    let worst = pot.worst.expect("a loss");
    assert_eq!(assessment.grid.slides[worst].label, "+18\u{a0}%, vol up");
    // The discount of what is owed is among the formulas shown.
    let discounts = assessment.workings.iter().filter(|it| (it.result - 1.0037878445554764).abs() < 1e-14);
    assert_eq!(discounts.count(), 1);
}

/// Flat at 60,000 and 3,000, with options on BTC at half vol; a USDC is worth so many dollars.
fn flat(usdc: f64) -> Market {
    let listed = ExpiryDraft::new(expiry("25SEP26"), 60_000.0, [(60_000.0, 0.5)]);
    let bitcoin = UnderlyingDraft::new(Asset::BTC, 60_000.0).with_perpetual(60_000.0).with(listed);
    let ether = UnderlyingDraft::new(Asset::ETH, 3_000.0).with_perpetual(3_000.0);
    let draft = MarketDraft::new(NOW.parse().expect("a valid time"), Source::default()).with(bitcoin).with(ether);
    let doge = "DOGE".parse().expect("a ticker");
    Market::new(draft.with_usd_per(Asset::USDC, usdc).with_usd_per(doge, 0.2)).expect("a valid market")
}

fn book(market: &Market, currency: Asset, positions: &[(&str, f64)], balances: &[(&str, f64)]) -> Book {
    let positions = positions.iter().map(|(name, size)| coins(name, *size)).collect();
    let balance = |(asset, amount): &(&str, f64)| Balance::new(asset.parse().expect("a ticker"), *amount);
    let account = Account::new(currency, positions, balances.iter().map(balance).collect()).expect("a valid account");
    Book::resolve(&account, market, ExpiredPositions::Refuse).expect("the market has them")
}

/// Long 1 BTC, short 20 ETH, 60,000 dollars each: each manager loses 18 % of its own, whichever way; no tail loses
/// more. Perpetuals need 4 % and 3 % of notional besides.
#[test]
fn each_underlying_is_a_manager() {
    let pair = [("BTC_USDC-PERPETUAL", 1.0), ("ETH_USDC-PERPETUAL", -20.0)];
    let book = book(&flat(1.0), Asset::USDC, &pair, &[]);
    let (assessment, _) = assessed("derive-pm2", None, &book);
    assert_eq!(assessment.pots.len(), 2);
    assert_close(assessment.initial, 2.0 * 10_800.0 + 4_800.0);
    assert_close(assessment.maintenance, 0.8 * 21_600.0 + 3_600.0);
    // Coin-settled contracts are valued as if they settled in dollars.
    let inverse = [("BTC-PERPETUAL", 1.0), ("ETH-PERPETUAL", -20.0)];
    let inverse = self::book(&flat(1.0), Asset::USDC, &inverse, &[]);
    let (initial, maintenance) = requirement("derive-pm2", None, &inverse);
    assert_close(initial, assessment.initial);
    assert_close(maintenance, assessment.maintenance);
}

/// Bitcoin held against a short perpetual loses what that gains; its haircuts of 12 % and 10.6 % are left, and the
/// perpetual's 4 % and 3 %. So they are where the coins are a position.
#[test]
fn collateral_cancels_risk() {
    let market = flat(1.0);
    let short = ("BTC_USDC-PERPETUAL", -1.0);
    for held in [
        book(&market, Asset::USDC, &[short], &[("BTC", 1.0), ("USDC", 500.0)]),
        book(&market, Asset::USDC, &[short, ("BTC-SPOT", 1.0)], &[]),
    ] {
        let (initial, maintenance) = requirement("derive-pm2", None, &held);
        assert!(close(initial, 7_200.0 + 2_400.0, 1e-12, 60_000.0), "{initial}");
        assert!(close(maintenance, 6_360.0 + 1_800.0, 1e-12, 60_000.0), "{maintenance}");
    }
    // Half of it leaves half of the loss; wherever the worst slide is, its parts sum to the loss.
    let half = book(&market, Asset::USDC, &[short], &[("BTC", 0.5)]);
    let (assessment, _) = assessed("derive-pm2", None, &half);
    assert_close(assessment.initial, 5_400.0 + 3_600.0 + 2_400.0);
    assert_close(assessment.pots[0].worst_loss(), 5_400.0);
    // Ether moves on no slide of Bitcoin's manager: 7 % and 5.6 % of 3,000.
    let ether = book(&market, Asset::USDC, &[short], &[("ETH", 1.0)]);
    let (initial, maintenance) = requirement("derive-pm2", None, &ether);
    assert_close(initial, 10_800.0 + 2_400.0 + 210.0);
    assert_close(maintenance, 8_640.0 + 1_800.0 + 168.0);

    let entry = find("derive-pm2").expect("registered");
    let methodology = entry.configure(None).expect("a preset");
    let unknown = book(&market, Asset::USDC, &[short], &[("DOGE", 1.0)]);
    let error = assess(entry, methodology.as_ref(), &unknown).expect_err("no haircut").to_string();
    assert_eq!(error, "the preset does not take DOGE as collateral");
}

/// Four cents below 99 cents cost four times four per cent of the worst loss, initially.
#[test]
fn a_stablecoin_below_its_peg_by_hand() {
    let short = book(&flat(0.95), Asset::USDC, &[("BTC_USDC-PERPETUAL", -1.0)], &[]);
    let (initial, maintenance) = requirement("derive-pm2", None, &short);
    assert_close(initial, 10_800.0 * 1.16 + 2_400.0);
    assert_close(maintenance, 8_640.0 + 1_800.0);
}

/// A future and the same sold through options leave nothing; a short call and a long put of one strike are not naked.
#[test]
fn a_dated_future_counts_in_its_expiry() {
    let legs = [("BTC_USDC-25SEP26", 1.0), ("BTC_USDC-25SEP26-60000-C", -1.0), ("BTC_USDC-25SEP26-60000-P", 1.0)];
    let market = flat(1.0);
    let (initial, _) = requirement("derive-pm2", None, &book(&market, Asset::USDC, &legs, &[]));
    assert!(close(initial, 0.0, 1e-11, 60_000.0), "{initial}");
    let (future, _) = requirement("derive-pm2", None, &book(&market, Asset::USDC, &legs[..1], &[]));
    // 18 % of 60,000 are owed, at 1.02 and 10 % a year over 34 days, but at most undiscounted.
    assert_close(future, 10_800.0);
}
