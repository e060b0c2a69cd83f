#!/bin/bash
# Kills `imbrex run --force` before system calls of its own and lets it run out of room, and looks at what is
# visible afterwards: the old result or the new one, whole, and nothing else after the next run.
#
#   tests/durability/kill_everywhere.sh IMBREX INSTANTS
#
# IMBREX: the command, with the plugins that belong to it. INSTANTS: how many system calls to try, e.g. 200. Those
# from the one on that makes the folder to be filled come first, all of them if there are enough INSTANTS; the rest
# is spread over the calls before. Needs strace; without it, or where tracing is not allowed, it ends with code 77,
# which ctest counts as skipped. The disk of limited room needs user namespaces and is left out without.
set -euo pipefail

# A process that is traced cannot look for leaks; the other tests do.
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
imbrex=$(realpath "$1")
instants=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
recipe=$here/configs/recipes/tinyyolov4-clsa-cim.toml
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
result=$folder/r
seed=0   # of the result that was put in place last

fail() {
  echo "kill_everywhere: $*" >&2
  exit 1
}

if ! strace -o /dev/null true 2>/dev/null; then
  echo "kill_everywhere: skipped, strace is missing or may not trace"
  exit 77
fi

arguments_of() { echo run "$recipe" --out "$result" --force --threads 1 --quiet --set "seed=$1"; }

# The seed of the result in a folder, all of whose files must be there and belong to one run.
seed_of() {
  local of_plan of_result
  [ "$(cd "$1" && echo *)" = "accesses.csv edges.csv environment.json inputs lock.json metrics.csv operators.csv plan.toml result.json timeline.csv" ] ||
    fail "'$1' holds $(cd "$1" && echo *)"
  of_plan=$(sed -nE 's/^seed = ([0-9]+)$/\1/p' "$1/plan.toml")
  of_result=$(sed -nE 's/^ *"seed": ([0-9]+),?$/\1/p' "$1/result.json")
  [ -n "$of_plan" ] && [ "$of_plan" = "$of_result" ] || fail "plan.toml is of seed '$of_plan', result.json of '$of_result'"
  tail -c 2 "$1/result.json" | grep -q '}' || fail "result.json is cut"
  echo "$of_plan"
}

left_behind() { (cd "$1" && find . -mindepth 1 -maxdepth 1 ! -name r ! -name calls); }

# expect_old_or_new WHAT: `seed` becomes that of what is visible.
expect_old_or_new() {
  local seen
  seen=$(seed_of "$result")
  [ "$seen" = "$seed" ] || [ "$seen" = "$next" ] || fail "$1: a result of seed $seen, expected $seed or $next"
  seed=$seen
}

# expect_clean WHAT: after one more run there is its result and nothing else.
expect_clean() {
  next=$((next + 1))
  # shellcheck disable=SC2046  # words
  "$imbrex" $(arguments_of "$next") || fail "$1: the next run ends with code $?"
  seed=$(seed_of "$result")
  [ "$seed" = "$next" ] || fail "$1: the next run leaves a result of seed $seed"
  [ -z "$(left_behind "$folder")" ] || fail "$1: left behind: $(left_behind "$folder")"
}

next=1
# shellcheck disable=SC2046  # words
"$imbrex" $(arguments_of "$next")
seed=$(seed_of "$result")

# All system calls of the first thread, one a line, in a run that replaces a result.
next=$((next + 1))
# shellcheck disable=SC2046  # words
strace -o "$folder/calls" "$imbrex" $(arguments_of "$next") 2>/dev/null
seed=$(seed_of "$result")
sed -i -nE '/^[a-z_0-9]+\(/p' "$folder/calls"
calls=$(wc -l <"$folder/calls")
first=$(grep -nF "$folder/.r.partial" "$folder/calls" | head -n 1 | cut -d: -f1)
[ -n "$first" ] || fail "no system call makes the folder that is filled"

late=$((calls - first + 1))
if [ "$late" -gt "$instants" ]; then
  chosen=$(seq "$first" $(((late + instants - 1) / instants)) "$calls")
else
  chosen=$(seq "$first" "$calls")
  early=$((instants - late))
  [ "$early" -eq 0 ] || chosen="$(seq 1 $((first / early + 1)) "$first") $chosen"
fi

tried=0 killed=0 replaced=0
for call in $chosen; do
  next=$((next + 1)) before=$seed code=0
  # strace counts each kind of call by itself.
  kind=$(sed -n "${call}s/(.*//p" "$folder/calls")
  nth=$(head -n "$call" "$folder/calls" | grep -c "^$kind(")
  # shellcheck disable=SC2046  # words
  (strace -o /dev/null -e inject="$kind":signal=KILL:when="$nth" "$imbrex" $(arguments_of "$next"); exit $?) >/dev/null 2>&1 || code=$?
  [ "$code" -eq 0 ] || [ "$code" -eq 137 ] || fail "$kind number $nth: code $code"
  expect_old_or_new "$kind number $nth"
  tried=$((tried + 1))
  [ "$code" -eq 0 ] || killed=$((killed + 1))
  [ "$seed" = "$before" ] || replaced=$((replaced + 1))
  expect_clean "$kind number $nth"
done
[ "$killed" -ge $((tried * 9 / 10)) ] || fail "only $killed of $tried runs were killed"
echo "kill_everywhere: killed before $killed of $calls system calls, $replaced times with the new result in place"

# A disk that has room for the old result and for none, some or all of the new one.
with_little_room() {
  local kilobytes=$1 code=0
  mount -t tmpfs -o size="${kilobytes}k" tmpfs "$folder/disk"
  result=$folder/disk/r
  cp -r "$folder/r" "$result"
  next=$((next + 1))
  # shellcheck disable=SC2046  # words
  "$imbrex" $(arguments_of "$next") >/dev/null 2>"$folder/disk-errors" || code=$?
  local expected=$seed
  [ "$code" -eq 1 ] || [ "$code" -eq 0 ] || fail "$kilobytes kB: code $code"
  [ "$code" -eq 1 ] || expected=$next
  [ "$(seed_of "$result")" = "$expected" ] || fail "$kilobytes kB: code $code, but the other result"
  [ "$code" -eq 0 ] || grep -q "No space left on device" "$folder/disk-errors" || fail "$kilobytes kB: $(cat "$folder/disk-errors")"
  find "$folder/disk" -mindepth 1 -maxdepth 1 ! -name r ! -name 'repro-*' | grep -q . && fail "$kilobytes kB: something is left"
  umount "$folder/disk"
  codes="$codes $code"
}

if unshare -rm true 2>/dev/null; then
  old=$(du -sk "$folder/r" | cut -f1)
  export -f with_little_room seed_of arguments_of fail
  export folder imbrex recipe seed next
  step=$((instants < 100 ? 60 : 12))
  # shellcheck disable=SC2016  # expanded in there
  old=$old step=$step unshare -rm bash -euo pipefail -c '
    mkdir -p "$folder/disk"
    codes=
    for room in $(seq $((old + 4)) "$step" $((2 * old + 60))); do with_little_room "$room"; done
    case $codes in *1*0*) ;; *) fail "the disk was never full, or always: $codes" ;; esac
    echo "kill_everywhere: the old result kept on a full disk, codes$codes"'
else
  echo "kill_everywhere: no user namespaces, the full disk is left out"
fi
