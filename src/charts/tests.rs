//! What the charts promise, examined on their marks and on the SVG that comes out.

use super::gallery::{Book, COMPONENTS, DOLLAR, requirement, svg};
use super::geometry::Rect;
use super::scene::{Face, Mark, Scene};
use super::*;
use plotters::style::{Color, RGBAColor};

/// Texts of a scene with their boxes.
fn texts(scene: &Scene<'_>) -> Vec<(String, Rect)> {
    let boxed = |mark: &Mark| match mark {
        Mark::Text { at, text, size, bold, align, .. } => {
            let face = Face { size: size / scene.scale, bold: *bold };
            Some((text.clone(), scene.text_box(*at, text, face, *align)))
        }
        _ => None,
    };
    scene.marks.iter().filter_map(boxed).collect()
}

fn has_text(scene: &Scene<'_>, wanted: &str) -> bool {
    texts(scene).iter().any(|(text, _)| text == wanted)
}

/// No two texts of the scene touch, and all lie within the area.
fn assert_legible(scene: &Scene<'_>, (width, height): (u32, u32), context: &str) {
    let texts = texts(scene);
    let area = Rect { left: 0.0, top: 0.0, right: f64::from(width), bottom: f64::from(height) }.grown(1.0);
    for (index, (text, here)) in texts.iter().enumerate() {
        assert!(area.contains(here.left, here.top) && area.contains(here.right, here.bottom), "{text} {context}");
        for (other, there) in &texts[..index] {
            assert_eq!(here.overlap(there), 0.0, "{text} and {other} {context}");
        }
    }
}

fn fills(scene: &Scene<'_>, wanted: RGBAColor) -> Vec<Rect> {
    let filled = |mark: &Mark| match mark {
        Mark::Fill { area, color } if *color == wanted => Some(*area),
        _ => None,
    };
    scene.marks.iter().filter_map(filled).collect()
}

fn count(scene: &Scene<'_>, wanted: impl Fn(&Mark) -> bool) -> usize {
    scene.marks.iter().filter(|mark| wanted(mark)).count()
}

fn small_map<'a>(pnl: &'a [f64], slides: &'a [SlideDot]) -> HeatMap<'a> {
    HeatMap {
        price_moves: &[-0.2, 0.0, 0.2],
        vol_moves: &[-10.0, 10.0],
        vol_label: "vol points",
        pnl,
        slides,
        unit: DOLLAR,
    }
}

#[test]
fn the_raster_takes_the_colours_of_the_table() {
    let theme = Theme::DARK;
    let pnl = [-100.0, 0.0, 100.0, -100.0, 0.0, 100.0];
    let pixels = heat_map::raster(&small_map(&pnl, &[]), &theme, 301, 3);
    assert_eq!(pixels.len(), 301 * 3 * 4);
    let pixel = |x: usize| [pixels[x * 4], pixels[x * 4 + 1], pixels[x * 4 + 2], pixels[x * 4 + 3]];
    assert_eq!(pixel(150), [theme.panel.0, theme.panel.1, theme.panel.2, 255]);
    let near = |pixel: [u8; 4], colour: plotters::style::RGBColor| {
        [colour.0, colour.1, colour.2].iter().zip(pixel).all(|(wanted, found)| wanted.abs_diff(found) <= 2)
    };
    for x in [10, 60, 110] {
        let share = 1.0 - (x as f64 + 0.5) / 150.5;
        assert!(near(pixel(x), theme.diverging(-share, 1.0)), "loss at {x}");
        assert!(near(pixel(300 - x), theme.diverging(share, 1.0)), "gain at {x}");
        assert!(pixel(x)[0] > pixel(x)[2] && pixel(300 - x)[2] > pixel(300 - x)[0]);
    }
}

#[test]
fn the_highest_vol_is_on_top_and_unknown_figures_are_panel() {
    let theme = Theme::LIGHT;
    let panel = [theme.panel.0, theme.panel.1, theme.panel.2, 255];
    let pixels = heat_map::raster(&small_map(&[1.0, 1.0, 1.0, -1.0, -1.0, -1.0], &[]), &theme, 1, 100);
    assert!(pixels[0] > pixels[2], "loss at high vol");
    assert!(pixels[99 * 4] < pixels[99 * 4 + 2], "gain at low vol");
    for unknown in [f64::NAN, f64::INFINITY] {
        let pnl = [unknown, 5.0, 5.0, unknown, 5.0, 5.0];
        let pixels = heat_map::raster(&small_map(&pnl, &[]), &theme, 100, 1);
        assert_eq!(pixels[..4], panel);
        assert_ne!(pixels[99 * 4..], panel);
    }
    for pnl in [vec![0.0; 6], vec![f64::NAN; 6], vec![1.0; 5], vec![]] {
        let pixels = heat_map::raster(&small_map(&pnl, &[]), &theme, 7, 5);
        assert!(pixels.chunks(4).all(|pixel| pixel == panel) && pixels.len() == 140);
    }
    assert!(heat_map::raster(&small_map(&[1.0; 6], &[]), &theme, 0, 9).is_empty());
}

