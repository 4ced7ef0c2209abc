//! A provider's catalogue: API versions → categories → scopes.
