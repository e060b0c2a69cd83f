# imbrex_embed_page(OUTPUT FOLDER folder HEADER page.hpp NAMESPACE a::b SCRIPTS a.js ...)
#
# A source with the page that lies in FOLDER as page.html, style.css and scripts, in the order in which the page
# reads them. A rule belongs to the targets of its folder, so call it where the target is made.
set(IMBREX_EMBED_PAGE "${CMAKE_CURRENT_LIST_DIR}/embed_page.cmake")

function(imbrex_embed_page output)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "FOLDER;HEADER;NAMESPACE" "SCRIPTS")
  list(TRANSFORM arg_SCRIPTS PREPEND "${arg_FOLDER}/")
  list(JOIN arg_SCRIPTS "|" scripts)
  add_custom_command(OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" "-DPAGE=${arg_FOLDER}/page.html" "-DSTYLE=${arg_FOLDER}/style.css"
            "-DSCRIPTS=${scripts}" "-DHEADER=${arg_HEADER}" "-DNAMESPACE=${arg_NAMESPACE}" "-DOUTPUT=${output}"
            -P "${IMBREX_EMBED_PAGE}"
    DEPENDS "${IMBREX_EMBED_PAGE}" "${arg_FOLDER}/page.html" "${arg_FOLDER}/style.css" ${arg_SCRIPTS}
    COMMENT "The page of ${arg_NAMESPACE}" VERBATIM)
endfunction()
