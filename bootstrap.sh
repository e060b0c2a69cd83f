#!/usr/bin/env bash
# Installs what is missing, builds Imbrex and does what you ask. Debian 12; run as root or with sudo.
#
#   ./bootstrap.sh demo [MODEL.onnx]   schedule TinyYOLOv4 (and your network) on a tiled RRAM accelerator
#   ./bootstrap.sh build [RECIPE ...]  build the command and every plugin, or only what the recipes name
#   ./bootstrap.sh install [PREFIX]    build everything and install it, into /usr/local without PREFIX
#   ./bootstrap.sh package             build everything and pack build/release/packages/*.deb
#   ./bootstrap.sh test                build and run every test
#   ./bootstrap.sh sanitize            every test under the address and undefined-behaviour sanitizers, then those
#                                      with several threads under the thread sanitizer
#   ./bootstrap.sh clang               build everything with clang and run every test
#   ./bootstrap.sh fuzz [SECONDS]      feed everything that reads files of users with mutated ones, 60 seconds each
#   ./bootstrap.sh bench               build and run the benchmarks
#   ./bootstrap.sh deps                only install the packages
set -euo pipefail
start_folder=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")"
here=$PWD

# The one list of Debian packages. Commands that run a network need the first line, networks in ONNX and
# every plugin the second, tests and benchmarks the third; then what the sanitizers and clang need.
core_packages=(g++ cmake ninja-build ccache binutils
  libboost-dev libtomlplusplus-dev libfmt-dev libspdlog-dev nlohmann-json3-dev libcli11-dev libtbb-dev libssl-dev
  libsqlite3-dev libunistring-dev)
plugin_packages=(libonnx-dev libprotobuf-dev protobuf-compiler libpagmo-dev)
package_tools=(dpkg-dev file)   # what cpack asks about the files that it packs
test_packages=(libgtest-dev libbenchmark-dev clang-format-14 strace python3 python3-jsonschema "${package_tools[@]}")
sanitizer_packages=(libasan8 libubsan1 libtsan2)
clang_packages=(clang libclang-rt-dev)
# What one step takes of one core, in seconds: 1.6 in the demo's build, where six sources are one step, 2.5 for
# a unit test, measured on a busy server of two cores.
seconds_per_step=2

install_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  local sudo=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "bootstrap: these packages are missing and sudo is not there to install them: ${missing[*]}" >&2; exit 1; }
    sudo=(sudo)
  fi
  echo "bootstrap: installing ${missing[*]}"
  "${sudo[@]}" apt-get update -qq
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  # What was configured without them looks again.
  touch --no-create CMakeLists.txt
}

