//! The snapshot as a whole: values by hand, what-if, currencies.

use super::*;
use crate::instrument::Expiry;

fn expiry(text: &str) -> Expiry {
    Expiry::parse(text).expect(text)
}

/// Years count 365 days: with the clock at 08:00 on 1 March 2026 the three expiries are 0.2, 0.4 and 0.8 years off.
fn draft() -> MarketDraft {
    let time = expiry("1MAR26").timestamp();
    let (near, middle, far) = (expiry("13MAY26"), expiry("25JUL26"), expiry("18DEC26"));
    let source = Source { title: "Made up".into(), description: String::new() };
    MarketDraft::new(time, source).with(
        UnderlyingDraft::new(Asset::BTC, 100.0)
            // Out of order on purpose.
            .with(ExpiryDraft::new(far, 121.0, vec![(242.0, 0.4), (121.0, 0.4)]))
            .with(ExpiryDraft::new(near, 100.0, vec![(100.0, 0.8)]).with_discount_rate(0.02))
            .with(
                ExpiryDraft::new(middle, 110.0, vec![(110.0, 0.6), (220.0, 0.9)])
                    .with_discount_rate(0.04)
                    .with_listed_strikes(vec![220.0, 110.0, 165.0]),
            ),
    )
}

fn market() -> Market {
    Market::new(draft()).expect("valid")
}

fn btc(market: &Market) -> &Underlying {
    market.underlying(Asset::BTC).expect("listed")
}

fn assert_close(left: f64, right: f64) {
    assert!((left - right).abs() <= 1e-13 * right.abs().max(1.0), "{left} is not {right}");
}

#[test]
fn expiries_and_strikes_are_sorted() {
    let market = market();
    let names: Vec<String> = btc(&market).expiries().iter().map(|listed| listed.expiry().to_string()).collect();
    assert_eq!(names, ["13MAY26", "25JUL26", "18DEC26"]);
    let years: Vec<f64> = btc(&market).expiries().iter().map(ExpiryMarket::years).collect();
    assert_eq!(years, [0.2, 0.4, 0.8]);
    let middle = btc(&market).expiry(expiry("25JUL26")).expect("listed");
    assert_eq!(middle.listed_strikes(), [110.0, 165.0, 220.0]);
    assert_eq!(btc(&market).expiries()[0].listed_strikes(), [100.0]);
}

#[test]
fn the_logarithm_of_the_forward_is_linear_in_time() {
    let market = market();
    let coin = btc(&market);
    assert_eq!(coin.forward(expiry("25JUL26")), 110.0);
    // Half way between 0.2 years at 100 and 0.4 years at 110 (31 and 30 are not exact, so by days: 36.5 of 73).
    let weight = 36.0 / 73.0;
    assert_close(coin.forward(expiry("18JUN26")), 100.0 * 1.1_f64.powf(weight));
    // Between now, at the index, and the first.
    assert_close(coin.forward(expiry("1APR26")), 100.0);
    // Beyond the last the carry ln(1.21)/0.8 goes on: 292 days more double it.
    assert_close(coin.forward(expiry("6OCT27")), 121.0 * 1.21);
    // What is past has the index.
    assert_eq!(coin.forward(expiry("1MAR26")), 100.0);
    assert_eq!(coin.forward(expiry("1JAN20")), 100.0);
    // Without expiries there is the index only.
    let bare =
        Market::new(MarketDraft::new(market.now(), Source::default()).with(UnderlyingDraft::new(Asset::ETH, 7.0)))
            .expect("valid");
    assert_eq!(bare.underlying(Asset::ETH).expect("listed").forward(expiry("18JUN26")), 7.0);
}

