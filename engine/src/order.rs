//! Sorting by numbers: one implementation for all, since in wasm each is weight.

/// The indices of `keys` in ascending order of the keys; equal keys stay in their order.
pub fn ascending(keys: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_unstable_by(|&a, &b| keys[a].total_cmp(&keys[b]).then(a.cmp(&b)));
    order
}

/// The items in ascending order of what `key` says of them; equal keys stay in their order.
pub fn sorted_by<T>(items: Vec<T>, key: impl Fn(&T) -> f64) -> Vec<T> {
    let keys: Vec<f64> = items.iter().map(key).collect();
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    ascending(&keys).into_iter().filter_map(|index| items[index].take()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_keys_stay_in_their_order() {
        assert_eq!(ascending(&[2.0, 1.0, 2.0, -0.0, 0.0]), [3, 4, 1, 0, 2]);
        let sorted = sorted_by(vec![("b", 2.0), ("a", 1.0), ("c", 2.0)], |item| item.1);
        assert_eq!(sorted, [("a", 1.0), ("b", 2.0), ("c", 2.0)]);
        assert!(ascending(&[]).is_empty());
    }
}
