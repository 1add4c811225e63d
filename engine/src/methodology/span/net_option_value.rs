//! What options are worth, against what they risk.

use super::commodity::Commodity;
use super::parameters::Parameters;
use crate::book::Book;
use crate::methodology::charge::Charge;
use crate::methodology::{Component, Pair, Workings};

/// What options are worth, set against the risk and no more than it.
///
/// Long options alone need nothing: what is paid for covers whatever multiple of the risk the initial requirement is.
pub(super) fn net_option_value(
    book: &Book,
    parameters: &Parameters,
    commodities: &[Commodity],
    of_commodity: &[f64],
    components: &[Component],
    workings: &mut Workings,
) -> Option<Component> {
    let total = |part: fn(&Component) -> f64| components.iter().map(part).sum::<f64>();
    let risk = Pair { initial: total(|part| part.initial), maintenance: total(|part| part.maintenance) };
    let mut available = Pair::default();
    let mut by_leg = Vec::new();
    for (commodity, &risk) in commodities.iter().zip(of_commodity) {
        let value = commodity.option_value();
        let covers_all = commodity.is_only_long_options && value > 0.0;
        let least = if covers_all { parameters.pair(risk) } else { Pair::both(value) };
        let counted = Pair { initial: value.max(least.initial), maintenance: value.max(least.maintenance) };
        available = available.plus(counted);
        let scale = if covers_all { counted.initial / value } else { 1.0 };
        by_leg.extend(commodity.members.iter().map(|member| (member.leg, -member.option_value * scale)));
    }
    let credit =
        Pair { initial: available.initial.min(risk.initial), maintenance: available.maintenance.min(risk.maintenance) };
    if available.initial > 0.0 {
        let scale = credit.initial / available.initial;
        by_leg.iter_mut().for_each(|(_, share)| *share *= scale);
    }
    let values = [("value", available.initial), ("risk", risk.initial)];
    workings.note("net option value", "−min(value, risk)", &values, -credit.initial);
    let mut charge = Charge::new("net option value", book);
    charge.add(credit.times(-1.0), &by_leg);
    charge.into_component_if_any("options are paid for when they are bought: what they are worth, set against the risk")
}
