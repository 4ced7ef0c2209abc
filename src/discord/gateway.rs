//! See the map in `discord`.
