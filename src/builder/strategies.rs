//! Well-known combinations of options, at the listed strikes that fit.
