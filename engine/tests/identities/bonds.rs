//! Bonds and bond futures on slides of rates and time, against closed forms.

use margin_engine::account::Position;
use margin_engine::book::{Book, ExpiredPositions};
use margin_engine::market::Market;
use margin_engine::pricing::Right;
use margin_engine::pricing::black76;
use margin_engine::slide::{PnlBasis, RateMove, Slide, SlideGrid, Stress, VolMove, revalue};

use crate::support::{account, close, coins, quote};

/// From here to the maturities below are 730, 3,650 and 10,950 days: 2, 10 and 30 years to the day of a coupon.
const MARKET: &str = r#"{"version":1,"time":"2026-11-15T21:00:00Z","underlyings":[
    {"asset":"UST","class":"bond","yields":[[1,0.035],[2,0.036],[10,0.042],[20,0.047]]},
    {"asset":"ZN","class":"bond","index":112,"contract_size":1000,"deliverable":{"coupon_annual":0.06,"years":10},
     "expiries":[{"expiry":"19MAR27","forward":112.5,"rate":0.036,"smile":[[112,0.06]]}]},
    {"asset":"AAPL","class":"stock","index":230,"expiries":[]},
    {"asset":"BTC","index":77000,"expiries":[{"expiry":"25DEC26","forward":77800,"smile":[[80000,0.5]]}]}
]}"#;

const TWO: &str = "UST-3.5%-14NOV28";
const TEN: &str = "UST-4.25%-12NOV36";
const THIRTY: &str = "UST-4.5%-7NOV56";

fn book(positions: &[Position]) -> Book {
    let market = Market::from_json(MARKET).expect("valid");
    let account = account("USD", positions.to_vec());
    Book::resolve(&account, &market, ExpiredPositions::Refuse).expect("the market has them")
}

/// P&L of each leg under one stress of all underlyings.
fn pnl(book: &Book, stress: Stress) -> Vec<f64> {
    let slides = vec![Slide::uniform(stress, book.underlyings.len(), String::new())];
    let revaluation = revalue(book, &SlideGrid { basis: PnlBasis::QuoteCurrency, ..SlideGrid::new(slides) });
    (0..book.legs.len()).map(|leg| revaluation.leg(leg)[0]).collect()
}

fn rates(short: f64, long: f64) -> Stress {
    Stress { rate_move: RateMove { short, long }, ..Stress::NONE }
}

/// The price on the day of a coupon, for 1 of face: an annuity and the redemption.
fn closed_form(coupon: f64, years: f64, yield_annual: f64) -> f64 {
    let discount = (1.0 + 0.5 * yield_annual).powf(-2.0 * years);
    coupon / yield_annual * (1.0 - discount) + discount
}

/// Coupon, years and yield of the three bonds; beyond twenty years the curve is flat.
const BONDS: [(&str, f64, f64, f64); 3] =
    [(TWO, 0.035, 2.0, 0.036), (TEN, 0.0425, 10.0, 0.042), (THIRTY, 0.045, 30.0, 0.047)];

#[test]
fn bonds_are_worth_their_closed_form_and_so_is_a_move_of_rates() {
    let face = -250_000.0;
    let book = book(&BONDS.map(|(name, ..)| coins(name, face)));
    let moves = [(0.0001, 0.0001), (-0.002, 0.004), (0.03, -0.01)];
    for (leg, (name, coupon, years, yield_annual)) in book.legs.iter().zip(BONDS) {
        assert!(close(leg.mark(), closed_form(coupon, years, yield_annual), 1e-13, 1.0), "{name} {}", leg.mark());
        assert_eq!((leg.delta_coins(), leg.coins), (0.0, face));
    }
    for (short, long) in moves {
        let ours = pnl(&book, rates(short, long));
        for (ours, (name, coupon, years, yield_annual)) in ours.iter().zip(BONDS) {
            let change: f64 = short + (long - short) * years / 30.0;
            let direct = closed_form(coupon, years, yield_annual + change) - closed_form(coupon, years, yield_annual);
            assert!(close(*ours, face * direct, 1e-12, face), "{name}: {ours} {}", face * direct);
        }
    }
    // A basis point is what rho says, but for convexity.
    for (leg, ours) in book.legs.iter().zip(pnl(&book, rates(1e-4, 1e-4))) {
        let linear = face * leg.sensitivities.rho * 1e-4;
        assert!(close(ours, linear, 2e-3, linear) && ours > 0.0, "{ours} {linear}");
    }
}

#[test]
fn time_earns_the_yield() {
    let book = book(&BONDS.map(|(name, ..)| coins(name, 100.0)));
    let quarter = Stress { time_step_years: 0.25, ..Stress::NONE };
    for (ours, (name, coupon, years, yield_annual)) in pnl(&book, quarter).iter().zip(BONDS) {
        let growth = (1.0 + 0.5 * yield_annual).powf(0.5) - 1.0;
        assert!(close(*ours, 100.0 * closed_form(coupon, years, yield_annual) * growth, 1e-12, 100.0), "{name}");
    }
    let hour = 1.0 / 8760.0;
    for (ours, leg) in pnl(&book, Stress { time_step_years: hour, ..Stress::NONE }).iter().zip(&book.legs) {
        assert!(close(*ours, 100.0 * leg.sensitivities.theta_year * hour, 1e-4, *ours));
    }
    // At maturity there are the redemption and the coupons.
    let end = pnl(&book, Stress { time_step_years: 40.0, ..Stress::NONE });
    assert!(close(end[0], 100.0 * (1.0 + 4.0 * 0.0175 - closed_form(0.035, 2.0, 0.036)), 1e-12, 100.0), "{}", end[0]);
}

