//! The book in docs/book: its pages are complete in both languages, its links lead somewhere, and what it says of
//! commands, keys, metrics and messages is what the program has.
//!
//! Parts of pages, and all pictures, are drawn from the program: set `COUNTERSIGN_WRITE_DRAWINGS` to write them instead of
//! comparing them, and read the difference.

mod command_lines;
mod configuration;
mod drawings;
mod keys;
mod links;
mod messages;
mod monitoring;
mod pages;
mod pictures;
mod probes;
mod structure;
mod style;