#[test]
fn vols_between_expiries_are_linear_in_total_variance_at_equal_moneyness() {
    let market = market();
    let coin = btc(&market);
    // Listed: the smile's own. In log-strike half way between 110 and 220: variance (0.36 + 0.81) / 2.
    assert_close(coin.vol(110.0 * 2.0_f64.sqrt(), expiry("25JUL26")).expect("vol"), 0.585_f64.sqrt());
    // 219 days from now, 0.6 years, half way between 0.4 and 0.8. At K/F = 1: 0.36·0.4 and 0.16·0.8.
    let day = expiry("6OCT26");
    let forward = coin.forward(day);
    assert_close(forward, (110.0_f64 * 121.0).sqrt());
    assert_close(coin.vol(forward, day).expect("vol"), ((0.144 + 0.128) / 2.0 / 0.6_f64).sqrt());
    // At K/F = 2, where the vol of July is 0.9: 0.81·0.4 and 0.16·0.8.
    assert_close(coin.vol(2.0 * forward, day).expect("vol"), ((0.324 + 0.128) / 2.0 / 0.6_f64).sqrt());
    // Before the first and beyond the last: theirs; so for what is past.
    assert_eq!(coin.vol(50.0, expiry("1APR26")), Ok(0.8));
    assert_eq!(coin.vol(50.0, expiry("1MAR26")), Ok(0.8));
    assert_close(coin.vol(50.0, expiry("6OCT27")).expect("vol"), 0.4);
}

#[test]
fn an_expiry_without_vols_takes_them_from_its_neighbours_and_a_coin_without_any_has_none() {
    let mut only_future = draft();
    only_future.underlyings[0].expiries.push(ExpiryDraft::new(expiry("6OCT26"), 115.0, vec![]));
    let market = Market::new(only_future).expect("valid");
    assert_close(btc(&market).vol(115.0, expiry("6OCT26")).expect("vol"), (0.136_f64 / 0.6).sqrt());

    let mut bare = draft();
    bare.underlyings[0].expiries.iter_mut().for_each(|listed| listed.smile.clear());
    let market = Market::new(bare).expect("valid");
    let error = btc(&market).vol(115.0, expiry("6OCT26")).expect_err("no vols");
    assert_eq!(error.to_string(), "BTC: the market has no vols, so its options cannot be priced");
    let error = btc(&market).vol(-1.0, expiry("6OCT26")).expect_err("no strike");
    assert_eq!(error.to_string(), "BTC 6OCT26: the strike must be a positive price, not -1");
}

#[test]
fn rates_are_linear_between_expiries_and_flat_beyond() {
    let market = market();
    let coin = btc(&market);
    assert_eq!(coin.discount_rate(expiry("13MAY26")), 0.02);
    assert_eq!(coin.discount_rate(expiry("1APR26")), 0.02);
    assert_close(coin.discount_rate(expiry("18JUN26")), 0.02 + 0.02 * 36.0 / 73.0);
    assert_eq!(coin.discount_rate(expiry("6OCT27")), 0.0);
}

#[test]
fn currencies_come_from_the_table_then_the_indices_then_par() {
    let market = Market::new(draft().with_usd_per(Asset::USDC, 0.99)).expect("valid");
    assert_eq!(market.usd_per(Asset::USDC), Some(0.99));
    assert_eq!(market.usd_per(Asset::USDT), Some(1.0));
    assert_eq!(market.usd_per(Asset::BTC), Some(100.0));
    assert_eq!(market.fx(Asset::BTC, Asset::USDT), Ok(100.0));
    assert_eq!(market.fx(Asset::USDC, Asset::BTC), Ok(0.99 / 100.0));
    // Nothing is needed to convert a currency to itself.
    assert_eq!(market.fx(Asset::ETH, Asset::ETH), Ok(1.0));
    let sentence = "ETH: the market does not say what it is worth, so it cannot be converted to USD; \
                    quote it in US dollars";
    assert_eq!(market.fx(Asset::ETH, Asset::USD).expect_err("unknown").to_string(), sentence);
    assert_eq!(market.fx(Asset::USD, Asset::ETH).expect_err("unknown").asset, Some(Asset::ETH));
    let sentence = "ETH: the market has no such underlying; it has BTC";
    assert_eq!(market.underlying(Asset::ETH).expect_err("unknown").to_string(), sentence);

    let quoted = Market::new(draft().with_usd_per(Asset::BTC, 90.0)).expect("valid");
    assert_eq!(quoted.usd_per(Asset::BTC), Some(90.0));
    let down = quoted.shifted(&Shift { spot_move: -0.5, ..Shift::default() }).expect("valid");
    assert_eq!(down.usd_per(Asset::BTC), Some(45.0));
}