#[test]
fn prices_of_futures_do_not_reach_bonds_and_faces_are_dollars() {
    let book = book(&[coins(TEN, 1e6), quote(TEN, 1e6)]);
    assert_eq!(pnl(&book, Stress::new(-0.5, VolMove::Points(0.3))), [0.0, 0.0]);
    assert_eq!(book.legs[1].coins, 1e6);
    assert_eq!(book.underlyings[0].account_per_coin, 1.0);
    assert_eq!(book.settlements.len(), 1);
}

#[test]
fn bond_futures_follow_the_yield_of_what_they_stand_for() {
    let book = book(&[coins("/ZN-19MAR27", 2.0), coins("/ZN-19MAR27-112-P", -5.0)]);
    let group = &book.expiries[0];
    let yield_annual = group.deliverable.expect("a bond future").yield_annual;
    assert!(close(100.0 * closed_form(0.06, 10.0, yield_annual), 112.5, 1e-12, 100.0));
    let (forward, years) = (112.5, group.expiry_years);
    let put = |forward: f64, rate: f64| black76::price(Right::Put, forward, 112.0, 0.06, years, (-rate * years).exp());
    for (spot_move, short, long) in [(0.0, 1e-4, 1e-4), (0.0, 0.0, 0.03), (-0.02, 0.005, -0.005), (0.01, 0.0, 0.0)] {
        let ours = pnl(&book, Stress { spot_move, ..rates(short, long) });
        let move_at = |maturity: f64| short + (long - short) * maturity / 30.0;
        let after = 100.0 * closed_form(0.06, 10.0, yield_annual + move_at(10.0)) * (1.0 + spot_move);
        assert!(close(ours[0], 2000.0 * (after - forward), 1e-11, 1e5), "{}", ours[0]);
        let direct = put(after, 0.036 + move_at(years)) - put(forward, 0.036);
        assert!(close(ours[1], -5000.0 * direct, 1e-10, 1e5), "{} {}", ours[1], -5000.0 * direct);
    }
    for (ours, leg) in pnl(&book, rates(1e-6, 1e-6)).iter().zip(&book.legs) {
        assert!(close(*ours, leg.coins * leg.sensitivities.rho * 1e-6, 1e-4, *ours), "{ours}");
    }
}

#[test]
fn bonds_shares_and_coins_are_one_book() {
    let positions =
        [coins(TEN, 1e5), coins("AAPL", -200.0), coins("BTC-25DEC26-80000-C", 1.5), coins("/ZN-19MAR27", -1.0)];
    let stress = Stress { spot_move: 0.1, time_step_years: 0.01, ..rates(0.01, 0.01) };
    let together = pnl(&book(&positions), stress);
    for (position, ours) in positions.iter().zip(&together) {
        assert_eq!(pnl(&book(&[*position]), stress), [*ours]);
        assert!(ours.abs() > 100.0);
    }
    assert!(pnl(&book(&positions), Stress::NONE).iter().all(|pnl| *pnl == 0.0));
}

#[test]
fn what_has_no_yield_has_no_price() {
    let market = Market::from_json(MARKET).expect("valid");
    let held = account("USD", vec![coins("AAPL-5%-15NOV30", 100.0)]);
    let refused = Book::resolve(&held, &market, ExpiredPositions::Refuse).expect_err("no yields").to_string();
    assert_eq!(refused, "AAPL-5%-15NOV30: AAPL: the market has no yields, so its bonds cannot be priced");
    for (from, to, sentence) in [
        ("[2,0.036]", "[1,0.036]", "UST: the years of a yield must be rising, between 0 and 100, not 1"),
        ("0.042]", "42]", "UST: the yield must be between -0.5 and 1, not 42"),
        ("\"years\":10", "\"years\":0", "ZN: the years to maturity must be between 0 and 100, not 0"),
        ("\"index\":230,", "", "AAPL: the index is missing"),
    ] {
        assert_eq!(Market::from_json(&MARKET.replacen(from, to, 1)).expect_err(to).to_string(), sentence);
    }
    let dear = Market::from_json(&MARKET.replacen("112.5", "1e12", 1)).expect("a price");
    let held = account("USD", vec![coins("/ZN-19MAR27", 1.0)]);
    let refused = Book::resolve(&held, &dear, ExpiredPositions::Refuse).expect_err("no yield").to_string();
    assert!(refused.contains("the price of a bond with a yield between"), "{refused}");
}

/// The custom model moves rates where there are bonds, and says so where it is told not to.
#[test]
fn the_custom_model_margins_bonds_by_rates() {
    let book = book(&[quote(TEN, 1_000_000.0)]);
    let (initial, _) = crate::support::requirement("custom", None, &book);
    // One percent up on ten years at 4.2 %: the closed form.
    let loss = 1e6 * (closed_form(0.0425, 10.0, 0.042) - closed_form(0.0425, 10.0, 0.052));
    assert!(close(initial, loss, 1e-3, loss), "{initial} {loss}");
    let hedged =
        crate::support::requirement("custom", None, &self::book(&[quote(TEN, 1e6), coins("/ZN-19MAR27", -10.0)]));
    assert!(hedged.0 < 0.5 * initial, "{hedged:?}");
    let still = serde_json::json!({"rate_shift": 0, "rate_steepening": 0});
    let custom = margin_engine::methodology::find("custom").expect("registered");
    let methodology = custom.configure(Some(&still)).expect("valid");
    let error = margin_engine::methodology::assess(custom, methodology.as_ref(), &book).expect_err("no rates");
    assert!(error.to_string().contains("bonds move with rates"), "{error}");
}
