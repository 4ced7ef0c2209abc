# Everything that a newcomer needs. `make test` runs all tests; it installs what it lacks where it
# may, and otherwise names it.

.PHONY: test dependencies format lint doc offline prepare

test: dependencies
	cargo test --workspace

dependencies:
	scripts/install-dependencies

format:
	cargo fmt --all --check

lint:
	cargo clippy --workspace --all-targets -- -D warnings

doc:
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --document-private-items

# Without any database, as a user builds it.
offline:
	env -u DATABASE_URL SQLX_OFFLINE=true cargo build --workspace

# Renews .sqlx, the descriptions of the queries, with the migrations applied to a temporary Postgres.
prepare: dependencies
	scripts/prepare-queries
