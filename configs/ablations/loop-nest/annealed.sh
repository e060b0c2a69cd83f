#!/usr/bin/env bash
# Is any annealed mapping better than the proved optimum? Prints, as a Markdown table, how far above it
# each ends that long annealing finds for the layers of ResNet18 on three arrays, by exact counting. A
# mapping that is better would deny the proof, and the certificate would say so.
#   IMBREX=build/release/bin/imbrex configs/ablations/loop-nest/annealed.sh [MAPPINGS]
# MAPPINGS: annealed per layer, objective and array (default: 300000, 57 million in all).
source "$(dirname "$0")/../common.sh"
mappings=${1:-300000}
declare -A recipe=([eye168]=eye168 [ws256]=ws256 [square16384]=ws256)
square=(architecture.rows=128 architecture.columns=128
  'architecture.level_names=["DRAM","buffer","registers"]' 'architecture.level_words=[0,131072,512]'
  'architecture.level_per=["chip","chip","PE"]' 'architecture.level_read_words_per_cycle=[64,0,3]'
  'architecture.level_write_words_per_cycle=[64,0,3]' 'cost.keep=["WIO","WIO","WIO"]' 'cost.constraints=[]')
# Picojoules per word, outermost level first; 1 per multiply-accumulate.
declare -A energies=([eye168]='[200,6,0,1,1,1]' [ws256]='[200,6,0,1]' [square16384]='[200,6,1]')

# anneal ARRAY OBJECTIVE FOLDER: with the proof behind it.
anneal() {
  local settings=() setting stages
  [ "$1" != square16384 ] || for setting in "${square[@]}"; do settings+=(--set "$setting"); done
  stages='{ use = "imbrex.partition.one-per-segment" }, { use = "imbrex.search.anneal", judge = "layers", '
  stages+="iterations = $mappings, walks = 128, proposals = 1, temperature = 0.5 }, "
  stages+='{ use = "imbrex.search.optimal", keep_design = true }, { use = "imbrex.overlap.layer-by-layer" }'
  "$imbrex" run "../../recipes/resnet18-${recipe[$1]}.toml" --out "$3" --force --quiet "${settings[@]}" \
    --set objective="$2" --set "architecture.level_energy_pj_per_word=${energies[$1]}" \
    --set architecture.mac_energy_pj=1 --set "stage=[$stages]"
}

# gaps FOLDER: per distinct layer, in percent.
gaps() { grep -o 'start gap [^;]*' "$1/result.json" | grep -oE '[0-9.e+-]+ %' | cut -d' ' -f1; }

table_head 'array, objective' 'layers proved' 'layers where annealing arrives' 'farthest, %' 'proofs denied'
for array in eye168 ws256 square16384; do
  for objective in latency energy edp; do
    folder=$out/$array-$objective
    anneal "$array" "$objective" "$folder"
    printf '| %s, %s | %s of %s | %s of %s | %s | %s |\n' "$array" "$objective" \
      "$(number "$folder/result.json" proved)" "$(number "$folder/result.json" layers)" \
      "$(gaps "$folder" | grep -cx 0)" "$(gaps "$folder" | wc -l)" \
      "$(gaps "$folder" | sort -g | tail -n 1)" \
      "$(grep -o 'worth less than was proved' "$folder/result.json" | wc -l)"
  done
done
