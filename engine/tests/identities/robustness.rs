//! Inputs that are valid and absurd: an error or a figure, never a panic, never a margin that is no number.

use margin_engine::account::{Account, Position, Quantity};
use margin_engine::asset::Asset;
use margin_engine::book::{Book, ExpiredPositions};
use margin_engine::insight::savings;
use margin_engine::instrument::{Expiry, Instrument, Kind, Product, Right};
use margin_engine::market::{ExpiryDraft, Market, MarketDraft, Shift, Source, UnderlyingDraft};
use margin_engine::methodology::{METHODOLOGIES, MethodologyError, assess};
use proptest::prelude::*;

use crate::support::{NOW, expiry};

const DATES: [&str; 5] = ["22AUG26", "23AUG26", "25SEP26", "25DEC26", "31DEC99"];

/// Anything between two powers of ten, all magnitudes alike.
fn magnitude(powers: std::ops::Range<f64>) -> impl Strategy<Value = f64> {
    powers.prop_map(|power| 10_f64.powf(power))
}

fn any_price() -> impl Strategy<Value = f64> {
    magnitude(-12.0..15.0)
}

fn any_vol() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), magnitude(-9.0..2.0), 0.1..2.0]
}

fn any_size() -> impl Strategy<Value = f64> {
    let size = prop_oneof![Just(0.0), magnitude(-15.0..15.0), magnitude(15.0..308.0), 0.1..100.0];
    (size, any::<bool>()).prop_map(|(size, is_short)| if is_short { -size } else { size })
}

fn any_expiry() -> impl Strategy<Value = Expiry> {
    prop::sample::select(&DATES[..]).prop_map(expiry)
}

fn any_instrument() -> impl Strategy<Value = Instrument> {
    let product = prop::sample::select(&[Asset::BTC, Asset::ETH][..])
        .prop_flat_map(|base| prop::sample::select(vec![Product::inverse(base), Product::linear(base, Asset::USDC)]));
    let right = prop::sample::select(&[Right::Call, Right::Put][..]);
    let kind = prop_oneof![
        4 => (any_expiry(), any_price(), right).prop_map(|(expiry, strike, right)| Kind::Option { expiry, strike, right }),
        1 => any_expiry().prop_map(|expiry| Kind::Future { expiry }),
        1 => Just(Kind::Perpetual),
        1 => Just(Kind::Spot),
    ];
    (product, kind).prop_map(|(product, kind)| Instrument::coin(product, kind))
}

fn any_market() -> impl Strategy<Value = Market> {
    let listed =
        || (any_price(), prop::collection::btree_map(0..1000_u32, (any_price(), any_vol()), 1..4), -10.0..10.0);
    let coin = || (any_price(), prop::option::of(any_price()), prop::collection::vec(listed(), DATES.len()));
    let usdc = magnitude(-2.0..2.0);
    (coin(), coin(), usdc).prop_map(|(bitcoin, ether, usdc)| {
        let mut draft = MarketDraft::new(NOW.parse().expect("a valid time"), Source::default());
        for (asset, (index, perpetual, listed)) in [(Asset::BTC, bitcoin), (Asset::ETH, ether)] {
            let mut coin = UnderlyingDraft::new(asset, index);
            coin.perpetual_mark = perpetual;
            for (date, (forward, smile, rate)) in DATES.iter().zip(listed) {
                let smile: Vec<(f64, f64)> = smile.into_values().collect();
                coin = coin.with(ExpiryDraft::new(expiry(date), forward, smile).with_discount_rate(rate));
            }
            draft = draft.with(coin);
        }
        Market::new(draft.with_usd_per(Asset::USDC, usdc)).expect("a valid market")
    })
}

/// Whether the position must need something under every methodology. Options may be worth nothing on every slide.
fn must_need(position: &Position) -> bool {
    matches!(position.instrument.kind, Kind::Future { .. } | Kind::Perpetual) && position.quantity.amount.abs() > 1e-9
}

