#!/usr/bin/env bash
# How good are searched mappings? Prints the cycles of ResNet18 over its ideal (multiply-accumulates
# divided by processing elements, summed over the layers) for two arrays, as a Markdown table; in
# brackets CPU seconds of the whole process on one thread.
#   IMBREX=build/release/bin/imbrex configs/ablations/loop-nest/table.sh [MAPPINGS ...]
# MAPPINGS: how many mappings per layer a search may look at (default: 500 10000).
source "$(dirname "$0")/../common.sh"
counts=("$@")
[ $# -gt 0 ] || counts=(500 10000)
TIMEFORMAT=%U

# ratio ARRAY NAME OVERRIDE...: one cell.
ratio() {
  local result=$out/$1-$2/result.json seconds
  local arguments=("../../recipes/resnet18-$1.toml" --out "$out/$1-$2" --quiet --threads 1)
  for override in "${@:3}"; do
    arguments+=(--set "$override")
  done
  seconds=$({ time "$imbrex" run "${arguments[@]}" >&2; } 2>&1)
  printf ' %s (%.1f s) |' "$(awk "BEGIN { printf \"%.2f\", $(number "$result" latency_ps) / 1000 \
    / ($(number "$result" macs) / $(number "$result" units_total)) }")" "$seconds"
}

table_head 'array, mappings per layer' 'random, uniform' 'random, refined' anneal genetic
for array in eye168 ws256; do
  for count in "${counts[@]}"; do
    printf '| %s, %s |' "$array" "$count"
    ratio "$array" "uniform-$count" "stage.2.samples=$count" stage.2.candidates_from=uniform
    ratio "$array" "refined-$count" "stage.2.samples=$count"
    ratio "$array" "anneal-$count" stage.2.use=imbrex.search.anneal stage.2.judge=layers \
      "stage.2.iterations=$count" stage.2.proposals=1 stage.2.temperature=0.5
    ratio "$array" "genetic-$count" stage.2.use=imbrex.search.genetic "stage.2.candidates=$count"
    printf '\n'
  done
done
