//! How many tests ran, read from what the runners print.

/// Tests passed and failed.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Tests that held.
    pub passed: u64,
    /// Tests that did not.
    pub failed: u64,
}

impl Tally {
    /// Adds the numbers of a line like `test result: ok. 3 passed; 0 failed; …`, as both Rust's and
    /// wasm-bindgen's runner end with; other lines count nothing.
    pub fn count(&mut self, line: &str) {
        let Some(numbers) = line.trim().strip_prefix("test result: ") else { return };
        let words: Vec<&str> = numbers.split([' ', ';', '.']).filter(|word| !word.is_empty()).collect();
        let before =
            |name: &str| words.windows(2).find(|pair| pair[1] == name).and_then(|pair| pair[0].parse::<u64>().ok());
        if let (Some(passed), Some(failed)) = (before("passed"), before("failed")) {
            self.passed += passed;
            self.failed += failed;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_both_runners_are_summed() {
        let mut tally = Tally::default();
        for line in [
            "running 3 tests",
            "test a ... ok",
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.02s",
            "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "test result: ok. 5 passed; 0 failed; 0 ignored; 0 filtered out; finished in 0.07s",
            "  a test prints: test result: ok. 100 passed; 0 failed",
            "test result: none",
        ] {
            tally.count(line);
        }
        assert_eq!(tally, Tally { passed: 18, failed: 2 });
    }
}
