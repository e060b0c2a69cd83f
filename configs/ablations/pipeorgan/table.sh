#!/usr/bin/env bash
# Prints latency, energy and external words of every way to pipeline, relative to layer by layer, for
# every network of XR-bench and as geometric means, as a Markdown table. Segments run one after
# another, so the period of inferences is their latency.
#   IMBREX=build/release/bin/imbrex configs/ablations/pipeorgan/table.sh [NETWORK ...]
source "$(dirname "$0")/../common.sh"
variants=(layer-by-layer layer-by-layer-retained simba-like tangram-like mesh amp amp-retained exact optimal fastest)
networks=("$@")
[ $# -gt 0 ] || networks=(ritnet res8-narrow rgbd-200 hand-graph-cnn hrvit-b1 plane-rcnn d2go-depthwise
  midas-v21-depthwise fbnet-c-depthwise emformer-24 ed-tcn)

for network in "${networks[@]}"; do
  for variant in "${variants[@]}"; do
    "$imbrex" run "$variant.toml" --set "$(workload "xrbench-$network")" --out "$out/run" --force --quiet
    echo "$network $variant $(number "$out/run/result.json" latency_ps)" \
      "$(number "$out/run/result.json" energy_pj) $(number "$out/run/result.json" external_words)"
  done
done > "$out/figures"

table_head network "layer-by-layer: us, uJ, Mwords" "${variants[@]:1}"
awk -v columns="${variants[*]:1}" '
  $2 == "layer-by-layer" { network[++networks] = $1 }
  { latency[$1, $2] = $3; energy[$1, $2] = $4; words[$1, $2] = $5 }
  END {
    count = split(columns, variant)
    for (n = 1; n <= networks; ++n) {
      name = network[n]; base = name SUBSEP "layer-by-layer"
      printf "| %s | %.1f, %.0f, %.2f |", name, latency[base] / 1e6, energy[base] / 1e6, words[base] / 1e6
      for (v = 1; v <= count; ++v) {
        cell = name SUBSEP variant[v]
        s = latency[base] / latency[cell]; e = energy[cell] / energy[base]; w = words[cell] / words[base]
        logs[v] += log(s); loge[v] += log(e); logw[v] += log(w)
        printf " %.2f (%.2f, %.2f) |", s, e, w
      }
      print ""
    }
    printf "| geometric mean |  |"
    for (v = 1; v <= count; ++v)
      printf " %.2f (%.2f, %.2f) |", exp(logs[v] / networks), exp(loge[v] / networks), exp(logw[v] / networks)
    print ""
  }' "$out/figures"
