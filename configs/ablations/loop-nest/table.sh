#!/usr/bin/env bash
# How good are searched mappings? Prints the cycles of ResNet18 over its ideal (multiply-accumulates
# divided by processing elements, summed over the layers) for two arrays, as Markdown tables; in
# brackets CPU seconds of the whole process on one thread. The second table gives every search the
# mappings for which it takes about as long as uniform sampling takes for 10000; behind the seconds
# stands how many.
#   IMBREX=build/release/bin/imbrex configs/ablations/loop-nest/table.sh [MAPPINGS ...]
# MAPPINGS: how many mappings per layer a search may look at (default: 500 10000).
source "$(dirname "$0")/../common.sh"
counts=("$@")
[ $# -gt 0 ] || counts=(500 10000)
arrays=(eye168 ws256)
searches=(uniform refined anneal genetic)
TIMEFORMAT=%U

# overrides SEARCH MAPPINGS: sets `arguments`. Annealing has a walk for each 100 steps, at most 128;
# the genetic search a population of a tenth of the mappings, at most 64, the first of it uniform.
overrides() {
  local walks=$(($2 < 100 ? 1 : ($2 < 12800 ? $2 / 100 : 128)))
  local alive=$(($2 < 640 ? $2 / 10 : 64))
  case $1 in
    uniform) arguments=(samples="$2" candidates_from=uniform) ;;
    refined) arguments=(samples="$2") ;;
    anneal)
      arguments=(use=imbrex.search.anneal judge=layers iterations="$2" walks="$walks"
        proposals=1 temperature=0.5)
      ;;
    genetic)
      arguments=(use=imbrex.search.genetic judge=layers population="$alive" candidates="$alive"
        candidates_from=uniform generations="$(($2 / alive - 1))")
      ;;
  esac
}

# run ARRAY SEARCH MAPPINGS: leaves the ratio and the seconds in `cycles` and `seconds`.
run() {
  local result=$out/$1-$2-$3/result.json settings=() argument arguments
  overrides "$2" "$3"
  for argument in "${arguments[@]}"; do
    settings+=(--set "stage.2.$argument")
  done
  seconds=$({ time "$imbrex" run "../../recipes/resnet18-$1.toml" --out "$out/$1-$2-$3" --force \
    --quiet --threads 1 "${settings[@]}" >&2; } 2>&1)
  cycles=$(awk "BEGIN { printf \"%.2f\", $(number "$result" latency_ps) / 1000 \
    / ($(number "$result" macs) / $(number "$result" units_total)) }")
}

table_head 'array, mappings per layer' 'random, uniform' 'random, refined' anneal genetic
for array in "${arrays[@]}"; do
  for count in "${counts[@]}"; do
    printf '| %s, %s |' "$array" "$count"
    for search in "${searches[@]}"; do
      run "$array" "$search" "$count"
      printf ' %s (%.1f s) |' "$cycles" "$seconds"
    done
    printf '\n'
  done
done

printf '\n'
table_head 'array, equal time' 'random, uniform' 'random, refined' anneal genetic
for array in "${arrays[@]}"; do
  printf '| %s |' "$array"
  run "$array" uniform 10000
  budget=$seconds
  for search in "${searches[@]}"; do
    count=10000
    if [ "$search" != uniform ]; then
      # Time is a start and so much per mapping.
      run "$array" "$search" 1000
      few=$seconds
      run "$array" "$search" 10000
      count=$(awk "BEGIN { n = 1000 + 9000 * ($budget - $few) / ($seconds - $few); \
        printf \"%d\", (n < 100 ? 100 : n) / 50 } " | awk '{ print 50 * $1 }')
    fi
    run "$array" "$search" "$count"
    printf ' %s (%.1f s, %s) |' "$cycles" "$seconds" "$count"
  done
  printf '\n'
done
