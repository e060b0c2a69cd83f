#!/usr/bin/env bash
# How good are searched mappings? Prints the cycles of ResNet18 over its ideal (multiply-accumulates
# divided by processing elements, summed over the layers) for two arrays, as Markdown tables. The
# searches minimise delay as Timeloop counts it, link transfers included, which is that tool's
# default; behind the slash stand the same mappings under exact counting. In brackets CPU seconds of
# the whole search on one thread. The second table gives every search the mappings for which it
# takes about as long as uniform sampling takes for 10000; behind the seconds stands how many. The
# third says how much the seed matters: median, least and most of 20, as Timeloop counts. The others
# hold searches against imbrex.search.optimal: by how much the layers, each alone, are worth more than
# the proved optimum, the time that a proof and long annealing take, and the optimum over the ideal,
# with link transfers and without.
#   IMBREX=build/release/bin/imbrex configs/ablations/loop-nest/table.sh [MAPPINGS ...]
# MAPPINGS: how many mappings per layer a search may look at (default: 500 10000).
source "$(dirname "$0")/../common.sh"
counts=("$@")
[ $# -gt 0 ] || counts=(500 10000)
arrays=(eye168 ws256)
searches=(uniform refined anneal genetic)
objectives=(latency energy edp)
# Picojoules per word, outermost level first; 1 per multiply-accumulate.
declare -A energies=([eye168]='[200,6,0,1,1,1]' [ws256]='[200,6,0,1]')
# Of its own mapper, random_pruned with 500 valid mappings, by its own model: measured beforehand.
declare -A timeloop=([eye168]=1.87 [ws256]=4.18)
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

# over_ideal CYCLES_PS RESULT: cycles over the ideal of the run that wrote RESULT.
over_ideal() {
  awk "BEGIN { printf \"%.2f\", $1 / 1000 / ($(number "$2" macs) / $(number "$2" units_total)) }"
}

# ratio FOLDER: of one run.
ratio() { over_ideal "$(number "$1/result.json" latency_ps)" "$1/result.json"; }

# find_mappings ARRAY SEARCH MAPPINGS FOLDER [ARGUMENT ...]
find_mappings() {
  local settings=() argument arguments
  overrides "$2" "$3"
  for argument in "${arguments[@]}"; do
    settings+=(--set "stage.2.$argument")
  done
  "$imbrex" run "../../recipes/resnet18-$1.toml" --out "$4" --force --quiet --threads 1 \
    --set cost.counting=timeloop --set cost.link_transfers=true "${settings[@]}" "${@:5}"
}

# nests FOLDER: the loops of all operators of a run, as a list for imbrex.search.given.
nests() {
  printf '[%s]' "$(awk '/^ *"loops": \[/ { inside = 1; next } /^ *\]/ { inside = 0 }
    inside { sub(/,?$/, ","); print }' "$1/result.json" | tr -d '\n')"
}

# minimise ARRAY OBJECTIVE: sets `settings` to what searches are judged by.
minimise() {
  settings=(--set cost.counting=timeloop --set cost.link_transfers=true --set objective="$2"
    --set "architecture.level_energy_pj_per_word=${energies[$1]}" --set architecture.mac_energy_pj=1)
}

# gap_of ARRAY OBJECTIVE FOLDER: percent by which the mappings of a run are above the proved optimum.
gap_of() {
  local settings stages
  minimise "$1" "$2"
  stages='{ use = "imbrex.partition.one-per-segment" }, { use = "imbrex.search.given", loops = '
  stages+="$(nests "$3") }, { use = \"imbrex.search.optimal\", keep_design = true }, "
  stages+='{ use = "imbrex.overlap.layer-by-layer" }'
  "$imbrex" run "../../recipes/resnet18-$1.toml" --out "$3-judged" --force --quiet \
    "${settings[@]}" --set "stage=[$stages]"
  number "$3-judged/result.json" start_gap
}

# search_gap ARRAY OBJECTIVE SEARCH MAPPINGS: leaves `gap` and `seconds`.
search_gap() {
  local folder=$out/$1-$2-$3-$4 settings
  minimise "$1" "$2"
  seconds=$({ time find_mappings "$1" "$3" "$4" "$folder" "${settings[@]}" >&2; } 2>&1)
  gap=$(gap_of "$1" "$2" "$folder")
}

# prove ARRAY OBJECTIVE FOLDER [ARGUMENT ...]: leaves `seconds`.
prove() {
  local settings
  minimise "$1" "$2"
  seconds=$({ time "$imbrex" run "../../recipes/resnet18-$1.toml" --out "$3" --force --quiet \
    --threads 1 "${settings[@]}" --set stage.2.use=imbrex.search.optimal "${@:4}" >&2; } 2>&1)
}

# run ARRAY SEARCH MAPPINGS: leaves both ratios and the seconds in `cycles` and `seconds`.
run() {
  local folder=$out/$1-$2-$3
  seconds=$({ time find_mappings "$1" "$2" "$3" "$folder" >&2; } 2>&1)
  "$imbrex" run "../../recipes/resnet18-$1.toml" --out "$folder-exact" --force --quiet \
    --set stage.2.use=imbrex.search.given --set "stage.2.loops=$(nests "$folder")"
  cycles="$(ratio "$folder") / $(ratio "$folder-exact")"
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

printf '\n'
table_head 'array, 500 mappings, 20 seeds' 'random, uniform' 'random, refined' anneal genetic
for array in "${arrays[@]}"; do
  printf '| %s |' "$array"
  for search in "${searches[@]}"; do
    study=$out/$array-$search-seeds
    find_mappings "$array" "$search" 500 "$study" --seeds 20
    ratios=()
    for of in median minimum maximum; do
      ratios+=("$(over_ideal "$(number "$study/seeds.json" "$of")" "$study/seed-42/result.json")")
    done
    printf ' %s (%s to %s) |' "${ratios[@]}"
  done
  printf '\n'
done

printf '\n'
table_head 'array, objective, mappings per layer' 'random, uniform' 'random, refined' anneal genetic
for array in "${arrays[@]}"; do
  for objective in "${objectives[@]}"; do
    for count in "${counts[@]}"; do
      printf '| %s, %s, %s |' "$array" "$objective" "$count"
      for search in "${searches[@]}"; do
        search_gap "$array" "$objective" "$search" "$count"
        printf ' %.2f %% (%.1f s) |' "$gap" "$seconds"
      done
      printf '\n'
    done
  done
done

printf '\n'
table_head 'array, objective' 'mappings in all spaces' proof 'long annealing, mappings per layer'
for array in "${arrays[@]}"; do
  for objective in "${objectives[@]}"; do
    folder=$out/$array-$objective-proof
    prove "$array" "$objective" "$folder"
    printf '| %s, %s | %.1e | %s of %s layers (%.1f s) |' "$array" "$objective" \
      "$(number "$folder/result.json" mappings)" "$(number "$folder/result.json" proved)" \
      "$(number "$folder/result.json" layers)" "$seconds"
    for count in 10000 30000 100000 300000 1000000; do
      search_gap "$array" "$objective" anneal "$count"
      [[ $gap =~ [1-9] ]] || break
    done
    printf ' %.2g %% with %s (%.1f s) |\n' "$gap" "$count" "$seconds"
  done
done

printf '\n'
table_head array "Timeloop's mapper, 500 mappings" 'proved optimum' 'proved without link transfers'
for array in "${arrays[@]}"; do
  best=$out/$array-latency-proof
  prove "$array" latency "$best-unlinked" --set cost.link_transfers=false
  printf '| %s | %s | %s | %s |\n' "$array" "${timeloop[$array]}" "$(ratio "$best")" \
    "$(ratio "$best-unlinked")"
done
