#!/usr/bin/env bash
# Prints the search time with OverlaPIM's pairwise comparison over that with the analytical analysis, as
# a Markdown table; the two must find the same design. All other tables of the ablation:
# imbrex sweep configs/ablations/fast-overlapim.toml.
#   IMBREX=build/release/bin/imbrex configs/ablations/fast-overlapim/search-time.sh [NETWORK ...]
#   CANDIDATES=16                      mappings per layer: pairwise takes minutes on vgg16-full
source "$(dirname "$0")/../common.sh"
networks=("$@")
[ $# -gt 0 ] || networks=(resnet18 resnet50-full vgg16-full bert-base-encoder)
candidates=${CANDIDATES:-16}

# timed ANALYZER NETWORK: CPU seconds of the whole command.
timed() {
  local TIMEFORMAT='%U %S'
  { time "$imbrex" run search-time.toml --set "$(workload "$2")" --set "stage.2.candidates=$candidates" \
    --set "stage.3.use=imbrex.overlap.$1" --out "$out/time-$2-$1" --quiet --threads 1; } 2>&1 |
    awk '{ print $1 + $2 }'
}

table_head network candidates 'pairwise, CPU s' 'fast-overlapim, CPU s' ratio
for network in "${networks[@]}"; do
  pairwise=$(timed pairwise "$network")
  fast=$(timed fast-overlapim "$network")
  cmp "$out/time-$network-"{pairwise,fast-overlapim}/timeline.csv >&2 || {
    echo "search-time.sh: the two analyzers differ on $network" >&2
    exit 1
  }
  printf '| %s | %s | %.2f | %.2f | %.1f |\n' "$network" "$candidates" "$pairwise" "$fast" \
    "$(awk "BEGIN { print $pairwise / $fast }")"
done
