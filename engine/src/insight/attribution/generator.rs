//! Numbers that look random and are the same every time: SplitMix64 (Steele, Lea and Flood, 2014).

/// A generator.
pub(super) struct Generator(u64);

impl Generator {
    pub(super) fn new(seed: u32) -> Generator {
        Generator(u64::from(seed))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Puts the items into an order, each as likely as any other (Fisher and Yates).
    pub(super) fn shuffle(&mut self, items: &mut [usize]) {
        for last in (1..items.len()).rev() {
            // Legs are few, so what the remainder prefers is below one in 2^50.
            let choice = self.next() % (last as u64 + 1);
            items.swap(last, choice as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first outputs that the authors' program gives for the seed 1234567.
    #[test]
    fn it_is_the_published_generator() {
        let mut generator = Generator::new(1_234_567);
        let drawn: [u64; 3] = std::array::from_fn(|_| generator.next());
        assert_eq!(drawn, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn every_order_is_as_likely() {
        let mut generator = Generator::new(7);
        let mut counts = [0_u32; 6];
        for _ in 0..6000 {
            let mut items = [0, 1, 2];
            generator.shuffle(&mut items);
            let order = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
            counts[order.iter().position(|known| *known == items).expect("an order")] += 1;
        }
        // A thousand each, with a standard deviation of 29.
        assert!(counts.iter().all(|count| count.abs_diff(1000) < 130), "{counts:?}");
    }
}
