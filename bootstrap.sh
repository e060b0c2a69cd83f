#!/usr/bin/env bash
# Installs what is missing, builds Imbrex and does what you ask. Debian 12; run as root or with sudo.
#
#   ./bootstrap.sh demo [MODEL.onnx]   schedule TinyYOLOv4 (and your network) on a tiled RRAM accelerator
#   ./bootstrap.sh test                build and run every test
#   ./bootstrap.sh sanitize            the tests under the address and undefined-behaviour sanitizers
#   ./bootstrap.sh bench               build and run the benchmarks
#   ./bootstrap.sh deps                only install the packages
set -euo pipefail
start_folder=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")"

# The one list of Debian packages that building, testing and running need.
packages=(
  g++ cmake ninja-build ccache binutils
  libboost-dev libtomlplusplus-dev libfmt-dev libspdlog-dev nlohmann-json3-dev libcli11-dev
  libtbb-dev libssl-dev libpagmo-dev
  libonnx-dev libprotobuf-dev protobuf-compiler
  libgtest-dev libbenchmark-dev
)

install_packages() {
  local missing=() package
  for package in "${packages[@]}"; do
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
}

# build PRESET [TARGET ...]
build() {
  local preset=$1
  shift
  [ -f "build/$preset/build.ninja" ] || cmake --preset "$preset" >"/dev/null"
  local targets=()
  [ $# -eq 0 ] || targets=(--target "$@")
  cmake --build --preset "$preset" "${targets[@]}" -- -j"$(nproc)"
}

demo() {
  local imbrex=build/release/bin/imbrex out=results/demo-tinyyolov4
  "$imbrex" run configs/recipes/tinyyolov4-clsa-cim.toml --out "$out" --force
  if [ $# -gt 0 ]; then
    local model=$1
    case "$model" in /*) ;; *) model=$start_folder/$model ;; esac
    local name
    name=demo-$(basename "$model" .onnx)
    "$imbrex" run configs/recipes/onnx-clsa-cim.toml --set "workload.file=$model" --set "name=$name" \
      --out "results/$name" --force
  fi
  echo
  echo "The results lie in $PWD/results:"
  echo "  result.json   every metric, per operator and per edge"
  echo "  plan.toml     the resolved recipe; '$imbrex run $out/plan.toml --out DIR' gives the same bytes"
}

case "${1:-}" in
  deps) install_packages ;;
  demo)
    install_packages
    build release imbrex imbrex_plugins
    demo "${@:2}"
    ;;
  test)
    install_packages
    build release
    ctest --preset release -j"$(nproc)"
    ;;
  sanitize)
    install_packages
    build asan-ubsan
    ctest --preset asan-ubsan -j"$(nproc)"
    ;;
  bench)
    install_packages
    build release
    build/release/bin/imbrex_bench "${@:2}"
    ;;
  *)
    sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]##*/}" >&2
    exit 2
    ;;
esac
