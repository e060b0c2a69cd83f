#!/usr/bin/env bash
# open_page.sh PAGE CHECK.js: opens a page in headless Chromium together with a script, which gives a function that
# uses the page to checkPage and pushes what it finds wrong to window.troubles, which holds what went wrong before it.
# Exit code 77 where there is no Chromium, or no Python to put the two together.
set -euo pipefail
page=$(realpath "$1")
check=$(realpath "$2")
chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
  { echo "skipped: there is no chromium here"; exit 77; }
command -v python3 >/dev/null || { echo "skipped: there is no python3 here"; exit 77; }
d=$(mktemp -d)
trap 'rm -rf "$d"' EXIT

# Before the page's own scripts: what they report. After them: the check.
python3 - "$page" "$check" >"$d/page.html" <<'END'
import sys
page = open(sys.argv[1], encoding="utf-8").read()
check = open(sys.argv[2], encoding="utf-8").read()
watch = """<script>window.troubles = [];
addEventListener("error", (event) => troubles.push(String(event.message)));
addEventListener("unhandledrejection", (event) => troubles.push(String(event.reason)));
console.error = (...words) => troubles.push(words.join(" "));
async function checkPage(use) {
  await Promise.resolve().then(use).catch((trouble) => troubles.push(String(trouble.stack)));
  document.body.append(Object.assign(document.createElement("pre"),
    { id: "check", textContent: troubles.length === 0 ? "passed" : [...new Set(troubles)].join("; ") }));
}</script>"""
page = page.replace("<head>", "<head>" + watch, 1)
at = page.rindex("</body>")
print(page[:at] + "<script>" + check + "</script>" + page[at:])
END
timeout 120 "$chromium" --headless --no-sandbox --disable-gpu --enable-logging=stderr --user-data-dir="$d/profile" \
  --window-size=1280,800 --virtual-time-budget=5000 --dump-dom "file://$d/page.html" >"$d/dom" 2>"$d/log" ||
  { echo "chromium failed"; tail -n 20 "$d/log"; exit 1; }
if grep -E 'CONSOLE.*(Uncaught|Error|Refused)' "$d/log"; then
  exit 1
fi
grep -o 'id="check">[^<]*' "$d/dom" || { echo "the check did not run"; tail -n 20 "$d/log"; exit 1; }
grep -q 'id="check">passed<' "$d/dom"
