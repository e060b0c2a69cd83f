#!/bin/sh
# taplo.sh BUILD: lints every file of configs/ with taplo and the schemas of .taplo.toml, and makes sure that
# it would see a mistake. Taplo comes from the path, or from npm into BUILD/tools; exits 77 without either.
set -u
build=$1
cd "$(dirname "$0")/../.." || exit 1
version=0.7.0
taplo=$(command -v taplo || echo "$build/tools/node_modules/.bin/taplo")
if [ ! -x "$taplo" ]; then
  command -v npm >/dev/null || { echo "skipped: neither taplo nor npm is installed"; exit 77; }
  timeout 60 npm install --silent --no-audit --no-fund --prefix "$build/tools" "@taplo/cli@$version" >"$build/taplo.log" 2>&1 ||
    { echo "skipped: npm could not fetch @taplo/cli $version: $(tail -n 1 "$build/taplo.log")"; exit 77; }
fi
"$taplo" lint >"$build/taplo.log" 2>&1 || { grep -v '^ INFO' "$build/taplo.log"; exit 1; }

# The same recipe with a mistake: refused, at its line.
bad=$(mktemp -d)
trap 'rm -rf "$bad"' EXIT
sed 's/^seed = 42/seed = -42/' configs/recipes/tinyyolov4-clsa-cim.toml >"$bad/bad.toml"
schema=$PWD/sdk/schema/recipe.schema.json
if (cd "$bad" && "$taplo" lint --no-auto-config --schema "file://$schema" bad.toml) >"$bad/log" 2>&1; then
  echo "a seed below 0 is not seen"
  exit 1
fi
grep -q -- '-42 is less than the minimum of 0' "$bad/log" || { cat "$bad/log"; exit 1; }
