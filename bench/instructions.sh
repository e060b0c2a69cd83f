#!/usr/bin/env bash
# Instructions of five central pieces of work, counted by callgrind: a table that hardly depends on the machine.
#
#   bench/instructions.sh [BUILD FOLDER]
#
# Needs valgrind. One thread; each piece is a whole run of the command, less what a run of the smallest network
# takes, so that loading plugins and reading recipes do not hide the work.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$(realpath "${1:-build/release}")
command -v valgrind >/dev/null || { echo "instructions: valgrind is not there; apt-get install valgrind" >&2; exit 2; }
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# count RECIPE [SET ...]: instructions of the run.
count() {
  local recipe=$1 sets=() set
  for set in "${@:2}"; do sets+=(--set "$set"); done
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$build/bin/imbrex" run "$recipe" "${sets[@]}" \
    --threads 1 --quiet --force --out "$out/result" 2>&1 >/dev/null | sed -n 's/.*Collected : *//p'
}

cat >"$out/smallest.toml" <<EOF
imbrex = 1
name = "smallest"
[workload]
use = "imbrex.workload.toml"
file = "$PWD/configs/workloads/product8.toml"
[architecture]
use = "imbrex.architecture.tiled-cim"
[cost]
use = "imbrex.cost.crossbar"
[[stage]]
use = "imbrex.overlap.layer-by-layer"
EOF
least=$(count "$out/smallest.toml")
printf '| work | million instructions |\n|---|---|\n'
printf '| start, one layer | %s |\n' "$(awk -v n="$least" 'BEGIN { printf "%.0f", n / 1e6 }')"
row() {
  local instructions
  instructions=$(count "${@:2}")
  printf '| %s | %s |\n' "$1" "$(awk -v n="$instructions" -v least="$least" 'BEGIN { printf "%.0f", (n - least) / 1e6 }')"
}
row "CLSA-CIM on TinyYOLOv4, by row" configs/recipes/tinyyolov4-clsa-cim.toml
row "optimal segments of ResNet18, four samples" configs/recipes/resnet18-compass.toml stage.1.use=imbrex.partition.optimal
row "Fast-OverlaPIM on ResNet18, 100 candidates" configs/recipes/resnet18-fast-overlapim.toml stage.2.candidates=100
row "random search on eye168, 20 samples" configs/recipes/resnet18-eye168.toml stage.2.samples=20
row "PipeOrgan on RITNet" configs/recipes/ritnet-pipeorgan.toml
