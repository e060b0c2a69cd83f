#!/bin/sh
# taplo.sh BUILD: lints every file of configs/ with taplo and the schemas of .taplo.toml; then does what
# sdk/docs/editor.md says, and makes sure that mistakes are seen there. Taplo comes from the path, or from npm into
# BUILD/tools; exits 77 without either.
set -u
build=$(cd "$1" && pwd) || exit 1
cd "$(dirname "$0")/../.." || exit 1
source=$PWD
version=0.7.0
taplo=$(command -v taplo || echo "$build/tools/node_modules/.bin/taplo")
if [ ! -x "$taplo" ]; then
  command -v npm >/dev/null || { echo "skipped: neither taplo nor npm is installed"; exit 77; }
  timeout 60 npm install --loglevel=error --no-audit --no-fund --fetch-retries=0 --fetch-timeout=10000 \
    --prefix "$build/tools" "@taplo/cli@$version" >"$build/taplo.log" 2>&1 ||
    { echo "skipped: npm could not fetch @taplo/cli $version: $(head -n 4 "$build/taplo.log")"; exit 77; }
fi
"$taplo" lint >"$build/taplo.log" 2>&1
case $? in
  0) ;;
  # What npm fetched runs on node, which may be missing where the build folder was made elsewhere.
  126 | 127) echo "skipped: taplo does not start: $(head -n 1 "$build/taplo.log")"; exit 77 ;;
  *) grep -v '^ INFO' "$build/taplo.log"; exit 1 ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 tests/docs/run_page.py sdk/docs/editor.md "$work/page" "$build" || exit 1
cd "$work/page" || exit 1

# lint GOOD|BAD FILE MESSAGE: of the page's folder, with the page's settings.
lint() {
  "$taplo" lint "$2" >"$work/log" 2>&1
  code=$?
  if { [ "$1" = GOOD ] && [ "$code" != 0 ]; } || { [ "$1" = BAD ] && [ "$code" = 0 ]; }; then
    echo "$2 is not $1:"
    cat "$work/log"
    exit 1
  fi
  grep -q -- "$3" "$work/log" || { echo "taplo does not say '$3' of $2:"; cat "$work/log"; exit 1; }
}
cp "$source/configs/recipes/tinyyolov4-clsa-cim.toml" recipe.toml
cp "$source/configs/ablations/clsa-cim.toml" clsa-sweep.toml
lint GOOD recipe.toml 'found files total=1'
lint GOOD clsa-sweep.toml 'found files total=1'
lint GOOD variant.toml 'found files total=1'
sed -i 's/^seed = 42/seed = -42/' recipe.toml
lint BAD recipe.toml '-42 is less than the minimum of 0'
sed -i 's/^experiment = 1/experiment = 2/' clsa-sweep.toml
lint BAD clsa-sweep.toml '2 is not one of'
sed -i 's/^seed = 7/sede = 7/' variant.toml
lint BAD variant.toml "'sede' was unexpected"
