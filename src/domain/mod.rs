//! The rules of Countersign, without I/O: nothing here knows a database, Discord or a clock.

pub mod catalogue;
pub mod ids;