#[test]
fn pixels_and_moves_translate_both_ways() {
    let book = Book::sample(61, 51);
    let map = book.heat_map();
    let plot = heat_map::plot_rect(1120, 660, 2.0);
    for slide in &book.slides {
        let (x, y) = map.place(&plot, slide.price_move, slide.vol_move);
        let (price_move, vol_move) = map.locate(&plot, x, y).expect("a slide lies in the plot");
        assert!((price_move - slide.price_move).abs() < 1e-9 && (vol_move - slide.vol_move).abs() < 1e-9);
        let pnl = map.read_out(price_move, vol_move).expect("the plot shows only the table");
        assert!((pnl - slide.pnl).abs() < 0.02 * map.largest(), "{pnl} for {}", slide.pnl);
    }
    assert_eq!(map.locate(&plot, plot.left - 1.0, plot.top), None);
    assert_eq!(map.locate(&plot, f64::NAN, plot.top), None);
    assert_eq!(map.read_out(0.31, 0.0), None);
    let table = [1.0, 2.0, 3.0, f64::NAN, 4.0, 5.0];
    assert_eq!(small_map(&table, &[]).read_out(0.1, -10.0), Some(2.5));
    assert_eq!(small_map(&table, &[]).read_out(0.1, 0.0), Some(3.5));
    assert_eq!(small_map(&table, &[]).read_out(-0.1, 0.0), None);
}

#[test]
fn the_worst_figure_hides_no_dot_and_stays_inside() {
    let book = Book::sample(61, 51);
    for (width, height) in [(560, 330), (300, 200), (900, 260)] {
        for worst in 0..book.slides.len() {
            let mut slides = book.slides.clone();
            for (index, slide) in slides.iter_mut().enumerate() {
                (slide.is_worst, slide.is_runner_up) = (index == worst, index == (worst + 1) % 27);
            }
            let map = HeatMap { slides: &slides, ..book.heat_map() };
            let plot = heat_map::plot_rect(width, height, 1.0);
            let scene = heat_map::frame(&map, &Theme::DARK, 1.0, plot, f64::from(width));
            let figure = format::money(slides[worst].pnl, DOLLAR);
            let (_, label) = texts(&scene).into_iter().find(|(text, _)| *text == figure).expect("the worst is named");
            assert!(plot.contains(label.left, label.top) && plot.contains(label.right, label.bottom));
            for (index, slide) in slides.iter().enumerate().filter(|(index, _)| *index != worst) {
                let (x, y) = map.place(&plot, slide.price_move, slide.vol_move);
                assert!(!label.contains(x, y), "worst {worst}, dot {index}, {width} wide");
            }
            assert_eq!(count(&scene, |mark| matches!(mark, Mark::Disc { .. })), 25);
            assert_legible(&scene, (width, height), "in the heat map");
        }
    }
}

#[test]
fn a_worst_slide_beyond_the_table_is_marked_on_the_edge_with_its_move() {
    let slides = [SlideDot { price_move: -0.66, pnl: -900.0, is_worst: true, ..SlideDot::default() }];
    let plot = heat_map::plot_rect(400, 300, 1.0);
    let scene = heat_map::frame(&small_map(&[1.0; 6], &slides), &Theme::LIGHT, 1.0, plot, 400.0);
    assert!(has_text(&scene, "−66\u{a0}%: −$900"));
}

#[test]
fn the_svg_of_a_heat_map_names_axes_and_worst() {
    let book = Book::sample(31, 21);
    let text = svg((560, 330), |area| heat_map::draw(area, &book.heat_map(), &Theme::DARK.for_svg(), 1.0));
    let worst = format::money(book.slides[0].pnl, DOLLAR);
    for wanted in [worst.as_str(), "−30\u{a0}%", "+30\u{a0}%", "+20", "−20", "vol points", "font-size=\"11\""] {
        assert!(text.contains(wanted), "{wanted}");
    }
    assert_eq!(text.matches("<circle").count(), 25 + 1 + 2);
}

