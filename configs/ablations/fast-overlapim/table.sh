#!/usr/bin/env bash
# Prints the latency of Best Original over that of every configuration of this ablation, for every
# network, as a Markdown table.
#   IMBREX=build/release/bin/imbrex configs/ablations/fast-overlapim/table.sh [NETWORK ...]
set -euo pipefail
imbrex=$(command -v "${IMBREX:-imbrex}") || { echo "table.sh: no imbrex command; set IMBREX" >&2; exit 2; }
imbrex=$(realpath "$imbrex")
cd "$(dirname "${BASH_SOURCE[0]}")"
variants=(best-original best-original-overlap best-overlap original-transform overlap-transform
  best-transform)
networks=("$@")
[ $# -gt 0 ] || networks=(resnet18 resnet50-full vgg16-full bert-base-encoder)
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# The latency of a result: the first number of that key, as printed in result.json.
latency() { sed -n 's/^ *"latency_ps": \([0-9.e+-]*\),\{0,1\}$/\1/p' "$1" | head -1; }

printf '| configuration |'
printf ' %s |' "${networks[@]}"
printf '\n|---|'
printf -- '---|%.0s' "${networks[@]}"
printf '\n'
for variant in "${variants[@]}"; do
  printf '| %s |' "$variant"
  for network in "${networks[@]}"; do
    "$imbrex" run "$variant.toml" --set "workload.file=../../workloads/$network.toml" \
      --out "$out/$network-$variant" --quiet
    LC_ALL=C awk "BEGIN { printf \" %.2f |\", $(latency "$out/$network-best-original/result.json") / \
      $(latency "$out/$network-$variant/result.json") }"
  done
  printf '\n'
done
