//! Parameters of OKX's portfolio margin.

use crate::asset::Asset;
use crate::json::{ByName, Fields, JsonError};
use crate::methodology::MethodologyError;
use crate::methodology::preset::{CheckParameters, ReadParameters, check};
use crate::methodology::tiers::Tiers;
use crate::slide::{TermScaling, VolMove};

/// The class of coins that no other class lists.
const OTHERS: &str = "others";

/// Parameters of portfolio margin.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters {
    /// Classes of coins; one is called `others`.
    pub classes: ByName<ClassParameters>,
    /// Relative vol shift up at thirty days.
    pub volatility_range_up: f64,
    /// Relative vol shift down at thirty days.
    pub volatility_range_down: f64,
    /// Dependence of the vol shifts on the time to expiry.
    pub term_scaling: TermScaling,
    /// The part of the loss on the extreme slides that counts.
    pub extreme_weight: f64,
    /// Days of theta.
    pub theta_days: f64,
    /// The part of the vol shift up by which vols of different expiries may part.
    pub term_structure_part: f64,
    /// By how much interest rates move, per year.
    pub rate_shift: f64,
    /// Multiples of the minimum charge; the thresholds count US dollars of it.
    pub minimum_charge_tiers: Tiers,
    /// What is asked of delta in one dollar currency that offsets delta in another.
    pub stablecoin_rate: f64,
    /// The initial requirement's multiple of the maintenance requirement.
    pub initial_factor: f64,
}

/// The parameters of one class of coins.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassParameters {
    /// The tickers in it; of `others` none need be listed.
    pub coins: Vec<String>,
    /// Sizes of the price moves, as fractions, ascending; as many for each class.
    pub spot_moves: Vec<f64>,
    /// Size of the extreme price move, as a fraction.
    pub extreme_move: f64,
    /// Basis rate for each year to expiry.
    pub annualised_move_risk: f64,
    /// The basis rate is at least this.
    pub min_basis_move: f64,
    /// Rate of the minimum charge, as a fraction of what each position's delta is worth.
    pub minimum_charge_rate: f64,
}

impl ReadParameters for Parameters {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(Parameters {
            classes: fields.by_name("classes", ClassParameters::read)?,
            volatility_range_up: fields.number("volatility_range_up")?,
            volatility_range_down: fields.number("volatility_range_down")?,
            term_scaling: fields.object("term_scaling", TermScaling::read)?,
            extreme_weight: fields.number("extreme_weight")?,
            theta_days: fields.number("theta_days")?,
            term_structure_part: fields.number("term_structure_part")?,
            rate_shift: fields.number("rate_shift")?,
            minimum_charge_tiers: fields.object("minimum_charge_tiers", Tiers::read)?,
            stablecoin_rate: fields.number("stablecoin_rate")?,
            initial_factor: fields.number("initial_factor")?,
        })
    }
}

impl CheckParameters for Parameters {
    fn check(&self) -> Result<(), MethodologyError> {
        for (name, value, domain) in [
            ("volatility_range_up", self.volatility_range_up, 0.0..=10.0),
            ("volatility_range_down", self.volatility_range_down, 0.0..=1.0),
            ("extreme_weight", self.extreme_weight, 0.0..=1.0),
            ("theta_days", self.theta_days, 0.0..=365.0),
            ("term_structure_part", self.term_structure_part, 0.0..=1.0),
            ("rate_shift", self.rate_shift, 0.0..=1.0),
            ("stablecoin_rate", self.stablecoin_rate, 0.0..=1.0),
            ("initial_factor", self.initial_factor, 1.0..=10.0),
        ] {
            check(name, value, domain)?;
        }
        self.term_scaling.check("term_scaling")?;
        self.minimum_charge_tiers.check("minimum_charge_tiers")?;
        let steps = self.others()?.spot_moves.len();
        for (name, class) in self.classes.iter() {
            class.check(name)?;
            if class.spot_moves.len() != steps {
                let reason = format!("classes.{name}.spot_moves must have {steps} entries, as the class others has");
                return Err(MethodologyError::Parameters(reason));
            }
        }
        Ok(())
    }
}

impl ReadParameters for ClassParameters {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(ClassParameters {
            coins: fields.texts("coins")?,
            spot_moves: fields.numbers("spot_moves")?,
            extreme_move: fields.number("extreme_move")?,
            annualised_move_risk: fields.number("annualised_move_risk")?,
            min_basis_move: fields.number("min_basis_move")?,
            minimum_charge_rate: fields.number("minimum_charge_rate")?,
        })
    }
}

impl Parameters {
    fn others(&self) -> Result<&ClassParameters, MethodologyError> {
        let missing = || MethodologyError::Parameters("classes has none called others".to_owned());
        self.classes.get(OTHERS).ok_or_else(missing)
    }

    /// Price moves on each side of zero.
    pub(super) fn steps(&self) -> usize {
        self.classes.get(OTHERS).map_or(0, |class| class.spot_moves.len())
    }

    /// The class that lists the coin, else `others`.
    pub(super) fn of(&self, coin: Asset) -> Result<&ClassParameters, MethodologyError> {
        let lists = |class: &ClassParameters| class.coins.iter().any(|ticker| ticker == coin.as_str());
        match self.classes.iter().find(|(_, class)| lists(class)) {
            Some((_, class)) => Ok(class),
            None => self.others(),
        }
    }

    /// What happens to vols, and what it is called.
    pub(super) fn vol_moves(&self) -> [(VolMove, &'static str); 3] {
        let relative = |change| VolMove::Relative { change, term: self.term_scaling, floor: 0.0 };
        [
            (relative(self.volatility_range_up), "vol up"),
            (VolMove::Unchanged, "vol same"),
            (relative(-self.volatility_range_down), "vol down"),
        ]
    }
}

impl ClassParameters {
    fn check(&self, owner: &str) -> Result<(), MethodologyError> {
        for (name, value, domain) in [
            ("extreme_move", self.extreme_move, 0.0..=0.99),
            ("annualised_move_risk", self.annualised_move_risk, 0.0..=1.0),
            ("min_basis_move", self.min_basis_move, 0.0..=1.0),
            ("minimum_charge_rate", self.minimum_charge_rate, 0.0..=1.0),
        ] {
            check(&format!("classes.{owner}.{name}"), value, domain)?;
        }
        let mut least = 0.0001;
        for &spot_move in &self.spot_moves {
            check(&format!("classes.{owner}.spot_moves"), spot_move, least..=0.99)?;
            least = spot_move;
        }
        check(&format!("the number of classes.{owner}.spot_moves"), self.spot_moves.len() as f64, 1.0..=20.0)
    }
}
