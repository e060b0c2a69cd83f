# imbrex_embed_templates(OUTPUT HEADER x.hpp NAMESPACE a::b)
#
# A source with the files of sdk/template, so that the command has them wherever it is put. A rule belongs to the
# targets of its folder, so call it where the target is made.
set(IMBREX_EMBED_TEMPLATES "${CMAKE_CURRENT_LIST_DIR}/embed_templates.cmake")
set(IMBREX_TEMPLATE_FOLDER "${CMAKE_CURRENT_LIST_DIR}/../template")

function(imbrex_embed_templates output)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "HEADER;NAMESPACE" "")
  file(GLOB_RECURSE templates CONFIGURE_DEPENDS "${IMBREX_TEMPLATE_FOLDER}/*.in")
  add_custom_command(OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" "-DFOLDER=${IMBREX_TEMPLATE_FOLDER}" "-DHEADER=${arg_HEADER}"
            "-DNAMESPACE=${arg_NAMESPACE}" "-DOUTPUT=${output}" -P "${IMBREX_EMBED_TEMPLATES}"
    DEPENDS "${IMBREX_EMBED_TEMPLATES}" ${templates}
    COMMENT "Templates of imbrex new" VERBATIM)
endfunction()
