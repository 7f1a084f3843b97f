# `make demo` shows the main job; `make test` runs every test. Both install the system packages they need.
.PHONY: demo test lint doc packages

# The solver's library and headers; a C compiler for crates that build C; assembler, linker and emulators that tests
# hold the rows of other machines to. Nothing is installed when all is there.
PACKAGES := libz3-dev gcc libc6-dev pkg-config llvm-19 clang-19 lld-19 qemu-user cvc5 cadical python3-venv

demo: packages
	cargo build --release --quiet
	target/release/framewright run examples/sieve.wat --invoke main 2000000 --trace --stats

test: packages
	cargo test --workspace --no-fail-fast

lint:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --quiet -- -D warnings

doc:
	RUSTDOCFLAGS="-D warnings -A rustdoc::private-intra-doc-links" cargo doc --workspace --no-deps --quiet

packages:
	@command -v cargo >/dev/null || { echo "Rust 1.95 or newer is needed (https://rustup.rs)"; exit 1; }
	@missing=$$(dpkg-query -W -f='$${Package} $${Status}\n' $(PACKAGES) 2>/dev/null | grep -c 'install ok installed'); \
	if [ "$$missing" -lt $(words $(PACKAGES)) ]; then \
	  sudo=$$(command -v sudo || true); [ "$$(id -u)" = 0 ] && sudo=; \
	  $$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq --no-install-recommends $(PACKAGES); \
	fi
