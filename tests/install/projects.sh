#!/usr/bin/env bash
# What `imbrex new` writes, built, tested and run as its reader would.
#
#   projects.sh all  COMMAND PREFIX WORK   a project of every kind: no warning, its tests, its recipe
#   projects.sh page COMMAND PREFIX WORK   one project by the commands of its README.md and of its workflow
#
# COMMAND: the imbrex of the installation PREFIX, into which "all" installs the plugins, or of a build folder.
set -euo pipefail
what=$1 command=$2 prefix=$3 work=$4
fail() { echo "projects.sh: $*" >&2; exit 1; }
rm -rf "$work"
mkdir -p "$work"
cd "$work"
unset IMBREX_PLUGIN_PATH LD_LIBRARY_PATH CMAKE_PREFIX_PATH

# step NAME: what the workflow runs in the step of this name.
step() {
  awk -v name="      - name: $1" '
    $0 == name {inside = 1; next}
    inside && /^      - / {exit}
    inside && /^        run: [^|]/ {sub(/^        run: /, ""); print; next}
    inside && /^          / {sub(/^ +/, ""); print}' .github/workflows/ci.yml
}

if [ "$what" = page ]; then
  "$command" new overlap acme.overlap.two-words project >next.txt
  grep -q -- "-DCMAKE_PREFIX_PATH=" next.txt || fail "the next commands do not say where Imbrex is"
  cd project
  # Found as the packages are: without an option.
  export CMAKE_PREFIX_PATH=$prefix CMAKE_GENERATOR=Ninja PATH=$(dirname "$command"):$PATH
  for name in Build Test; do
    step "$name" >"../$name.sh"
    [ -s "../$name.sh" ] || fail "the workflow has no step $name"
    bash -e "../$name.sh" >"../$name.txt" 2>&1 || { cat "../$name.txt"; fail "step $name of the workflow failed"; }
  done
  grep -q 'tests passed, 0 tests failed' ../Test.txt || fail "the workflow runs no test"
  rm -r build
  awk '$0 == "```sh" {inside = 1; next} /^```/ {inside = 0} inside' README.md >../readme.sh
  [ "$(wc -l <../readme.sh)" -ge 4 ] || fail "README.md has no commands"
  bash -e ../readme.sh >../readme.txt 2>&1 || { cat ../readme.txt; fail "the commands of README.md failed"; }
  grep -q '100800000 ps, exact' ../readme.txt || fail "README.md's last command does not run the recipe"
  exit 0
fi

kinds=(workload architecture cost partition search overlap report)
{
  echo 'cmake_minimum_required(VERSION 3.25)'
  echo 'project(all CXX)'
  echo 'enable_testing()'
} >CMakeLists.txt
for kind in "${kinds[@]}"; do
  "$command" new "$kind" "acme.$kind.two-words" "$kind" >"$kind.txt"
  ! grep -rnE '@[a-z_]+@' "$kind" || fail "a word of the template of $kind stands for nothing"
  echo "add_subdirectory($kind)" >>CMakeLists.txt
done
cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$prefix" \
  -DCMAKE_CXX_FLAGS='-Werror -Wpedantic' >configure.txt
cmake --build build >compile.txt 2>&1 || { cat compile.txt; exit 1; }
ctest --test-dir build --output-on-failure >tests.txt 2>&1 || { cat tests.txt; exit 1; }
for kind in "${kinds[@]}"; do
  grep -q "acme_${kind}_two_words.recipe .* Passed" tests.txt || fail "the project of $kind has no test that passed"
  grep -q "acme_${kind}_two_words.conforms .* Passed" tests.txt || fail "the project of $kind does not conform"
  # A licence is for its author to choose.
  "$(dirname "$command")/imbrex-conform" --only '^(library|metadata)/' --quiet \
    "build/$kind/acme_${kind}_two_words.imbrex.so" >"$kind.conform.txt"
  [ "$(grep -E '^  [a-z]' "$kind.conform.txt")" = '  warned     metadata/licence-is-named' ] ||
    fail "the library of $kind is not right but for its licence: $(<"$kind.conform.txt")"
  "$command" run "$kind/recipe.toml" --plugin "build/$kind/acme_${kind}_two_words.imbrex.so" \
    --out "results/$kind" >"$kind.run.txt"
  grep -q "\"acme.$kind.two-words\"" "results/$kind/result.json" || fail "no plugin of $kind took part"
done
# Installed, they are found without being named.
cmake --install build --prefix "$prefix" >install.txt
for kind in "${kinds[@]}"; do
  "$command" check "$kind/recipe.toml" >"$kind.check.txt" || fail "the installed plugin of $kind is not found"
done
# A test of a recipe that cannot fail would be worth nothing.
sed 's/latency_ps=[0-9]*/latency_ps=1/' -i cost/CMakeLists.txt
cmake build >/dev/null
if ctest --test-dir build -R acme_cost_two_words.recipe >wrong.txt 2>&1; then
  fail "the test of a recipe passes whatever it expects"
fi
echo "projects of ${#kinds[@]} kinds built, tested and run against $prefix"
