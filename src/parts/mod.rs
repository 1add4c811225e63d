//! Small pieces that several panels use.
