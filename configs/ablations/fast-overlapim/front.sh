#!/usr/bin/env bash
# Do candidates from fronts find better networks than refined ones in the same time? Prints latencies
# of both as a Markdown table: medians of eight seeds, [least .. most], in ms; CPU seconds of the whole
# command on one thread, mean of the seeds. Refined searches get as many candidates as take at least
# as long as those from fronts.
#   IMBREX=build/release/bin/imbrex configs/ablations/fast-overlapim/front.sh [MACHINE:NETWORK ...]
source "$(dirname "$0")/../common.sh"
cases=("$@")
[ $# -gt 0 ] || cases=(dram-pim:resnet18 array:xrbench-res8-narrow array:xrbench-ritnet)
seeds=(42 43 44 45 46 47 48 49)
TIMEFORMAT='%U %S'

# search SEARCH COUNT: sets `arguments`.
search() {
  arguments=(--set "stage.2.use=imbrex.search.$1" --set "stage.2.candidates=$2")
  [ "$1" != optimal-chain ] || arguments+=(--set stage.2.compare=false)
}

# run MACHINE NETWORK SEARCH SOURCE COUNT SEED: leaves `seconds` and `latency_ps`.
run() {
  local arguments
  search "$3" "$5"
  seconds=$({ time "$imbrex" run "front-$1.toml" --set "$(workload "$2")" "${arguments[@]}" \
    --set "stage.2.candidates_from=$4" --set "seed=$6" --out "$out/run" --force --quiet \
    --threads 1 >&2; } 2>&1 | tail -1 | awk '{ print $1 + $2 }')
  latency_ps=$(number "$out/run/result.json" latency_ps)
}

# all MACHINE NETWORK SEARCH SOURCE COUNT: leaves `cell`, `median` and `mean_s`.
all() {
  local seed
  for seed in "${seeds[@]}"; do
    run "$1" "$2" "$3" "$4" "$5" "$seed"
    echo "$latency_ps $seconds"
  done | sort -n >"$out/all"
  read -r median mean_s cell < <(awk '{ l[NR] = $1 * 1e-9; s += $2 }
    END { m = (l[NR / 2] + l[NR / 2 + 1]) / 2
          printf "%.6f %.3f %.4g [%.4g .. %.4g]\n", m, s / NR, m, l[1], l[NR] }' "$out/all")
}

# more COUNT WANTED TAKEN: how many candidates to try next; pairs may grow with their square.
more() { awk "BEGIN { r = sqrt($2 / $3); print int($1 * (r < 1.04 ? 1.04 : r)) + 1 }"; }

# longer: is the first number at least the second?
longer() { awk "BEGIN { exit !($1 >= $2) }"; }

table_head machine network search 'front: candidates' s ms 'refined: candidates' s ms 'front over refined'
for case in "${cases[@]}"; do
  machine=${case%%:*}
  network=${case#*:}
  for setting in fast-overlapim:600 optimal-chain:32; do
    kind=${setting%%:*}
    count=${setting#*:}
    all "$machine" "$network" "$kind" front "$count"
    front_median=$median front_s=$mean_s front_cell=$cell
    refined=$((count * 2))
    run "$machine" "$network" "$kind" refined "$refined" 42
    while longer "$front_s" "$seconds"; do
      refined=$(more "$refined" "$front_s" "$seconds")
      run "$machine" "$network" "$kind" refined "$refined" 42
    done
    all "$machine" "$network" "$kind" refined "$refined"
    printf '| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |\n' "$machine" "$network" "$kind" \
      "$count" "$front_s" "$front_cell" "$refined" "$mean_s" "$cell" \
      "$(awk "BEGIN { printf \"%.3f\", $front_median / $median }")"
  done
done
