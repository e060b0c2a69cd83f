# imbrex_add_recipe_test(PLUGIN RECIPE recipe.toml [EXPECT path=value ...] [CONTAINS file=text ...])
#
# A test PLUGIN.RECIPE (without .toml) that runs the recipe with the plugin that is the target PLUGIN, so that its
# results lie in the build folder, below results/. EXPECT: numbers and texts of result.json by their path,
# "metrics.latency_ps=56000000" or "stages.0.use=acme.search.climb"; of numbers also "<=" and ">=". CONTAINS: what
# another file of the results says, "layers.md=| first |". Texts hold no semicolon.
set(IMBREX_RECIPE_TEST "${CMAKE_CURRENT_LIST_DIR}/recipe_test.cmake")

function(imbrex_add_recipe_test plugin)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "RECIPE" "EXPECT;CONTAINS")
  if(NOT arg_RECIPE)
    message(FATAL_ERROR "imbrex_add_recipe_test(${plugin}) needs RECIPE and a file")
  endif()
  get_filename_component(recipe "${arg_RECIPE}" ABSOLUTE)
  get_filename_component(name "${arg_RECIPE}" NAME_WLE)
  add_test(NAME ${plugin}.${name} COMMAND "${CMAKE_COMMAND}"
    "-DCOMMAND=$<TARGET_FILE:imbrex::command>" "-DPLUGIN=$<TARGET_FILE:${plugin}>" "-DRECIPE=${recipe}"
    "-DRESULTS=${CMAKE_CURRENT_BINARY_DIR}/results/${plugin}.${name}"
    "-DEXPECT=${arg_EXPECT}" "-DCONTAINS=${arg_CONTAINS}" -P "${IMBREX_RECIPE_TEST}")
endfunction()
