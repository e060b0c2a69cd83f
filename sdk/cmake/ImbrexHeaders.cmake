# imbrex_add_header_digests(TARGET)
#
# Gives TARGET, which must be of the calling folder, a generated source with the digests of the public
# headers that its compiler finds: the include folders of the target are searched in their order. The
# kernel carries the same, and refuses a plugin whose headers differ in more than comments and white
# space (sdk/docs/abi.md).
set(IMBREX_HEADER_DIGESTS_SCRIPT "${CMAKE_CURRENT_LIST_DIR}/header_digests.cmake")

function(imbrex_add_header_digests target)
  get_target_property(folder ${target} BINARY_DIR)
  set(source "${folder}/${target}.header_digests.cpp")
  add_custom_command(OUTPUT "${source}"
    COMMAND "${CMAKE_COMMAND}"
      "-DFOLDERS=$<JOIN:$<TARGET_PROPERTY:${target},INCLUDE_DIRECTORIES>,|>"
      "-DOUTPUT=${source}" "-DDEPENDENCIES=${source}.d" -P "${IMBREX_HEADER_DIGESTS_SCRIPT}"
    DEPENDS "${IMBREX_HEADER_DIGESTS_SCRIPT}" DEPFILE "${source}.d"
    COMMENT "Digests of the public headers for ${target}" VERBATIM)
  target_sources(${target} PRIVATE "${source}")
  set_source_files_properties("${source}" PROPERTIES
    SKIP_PRECOMPILE_HEADERS ON SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()
