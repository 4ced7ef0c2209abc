//! Cuts text to Discord's limits.
//!
//! Discord doesn't say what it counts; UTF-16 code units are never fewer than its clients' count.

use unicode_segmentation::UnicodeSegmentation;

const ELLIPSIS: char = '\u{2026}';

/// A text's length in UTF-16 code units.
pub fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The text, cut to `limit` UTF-16 code units between two graphemes, the last of them an ellipsis.
///
/// No backslash is left alone at the end, where it would escape what comes after.
pub fn truncate(text: &str, limit: usize) -> String {
    if units(text) <= limit {
        return text.to_owned();
    }
    if limit == 0 {
        return String::new();
    }
    let mut room = limit - 1;
    let mut kept = 0;
    for (start, grapheme) in text.grapheme_indices(true) {
        let Some(rest) = room.checked_sub(units(grapheme)) else { break };
        room = rest;
        kept = start + grapheme.len();
    }
    let mut head = &text[..kept];
    let backslashes = head.bytes().rev().take_while(|byte| *byte == b'\\').count();
    head = &head[..head.len() - backslashes % 2];
    format!("{}{ELLIPSIS}", head.trim_end())
}

/// Cuts in place; says whether anything was lost.
pub(super) fn shorten(text: &mut String, limit: usize) -> bool {
    let lost = units(text) > limit;
    if lost {
        *text = truncate(text, limit);
    }
    lost
}

/// Cuts in place to `limit` and to what is `left` of a common store, and takes it from there.
pub(super) fn take(text: &mut String, limit: usize, left: &mut usize) -> bool {
    let lost = shorten(text, limit.min(*left));
    *left -= units(text);
    lost
}
