#!/usr/bin/env bash
# Prints the throughput of every way to cut, in inferences per second at the largest batch, and the mean
# ratios over all batches next to the COMPASS paper's, as Markdown tables.
#   IMBREX=build/release/bin/imbrex configs/ablations/compass/table.sh [NETWORK ...]
source "$(dirname "$0")/../common.sh"
variants=(greedy greedy-copies layerwise genetic optimal)
chips=(compass-s compass-m compass-l)
batches=(1 2 4 8 16)
networks=("$@")
[ $# -gt 0 ] || networks=(vgg16-full resnet18-full squeezenet1.1)

# measure NETWORK CHIP BATCH VARIANT OBJECTIVE: "network chip batch variant ps pj" of one batch.
measure() {
  "$imbrex" run "$4.toml" --set "$(workload "$1")" --set "architecture.preset=$2" \
    --set "workload.batch=$3" --set "objective=$5" --out "$out/run" --force --quiet
  echo "$1 $2 $3 $4 $(number "$out/run/result.json" estimated_batch_ps)" \
    "$(number "$out/run/result.json" estimated_batch_energy_pj)"
}

for network in "${networks[@]}"; do
  for chip in "${chips[@]}"; do
    for batch in "${batches[@]}"; do
      for variant in "${variants[@]}"; do
        measure "$network" "$chip" "$batch" "$variant" throughput
      done
    done
  done
done > "$out/throughput"

echo "Inferences per second at batch 16:"
echo
table_head network "${variants[@]}"
for network in "${networks[@]}"; do
  for chip in "${chips[@]}"; do
    printf '| %s, %s |' "$network" "$chip"
    for variant in "${variants[@]}"; do
      awk -v n="$network" -v c="$chip" -v v="$variant" \
        '$1 == n && $2 == c && $3 == 16 && $4 == v { printf " %.4g |", $3 * 1e12 / $5 }' "$out/throughput"
    done
    printf '\n'
  done
done

# ratio NETWORK A B: mean over chips and batches of throughput A over throughput B; all networks for "".
ratio() {
  awk -v n="$1" -v a="$2" -v b="$3" \
    '(n == "" || $1 == n) { t[$1 $2 $3, $4] = $5; point[$1 $2 $3] }
     END { for (p in point) { sum += t[p, b] / t[p, a]; ++count }; printf "%.3f", sum / count }' "$out/throughput"
}
# gap NETWORK: how far the genetic algorithm stays behind the optimum: mean, most, share of hits, per cent.
gap() {
  awk -v n="$1" '$1 == n { t[$1 $2 $3, $4] = $5; point[$1 $2 $3] }
     END { for (p in point) { g = 100 * (t[p, "genetic"] / t[p, "optimal"] - 1); sum += g; ++count
             if (g > most) most = g; if (g < 1e-9) ++hits }
           printf "%.1f, %.1f, %.0f", sum / count, most, 100 * hits / count }' "$out/throughput"
}
echo
echo "Mean ratios of throughputs over three chips and five batches:"
echo
table_head network genetic/greedy genetic/layerwise optimal/greedy optimal/layerwise \
  optimal/greedy-copies "gap of genetic: mean %, most %, optimal %"
for network in "${networks[@]}"; do
  printf '| %s | %s | %s | %s | %s | %s | %s |\n' "$network" "$(ratio "$network" genetic greedy)" \
    "$(ratio "$network" genetic layerwise)" "$(ratio "$network" optimal greedy)" \
    "$(ratio "$network" optimal layerwise)" "$(ratio "$network" optimal greedy-copies)" "$(gap "$network")"
done

echo
echo "Energy-delay product of ResNet18 on compass-s, both baselines over each, mean over five batches:"
echo
for batch in "${batches[@]}"; do
  for variant in greedy layerwise genetic optimal; do
    measure resnet18-full compass-s "$batch" "$variant" edp
  done
done > "$out/edp"
table_head "" genetic optimal
for base in greedy layerwise; do
  awk -v base="$base" '{ p[$3, $4] = $5 * $6; batch[$3] }
    END { for (b in batch) { g += p[b, base] / p[b, "genetic"]; o += p[b, base] / p[b, "optimal"]; ++n }
          printf "| %s over | %.2f | %.2f |\n", base, g / n, o / n }' "$out/edp"
done