# configure PRESET tests|command|run: what the build folder offers at least: everything, no tests and benchmarks, or of
# the command only what runs a recipe. A folder that has more keeps it.
configure() {
  local preset=$1 folder=build/$1 fewer=() options=() option
  [ "$2" = tests ] || fewer=(IMBREX_BUILD_TESTS IMBREX_BUILD_BENCH)
  [ "$2" != run ] || fewer+=(IMBREX_WHOLE_COMMAND)
  if [ ! -f "$folder/build.ninja" ]; then
    for option in "${fewer[@]}"; do options+=("-D$option=OFF"); done
  else
    for option in IMBREX_BUILD_TESTS IMBREX_BUILD_BENCH IMBREX_WHOLE_COMMAND; do
      # What the preset says, where that is missed.
      [[ " ${fewer[*]} " == *" $option "* ]] || ! grep -q "^$option:BOOL=OFF" "$folder/CMakeCache.txt" || options+=("-U$option")
    done
    [ ${#options[@]} -gt 0 ] || return 0   # ninja configures again when a list of files has changed
  fi
  cmake --preset "$preset" "${options[@]}" >/dev/null
}

# One line that says how far the build is; whatever else ninja prints is shown.
show_progress() {
  local line last=
  while IFS= read -r line; do
    if [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]]; then
      last=$line
      [ ! -t 1 ] || printf '\r\033[Kbootstrap: %s of %s' "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
    elif [ "$line" != "ninja: no work to do." ]; then
      [ ! -t 1 ] || [ -z "$last" ] || printf '\r\033[K'
      printf '%s\n' "$line"
    fi
  done
  [ ! -t 1 ] || [ -z "$last" ] || printf '\r\033[K'
}

# steps_left PRESET TARGET ...: how many files have to be made that are not there yet.
steps_left() {
  local folder=build/$1 file count=0
  while IFS= read -r file; do
    [ -e "$folder/$file" ] || count=$((count + 1))
  done < <(ninja -C "$folder" -t commands "${@:2}" | sed -nE 's/.* -o ([^ ]+) .*/\1/p')
  echo "$count"
}

# build PRESET [TARGET ...]: says beforehand about how long that takes.
build() {
  local preset=$1 steps cores
  shift
  [ $# -gt 0 ] || set -- all
  cores=$(nproc)
  steps=$(steps_left "$preset" "$@")
  if [ "$steps" -gt 0 ]; then
    awk -v steps="$steps" -v cores="$cores" -v each="$seconds_per_step" 'BEGIN {
      seconds = steps * each / cores
      time = seconds < 90 ? (int(seconds / 10) + 1) * 10 " seconds" : int(seconds / 60 + 1) " minutes"
      print "bootstrap: building " steps " files on " cores " cores takes about " time ", less with ccache" }'
  fi
  cmake --build --preset "$preset" --target "$@" -- -j"$cores" | show_progress
}

# One line that says how far the tests are; of a test that fails, all that ctest shows.
show_test_progress() {
  local line
  while IFS= read -r line; do
    if [[ $line =~ ^\ *([0-9]+)/([0-9]+)\ Test\ .*\ Passed\  ]]; then
      [ ! -t 1 ] || printf '\r\033[Kbootstrap: test %s of %s' "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
    elif [[ ! $line =~ ^\ +Start\ +[0-9]+: ]]; then
      [ ! -t 1 ] || printf '\r\033[K'
      printf '%s\n' "$line"
    fi
  done
}

# run_tests PRESET: also keeps what ctest says, for the summary.
run_tests() {
  ctest --preset "$1" -j"$(nproc)" 2>&1 | tee "build/$1/tests.log" | show_test_progress
}

# summary PRESET NAME: the counts and the seconds of the last run_tests.
summary() {
  local counts seconds
  counts=$(grep -E '% tests passed' "build/$1/tests.log" || echo "no test was run")
  seconds=$(sed -nE 's/^Total Test time \(real\) = *//p' "build/$1/tests.log")
  echo "bootstrap: $2: $counts, ${seconds:-0 sec}"
}

sanitize() {
  local failed=0 seconds_per_step=4   # instrumented code takes the compiler longer
  configure asan-ubsan tests
  build asan-ubsan
  run_tests asan-ubsan || failed=1
  configure tsan tests
  build tsan imbrex_thread_tests
  run_tests tsan || failed=1
  summary asan-ubsan "address and undefined-behaviour sanitizers"
  summary tsan "thread sanitizer"
  return "$failed"
}

# fuzz SECONDS: each harness goes on from the inputs that earlier runs left in build/fuzz/corpus.
fuzz() {
  local folder=build/fuzz harness corpora failed=0
  "$folder/bin/fuzz_seeds" "$folder/seeds"
  "$folder/bin/fuzz_onnx_seeds" "$folder/seeds/onnx"
  for harness in "$folder"/seeds/*; do
    harness=${harness##*/}
    mkdir -p "$folder/corpus/$harness"
    corpora=("$folder/corpus/$harness" "$folder/seeds/$harness")
    [ ! -d "tests/fuzz/corpus/$harness" ] || corpora+=("tests/fuzz/corpus/$harness")
    if "$folder/bin/fuzz_$harness" -max_total_time="$1" -timeout=60 -rss_limit_mb=4096 -detect_leaks=1 \
      -artifact_prefix="$folder/$harness-" "${corpora[@]}" >"$folder/$harness.log" 2>&1; then
      echo "bootstrap: fuzz_$harness: $(tail -n 1 "$folder/$harness.log")"
    else
      failed=1
      tail -n 40 "$folder/$harness.log"
      echo "bootstrap: fuzz_$harness failed; its input is build/fuzz/$harness-*, all it said in build/fuzz/$harness.log"
    fi
  done
  return "$failed"
}

