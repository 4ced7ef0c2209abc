//! Finds two texts whose SHA-256 digests begin with the same digits, as an attacker would who wants one
//! content to be approved in place of another.
//!
//! By van Oorschot and Wiener's parallel collision search: the digits of one digest are written into
//! the next text, and so on. Two such walks stay together after they meet, so that it suffices to keep
//! their ends. About 2^(bits / 2) digests are taken, and next to no memory.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use sha2::compress256;
use sha2::digest::generic_array::GenericArray;
use sha2::digest::typenum::U64;

/// The place in a text of the digits that vary.
pub const MARK: &str = "{digits}";

/// The initial state of SHA-256 (FIPS 180-4, 5.3.3).
const BEGINNING: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];
/// The block size of SHA-256, in bytes.
const BLOCK: usize = 64;

type Block = GenericArray<u8, U64>;

/// One of two texts. SHA-256 is computed block by block, since the generic part of the library is as
/// slow in a debug build as everything compiled here.
#[derive(Clone)]
struct Text {
    /// The state of SHA-256 before the block with the digits.
    state: [u32; 8],
    /// The rest, padded.
    rest: Vec<Block>,
    /// The position of the digits in it.
    at: usize,
}

impl Text {
    fn new(text: &str, digits: usize) -> Self {
        let (before, after) = text.split_once(MARK).expect("a text without a mark");
        let mut all = [before.as_bytes(), &vec![b'0'; digits], after.as_bytes()].concat();
        let bits = u64::try_from(all.len()).unwrap_or(u64::MAX) * 8;
        all.push(0x80);
        while all.len() % BLOCK != BLOCK - 8 {
            all.push(0);
        }
        all.extend(bits.to_be_bytes());
        let blocks: Vec<Block> = all.chunks(BLOCK).map(GenericArray::clone_from_slice).collect();
        let (first, rest) = blocks.split_at(before.len() / BLOCK);
        let mut state = BEGINNING;
        compress256(&mut state, first);
        Self { state, rest: rest.to_vec(), at: before.len() % BLOCK }
    }

    /// The first 64 bits of the digest.
    fn digest(&mut self, digits: &[u8]) -> u64 {
        for (at, digit) in (self.at..).zip(digits) {
            self.rest[at / BLOCK][at % BLOCK] = *digit;
        }
        let mut state = self.state;
        compress256(&mut state, &self.rest);
        u64::from(state[0]) << 32 | u64::from(state[1])
    }
}

/// A finished walk.
#[derive(Clone, Copy)]
struct Walk {
    start: u64,
    steps: u64,
}

#[derive(Clone)]
struct Search {
    texts: [Text; 2],
    /// How many digits must be the same.
    digits: usize,
}

/// The digits to write in place of [`MARK`] into the first and into the second text so that the
/// digests of both begin with the same `digits` hexadecimal digits, four to twelve. Twelve take 40 million
/// digests, give or take.
///
/// # Panics
/// If a text has no mark, or `digits` is out of range.
#[must_use]
pub fn find(texts: [&str; 2], digits: usize) -> [String; 2] {
    assert!((4..=12).contains(&digits), "{digits} digits");
    let texts = texts.map(|text| Text::new(text, digits));
    let search = Search { texts, digits };
    let (starts, ends, found) = (AtomicU64::new(0), Mutex::new(HashMap::new()), OnceLock::new());
    let works = || {
        let mut search = search.clone();
        while found.get().is_none() {
            let start = search.after(starts.fetch_add(1, Ordering::Relaxed));
            let Some((end, walk)) = search.walk(start) else { continue };
            let other = ends.lock().unwrap_or_else(PoisonError::into_inner).insert(end, walk);
            if let Some(pair) = other.and_then(|other| search.meet(walk, other)) {
                let _ = found.set(pair);
            }
        }
    };
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| (0..workers).for_each(|_| drop(scope.spawn(works))));
    found.into_inner().expect("a search ends with a pair").map(|number| search.written(number))
}

impl Search {
    fn written(&self, number: u64) -> String {
        let digit = |at| char::from(b"0123456789abcdef"[(number >> (4 * at) & 15) as usize]);
        (0..self.digits).rev().map(digit).collect()
    }

    /// The first digits of the digest of the text into which these are written. Even numbers are
    /// written into the first text, odd ones into the second.
    fn after(&mut self, number: u64) -> u64 {
        let written = self.written(number);
        let text = &mut self.texts[usize::from(number % 2 == 1)];
        text.digest(written.as_bytes()) >> (64 - 4 * self.digits)
    }

    /// Continues to a number that begins with zeros, as every 16th power does.
    fn walk(&mut self, start: u64) -> Option<(u64, Walk)> {
        // For twelve digits, every 4,096th number ends a walk.
        let zeros = self.digits / 4;
        let rest = 4 * (self.digits - zeros);
        let (mut at, mut steps) = (start, 0);
        while at >> rest != 0 {
            (at, steps) = (self.after(at), steps + 1);
            if steps > 20 << (4 * zeros) {
                // It is a cycle.
                return None;
            }
        }
        Some((at, Walk { start, steps }))
    }

    /// Where two walks to the same end met, if they started from both texts.
    fn meet(&mut self, one: Walk, other: Walk) -> Option<[u64; 2]> {
        let (mut long, mut short) =
            if one.steps > other.steps { (one, other) } else { (other, one) };
        while long.steps > short.steps {
            long = Walk { start: self.after(long.start), steps: long.steps - 1 };
        }
        while long.start != short.start {
            let next = (self.after(long.start), self.after(short.start));
            if next.0 == next.1 {
                let mut pair = [long.start, short.start];
                pair.sort_by_key(|number| number % 2);
                return (pair[0] % 2 != pair[1] % 2).then_some(pair);
            }
            (long.start, short.start) = next;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest as _, Sha256};

    use super::*;

    #[test]
    fn both_digests_begin_with_the_same_digits() {
        // The digits are in one block, or in two.
        let texts = [&format!("{} {MARK} trees", "reads ".repeat(20)), "fells {digits} trees"];
        for digits in [4, 6, 8] {
            let found = find(texts, digits);
            let [one, other] = [0, 1].map(|at| {
                let text = texts[at].replace(MARK, &found[at]);
                hex::encode(Sha256::digest(text))
            });
            assert_eq!(one[..digits], other[..digits]);
            assert_ne!(one, other);
        }
    }
}
