//! Colours and type of the charts, the same tokens as the page's style sheet.

use margin_engine::pricing::numeric::pow;
use plotters::style::RGBColor;

/// One family for every chart; the page uses the same.
const FONT_FAMILY: &str = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";

/// How the strength of a colour grows with the amount: below one, so that a small P&L beside a huge one is still seen.
const COLOUR_POWER: f64 = 0.6;

/// The tokens of one look. Charts take every colour from here.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    /// Behind the panels.
    pub page: RGBColor,
    /// Behind a chart; also the colour of a P&L of zero.
    pub panel: RGBColor,
    /// Buttons and pills on a panel.
    pub raised: RGBColor,
    /// Hairlines.
    pub line: RGBColor,
    /// Figures and whatever must be read.
    pub text: RGBColor,
    /// Axis labels and captions.
    pub muted: RGBColor,
    /// What may be overlooked.
    pub faint: RGBColor,
    /// Ours, together, chosen.
    pub accent: RGBColor,
    /// Positive P&L.
    pub gain: RGBColor,
    /// Negative P&L.
    pub loss: RGBColor,
    /// Near a limit.
    pub warning: RGBColor,
    /// Beyond a limit.
    pub critical: RGBColor,
    /// CSS font family list.
    pub font_family: &'static str,
    /// Factor on every font size asked of the backend: 1 on a canvas, see [`Theme::for_svg`].
    pub font_factor: f64,
}

impl Theme {
    /// The dark look.
    pub const DARK: Self = Self {
        page: RGBColor(0x0d, 0x11, 0x17),
        panel: RGBColor(0x14, 0x1a, 0x22),
        raised: RGBColor(0x1b, 0x23, 0x2d),
        line: RGBColor(0x26, 0x30, 0x3c),
        text: RGBColor(0xe6, 0xed, 0xf3),
        muted: RGBColor(0x93, 0xa1, 0xb1),
        faint: RGBColor(0x5d, 0x6b, 0x7a),
        accent: RGBColor(0x5c, 0xc8, 0xb8),
        gain: RGBColor(0x5a, 0xa9, 0xff),
        loss: RGBColor(0xff, 0x9d, 0x57),
        warning: RGBColor(0xf2, 0xcc, 0x60),
        critical: RGBColor(0xff, 0x6b, 0x6b),
        font_family: FONT_FAMILY,
        font_factor: 1.0,
    };

    /// The light look.
    pub const LIGHT: Self = Self {
        page: RGBColor(0xf4, 0xf6, 0xf8),
        panel: RGBColor(0xff, 0xff, 0xff),
        raised: RGBColor(0xf0, 0xf3, 0xf6),
        line: RGBColor(0xdb, 0xe2, 0xea),
        text: RGBColor(0x16, 0x20, 0x2b),
        muted: RGBColor(0x55, 0x64, 0x74),
        faint: RGBColor(0x8b, 0x99, 0xa8),
        accent: RGBColor(0x0b, 0x7d, 0x6f),
        gain: RGBColor(0x15, 0x65, 0xc0),
        loss: RGBColor(0xb8, 0x50, 0x00),
        warning: RGBColor(0x8a, 0x61, 0x00),
        critical: RGBColor(0xc6, 0x28, 0x28),
        font_family: FONT_FAMILY,
        font_factor: 1.0,
    };

    /// The same look for plotters' `SVGBackend`, which divides font sizes by 1.24 where the canvas takes them as they
    /// are.
    #[must_use]
    pub fn for_svg(&self) -> Self {
        Self { font_factor: 1.24, ..self.clone() }
    }

    /// The colour of `amount` on a scale that is full at ±`largest`: the panel's own at zero (and where there is no
    /// figure), towards gain above and loss below.
    #[must_use]
    pub fn diverging(&self, amount: f64, largest: f64) -> RGBColor {
        let share = (amount / largest).abs();
        if !share.is_finite() {
            return self.panel;
        }
        let full = if amount > 0.0 { self.gain } else { self.loss };
        blend(self.panel, full, Self::strength(share.min(1.0)))
    }

    /// How strong the colour is at a share of the largest amount, both from 0 to 1.
    pub(super) fn strength(share: f64) -> f64 {
        pow(share, COLOUR_POWER)
    }
}

/// The colour `share` (0 to 1) of the way from one to another.
#[must_use]
pub(super) fn blend(from: RGBColor, to: RGBColor, share: f64) -> RGBColor {
    // A float cast to u8 saturates, so no share can wrap a channel around.
    let channel = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * share).round() as u8;
    RGBColor(channel(from.0, to.0), channel(from.1, to.1), channel(from.2, to.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_and_unknown_amounts_take_the_colour_of_the_panel() {
        for theme in [Theme::DARK, Theme::LIGHT] {
            for (amount, largest) in [(0.0, 5.0), (-0.0, 5.0), (0.0, 0.0), (f64::NAN, 5.0), (1.0, f64::NAN)] {
                assert_eq!(theme.diverging(amount, largest), theme.panel);
            }
        }
    }

    #[test]
    fn the_extremes_are_full_and_halves_are_equally_strong() {
        let theme = Theme::DARK;
        assert_eq!(theme.diverging(7.0, 7.0), theme.gain);
        assert_eq!(theme.diverging(-9.0, 7.0), theme.loss);
        let strength = pow(0.5, COLOUR_POWER);
        assert_eq!(theme.diverging(3.5, 7.0), blend(theme.panel, theme.gain, strength));
        assert_eq!(theme.diverging(-3.5, 7.0), blend(theme.panel, theme.loss, strength));
    }

    #[test]
    fn gains_are_blueish_and_losses_reddish() {
        for theme in [Theme::DARK, Theme::LIGHT] {
            let (gain, loss) = (theme.diverging(1.0, 2.0), theme.diverging(-1.0, 2.0));
            assert!(gain.2 > gain.0 && loss.0 > loss.2);
        }
    }
}
