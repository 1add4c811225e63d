//! The methodologies there are.

use serde_json::Value;

use super::aevo_portfolio::AevoPortfolio;
use super::bybit_standard::BybitStandard;
use super::cross::Cross;
use super::custom::Custom;
use super::deribit_portfolio::DeribitPortfolio;
use super::deribit_standard::DeribitStandard;
use super::derive_pm2::DerivePm2;
use super::derive_standard::DeriveStandard;
use super::isolated::Isolated;
use super::okx_portfolio::OkxPortfolio;
use super::paradex_portfolio::ParadexPortfolio;
use super::regime_adaptive::RegimeAdaptive;
use super::regulation_t::RegulationT;
use super::span::Span;
use super::tims::Tims;
use super::value_at_risk::historical::Historical;
use super::value_at_risk::parametric::Parametric;
use super::{Configured, ConfiguredMethodology, MethodologyError};

/// The era of margining that a methodology belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Era {
    /// Every position alone.
    Isolated,
    /// One pot of equity.
    Cross,
    /// Rules for positions.
    Rules,
    /// Stresses of the whole book.
    Risk,
}

impl Era {
    /// What a list of methodologies is headed with.
    pub fn title(self) -> &'static str {
        match self {
            Era::Isolated => "Every position alone",
            Era::Cross => "One pot of equity",
            Era::Rules => "Rules for positions",
            Era::Risk => "Risk of the whole book",
        }
    }
}

/// One methodology with its preset; made here only, so that there is a maker for each.
#[non_exhaustive]
pub struct Entry {
    /// Identifier, in requests and links; never changes.
    pub id: &'static str,
    /// Short name.
    pub name: &'static str,
    /// What it does, in one sentence.
    pub summary: &'static str,
    /// The era it belongs to.
    pub era: Era,
    /// Whose rules they are: a venue, a rule book, or ourselves.
    pub venue: &'static str,
}

impl Entry {
    /// The methodology with its preset's parameters and the edits applied to them.
    ///
    /// # Errors
    /// A parameter that it does not know, or a value out of its domain.
    pub fn configure(&self, edits: Option<&Value>) -> ConfiguredMethodology {
        made(self.id, edits)
    }
}

/// Reads a preset and the edits to it.
type Make = fn(&str, Option<&Value>) -> ConfiguredMethodology;

/// Writes the list of what there is, and apart from it how each is made: a program that shows the list is not linked
/// with every methodology for that.
macro_rules! methodologies {
    ($(Entry {
        id: $id:literal, name: $name:literal, summary: $summary:literal, era: $era:expr, venue: $venue:literal,
        preset: $preset:expr, make: $make:expr,
    },)+) => {
        /// All methodologies, from the oldest era to the newest.
        pub const METHODOLOGIES: &[Entry] =
            &[$(Entry { id: $id, name: $name, summary: $summary, era: $era, venue: $venue },)+];

        fn made(id: &str, edits: Option<&Value>) -> ConfiguredMethodology {
            match id {
                $($id => {
                    let make: Make = $make;
                    make($preset, edits)
                })+
                _ => Err(MethodologyError::NotApplicable("there is no such methodology".to_owned())),
            }
        }
    };
}

/// The identifier of the methodology that [`configure_first`] makes.
pub const FIRST: &str = "deribit-portfolio";

/// One methodology by itself, [`FIRST`]: what calls nothing else here is not linked with the others.
///
/// # Errors
/// As of [`Entry::configure`].
pub fn configure_first(edits: Option<&Value>) -> ConfiguredMethodology {
    deribit_portfolio(DERIBIT_PORTFOLIO, edits)
}

const DERIBIT_PORTFOLIO: &str = include_str!("../../presets/deribit-portfolio.json");

fn deribit_portfolio(preset: &str, edits: Option<&Value>) -> ConfiguredMethodology {
    Ok(Box::new(DeribitPortfolio(Configured::new(preset, edits)?)))
}

