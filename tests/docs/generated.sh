#!/bin/sh
# generated.sh IMBREX check|renew: the files of the tree that the command prints, from what all shipped
# components say of themselves. check: are they what it prints now? renew: write them again.
set -u
imbrex=$1
mode=$2
tree=$(cd "$(dirname "$0")/../.." && pwd)
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
unset IMBREX_PLUGIN_PATH
stale=0

# file PATH WORDS...
file() {
  path=$1
  shift
  "$imbrex" "$@" >"$fresh/file" || exit 1
  if [ "$mode" = renew ]; then
    cp "$fresh/file" "$tree/$path"
  elif ! cmp -s "$fresh/file" "$tree/$path"; then
    echo "$path is not what 'imbrex $*' prints:"
    diff "$tree/$path" "$fresh/file" | head -n 10
    stale=1
  fi
}

for kind in workload architecture cost partition search overlap report; do
  file "sdk/docs/components/$kind.md" reference "$kind"
done
file sdk/schema/recipe.schema.json schema recipe
file sdk/schema/ablation.schema.json schema ablation
[ "$stale" = 0 ] || echo "to write them again: ninja -C build/release renew_generated"
exit "$stale"
