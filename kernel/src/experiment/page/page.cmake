# The page of an experiment: readable parts, put together into one source of imbrex_engine. Included by
# kernel/CMakeLists.txt, because a rule belongs to the targets of its folder.
set(page_source "${CMAKE_CURRENT_BINARY_DIR}/experiment_page.cpp")
imbrex_embed_page("${page_source}"
  FOLDER "${CMAKE_CURRENT_LIST_DIR}" HEADER "experiment/page.hpp" NAMESPACE imbrex::experiment
  SCRIPTS data.js pareto.js svg.js controls.js bars.js scatter.js heat_map.js convergence.js tables.js main.js)
target_sources(imbrex_engine PRIVATE "${page_source}")