#[test]
fn no_shift_changes_nothing() {
    let market = market();
    assert_eq!(market.shifted(&Shift::default()), Ok(market));
}

#[test]
fn a_price_move_moves_all_prices_and_no_vol() {
    let market = Market::new({
        let mut draft = draft();
        draft.underlyings[0].perpetual_mark = Some(102.0);
        draft
    })
    .expect("valid");
    let up = market.shifted(&Shift { spot_move: 0.5, ..Shift::default() }).expect("valid");
    let coin = btc(&up);
    assert_eq!((coin.index(), coin.perpetual_mark(), coin.forward(expiry("25JUL26"))), (150.0, 153.0, 165.0));
    assert_eq!(coin.vol(220.0, expiry("25JUL26")), Ok(0.9));
}

#[test]
fn a_vol_move_stops_at_one_point() {
    let mut low = draft();
    low.underlyings[0].expiries[0].smile = vec![(100.0, 0.004), (200.0, 0.3)];
    let market = Market::new(low).expect("valid");
    let day = expiry("18DEC26");
    let vols = |points| {
        let shifted = market.shifted(&Shift { vol_points: points, ..Shift::default() }).expect("valid");
        [btc(&shifted).vol(100.0, day).expect("vol"), btc(&shifted).vol(200.0, day).expect("vol")]
    };
    assert_eq!(vols(0.05), [0.004 + 0.05, 0.35]);
    assert_eq!(vols(-0.5), [0.004, 0.01]);
}

#[test]
fn time_rolls_forwards_down_their_carry_and_past_an_expiry() {
    let market = market();
    let later = market.shifted(&Shift { days_forward: 73.0, spot_move: 1.0, ..Shift::default() }).expect("valid");
    let coin = btc(&later);
    assert_eq!(later.now(), expiry("13MAY26").timestamp());
    // The first has just expired, but stays, at the index.
    let gone = &coin.expiries()[0];
    assert_eq!((gone.years(), gone.forward(), gone.listed_strikes()), (0.0, 200.0, &[100.0][..]));
    assert_eq!(coin.vol(100.0, expiry("13MAY26")), Ok(0.8));
    // July had 10 % over 0.4 years; 0.2 are left.
    assert_close(coin.forward(expiry("25JUL26")), 200.0 * 1.1_f64.sqrt());
    // What lies before July now takes July's vols, not those of what has expired.
    assert_eq!(coin.vol(1.0, expiry("18JUN26")), Ok(0.6));

    let end = market.shifted(&Shift { days_forward: 400.0, ..Shift::default() }).expect("valid");
    assert!(btc(&end).expiries().iter().all(|listed| listed.years() == 0.0 && listed.forward() == 100.0));
    assert_eq!(btc(&end).forward(expiry("6OCT27")), 100.0);
    assert_close(btc(&end).vol(100.0, expiry("6OCT27")).expect("the last known"), 0.4);
    assert!(end.arbitrage_warnings().is_empty());
}

#[test]
fn shifts_that_cannot_be_are_refused_with_a_sentence() {
    let none = Shift::default();
    for (shift, sentence) in [
        (Shift { spot_move: -1.0, ..none }, "the price move must be above -100 %, where -0.2 means -20 %, not -1"),
        (
            Shift { spot_move: f64::INFINITY, ..none },
            "the price move must be above -100 %, where -0.2 means -20 %, not inf",
        ),
        (Shift { spot_move: 1e20, ..none }, "BTC: the index must be a positive price, not 1e22"),
        (
            Shift { vol_points: f64::NAN, ..none },
            "the vol move must be a number, where 0.05 means five vol points, not NaN",
        ),
        (
            Shift { vol_points: 100.0, ..none },
            "BTC 13MAY26: the vol at strike 100 must lie between 0 and 100, where 0.55 means 55 %; it is 100.8",
        ),
        (Shift { days_forward: -1.0, ..none }, "the days forward must be between 0 and 36500, not -1"),
        (Shift { days_forward: 1e6, ..none }, "the days forward must be between 0 and 36500, not 1000000"),
    ] {
        assert_eq!(market().shifted(&shift).expect_err(sentence).to_string(), sentence);
    }
}
