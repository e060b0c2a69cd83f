#!/usr/bin/env bash
# Builds the plugins of the documentation out of the source tree and runs a recipe with each. The first knows the
# language only, the second the toolkit, too. Then programs that run recipes themselves, in C, C++ and Python.
#
#   consume.sh build   SOURCE BUILD WORK   against the build folder
#   consume.sh prefix  SOURCE BUILD WORK   against an installation that was moved after installing
#   consume.sh package SOURCE BUILD WORK   against the unpacked .deb packages
#   consume.sh folder  SOURCE BUILD WORK   in the source tree, below plugins/ (configured only)
set -euo pipefail
way=$1 source=$2 build=$3 work=$4
fail() { echo "consume.sh: $*" >&2; exit 1; }
rm -rf "$work"
mkdir -p "$work/consumer"
unset IMBREX_PLUGIN_PATH LD_LIBRARY_PATH

# block PAGE LANGUAGE NUMBER: a block of code of a page.
block() {
  local text
  text=$(awk -v fence='```'"$2" -v wanted="$3" '
    /^```/ && inside {inside = 0; next}
    ($0 == fence || index($0, fence " file=") == 1) {++number; inside = number == wanted; next}
    inside' "$source/$1")
  [ -n "$text" ] || fail "$1 has no block $3 of $2 any more"
  printf '%s\n' "$text"
}
page=sdk/docs/plugins/tutorial-overlap.md
block README.md cpp 1 >"$work/consumer/uniform.cpp"
block $page cpp 1 >"$work/consumer/in_flight.cpp"
# Takes from the toolkit what is linked with other libraries.
cat >"$work/consumer/durations.cpp" <<'END'
#include <imbrex/plugin.hpp>
#include <imbrex/toolkit/text/figures.hpp>

namespace {

class Durations final : public imbrex::Reporter {
 public:
  Durations(const imbrex::NoConfig&, const imbrex::Context&) {}
  void report(const imbrex::Result& result, imbrex::OutputFolder& folder) override {
    for (const imbrex::OperatorResult& op : result.operators) {
      folder.show(op.name + " ends after " + imbrex::text::duration(op.times.end_ps) + "\n");
    }
  }
};
constexpr imbrex::Component kComponents[] = {
    imbrex::component<Durations, imbrex::NoConfig>("acme.report.durations", "When layers end", {})};

}  // namespace

IMBREX_PLUGIN("acme.durations", "1.0.0", "When layers end", "MIT", kComponents)
END
{
  block $page cmake 1
  echo 'imbrex_add_plugin(acme_uniform SOURCES uniform.cpp)'
  echo 'imbrex_add_plugin(acme_durations SOURCES durations.cpp)'
  # What this test asks the package for, besides.
  echo 'file(GENERATE OUTPUT "${CMAKE_BINARY_DIR}/command.txt" CONTENT "$<TARGET_FILE:imbrex::command>")'
} >"$work/consumer/CMakeLists.txt"

# Nothing in an installation names the build folder: it must work on a machine that has none.
check_relocatable() {
  local file
  while IFS= read -r file; do
    ! readelf -d "$file" | grep -E 'R(UN)?PATH' | grep -vq '\$ORIGIN' || fail "$file has an absolute run path"
  done < <(find "$1" -name '*.so*' -type f -o -path '*/bin/imbrex*' -type f)
  ! grep -rqF "$build" "$1" --include=*.cmake || fail "a CMake file below $1 names the build folder"
  for file in man/man1/imbrex.1 bash-completion/completions/imbrex zsh/vendor-completions/_imbrex; do
    [ -s "$1/share/$file" ] || fail "share/$file is missing below $1"
  done
}

# Pages that are installed link to pages that are installed.
check_links() {
  local readme page target links=0
  readme=$(find "$1/share/doc" -name README.md -not -path '*/sdk/*' -not -path '*/configs/*')
  while IFS= read -r page; do
    while IFS= read -r target; do
      [ -f "$(dirname "$page")/$target" ] || fail "$page links to $target, which is not installed"
      links=$((links + 1))
    done < <(grep -oE '\]\([^)#: ]+\.md' "$page" | cut -c3-)
  done < <(find "$(dirname "$readme")" -name '*.md')
  [ "$links" -gt 40 ] || fail "only $links links in the pages below $readme"
}

case "$way" in
  build)
    prefix=$build configs=$source/configs
    # bootstrap.sh builds what a recipe names by these targets.
    ninja -C "$build" -t targets all >"$work/targets.txt"
    "$build/bin/imbrex" plugins | grep -oE '\bimbrex\.[a-z]+\.[a-z0-9-]+' | sort -u >"$work/components.txt"
    [ -s "$work/components.txt" ] || fail "imbrex plugins lists no component"
    while IFS= read -r component; do
      grep -q "^$component: phony" "$work/targets.txt" || fail "no target builds $component"
    done <"$work/components.txt"
    ;;
  prefix)
    cmake --install "$build" --prefix "$work/first" >"$work/install.txt"
    mv "$work/first" "$work/moved"
    prefix=$work/moved configs=$work/moved/share/imbrex/configs
    check_relocatable "$prefix"
    check_links "$prefix"
    ;;
  package)
    (cd "$work" && cpack -G DEB --config "$build/CPackConfig.cmake" -B "$work/packages" >"$work/cpack.txt")
    for package in imbrex imbrex-dev; do
      dpkg-deb -x "$work"/packages/"$package"_*.deb "$work/root"
    done
    dpkg-deb -f "$work"/packages/imbrex_*.deb Depends | grep -q libfmt || fail "imbrex lacks its dependencies"
    dpkg-deb -f "$work"/packages/imbrex-dev_*.deb Depends | grep 'imbrex (= ' |
      grep libfmt-dev | grep -q libunistring-dev || fail "imbrex-dev lacks imbrex, or what its archives are linked with"
    prefix=$work/root/usr configs=$work/root/usr/share/imbrex/configs
    check_relocatable "$prefix"
    ;;
  folder)
    mkdir "$work/tree"
    (cd "$source" && find . -mindepth 1 -maxdepth 1 ! -name build ! -name .git ! -name plugins ! -name results \
      -exec ln -s "$source/{}" "$work/tree/{}" \;)
    cp -r "$source/plugins" "$work/tree/plugins"
    for folder in acme partition/uniform; do   # a kind of its own, and one more of a kind there is
      mkdir -p "$work/tree/plugins/$folder"
      cp "$work/consumer/uniform.cpp" "$work/tree/plugins/$folder/"
      echo "imbrex_add_plugin(${folder//\//_} SOURCES uniform.cpp)" >"$work/tree/plugins/$folder/CMakeLists.txt"
    done
    # Files and folders of a kind alone, without a line of CMake.
    cp "$work/consumer/in_flight.cpp" "$work/tree/plugins/overlap/"
    mkdir "$work/tree/plugins/search/uniform"
    cp "$work/consumer/uniform.cpp" "$work/tree/plugins/search/uniform/"
    cmake -S "$work/tree" -B "$work/built" -G Ninja -DCMAKE_BUILD_TYPE=Release -DIMBREX_BUILD_TESTS=OFF \
      -DIMBREX_BUILD_BENCH=OFF >"$work/configure.txt"
    ninja -C "$work/built" -t commands imbrex_plugins >"$work/steps.txt"
    for name in acme partition_uniform overlap_in_flight search_uniform; do
      grep -q "lib/imbrex/plugins/$name.imbrex.so" "$work/steps.txt" || fail "plugin $name would not be built"
      grep -q "/$name.imbrex.so" "$work/built/cmake_install.cmake" "$work"/built/*/cmake_install.cmake ||
        fail "plugin $name would not be installed"
    done
    exit 0
    ;;
  *) fail "no way $way" ;;
esac

cmake -S "$work/consumer" -B "$work/built" -G Ninja -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_PREFIX_PATH="$prefix" >"$work/configure.txt"
cmake --build "$work/built" >"$work/compile.txt" || { cat "$work/compile.txt"; exit 1; }
command=$(<"$work/built/command.txt")
[ "$command" -ef "$prefix/bin/imbrex" ] || fail "find_package found $command, not the one below $prefix"

# The same for what `imbrex new` writes.
projects=all
[ "$way" != build ] || projects=page
"$(dirname "${BASH_SOURCE[0]}")/projects.sh" $projects "$command" "$prefix" "$work/projects"

cd "$work"
"$command" --version
# run NAME OVERRIDE ...: the recipe with the plugin acme_NAME; the result names it.
run() {
  local name=$1 overrides=() override
  for override in "${@:2}"; do
    overrides+=(--set "$override")
  done
  "$command" run "$configs/recipes/tinyyolov4-clsa-cim.toml" --plugin "$work/built/acme_$name.imbrex.so" \
    "${overrides[@]}" --out "$work/$name" >"$work/$name.txt"
  grep -q "\"acme.${name//_/-}\"" "$work/$name/result.json" || fail "the result does not name the plugin acme_$name"
}
run uniform stage.1.use=acme.partition.uniform stage.1.copies=2 architecture.extra_pes=117
grep -q 'acme.partition.uniform' "$work/uniform/plan.toml" || fail "the plan does not name the component"
run in_flight stage.2.use=acme.overlap.in-flight
grep -q 'acme.overlap.in-flight' "$work/in_flight/plan.toml" || fail "the plan does not name the component"
"$command" run "$configs/recipes/tinyyolov4-clsa-cim.toml" --plugin "$work/built/acme_durations.imbrex.so" \
  --set report.1.use=acme.report.durations --out "$work/durations" >"$work/durations.txt"
grep -q ' ends after [0-9.]* [mun]*s$' "$work/durations.txt" || fail "a report by the toolkit's texts says nothing"
# What a search loads is where the command looks for it, wherever both were put.
if [ -f "$build/lib/imbrex/libimbrex_nsga2.so" ]; then
  cat >"$work/search.toml" <<END
experiment = 1
recipe = "$configs/recipes/tinyyolov4-clsa-cim.toml"
search = { objectives = ["latency_ps", "utilisation"], method = "nsga2", population = 8, generations = 2 }
axis = [{ key = "architecture.extra_pes", values = "0..32" }]
END
  "$command" sweep "$work/search.toml" --out "$work/search" >"$work/search.txt"
  grep -q 'by NSGA-II in 2 generations of 8' "$work/search.txt" || fail "a search does not say what it did"
fi
# So is what a component loads, also when it is pinned, for which it is opened by another name.
if [ -f "$build/lib/imbrex/libimbrex_sga.so" ]; then
  read -r digest _ < <(sha256sum "$prefix/lib/imbrex/plugins/search_genetic.imbrex.so")
  cat >"$work/pinned.toml" <<END
extends = "$configs/recipes/product-given.toml"
plugins.pin."imbrex.search.genetic" = "sha256:$digest"
END
  "$command" run "$work/pinned.toml" --set stage.2.use=imbrex.search.genetic --set stage.2.generations=2 \
    --out "$work/pinned" >"$work/pinned.txt"
  grep -q '"generations": 2' "$work/pinned/result.json" || fail "a pinned genetic search does not evolve"
fi

# Programs: the example of the tree and the one of the page.
programs=$work/programs
page=sdk/docs/embedding.md
mkdir -p "$programs/page"
cp -r "$source/sdk/session/example" "$programs/example"
block $page cpp 1 >"$programs/page/latencies.cpp"
block $page cmake 1 >"$programs/page/CMakeLists.txt"
printf '%s\n' 'cmake_minimum_required(VERSION 3.25)' 'project(programs LANGUAGES C CXX)' \
  'set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}")' \
  'add_subdirectory(example)' 'add_subdirectory(page)' >"$programs/CMakeLists.txt"
cmake -S "$programs" -B "$programs/built" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$prefix" \
  -DCMAKE_C_FLAGS='-std=c99 -Wall -Wextra -Wpedantic -Werror' \
  -DCMAKE_CXX_FLAGS='-std=c++17 -Wall -Wextra -Wpedantic -Werror' >"$programs/configure.txt"
cmake --build "$programs/built" >"$programs/compile.txt" || { cat "$programs/compile.txt"; exit 1; }
recipe=$configs/recipes/tinyyolov4-clsa-cim.toml
"$programs/built/one_run" "$recipe" >"$programs/one_run.txt"
grep -qx 'latency_ps 7152600000' "$programs/one_run.txt" || fail "one_run does not print the latency"
code=0
"$programs/built/one_run" "$recipe" architecture.extra_pse=3 2>"$programs/wrong.txt" || code=$?
[ "$code" = 2 ] && grep -q "did you mean 'extra_pes'" "$programs/wrong.txt" || fail "one_run takes what is wrong ($code)"
"$programs/built/latencies" "$recipe" >"$programs/latencies.txt"
grep -q '^latency_ps ' "$programs/latencies.txt" || fail "latencies prints none"
"$programs/built/spare_elements" "$recipe" "$programs/out" >"$programs/spare_elements.txt"
grep -qx ' 0 spare elements: 62.772 ms' "$programs/spare_elements.txt" || fail "spare_elements prints another latency"
[ -f "$programs/out/result.json" ] || fail "spare_elements leaves no result"
if [ "$way" != build ]; then   # the package finds the library relative to itself
  latency=$(env -u IMBREX_LIBRARY PYTHONPATH="$prefix/lib/python3/dist-packages" PYTHONDONTWRITEBYTECODE=1 python3 -c '
import imbrex, sys
print(imbrex.run(sys.argv[1]).metrics["latency_ps"])' "$recipe")
  [ "$latency" = 7152600000 ] || fail "the Python package gives $latency"
fi
echo "built and run against $prefix"
