//! Finding what is alike: one implementation for all, in time that grows with the number of items and no faster.

/// For each item the one before it that is like it, and none for the first of its kind.
///
/// Items that are alike must have equal hashes; the fewer others share one, the faster. `is_alike` compares two items
/// by their places and must be an equivalence.
pub fn previous_alike(hashes: &[u64], is_alike: &dyn Fn(usize, usize) -> bool) -> Vec<Option<usize>> {
    // Open addressing, half full at most. A place holds the last item of its kind.
    let size = (2 * hashes.len()).next_power_of_two().max(2);
    let mut last: Vec<Option<usize>> = vec![None; size];
    let mut previous = Vec::with_capacity(hashes.len());
    for (item, hash) in hashes.iter().enumerate() {
        // The upper bits of a product depend on all bits of its factors.
        let mut place = (hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - size.trailing_zeros())) as usize;
        // Hashes first: a comparison takes longer.
        while last[place].is_some_and(|other| hashes[other] != *hash || !is_alike(item, other)) {
            place = (place + 1) % size;
        }
        previous.push(last[place].replace(item));
    }
    previous
}

/// Items in chains of those that are alike.
pub struct Chains {
    is_first: Vec<bool>,
    next: Vec<Option<usize>>,
}

impl Chains {
    /// Finds the chains; as [`previous_alike`].
    pub fn new(hashes: &[u64], is_alike: &dyn Fn(usize, usize) -> bool) -> Chains {
        let previous = previous_alike(hashes, is_alike);
        let mut next = vec![None; previous.len()];
        for (item, before) in previous.iter().enumerate() {
            if let Some(before) = *before {
                next[before] = Some(item);
            }
        }
        Chains { is_first: previous.iter().map(Option::is_none).collect(), next }
    }

    /// The first of each kind, ascending.
    pub fn firsts(&self) -> impl Iterator<Item = usize> {
        self.is_first.iter().enumerate().filter_map(|(item, is_first)| is_first.then_some(item))
    }

    /// An item and those after it that are like it, ascending.
    pub fn like(&self, item: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(item), |item| self.next[*item])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_item_finds_the_one_before_it() {
        assert_eq!(previous_alike(&[], &|_, _| true), []);
        let words = ["put", "call", "put", "put", "future", "call"];
        let expected = [None, None, Some(0), Some(2), None, Some(1)];
        // Good hashes, and hashes that say nothing.
        for hashes in [words.map(|word| word.len() as u64 * 7 + u64::from(word.as_bytes()[0])), [1; 6]] {
            assert_eq!(previous_alike(&hashes, &|one, other| words[one] == words[other]), expected);
        }
    }

    #[test]
    fn chains_go_through_all_that_are_alike() {
        let numbers = [3, 5, 3, 8, 5, 3];
        let chains = Chains::new(&numbers.map(|number| number as u64), &|one, other| numbers[one] == numbers[other]);
        let chains: Vec<Vec<usize>> = chains.firsts().map(|first| chains.like(first).collect()).collect();
        assert_eq!(chains, [vec![0, 2, 5], vec![1, 4], vec![3]]);
    }

    #[test]
    fn many_of_few_kinds() {
        let kind = |item: usize| (item * item) % 1_009;
        let hashes: Vec<u64> = (0..20_000).map(|item| kind(item) as u64).collect();
        let previous = previous_alike(&hashes, &|one, other| kind(one) == kind(other));
        let mut last = [None; 1_009];
        for (item, found) in previous.into_iter().enumerate() {
            assert_eq!(found, last[kind(item)].replace(item));
        }
    }
}
