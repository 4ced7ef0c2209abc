//! Cuts text to Discord's limits.
//!
//! Discord doesn't say what it counts; UTF-16 code units are never fewer than its clients' count.

use unicode_segmentation::UnicodeSegmentation;

use crate::locale::{Language, text};

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

/// As many of the parts as `room` holds, in UTF-16 code units, and how many are left out. A part is
/// there whole or not at all, so that none breaks the markdown of its neighbours.
pub fn join_within(parts: &[String], separator: &str, room: usize, language: Language) -> String {
    let whole = parts.join(separator);
    if units(&whole) <= room {
        return whole;
    }
    let mut shown = String::new();
    let mut best = String::new();
    for (at, part) in parts.iter().enumerate() {
        let more = text!(language, "panel-more", count = parts.len() - at);
        let candidate =
            if at == 0 { more } else { [shown.as_str(), separator, more.as_str()].concat() };
        if at > 0 && units(&candidate) > room {
            break;
        }
        best = candidate;
        if at > 0 {
            shown.push_str(separator);
        }
        shown.push_str(part);
    }
    best
}
