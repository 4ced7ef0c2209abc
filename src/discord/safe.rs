//! Makes what people typed safe to show.
