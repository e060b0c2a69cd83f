#!/usr/bin/env bash
# Prints latency and external words of every way to pipeline, relative to layer by layer, for every
# network of XR-bench and as geometric means, as a Markdown table.
#   IMBREX=build/release/bin/imbrex configs/ablations/pipeorgan/table.sh [NETWORK ...]
source "$(dirname "$0")/../common.sh"
variants=(layer-by-layer tangram-like mesh amp exact)
networks=("$@")
[ $# -gt 0 ] || networks=(ritnet res8-narrow rgbd-200 hand-graph-cnn hrvit-b1 plane-rcnn d2go-depthwise
  midas-v21-depthwise fbnet-c-depthwise emformer-24 ed-tcn)

for network in "${networks[@]}"; do
  for variant in "${variants[@]}"; do
    "$imbrex" run "$variant.toml" --set "$(workload "xrbench-$network")" --out "$out/run" --force --quiet
    echo "$network $variant $(number "$out/run/result.json" latency_ps)" \
      "$(number "$out/run/result.json" external_words)"
  done
done > "$out/figures"

table_head network "layer-by-layer us, Mwords" "${variants[@]:1}"
# row NETWORK: speed-up and part of the words.
for network in "${networks[@]}"; do
  awk -v n="$network" '$1 == n && $2 == "layer-by-layer" { t = $3; w = $4
      printf "| %s | %.1f, %.2f |", n, t / 1e6, w / 1e6 }
    $1 == n && $2 != "layer-by-layer" { printf " %.2f (%.2f) |", t / $3, $4 / w }
    END { print "" }' "$out/figures"
done
awk '$2 == "layer-by-layer" { t = $3; w = $4; ++count }
  { speed[$2] += log(t / $3); words[$2] += log($4 / w) }
  END { printf "| geometric mean |  |"
    split("tangram-like mesh amp exact", names)
    for (i = 1; i <= 4; ++i) printf " %.2f (%.2f) |", exp(speed[names[i]] / count), exp(words[names[i]] / count)
    print "" }' "$out/figures"
