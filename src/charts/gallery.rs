//! The charts of a real-looking book in both looks: what the tests examine, and with `CHART_GALLERY=folder` in the
//! environment, files to look at.

use super::{Bar, HeatMap, Payoff, SlideDot, Theme, Unit, View, Waterfall, heat_map, payoff, surface, waterfall};
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::prelude::SVGBackend;

pub(super) const DOLLAR: Unit<'static> = Unit::Prefix("$");
const SPOT: f64 = 77_240.0;

/// The figures of the gallery's book: a short strangle with bought wings and a perpetual, 34 days to expiry.
pub(super) struct Book {
    pub price_moves: Vec<f64>,
    pub vol_moves: Vec<f64>,
    pub pnl: Vec<f64>,
    pub slides: Vec<SlideDot>,
    pub prices: Vec<f64>,
    pub now: Vec<f64>,
    pub chosen: Vec<f64>,
    pub at_expiry: Vec<f64>,
}

impl Book {
    /// A table of `columns` × `rows` over ±30 % and ±25 vol points, with 27 slides.
    pub fn sample(columns: usize, rows: usize) -> Self {
        let axis = |count: usize, reach: f64| -> Vec<f64> {
            (0..count).map(|index| reach * (2.0 * index as f64 / (count - 1) as f64 - 1.0)).collect()
        };
        let (price_moves, vol_moves) = (axis(columns, 0.3), axis(rows, 25.0));
        let start = worth(SPOT, 0.0, 34.0);
        let slide_pnl = |price: f64, vol: f64| worth(SPOT * (1.0 + price), vol, 34.0) - start;
        let pnl: Vec<f64> =
            vol_moves.iter().flat_map(|vol| price_moves.iter().map(|price| slide_pnl(*price, *vol))).collect();
        let mut slides: Vec<SlideDot> = [-7.0, 0.0, 12.5]
            .into_iter()
            .flat_map(|vol_move| (-4..=4).map(move |step| (f64::from(step) * 0.04, vol_move)))
            .map(|(price_move, vol_move)| SlideDot {
                price_move,
                vol_move,
                pnl: slide_pnl(price_move, vol_move),
                ..SlideDot::default()
            })
            .collect();
        slides.sort_by(|a, b| a.pnl.total_cmp(&b.pnl));
        slides[0].is_worst = true;
        slides[1].is_runner_up = true;
        let prices: Vec<f64> = (0..=160).map(|index| SPOT * (0.7 + 0.6 * f64::from(index) / 160.0)).collect();
        let curve = |days: f64| prices.iter().map(|price| worth(*price, 0.0, days) - start).collect();
        Self {
            now: curve(34.0),
            chosen: curve(12.0),
            at_expiry: curve(0.0),
            price_moves,
            vol_moves,
            pnl,
            slides,
            prices,
        }
    }

    pub fn heat_map(&self) -> HeatMap<'_> {
        HeatMap {
            price_moves: &self.price_moves,
            vol_moves: &self.vol_moves,
            vol_label: "vol points",
            pnl: &self.pnl,
            slides: &self.slides,
            unit: DOLLAR,
        }
    }

    pub fn payoff<'a>(&'a self, break_evens: &'a [f64]) -> Payoff<'a> {
        Payoff {
            prices: &self.prices,
            now: &self.now,
            chosen: &self.chosen,
            at_expiry: &self.at_expiry,
            break_evens,
            spot: SPOT,
            price_unit: DOLLAR,
        }
    }

    /// Prices at which a curve changes its sign.
    pub fn crossings(&self, curve: &[f64]) -> Vec<f64> {
        let pairs = self.prices.windows(2).zip(curve.windows(2));
        pairs
            .filter(|(_, pnl)| (pnl[0] > 0.0) != (pnl[1] > 0.0))
            .map(|(price, pnl)| price[0] + (price[1] - price[0]) * pnl[0] / (pnl[0] - pnl[1]))
            .collect()
    }
}

pub(super) const COMPONENTS: [Bar<'static>; 3] = [
    Bar { name: "worst slide", amount: 40_540.0 },
    Bar { name: "roll shock", amount: 932.0 },
    Bar { name: "delta shock", amount: 0.0 },
];

