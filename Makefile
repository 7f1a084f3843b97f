# `make demo` shows the main job; `make test` runs every test. Both install the system packages they need.
.PHONY: demo test lint doc libraries compiled fuzz sizes evidence mutants packages

# The solver's library and headers; a C compiler for crates that build C; assembler, linker and emulators that tests
# hold the rows of other machines to. Nothing is installed when all is there.
PACKAGES := libz3-dev gcc libc6-dev pkg-config llvm-19 clang-19 lld-19 qemu-user gdb gdb-multiarch cvc5 cadical python3-venv

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

# Libraries of other people, for the table in the README; those of other machines are Debian's packages for cross compilers.
LIBRARY_PACKAGES := libstdc++6 libllvm19 openjdk-17-jre-headless \
  libc6-arm64-cross libstdc++6-arm64-cross libc6-riscv64-cross libstdc++6-riscv64-cross
LIBRARIES := /usr/lib/x86_64-linux-gnu/libc.so.6 /usr/lib/x86_64-linux-gnu/libstdc++.so.6 \
  /usr/lib/x86_64-linux-gnu/libLLVM.so.19.1 /usr/lib/jvm/java-17-openjdk-amd64/lib/server/libjvm.so \
  /usr/aarch64-linux-gnu/lib/libc.so.6 /usr/aarch64-linux-gnu/lib/libstdc++.so.6 \
  /usr/riscv64-linux-gnu/lib/libc.so.6 /usr/riscv64-linux-gnu/lib/libstdc++.so.6

libraries: packages
	apt-get install -y -qq --no-install-recommends $(LIBRARY_PACKAGES) >/dev/null
	cargo build --release --quiet
	@std=$$(rustc --print sysroot)/lib/rustlib/$$(rustc -vV | sed -n 's/^host: //p')/lib; \
	target/release/framewright check --markdown -j 2 $(LIBRARIES) $$std/libstd-*.so $$std/libcore-*.rlib || [ $$? = 1 ]

# Hostile input for each reader, ten million times, see fuzz/README.md: hours. Lengths are what inputs need to say something.
FUZZERS := unwind:256 decoder:32 wasm:4096 record:4096 spec:4096 claim:8192 elf:3072
RUNS := 10000000

fuzz: packages
	SEEDS=$(CURDIR)/fuzz/corpus cargo test --quiet -p framewright-proofs --test hostile
	for fuzzer in $(FUZZERS); do cargo +nightly fuzz run $${fuzzer%:*} --sanitizer none -- -runs=$(RUNS) \
	  -max_len=$${fuzzer#*:} -timeout=60 -rss_limit_mb=2048 -print_final_stats=1 || exit 1; done

# The same C (SQLite, zlib, zstd, Lua) for all machines, compiled by clang at four levels; takes minutes.
compiled: packages
	apt-get install -y -qq --no-install-recommends libc6-dev-arm64-cross libc6-dev-riscv64-cross >/dev/null
	cargo build --release --quiet
	bench/compiled/check.sh

# Every frame and transition for all sets and sizes: the table in the README.
sizes: packages
	cargo build --release --quiet
	target/release/framewright prove --markdown || [ $$? = 1 ]

# Every question of the whole specification, of all covering shapes and about all sizes, put to three solvers; the refutations
# followed. EVERY=7 asks every seventh.
QUESTIONS := $(CURDIR)/target/questions

evidence: packages
	cargo build --release --quiet
	target/release/framewright prove --export $(QUESTIONS) >/dev/null
	target/release/framewright prove --shapes --export $(QUESTIONS) >/dev/null
	QUESTIONS=$(QUESTIONS) cargo test --workspace --test evidence -- --nocapture

# All mutants of rows and of claims: what nothing notices, and is not listed with a reason.
mutants: packages
	cargo test --workspace --test spec_mutants -- --long --nocapture

packages:
	@command -v cargo >/dev/null || { echo "Rust 1.95 or newer is needed (https://rustup.rs)"; exit 1; }
	@missing=$$(dpkg-query -W -f='$${Package} $${Status}\n' $(PACKAGES) 2>/dev/null | grep -c 'install ok installed'); \
	if [ "$$missing" -lt $(words $(PACKAGES)) ]; then \
	  sudo=$$(command -v sudo || true); [ "$$(id -u)" = 0 ] && sudo=; \
	  $$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq --no-install-recommends $(PACKAGES); \
	fi