fn check(market: &Market, positions: &[Position], expired: ExpiredPositions) -> Result<(), TestCaseError> {
    let Ok(account) = Account::new(Asset::USD, positions.to_vec(), vec![]) else {
        prop_assert!(positions.iter().any(|position| position.quantity.amount.abs() > 1e15));
        return Ok(());
    };
    let Ok(book) = Book::resolve(&account, market, expired) else { return Ok(()) };
    for entry in METHODOLOGIES {
        let methodology = entry.configure(None).expect("a preset");
        let Ok(assessment) = assess(entry, methodology.as_ref(), &book) else { continue };
        for figure in [assessment.initial, assessment.maintenance] {
            prop_assert!(figure.is_finite() && figure >= 0.0, "{}: {}", entry.id, figure);
        }
        let figures = assessment.leg_shares.iter().chain(assessment.pots.iter().flat_map(|pot| &pot.counted_pnl));
        for figure in figures {
            prop_assert!(figure.is_finite(), "{}: {}", entry.id, figure);
        }
        for leg in 0..book.legs.len() {
            prop_assert!(assessment.revaluation.leg(leg).iter().all(|pnl| pnl.is_finite()), "{}", entry.id);
        }
        let Ok(savings) = savings(methodology.as_ref(), &book, &assessment) else { continue };
        prop_assert!(savings.credit.initial.is_finite());
        for (position, (leg, alone)) in positions.iter().zip(book.legs.iter().zip(&savings.legs)) {
            if must_need(position) && leg.is_future() && leg.coins != 0.0 {
                prop_assert!(alone.initial > 0.0, "{}: {:?} needs nothing", entry.id, position);
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(crate::cases())]

    #[test]
    fn a_figure_or_a_sentence(
        market in any_market(),
        sizes in prop::collection::vec((any_instrument(), any_size(), any::<bool>()), 1..6),
        shift in (-0.999..10.0, -1.0..1.0, 0.0..36_500.0),
    ) {
        let positions: Vec<Position> = sizes
            .into_iter()
            .map(|(instrument, amount, in_quote)| {
                let in_quote = in_quote && instrument.option_terms().is_none();
                let quantity = if in_quote { Quantity::quote(amount) } else { Quantity::coins(amount) };
                Position { instrument, quantity, entry_price: None }
            })
            .collect();
        check(&market, &positions, ExpiredPositions::Refuse)?;
        check(&market, &positions, ExpiredPositions::Settle)?;
        let (spot_move, vol_points, days_forward) = shift;
        if let Ok(moved) = market.shifted(&Shift { spot_move, vol_points, days_forward }) {
            check(&moved, &positions, ExpiredPositions::Settle)?;
        }
    }
}

/// Gains and losses beyond every number make NaN together, which no comparison finds.
#[test]
fn what_is_beyond_every_number_is_no_margin_of_zero() {
    let coin = UnderlyingDraft::new(Asset::BTC, 80_000.0).with_perpetual(80_000.0);
    // Discounting at −1000 % a year over seventy years is beyond every number.
    let coin = coin.with(ExpiryDraft::new(expiry("31DEC99"), 80_000.0, [(80_000.0, 0.5)]).with_discount_rate(-10.0));
    let draft = MarketDraft::new(NOW.parse().expect("a valid time"), Source::default()).with(coin);
    let market = Market::new(draft).expect("a valid market");
    let option: Instrument = "BTC-31DEC99-80000-C".parse().expect("a valid name");
    let position = Position { instrument: option, quantity: Quantity::coins(-1.0), entry_price: None };
    let account = Account::new(Asset::USD, vec![position], vec![]).expect("a valid account");
    let book = Book::resolve(&account, &market, ExpiredPositions::Refuse).expect("the market has it");
    for entry in METHODOLOGIES {
        let methodology = entry.configure(None).expect("a preset");
        match assess(entry, methodology.as_ref(), &book).expect_err(entry.id) {
            MethodologyError::NotANumber(_) | MethodologyError::NotApplicable(_) => {}
            error => panic!("{}: {error}", entry.id),
        }
    }
}

#[test]
fn a_quantity_beyond_reason_is_refused() {
    let instrument: Instrument = "BTC-PERPETUAL".parse().expect("a valid name");
    for (amount, is_refused) in [(1e15, false), (-1e15, false), (1.1e15, true), (f64::MAX, true), (f64::NAN, true)] {
        let position = Position { instrument, quantity: Quantity::coins(amount), entry_price: None };
        assert_eq!(Account::new(Asset::USD, vec![position], vec![]).is_err(), is_refused, "{amount}");
    }
}

/// The market's prices are in US dollars here: a product in another currency has no price, rather than a wrong one.
#[test]
fn a_product_in_another_currency_is_refused() {
    let market = crate::support::market(crate::support::CALM);
    for name in ["ETH_BTC-PERPETUAL", "BTC_EUR-25SEP26-80000-C", "ETH_BTC"] {
        let account = crate::support::account("USD", vec![crate::support::coins(name, 1.0)]);
        let error = Book::resolve(&account, &market, ExpiredPositions::Refuse).expect_err(name).to_string();
        assert!(error.contains(" in USD"), "{error}");
    }
}