methodologies! {
    Entry {
        id: "isolated",
        name: "Isolated",
        summary: "Every position carries its own collateral; nothing nets.",
        era: Era::Isolated,
        venue: "Convention",
        preset: include_str!("../../presets/isolated.json"),
        make: |preset, edits| Ok(Box::new(Isolated(Configured::new(preset, edits)?))),
    },
    Entry {
        id: "cross",
        name: "Cross",
        summary: "The same rules over one pot of equity; only positions in the same instrument net.",
        era: Era::Cross,
        venue: "Convention",
        preset: include_str!("../../presets/cross.json"),
        make: |preset, edits| Ok(Box::new(Cross(Configured::new(preset, edits)?))),
    },
    Entry {
        id: "deribit-standard",
        name: "Deribit standard",
        summary: "A rule for each short option and future, summed; hedges do not count.",
        era: Era::Rules,
        venue: "Deribit",
        preset: include_str!("../../presets/deribit-standard.json"),
        make: |preset, edits| Ok(Box::new(DeribitStandard(Configured::new(preset, edits)?))),
    },
    Entry {
        id: "derive-standard",
        name: "Derive standard",
        summary: "A rule for each short option, but no more than the greatest loss of its expiry.",
        era: Era::Rules,
        venue: "Derive",
        preset: include_str!("../../presets/derive-standard.json"),
        make: |preset, edits| Ok(Box::new(DeriveStandard(Configured::new(preset, edits)?))),
    },
    Entry {
        id: "bybit-standard",
        name: "Bybit standard",
        summary: "A rule for each short option and future, from the price at which it was entered.",
        era: Era::Rules,
        venue: "Bybit",
        preset: include_str!("../../presets/bybit-standard.json"),
        make: |preset, edits| Ok(Box::new(BybitStandard(Configured::new(preset, edits)?))),
    },
    Entry {
        id: "regulation-t",
        name: "Regulation T",
        summary: "A rule for each strategy that positions make together, over the cheapest pairing of the account.",
        era: Era::Rules,
        venue: "US listed",
        preset: include_str!("../../presets/regulation-t.json"),
        make: |preset, edits| Ok(Box::new(RegulationT(Configured::new(preset, edits)?))),
    },
    Entry {
        id: "tims",
        name: "TIMS",
        summary: "Ten price points for each underlying; related indexes offset in part, stocks not at all.",
        era: Era::Risk,
        venue: "US listed",
        preset: include_str!("../../presets/tims.json"),
        make: |preset, edits| Ok(Box::new(Tims(Configured::new(preset, edits)?))),
    },
    Entry {
        id: "deribit-portfolio",
        name: "Deribit portfolio",
        summary: "The worst of 35 slides in price and vol for the whole book, plus roll and delta shocks.",
        era: Era::Risk,
        venue: "Deribit",
        preset: DERIBIT_PORTFOLIO,
        make: deribit_portfolio,
    },
    Entry {
        id: "derive-pm2",
        name: "Derive portfolio",
        summary: "The worst of 33 slides in price, vol and skew, discounted by expiry, plus contingencies.",
        era: Era::Risk,
        venue: "Derive",
        preset: include_str!("../../presets/derive-pm2.json"),
        make: |preset, edits| Ok(Box::new(DerivePm2(Configured::new(preset, edits)?))),
    },
    Entry {
        id: "span",
        name: "SPAN",
        summary: "The worst of 16 scenarios for each underlying, with charges and credits for spreads.",
        era: Era::Risk,
        venue: "CME",
        preset: include_str!("../../presets/span-classic.json"),
        make: |preset, edits| Ok(Box::new(Span(Configured::new(preset, edits)?))),
    },
    Entry {
        id: "span-nse",
        name: "SPAN, NSE",
        summary: "The same with the ranges of India's National Stock Exchange, plus its exposure margin.",
        era: Era::Risk,
        venue: "NSE",
        preset: include_str!("../../presets/span-nse.json"),
        make: |preset, edits| Ok(Box::new(Span(Configured::new(preset, edits)?))),
    },
    Entry {
        id: "okx-portfolio",
        name: "OKX portfolio",
        summary: "Risk units by underlying: the worst of 23 slides, and charges for theta, vega, basis, rates and size.",
        era: Era::Risk,
        venue: "OKX",
        preset: include_str!("../../presets/okx-portfolio.json"),
        make: |preset, edits| Ok(Box::new(OkxPortfolio(Configured::new(preset, edits)?))),
    },
    Entry {
        id: "paradex-portfolio",
        name: "Paradex portfolio",
        summary: "The worst of 24 weighted slides or a least requirement on delta, plus funding and fees.",
        era: Era::Risk,
        venue: "Paradex",
        preset: include_str!("../../presets/paradex-portfolio.json"),
        make: |preset, edits| Ok(Box::new(ParadexPortfolio(Configured::new(preset, edits)?))),
    },
    Entry {
        id: "aevo-portfolio",
        name: "Aevo portfolio",
        summary: "The worst of 15 slides that add points to vols, or a floor.",
        era: Era::Risk,
        venue: "Aevo",
        preset: include_str!("../../presets/aevo-portfolio.json"),
        make: |preset, edits| Ok(Box::new(AevoPortfolio(Configured::new(preset, edits)?))),
    },
    Entry {
        id: "var-historical",
        name: "Historical VaR",
        summary: "The whole book under each of the last 1,000 days; the tail of what it would have lost.",
        era: Era::Risk,
        venue: "Statistical",
        preset: include_str!("../../presets/var-historical.json"),
        make: |preset, edits| Ok(Box::new(Historical::new(Configured::new(preset, edits)?))),
    },
    Entry {
        id: "var-filtered",
        name: "Filtered VaR",
        summary: "The same with each day's moves rescaled to today's volatility.",
        era: Era::Risk,
        venue: "Statistical",
        preset: include_str!("../../presets/var-filtered.json"),
        make: |preset, edits| Ok(Box::new(Historical::new(Configured::new(preset, edits)?))),
    },
    Entry {
        id: "var-parametric",
        name: "Parametric VaR",
        summary: "Delta and gamma in correlated normal moves, with the tail corrected for skewness and kurtosis.",
        era: Era::Risk,
        venue: "Statistical",
        preset: include_str!("../../presets/var-parametric.json"),
        make: |preset, edits| Ok(Box::new(Parametric::new(Configured::new(preset, edits)?))),
    },
    Entry {
        id: "regime-adaptive",
        name: "Regime-adaptive",
        summary: "Slides whose price range and vol shift follow each market's regime: wide in turmoil, tight in calm.",
        era: Era::Risk,
        venue: "Our own",
        preset: include_str!("../../presets/regime-adaptive.json"),
        make: |preset, edits| Ok(Box::new(RegimeAdaptive::new(Configured::new(preset, edits)?))),
    },
    Entry {
        id: "custom",
        name: "Custom slides",
        summary: "Your own ranges, steps, vol shifts and contingencies.",
        era: Era::Risk,
        venue: "Your own",
        preset: include_str!("../../presets/custom.json"),
        make: |preset, edits| Ok(Box::new(Custom(Configured::new(preset, edits)?))),
    },
}