pub(super) fn requirement<'a>(components: &'a [Bar<'static>]) -> Waterfall<'a> {
    Waterfall {
        components,
        total: Bar { name: "initial", amount: components.iter().map(|bar| bar.amount).sum() },
        unit: DOLLAR,
    }
}

/// Value of the book at a price, vol shift (points) and number of days to expiry.
fn worth(price: f64, vol_shift: f64, days: f64) -> f64 {
    let legs = [(-10.0, 84_000.0, true), (10.0, 90_000.0, true), (-10.0, 70_000.0, false), (10.0, 64_000.0, false)];
    let vol = 0.41 + vol_shift / 100.0;
    let options: f64 = legs
        .iter()
        .map(|(quantity, strike, is_call)| quantity * black(price, *strike, vol, days / 365.0, *is_call))
        .sum();
    options + (price - SPOT)
}

fn black(forward: f64, strike: f64, vol: f64, years: f64, is_call: bool) -> f64 {
    let sign = if is_call { 1.0 } else { -1.0 };
    let deviation = vol * years.sqrt();
    if deviation <= 0.0 {
        return (sign * (forward - strike)).max(0.0);
    }
    let d1 = (forward / strike).ln() / deviation + deviation / 2.0;
    sign * (forward * normal(sign * d1) - strike * normal(sign * (d1 - deviation)))
}

/// The normal distribution by the logistic approximation: close enough for a picture.
fn normal(x: f64) -> f64 {
    1.0 / (1.0 + (-1.5976 * x - 0.070_565_992 * x.powi(3)).exp())
}

type SvgArea<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// What a drawing function draws, as SVG text.
pub(super) fn svg(size: (u32, u32), draw: impl FnOnce(&SvgArea<'_>) -> Result<(), super::ChartError>) -> String {
    let mut text = String::new();
    {
        let area = SVGBackend::with_string(&mut text, size).into_drawing_area();
        draw(&area).expect("drawing to a string does not fail");
        area.present().expect("presenting a string does not fail");
    }
    text
}

#[test]
fn the_gallery_has_no_figure_that_is_none() {
    let folder = std::env::var("CHART_GALLERY").ok();
    let book = Book::sample(61, 51);
    let coarse = Book::sample(32, 32);
    let break_evens = book.crossings(&book.at_expiry);
    let many: Vec<Bar<'_>> = COMPONENTS
        .into_iter()
        .chain([Bar { name: "short option minimum", amount: 5_400.0 }, Bar { name: "hedge", amount: -12_000.0 }])
        .collect();
    for (name, look) in [("dark", Theme::DARK), ("light", Theme::LIGHT)] {
        let theme = look.for_svg();
        let on_panel = |size: (u32, u32), draw: &dyn Fn(&SvgArea<'_>) -> Result<(), super::ChartError>| {
            svg(size, |area| {
                area.fill(&theme.panel)?;
                draw(area)
            })
        };
        let mut pictures = vec![
            ("heat", svg((560, 330), |area| heat_map::draw(area, &book.heat_map(), &theme, 1.0))),
            ("heat2x", svg((1120, 660), |area| heat_map::draw(area, &book.heat_map(), &theme, 2.0))),
            ("heatsmall", svg((300, 200), |area| heat_map::draw(area, &book.heat_map(), &theme, 1.0))),
            ("payoff", on_panel((1120, 330), &|area| payoff::draw(area, &book.payoff(&break_evens), &theme, 2.0))),
            ("payoffsmall", on_panel((320, 180), &|area| payoff::draw(area, &book.payoff(&break_evens), &theme, 1.0))),
            ("waterfall", on_panel((300, 110), &|area| waterfall::draw(area, &requirement(&COMPONENTS), &theme, 1.0))),
            ("waterfallmany", on_panel((260, 120), &|area| waterfall::draw(area, &requirement(&many), &theme, 1.0))),
        ];
        for (view, yaw) in [("3d-a", 0.6), ("3d-b", 2.2), ("3d-c", 3.9), ("3d-d", 5.6), ("3d-e", 0.0)] {
            let view_from = View { yaw, ..View::default() };
            let picture =
                on_panel((1120, 660), &|area| surface::draw(area, &coarse.heat_map(), view_from, &theme, 2.0));
            pictures.push((view, picture));
        }
        for (picture, text) in pictures {
            assert!(!text.contains("NaN") && !text.contains("inf"), "{picture} {name}");
            if let Some(folder) = &folder {
                std::fs::write(format!("{folder}/{picture}-{name}.svg"), text)
                    .expect("the gallery's folder is writable");
            }
        }
    }
}
