#!/usr/bin/env bash
# Prints the speed-up over layer-by-layer (and the utilisation in per cent) of every recipe of this
# ablation for every network, as a Markdown table.
#   IMBREX=build/release/bin/imbrex configs/ablations/clsa-cim/table.sh [NETWORK ...]
source "$(dirname "$0")/../common.sh"
variants=(xinf-row xinf-4x4 xinf-pixel wdup-16 wdup-32 wdup-4-xinf-row wdup-8-xinf-row wdup-16-xinf-row
  wdup-32-xinf-row wdup-32-xinf-4x4 wdup-32-xinf-pixel min-sum-32-xinf-row strip-w-32-xinf-row
  strip-h-32-xinf-row)
networks=("$@")
[ $# -gt 0 ] || networks=(tinyyolov3 tinyyolov4 vgg16 vgg19 resnet50 resnet101 resnet152)

table_head recipe "${networks[@]}"
for variant in "${variants[@]}"; do
  printf '| %s |' "$variant"
  for network in "${networks[@]}"; do
    "$imbrex" run "$variant.toml" --set "$(workload "$network")" --out "$out/$network-$variant" --quiet
    result=$out/$network-$variant/result.json
    printf ' %.2f (%.2f) |' "$(number "$result" speedup)" \
      "$(awk "BEGIN { print 100 * $(number "$result" utilisation) }")"
  done
  printf '\n'
done
