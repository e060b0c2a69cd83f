#!/usr/bin/env bash
# speedscope.sh TRACE FOLDER TEXT...: opens a trace in speedscope (https://www.speedscope.app) in headless Chromium
# and looks for texts on its page: rows of the trace, and what it draws. Fails when speedscope complains.
# FOLDER keeps speedscope between runs, unless it is installed or IMBREX_SPEEDSCOPE names a folder with its index.html.
# Exit code 77 where there is no Chromium or no speedscope.
set -euo pipefail
version=1.25.0
digest=7297fd1d64d97f58a32d7049ae4f3b55eff9e2d9d8c7aae57f48144e1be7de8a24ea1eb784b5d539088c7f8e0f4fe5e8579d3770f7ef7e24f980fe6fa23a7a02
trace=$(realpath "$1")
cache=$2
shift 2
chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
  { echo "skipped: there is no chromium here"; exit 77; }
d=$(mktemp -d)
trap 'rm -rf "$d"' EXIT

# Fetched once, as the registry had it when this was written; put into its place in one step, for tests run in parallel.
fetch() {
  (cd "$d" && timeout 60 npm pack --silent "speedscope@$version" >/dev/null 2>&1) || return 1
  echo "$digest  $d/speedscope-$version.tgz" | sha512sum --check --quiet || return 1
  tar -xzf "$d/speedscope-$version.tgz" -C "$d"
  mkdir -p "$cache"
  mv -T "$d/package" "$cache/speedscope-$version" 2>/dev/null || [ -d "$cache/speedscope-$version" ]
}
installed=$(npm root -g 2>/dev/null || true)/speedscope/dist/release
page=${IMBREX_SPEEDSCOPE:-$installed}/index.html
if [ ! -f "$page" ]; then
  page=$cache/speedscope-$version/dist/release/index.html
  [ -f "$page" ] || fetch || { echo "skipped: there is no speedscope here, and npm does not get it"; exit 77; }
fi

# As speedscope's own command gives it a file.
printf 'speedscope.loadFileFromBase64("trace.json", "%s")' "$(base64 -w0 "$trace")" >"$d/load.js"
timeout 120 "$chromium" --headless --no-sandbox --use-angle=swiftshader --enable-unsafe-swiftshader \
  --enable-logging=stderr --user-data-dir="$d/profile" --allow-file-access-from-files --window-size=1280,800 \
  --virtual-time-budget=8000 --dump-dom "file://$(realpath "$page")#localProfilePath=$d/load.js&view=sandwich" \
  >"$d/dom" 2>"$d/log" || { echo "chromium failed"; tail -n 20 "$d/log"; exit 1; }
grep -q 'CONSOLE.*Importing as Trace Event Format' "$d/log" || { echo "not read as a trace"; grep CONSOLE "$d/log"; exit 1; }
if grep -E 'CONSOLE.*(Uncaught|Tried to end|still open|Error)' "$d/log" | grep -v 'WebGL'; then
  exit 1
fi
for text in "$@"; do
  grep -qF -- "$text" "$d/dom" || { echo "not on the page: $text"; exit 1; }
done
