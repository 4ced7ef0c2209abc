# The commands for a start. `make play` shows the bot, `make test` runs all tests; both
# install what is missing if they may, and else name it.

TARGET := $(or $(CARGO_TARGET_DIR),target)

.PHONY: play story test chaos chaos-bounded bench format lint doc offline prepare prepared package package-check package-test dependencies

# A temporary Postgres, a simulated Discord, a mailbox, the bot, and a page to use it all by hand.
play: build
	$(TARGET)/debug/playground

# The main job, run without a person and printed.
story: build
	$(TARGET)/debug/playground story

test: dependencies
	scripts/test

# The long ones: kills at every point, faults on every route, a thousand histories of the model, ten
# thousand workflows and races, a million tokens. Ends with a table.
chaos: dependencies
	scripts/chaos

# What CI has time for: every kill and every fault, and less of what only repeats.
chaos-bounded: dependencies
	scripts/chaos bounded

# Measures what is shipped, which is never built in increments, beside its peers as well (benches/peers, with packages of
# npm), and writes docs/performance.md.
bench: dependencies
	CARGO_INCREMENTAL=0 cargo bench --bench performance -- --write

format:
	cargo fmt --all --check

lint:
	cargo clippy --workspace --all-targets -- -D warnings
# Without the features that builds of the whole workspace have.
	cargo clippy -- -D warnings

doc:
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --document-private-items

# Without any database, as a user builds it.
offline:
	env -u DATABASE_URL SQLX_OFFLINE=true cargo build --workspace

# Renews .sqlx, the descriptions of the queries, with the migrations applied to a temporary Postgres.
prepare:
	scripts/install-dependencies play
	scripts/prepare-queries

# Fails where `make prepare` would change something.
prepared:
	scripts/install-dependencies play
	scripts/prepare-queries --check

# The static program, the Debian package and the container's image, into target/package.
package:
	scripts/install-dependencies package
	packaging/build

# What packages are made of, read by the linter of each kind.
package-check:
	scripts/install-dependencies package
	packaging/check

# Installs the Debian package on clean Debians, and runs the program there, in the container's image and in an empty
# folder. As root.
package-test:
	scripts/install-dependencies package
	packaging/test

dependencies:
	scripts/install-dependencies test

.PHONY: build
build:
	scripts/install-dependencies play
	cargo build --workspace --bins

# The book in both languages, into target/book.
.PHONY: book
book:
	@command -v mdbook > /dev/null || { echo "mdbook is missing; install it: cargo install mdbook --locked --version 0.5.4" >&2; exit 1; }
	mdbook build docs/book/en --dest-dir $(abspath $(TARGET))/book/en
	mdbook build docs/book/ja --dest-dir $(abspath $(TARGET))/book/ja
