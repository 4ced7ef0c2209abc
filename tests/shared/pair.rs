//! Two contents of one request whose digests begin with the same twelve digits, which is all that people
//! see of a digest. The harmless one lists trees; the powerful one also plants and fells them.

/// The token's name in both.
pub const NAME: &str = "Nightly count";
/// The harmless content's description.
pub const HARMLESS: &str = "Counts the trees every night, batch debebf7ce784";
/// The powerful content's description.
pub const POWERFUL: &str = "Counts the trees every night, batch 6db17f31431b";

/// What to do if these no longer have the same first digits.
pub const SEARCH_ANEW: &str = "the two contents no longer have digests that begin alike, since what a \
    content holds has changed. Search for another pair, which takes a minute or two, and put it into \
    tests/shared/pair.rs:\n    scripts/test -p countersign --test workflow --run-ignored only \
    -E 'test(find_a_colliding_pair)' --no-capture";
