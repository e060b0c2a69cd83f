#!/usr/bin/env bash
# Prints, as Markdown tables: the latency of Best Original over that of every configuration; how far
# the greedy search orders are from the optimal chain; the search time with OverlaPIM's pairwise
# comparison over that with the analytical analysis. Median over seeds, smallest and largest in
# brackets.
#   IMBREX=build/release/bin/imbrex configs/ablations/fast-overlapim/table.sh [NETWORK ...]
#   SEEDS=8                            how many seeds, from 42 on
#   TABLES="latency gaps search-time"  which tables
#   CANDIDATES=16                      mappings per layer in the table of search times: pairwise takes
#                                      minutes on vgg16-full
# The six configurations of one network and seed draw the same samples, so ratios are per seed.
source "$(dirname "$0")/../common.sh"
variants=(best-original best-original-overlap best-overlap original-transform overlap-transform
  best-transform)
networks=("$@")
[ $# -gt 0 ] || networks=(resnet18 resnet50-full vgg16-full bert-base-encoder)
seeds=${SEEDS:-8}
candidates=${CANDIDATES:-16}

# study RECIPE NETWORK: runs all seeds, once, and leaves the folder in $study.
study() {
  study=$out/$2-$1
  [ -d "$study" ] ||
    "$imbrex" run "$1.toml" --set "$(workload "$2")" --seeds "$seeds" --out "$study" --quiet
}

# per_seed FOLDER KEY: the number of that key in every seed's result.json, one a line, by seed.
per_seed() {
  local seed
  for seed in $(seq 42 $((41 + seeds))); do
    number "$1/seed-$seed/result.json" "$2"
  done
}

# ratios FILE FILE: line by line.
ratios() { paste "$1" "$2" | awk '{ printf "%.17g\n", $1 / $2 }'; }

# spread: median [smallest .. largest] of the numbers on stdin.
spread() {
  sort -g | awk '{ v[NR] = $1 }
    END { m = NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2
          printf " %.2f [%.2f .. %.2f] |", m, v[1], v[NR] }'
}

latency_table() {
  local variant network original
  table_head configuration "${networks[@]}"
  for variant in "${variants[@]}"; do
    printf '| %s |' "$variant"
    for network in "${networks[@]}"; do
      study best-original "$network"
      original=$study
      study "$variant" "$network"
      ratios <(per_seed "$original" latency_ps) <(per_seed "$study" latency_ps) | spread
    done
    printf '\n'
  done
}

# gap_table STATISTIC TITLE: every order's STATISTIC over that of the optimal chain.
gap_table() {
  local order network suffix=$1
  table_head "$2" "${networks[@]}"
  for order in forward backward middle_out middle_out_largest_overall middle_out_largest_macs; do
    printf '| %s |' "${order//_/ }"
    for network in "${networks[@]}"; do
      study optimal-chain "$network"
      ratios <(per_seed "$study" "${order}_$suffix") <(per_seed "$study" "chain_$suffix") | spread
    done
    printf '\n'
  done
}

# timed ANALYZER NETWORK: CPU seconds of the whole command.
timed() {
  local TIMEFORMAT='%U %S'
  { time "$imbrex" run search-time.toml --set "$(workload "$2")" --set "stage.2.candidates=$candidates" \
    --set "stage.3.use=imbrex.overlap.$1" --out "$out/time-$2-$1" --quiet --threads 1; } 2>&1 |
    awk '{ print $1 + $2 }'
}

time_table() {
  local network pairwise fast
  table_head network candidates 'pairwise, CPU s' 'fast-overlapim, CPU s' ratio
  for network in "${networks[@]}"; do
    pairwise=$(timed pairwise "$network")
    fast=$(timed fast-overlapim "$network")
    cmp "$out/time-$network-"{pairwise,fast-overlapim}/timeline.csv >&2 || {
      echo "table.sh: the two analyzers differ on $network" >&2
      exit 1
    }
    printf '| %s | %s | %.2f | %.2f | %.1f |\n' "$network" "$candidates" "$pairwise" "$fast" \
      "$(awk "BEGIN { print $pairwise / $fast }")"
  done
}

for table in ${TABLES:-latency gaps search-time}; do
  case $table in
    latency) latency_table ;;
    gaps)
      gap_table model_ps 'no-stall model, over the optimum'
      printf '\n'
      gap_table latency_ps 'latency, over that of the optimal chain'
      ;;
    search-time) time_table ;;
    *)
      echo "table.sh: no table '$table'; there are latency, gaps and search-time" >&2
      exit 2
      ;;
  esac
  printf '\n'
done
