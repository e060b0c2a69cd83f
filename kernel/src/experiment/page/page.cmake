# The page of an experiment: readable parts, put together into one source of imbrex_engine. Included by
# kernel/CMakeLists.txt, because a rule belongs to the targets of its folder.
set(page "${CMAKE_CURRENT_LIST_DIR}")
set(page_scripts data.js pareto.js svg.js controls.js bars.js scatter.js heat_map.js convergence.js tables.js main.js)
list(TRANSFORM page_scripts PREPEND "${page}/")
list(JOIN page_scripts "|" page_scripts_text)
set(page_source "${CMAKE_CURRENT_BINARY_DIR}/experiment_page.cpp")
add_custom_command(OUTPUT "${page_source}"
  COMMAND "${CMAKE_COMMAND}" "-DPAGE=${page}/page.html" "-DSTYLE=${page}/style.css" "-DSCRIPTS=${page_scripts_text}"
          "-DOUTPUT=${page_source}" -P "${page}/embed.cmake"
  DEPENDS "${page}/embed.cmake" "${page}/page.html" "${page}/style.css" ${page_scripts}
  COMMENT "The page of experiments" VERBATIM)
target_sources(imbrex_engine PRIVATE "${page_source}")