#[test]
fn a_surface_is_legible_from_every_side() {
    let book = Book::sample(61, 51);
    for step in 0..48 {
        for pitch in [0.2, 0.48, 1.2] {
            let view = View { yaw: f64::from(step) * 0.1309, pitch };
            let scene = surface::scene(&book.heat_map(), view, 560, 330, &Theme::DARK, 1.0);
            assert!(has_text(&scene, &format::money(book.slides[0].pnl, DOLLAR)));
            assert!(has_text(&scene, "$0"), "{view:?}");
            assert!(texts(&scene).len() >= 7, "{view:?} has {:?}", texts(&scene));
            assert_legible(&scene, (560, 330), &format!("seen from {view:?}"));
            let discs = count(&scene, |mark| matches!(mark, Mark::Disc { .. }));
            let quads = count(&scene, |mark| matches!(mark, Mark::Polygon { points, .. } if points.len() == 4));
            assert_eq!((discs, quads), (25, 39 * 39));
        }
    }
}

#[test]
fn dots_behind_a_ridge_are_faint() {
    let axis: Vec<f64> = (-10..=10).map(f64::from).collect();
    let pnl: Vec<f64> = axis.iter().flat_map(|vol| axis.iter().map(move |_| (-vol * vol / 4.0).exp())).collect();
    let slide = |vol_move| SlideDot { vol_move, ..SlideDot::default() };
    let slides = [slide(-4.0), slide(4.0)];
    let map = HeatMap { price_moves: &axis, vol_moves: &axis, pnl: &pnl, slides: &slides, ..small_map(&[], &[]) };
    let scene = surface::scene(&map, View { yaw: 0.0, pitch: 0.2 }, 400, 300, &Theme::DARK, 1.0);
    let strength = |mark: &Mark| match mark {
        Mark::Disc { color, .. } => Some(color.3),
        _ => None,
    };
    let strengths: Vec<f64> = scene.marks.iter().filter_map(strength).collect();
    assert!(strengths[0] > 0.5 && strengths[1] < 0.3, "{strengths:?}");
}

#[test]
fn a_payoff_shows_spot_break_evens_and_units() {
    let book = Book::sample(3, 3);
    let break_evens = book.crossings(&book.at_expiry);
    let payoff = book.payoff(&break_evens);
    let plot = PayoffPlot::of(&payoff, 560, 165, 1.0).expect("there is room");
    let scene = payoff::scene(&payoff, &plot, &Theme::LIGHT, 1.0, 560.0);
    for wanted in ["−40k", "0", "20k", "$60k", "$100k", "$77.2k"] {
        assert!(has_text(&scene, wanted), "{wanted}");
    }
    for price in &break_evens {
        assert!(has_text(&scene, &format::price_near(*price, DOLLAR)));
    }
    assert_eq!(count(&scene, |mark| matches!(mark, Mark::Ring { .. })), break_evens.len());
    assert_legible(&scene, (560, 165), "in the payoff");
    // Higher prices lie further right, higher amounts further up, and the pointer finds its price again.
    let (low, high) = (plot.place(60_000.0, -10.0), plot.place(61_000.0, 10.0));
    assert!(low.0 < high.0 && low.1 > high.1);
    assert!((plot.price_at(low.0).expect("inside") - 60_000.0).abs() < 1e-6);
    assert_eq!(plot.price_at(0.0), None);
}

#[test]
fn unknown_figures_interrupt_a_curve() {
    let prices = [1.0, 2.0, 3.0, 4.0, 5.0];
    let now = [1.0, 2.0, f64::NAN, 2.0, 1.0];
    let payoff = Payoff {
        prices: &prices,
        now: &now,
        chosen: &[],
        at_expiry: &[],
        break_evens: &[f64::NAN],
        spot: f64::NAN,
        price_unit: DOLLAR,
    };
    let plot = PayoffPlot::of(&payoff, 300, 200, 1.0).expect("there is room");
    let scene = payoff::scene(&payoff, &plot, &Theme::DARK, 1.0, 300.0);
    assert_eq!(count(&scene, |mark| matches!(mark, Mark::Path { .. })), 2);
}

#[test]
fn a_waterfall_adds_up_and_its_labels_never_collide() {
    let theme = Theme::LIGHT;
    for width in 60..400 {
        let scene = waterfall::scene(&requirement(&COMPONENTS), width, 110, &theme, 1.0);
        assert_legible(&scene, (width, 110), &format!("in a waterfall {width} wide"));
    }
    let scene = waterfall::scene(&requirement(&COMPONENTS), 300, 110, &theme, 1.0);
    for wanted in ["worst slide", "$40,540", "$932", "$0", "$41,472", "initial"] {
        assert!(has_text(&scene, wanted), "{wanted}");
    }
    let components = fills(&scene, theme.loss.to_rgba());
    let total = fills(&scene, theme.accent.to_rgba());
    assert_eq!((components.len(), total.len()), (2, 1));
    assert!((components[1].bottom - components[0].top).abs() <= 2.0, "the second starts where the first ended");
    assert!((total[0].top - components[1].top).abs() <= 1.0 && total[0].bottom == components[0].bottom);
}

