//! SPAN: sixteen scenarios for each combined commodity, and charges and credits between expiries and commodities.
//!
//! The method is CME's, published in 1988 and licensed to most futures clearing houses since; what differs is the
//! parameters. The scenarios are slides; the risk of a combined commodity, which is all that is held in one
//! underlying, comes from their P&L and from composite deltas; spreads between commodities are credited; and what
//! options are worth, since their premium is paid when they are bought, is set against the risk:
//!
//! ```text
//! risk         max(short option minimum, scan risk + calendar spreads + delivery − inter-commodity credit)
//! requirement  max(0, risk − net option value) + exposure margin
//! ```

mod combined_commodity;
mod commodity;
mod exposure;
mod net_option_value;
mod parameters;
mod risk;
pub mod risk_file;
mod scan_range;
mod scenarios;

pub use combined_commodity::{FormedSpread, Period, PriceRisk};
pub use parameters::{CalendarTier, Exposure, InterCommodity, Parameters, UnderlyingParameters};
pub use scenarios::{RiskArray, SCENARIOS};

use super::slide_label::price_moves;
use super::{Configured, CountedOptions, Edited, Methodology, MethodologyError, Requirement, Workings};
use crate::book::{Book, LegKind};
use crate::slide::{Revaluation, Slide, SlideGrid};
use commodity::Commodity;
use exposure::exposure;
use net_option_value::net_option_value;
use risk::Risk;
use scan_range::{ScanRanges, scan_ranges};
use scenarios::vol_label;

/// Standard portfolio analysis of risk.
pub struct Span(pub(in crate::methodology) Configured<Parameters>);

impl Methodology for Span {
    fn configured(&self) -> &Edited {
        &self.0.edited
    }

    fn counted_options(&self) -> CountedOptions {
        CountedOptions::None
    }

    fn slides(&self, book: &Book) -> Result<SlideGrid, MethodologyError> {
        let parameters = &self.0.parameters;
        check_covered(parameters, book)?;
        let ranges = (0..book.underlyings.len())
            .map(|underlying| scan_ranges(parameters, book, underlying, &mut Workings::unwanted()))
            .collect::<Result<Vec<_>, _>>()?;
        let mut slides = scenario_slides(book, parameters, &ranges, false);
        let has_long_dated = book.legs.iter().any(|leg| parameters.is_long_dated(book, leg));
        if has_long_dated && ranges.iter().any(|ranges| ranges.price != ranges.price_long_dated) {
            // The P&L of long-dated options counts in the sixteen scenarios; these slides are only where it comes from.
            slides.extend(scenario_slides(book, parameters, &ranges, true));
        }
        Ok(SlideGrid::new(slides))
    }

    fn requirement(
        &self,
        book: &Book,
        revaluation: &Revaluation,
        workings: &mut Workings,
    ) -> Result<Requirement, MethodologyError> {
        let parameters = &self.0.parameters;
        let net = book.net_by_instrument();
        let mut commodities = Vec::new();
        for underlying in 0..book.underlyings.len() {
            commodities.extend(Commodity::gather(book, &net, revaluation, parameters, underlying, workings)?);
        }
        let mut risk = Risk::new(book, parameters, commodities.len());
        for (index, commodity) in commodities.iter().enumerate() {
            risk.scan(index, commodity, workings);
            risk.calendar(index, commodity, workings);
            risk.delivery(index, commodity, workings);
        }
        risk.credit(book, &commodities, workings);
        for (index, commodity) in commodities.iter().enumerate() {
            risk.minimum(book, index, commodity, workings);
        }
        let (mut components, of_commodity) = risk.into_components();
        components.extend(net_option_value(book, parameters, &commodities, &of_commodity, &components, workings));
        components.extend(exposure(parameters, book, workings));
        let notes = commodities.iter().filter_map(|commodity| commodity.ranges.note(book, commodity.underlying));
        let notes = notes.collect();
        let pots = commodities.into_iter().map(|commodity| commodity.pot).collect();
        Ok(Requirement { components, pots, notes, ..Requirement::default() })
    }
}

/// Parameters that were published for one currency say nothing of contracts in another, and ranges of prices nothing
/// of what is priced by its yield.
fn check_covered(parameters: &Parameters, book: &Book) -> Result<(), MethodologyError> {
    let currency = parameters.priced_in.as_str();
    for leg in &book.legs {
        let (instrument, quote) = (leg.instrument, book.underlyings[leg.underlying].quote);
        if matches!(leg.kind, LegKind::Bond { .. }) {
            let reason = format!("SPAN scans prices; it has no range for the yield of {instrument}");
            return Err(MethodologyError::NotApplicable(reason));
        }
        if currency != "any" && quote.as_str() != currency {
            let reason = format!("the preset is for contracts priced in {currency}; {instrument} is priced in {quote}");
            return Err(MethodologyError::NotApplicable(reason));
        }
    }
    Ok(())
}

/// The sixteen scenarios, each underlying by its own range.
fn scenario_slides(book: &Book, parameters: &Parameters, ranges: &[ScanRanges], is_long_dated: bool) -> Vec<Slide> {
    let scenarios = parameters.scenarios();
    let slide = |scenario| {
        let stresses: Vec<_> = ranges
            .iter()
            .map(|ranges| scenarios.stress(scenario, ranges.price_of(is_long_dated), ranges.vol_points))
            .collect();
        let moves = price_moves(book, &stresses);
        let long_dated = if is_long_dated { ", long-dated options" } else { "" };
        let label = format!("{moves}, {}{long_dated}", vol_label(scenario));
        Slide { stresses, weights: vec![scenarios.weight(scenario); ranges.len()], label }
    };
    (0..SCENARIOS).map(slide).collect()
}
