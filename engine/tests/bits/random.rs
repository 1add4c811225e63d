//! Numbers that look random and a hash of figures: a few lines each, the same on every target.

/// Knuth's linear congruential generator.
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 11
    }

    /// Between two numbers; exact arithmetic but for one rounding of each step.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.next() as f64 / (1_u64 << 53) as f64)
    }

    /// From zero up to `count`, which is left out.
    pub fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }

    /// One of both.
    pub fn flip(&mut self) -> bool {
        self.below(2) == 1
    }
}

/// FNV-1a over the bytes of numbers.
pub struct Hash(u64);

impl Hash {
    /// Of nothing.
    pub fn new() -> Hash {
        Hash(0xcbf2_9ce4_8422_2325)
    }

    /// Adds one figure.
    pub fn add(&mut self, figure: f64) {
        // A NaN's payload is not part of the promise, and no figure may be one.
        assert!(figure.is_finite(), "a figure is no number");
        for byte in figure.to_bits().to_le_bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    /// Adds figures in their order.
    pub fn extend<'a>(&mut self, figures: impl IntoIterator<Item = &'a f64>) {
        figures.into_iter().for_each(|figure| self.add(*figure));
    }

    /// The hash of what was added.
    pub fn finish(&self) -> u64 {
        self.0
    }
}
