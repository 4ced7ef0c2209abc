//! Calls to Discord's REST API.