# The components that recipes name, and those of the recipes that they extend: as targets of the build.
components_of() {
  local recipe base
  for recipe in "$@"; do
    [ -f "$recipe" ] || { echo "bootstrap: no recipe $recipe" >&2; return 1; }
    sed 's/#.*//' "$recipe" | { grep -oE 'use *= *"imbrex\.[a-z]+\.[a-z0-9-]+"' || true; } | cut -d'"' -f2
    base=$(sed -nE 's/^extends *= *"([^"]+)".*/\1/p' "$recipe")
    [ -z "$base" ] || components_of "$(dirname "$recipe")/$base"
  done
}

# build_recipes RECIPE ...: the command, and the plugins that hold these components.
build_recipes() {
  local components
  components=$(components_of "$@" | sort -u)
  # shellcheck disable=SC2086  # a list of words
  build release imbrex $components
}

from_start() { case "$1" in /*) echo "$1" ;; *) echo "$start_folder/$1" ;; esac; }

demo() {
  local imbrex=build/release/bin/imbrex out=results/demo-tinyyolov4
  local recipes=(configs/recipes/tinyyolov4-clsa-cim.toml)
  [ $# -eq 0 ] || recipes+=(configs/recipes/onnx-clsa-cim.toml)
  build_recipes "${recipes[@]}"
  "$imbrex" run "${recipes[0]}" --out "$out" --force
  if [ $# -gt 0 ]; then
    local name
    name=demo-$(basename "$1" .onnx)
    "$imbrex" run "${recipes[1]}" --set "workload.file=$(from_start "$1")" --set "name=$name" \
      --out "results/$name" --force
  fi
  echo
  echo "The results lie in $here/results:"
  echo "  result.json   every metric, per operator and per edge"
  echo "  plan.toml     the resolved recipe; '$imbrex run $out/plan.toml --out DIR' gives the same bytes"
  echo "Only what this recipe needs was built; './bootstrap.sh build' adds all plugins and commands (sweep, explain, ...)."
}

everything() {
  install_packages "${core_packages[@]}" "${plugin_packages[@]}"
  configure release command
  build release imbrex imbrex_plugins imbrex_session
}

case "${1:-}" in
  deps) install_packages "${core_packages[@]}" "${plugin_packages[@]}" "${test_packages[@]}" ;;
  demo)
    install_packages "${core_packages[@]}"
    [ $# -lt 2 ] || install_packages "${plugin_packages[@]}"
    configure release run
    demo "${@:2}"
    ;;
  build)
    if [ $# -gt 1 ]; then
      install_packages "${core_packages[@]}" "${plugin_packages[@]}"
      configure release command
      recipes=()
      for recipe in "${@:2}"; do recipes+=("$(from_start "$recipe")"); done
      build_recipes "${recipes[@]}"
    else
      everything
    fi
    ;;
  install)
    everything
    if [ $# -gt 1 ]; then prefix=$(from_start "$2"); else prefix=/usr/local; fi
    cmake --install build/release --prefix "$prefix" >/dev/null
    echo "Installed below $prefix; '$prefix/bin/imbrex plugins' lists the components."
    ;;
  package)
    install_packages "${package_tools[@]}"
    everything
    (cd build/release && cpack -G DEB -B packages >/dev/null)
    ls build/release/packages/*.deb
    ;;
  test)
    install_packages "${core_packages[@]}" "${plugin_packages[@]}" "${test_packages[@]}"
    configure release tests
    build release
    ctest --preset release -j"$(nproc)"
    ;;
  sanitize)
    install_packages "${core_packages[@]}" "${plugin_packages[@]}" "${test_packages[@]}" "${sanitizer_packages[@]}"
    sanitize
    ;;
  clang)
    install_packages "${core_packages[@]}" "${plugin_packages[@]}" "${test_packages[@]}" "${clang_packages[@]}"
    configure clang tests
    build clang
    ctest --preset clang -j"$(nproc)"
    ;;
  fuzz)
    install_packages "${core_packages[@]}" "${plugin_packages[@]}" "${clang_packages[@]}"
    [ -f build/fuzz/build.ninja ] || cmake --preset fuzz >/dev/null
    build fuzz imbrex_fuzzers
    fuzz "${2:-60}"
    ;;
  bench)
    install_packages "${core_packages[@]}" "${plugin_packages[@]}" "${test_packages[@]}"
    configure release tests
    build release imbrex_bench
    build/release/bin/imbrex_bench "${@:2}"
    ;;
  *)
    sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//p;}' "${BASH_SOURCE[0]##*/}" >&2
    exit 2
    ;;
esac
