# shellcheck shell=bash
# Sourced by the scripts of the ablations: finds the command ($IMBREX, else imbrex on the PATH), enters the folder
# of the ablation, makes a scratch folder $out, and reads result files with awk and sed alone.
set -euo pipefail
imbrex=$(command -v "${IMBREX:-imbrex}") || {
  echo "$(basename "$0"): no imbrex command; set IMBREX" >&2
  exit 2
}
imbrex=$(realpath "$imbrex")
cd "$(dirname "$0")"
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
export LC_ALL=C

# number FILE KEY: the first number of that key, as printed in result.json.
number() { sed -n "s/^ *\"$2\": \([0-9.e+-]*\),\{0,1\}$/\1/p" "$1" | head -1; }

# table_head FIRST COLUMN...: the first two lines of a Markdown table.
table_head() {
  printf '| %s |' "$1"
  printf ' %s |' "${@:2}"
  printf '\n|---|'
  printf -- '---|%.0s' "${@:2}"
  printf '\n'
}

# workload NETWORK: the override that picks it.
workload() { printf 'workload.file=../../workloads/%s.toml' "$1"; }