#[test]
fn senseless_input_draws_without_a_panic() {
    let everything = [f64::NAN, f64::INFINITY, -1e12, 1e12, 0.0, 1e308, -1e308];
    let axes: [&[f64]; 5] = [&[], &[0.0], &[-0.1, 0.1], &[0.1, -0.1], &[f64::NAN, 0.0]];
    let slides: Vec<SlideDot> = everything
        .iter()
        .map(|value| SlideDot { price_move: *value, vol_move: *value, pnl: *value, is_worst: true, is_runner_up: true })
        .collect();
    for size in [(1, 1), (10, 10), (60, 400), (400, 60), (200, 160)] {
        for scale in [0.0, 1.0, 3.0, f64::NAN] {
            for (price_moves, vol_moves) in axes.iter().flat_map(|a| axes.iter().map(move |b| (*a, *b))) {
                for value in everything {
                    let pnl = vec![value; price_moves.len() * vol_moves.len()];
                    let map = HeatMap { price_moves, vol_moves, pnl: &pnl, slides: &slides, ..small_map(&[], &[]) };
                    let view = View { yaw: value, pitch: value };
                    let text = svg(size, |area| {
                        heat_map::draw(area, &map, &Theme::DARK, scale)?;
                        surface::draw(area, &map, view, &Theme::DARK, scale)
                    });
                    assert!(!text.contains("NaN") && !text.contains("inf"));
                }
            }
            let unsorted = Payoff {
                prices: &everything,
                now: &everything,
                chosen: &everything[..2],
                at_expiry: &everything,
                break_evens: &everything,
                spot: 0.0,
                price_unit: Unit::Suffix("BTC"),
            };
            let sorted = Payoff { prices: &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0], ..unsorted };
            let bars = everything.map(|amount| Bar { name: "a name", amount });
            for components in [&bars[..], &bars[..1], &bars[2..5], &[]] {
                let waterfall = Waterfall { components, total: bars[2], unit: Unit::Suffix("BTC") };
                let text = svg(size, |area| {
                    payoff::draw(area, &unsorted, &Theme::DARK, scale)?;
                    payoff::draw(area, &sorted, &Theme::DARK, scale)?;
                    waterfall::draw(area, &waterfall, &Theme::DARK, scale)
                });
                assert!(!text.contains("NaN") && !text.contains("inf"));
            }
        }
    }
}

#[test]
fn too_small_an_area_stays_empty() {
    let book = Book::sample(9, 9);
    let text = svg((10, 10), |area| {
        heat_map::draw_frame(area, &book.heat_map(), &Theme::DARK, 1.0)?;
        surface::draw(area, &book.heat_map(), View::default(), &Theme::DARK, 1.0)?;
        payoff::draw(area, &book.payoff(&[]), &Theme::DARK, 1.0)?;
        waterfall::draw(area, &requirement(&COMPONENTS), &Theme::DARK, 1.0)
    });
    assert_eq!(text.lines().count(), 2, "{text}");
}

#[test]
fn everything_grows_with_the_scale() {
    let book = Book::sample(9, 9);
    let once = waterfall::scene(&requirement(&COMPONENTS), 300, 110, &Theme::DARK, 1.0);
    let twice = waterfall::scene(&requirement(&COMPONENTS), 600, 220, &Theme::DARK, 2.0);
    for ((text, here), (other, there)) in texts(&once).iter().zip(texts(&twice)) {
        assert_eq!(*text, other);
        assert!((here.left * 2.0 - there.left).abs() <= 2.0 && (here.top * 2.0 - there.top).abs() <= 2.0);
    }
    let plot = heat_map::plot_rect(560, 330, 1.0);
    let double = heat_map::plot_rect(1120, 660, 2.0);
    assert_eq!((plot.left * 2.0, plot.width() * 2.0), (double.left, double.width()));
    let scene = heat_map::frame(&book.heat_map(), &Theme::DARK, 2.0, double, 1120.0);
    assert!(scene.marks.iter().all(|mark| !matches!(mark, Mark::Text { size, .. } if *size != 22.0)));
}

#[test]
fn a_backing_store_has_at_least_two_pixels_to_a_css_pixel() {
    for (ratio, scale) in [(1.0, 2.0), (1.25, 2.5), (1.5, 3.0), (2.0, 2.0), (3.0, 3.0), (f64::NAN, 2.0)] {
        assert_eq!(backing_scale(ratio), scale);
    }
}
