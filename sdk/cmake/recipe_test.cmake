# cmake -DCOMMAND=imbrex -DPLUGIN=x.imbrex.so -DRECIPE=x.toml -DRESULTS=folder -DEXPECT=... -DCONTAINS=... -P recipe_test.cmake
#
# What a test of imbrex_add_recipe_test() does. Says everything that is wrong, not only the first.
cmake_policy(VERSION 3.25)
execute_process(
  COMMAND "${COMMAND}" run "${RECIPE}" --plugin "${PLUGIN}" --out "${RESULTS}" --force
  RESULT_VARIABLE code)
if(NOT code EQUAL 0)
  message(FATAL_ERROR "imbrex run ${RECIPE} ended with ${code}")
endif()
file(READ "${RESULTS}/result.json" result)

foreach(expected IN LISTS EXPECT)
  if(NOT expected MATCHES "^([^<>=]+)(=|<=|>=)(.*)$")
    message(SEND_ERROR "'${expected}' is not PATH=VALUE, PATH<=NUMBER or PATH>=NUMBER")
    continue()
  endif()
  set(path "${CMAKE_MATCH_1}")
  set(relation "${CMAKE_MATCH_2}")
  set(value "${CMAKE_MATCH_3}")
  string(REPLACE "." ";" members "${path}")
  string(JSON found ERROR_VARIABLE error GET "${result}" ${members})
  if(error)
    message(SEND_ERROR "${path} is not in ${RESULTS}/result.json: ${error}")
  elseif(NOT ((relation STREQUAL "=" AND (found STREQUAL value OR found EQUAL value)) OR
              (relation STREQUAL "<=" AND found LESS_EQUAL value) OR
              (relation STREQUAL ">=" AND found GREATER_EQUAL value)))
    message(SEND_ERROR "${path} is ${found}, expected ${relation} ${value}")
  endif()
endforeach()

foreach(expected IN LISTS CONTAINS)
  if(NOT expected MATCHES "^([^=]+)=(.+)$")
    message(SEND_ERROR "'${expected}' is not FILE=TEXT")
    continue()
  endif()
  set(file "${RESULTS}/${CMAKE_MATCH_1}")
  set(text "${CMAKE_MATCH_2}")
  if(NOT EXISTS "${file}")
    message(SEND_ERROR "the run left no file ${file}")
    continue()
  endif()
  file(READ "${file}" content)
  string(FIND "${content}" "${text}" at)
  if(at EQUAL -1)
    message(SEND_ERROR "${file} does not contain '${text}'")
  endif()
endforeach()