/// The methodology with this identifier.
pub fn find(id: &str) -> Option<&'static Entry> {
    METHODOLOGIES.iter().find(|entry| entry.id == id)
}

#[cfg(test)]
mod tests {
    use super::super::Edited;
    use super::*;

    #[test]
    fn every_preset_reads_and_has_provenance() {
        for entry in METHODOLOGIES {
            let methodology = entry.configure(None).unwrap_or_else(|error| panic!("{}: {error}", entry.id));
            let Edited { preset, is_edited, .. } = methodology.configured();
            assert!(!is_edited);
            for text in [&preset.id, &preset.title, &preset.date, &preset.source, &preset.mark_note] {
                assert!(!text.is_empty(), "{}", entry.id);
            }
        }
    }

    #[test]
    fn the_first_is_the_one_of_the_list() {
        let listed = find(FIRST).expect("registered").configure(None).expect("a preset");
        let alone = configure_first(None).expect("a preset");
        assert_eq!(alone.configured().preset.id, listed.configured().preset.id);
    }

    #[test]
    fn edits_are_checked_and_marked() {
        let portfolio = find("deribit-portfolio").expect("registered");
        let edit = |value: Value| portfolio.configure(Some(&value));
        let edited = edit(serde_json::json!({"underlyings": {"BTC": {"price_range": 0.2}}})).expect("valid");
        assert!(edited.configured().is_edited);
        assert_eq!(edited.configured().parameters["underlyings"]["BTC"]["price_range"], 0.2);
        for (bad, part) in [
            (serde_json::json!({"underlyings": {"BTC": {"price_range": -0.2}}}), "BTC.price_range is -0.2"),
            (serde_json::json!({"underlyings": {"BTC": {"prise_range": 0.2}}}), "prise_range"),
            (serde_json::json!({"linear": null}), "null"),
        ] {
            let error = edit(bad).err().expect("refused").to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
