# The one entry point for development; continuous integration runs `check`.

set shell := ["bash", "-euo", "pipefail", "-c"]

# What must pass before a change lands.
check: fmt lint doc test licences contract

# Formatting.
fmt:
    cargo fmt --all --check

# Lints, on everything, warnings refused.
lint:
    cargo clippy --locked --all-targets -- -D warnings

# Documentation builds without a dead link.
doc:
    RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --document-private-items --quiet

# All tests: units, the import rule, and the service through its front door.
test:
    cargo test --locked --quiet

# Licences and sources of dependencies, if cargo-deny is installed.
licences:
    if command -v cargo-deny >/dev/null; then cargo deny --locked --log-level error check licenses bans sources; else echo "licences: cargo-deny is not installed, skipped"; fi

# The schema's lint and format, if buf is installed.
contract:
    if command -v buf >/dev/null; then buf lint && buf format --diff --exit-code; else echo "contract: buf is not installed, skipped"; fi

# Rewrites docs/configuration.md from the doc comments.
reference:
    cargo run --quiet -- config reference --page > docs/configuration.md

# Criterion benches.
bench:
    cargo bench --locked
