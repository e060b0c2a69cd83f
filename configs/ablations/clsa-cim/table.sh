#!/usr/bin/env bash
# Prints the speed-up over layer-by-layer (and the utilisation in per cent) of every recipe of this
# ablation for every network, as a Markdown table.
#   IMBREX=build/release/bin/imbrex configs/ablations/clsa-cim/table.sh [NETWORK ...]
set -euo pipefail
imbrex=$(command -v "${IMBREX:-imbrex}") || { echo "table.sh: no imbrex command; set IMBREX" >&2; exit 2; }
imbrex=$(realpath "$imbrex")
cd "$(dirname "${BASH_SOURCE[0]}")"
variants=(xinf-row xinf-4x4 xinf-pixel wdup-16 wdup-32 wdup-4-xinf-row wdup-8-xinf-row wdup-16-xinf-row
  wdup-32-xinf-row wdup-32-xinf-4x4 wdup-32-xinf-pixel min-sum-32-xinf-row strip-w-32-xinf-row
  strip-h-32-xinf-row)
networks=("$@")
[ $# -gt 0 ] || networks=(tinyyolov3 tinyyolov4 vgg16 vgg19 resnet50 resnet101 resnet152)
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# number FILE KEY: the first number of that key, as printed in result.json.
number() { sed -n "s/^ *\"$2\": \([0-9.e+-]*\),\{0,1\}$/\1/p" "$1" | head -1; }

printf '| recipe |'
printf ' %s |' "${networks[@]}"
printf '\n|---|'
printf -- '---|%.0s' "${networks[@]}"
printf '\n'
for variant in "${variants[@]}"; do
  printf '| %s |' "$variant"
  for network in "${networks[@]}"; do
    "$imbrex" run "$variant.toml" --set "workload.file=../../workloads/$network.toml" \
      --out "$out/$network-$variant" --quiet
    result=$out/$network-$variant/result.json
    LC_ALL=C printf ' %.2f (%.2f) |' "$(number "$result" speedup)" \
      "$(LC_ALL=C awk "BEGIN { print 100 * $(number "$result" utilisation) }")"
  done
  printf '\n'
done
