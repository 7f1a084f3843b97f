#!/usr/bin/env bash
# Compiles other people's C (SQLite, zlib, zstd, Lua) with clang for every machine and level, and checks each function.
#
#   bench/compiled/check.sh [FRAMEWRIGHT]      MACHINES="…" LEVELS="…" SOURCES="…" choose; options to `check`: CHECK="…"
set -euo pipefail
cd "$(dirname "$0")/../.."
framewright=${1:-target/release/framewright}
work=target/compiled
mkdir -p $work
[ -d $work/vendor ] || (cd bench/compiled && cargo vendor --quiet ../../$work/vendor >/dev/null)

# The headers of a C library, of which only declarations matter: those of one machine do for all without their own.
headers() {
  case $1 in
    x86_64) echo /usr/include/x86_64-linux-gnu ;;
    riscv64) echo /usr/riscv64-linux-gnu/include ;;
    *) echo /usr/aarch64-linux-gnu/include ;;
  esac
}

files() {
  case $1 in
    sqlite) ls $work/vendor/libsqlite3-sys/sqlite3/sqlite3.c ;;
    zlib) ls $work/vendor/libz-sys/src/zlib/*.c ;;
    zstd) find $work/vendor/zstd-sys/zstd/lib/{common,compress,decompress,dictBuilder} -name '*.c' ;;
    lua) ls $work/vendor/lua-src/lua-5.4*/*.c ;;
  esac
}

compile() { # machine level source
  local to=$work/$1/$2/$3
  [ -e "$to/done" ] && return
  mkdir -p "$to"
  for file in $(files "$3"); do
    clang-19 --target="$1-linux-gnu" "-$2" -fPIC -w -c -isystem "$(headers "$1")" -DZSTD_DISABLE_ASM -DHAVE_UNISTD_H \
      -o "$to/$(basename "$file" .c).o" "$file"
  done
  touch "$to/done"
}

for machine in ${MACHINES:-x86_64 aarch64 riscv64 loongarch64}; do
  for level in ${LEVELS:-O0 O1 O2 Os}; do
    for source in ${SOURCES:-sqlite zlib zstd lua}; do
      compile "$machine" "$level" "$source"
    done
    echo "== $machine -$level"
    # A refutation is an answer, not a failure of this script.
    "$framewright" check --summary ${CHECK:-} $work/"$machine"/"$level"/*/*.o || [ $? = 1 ]
  done
done
