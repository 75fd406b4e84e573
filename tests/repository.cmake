# Checks on the text of the repository. Each is a script that can be called by hand.
foreach(check order length size quotes pages)
  add_test(NAME rooms.${check} COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/rooms/${check}.sh
                                       ${PROJECT_SOURCE_DIR})
  set_tests_properties(rooms.${check} PROPERTIES LABELS rooms SKIP_RETURN_CODE 77)
endforeach()

find_program(VLPT_CLANG_FORMAT NAMES clang-format-14 clang-format)
find_program(VLPT_CLANG_TIDY clang-tidy)
mark_as_advanced(VLPT_CLANG_FORMAT VLPT_CLANG_TIDY)
set(version "")
if(VLPT_CLANG_FORMAT)
  execute_process(COMMAND ${VLPT_CLANG_FORMAT} --version OUTPUT_VARIABLE version)
endif()
if(version MATCHES "version 14\\.")  # others format a little differently
  add_test(NAME format COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/rooms/format.sh
                               ${PROJECT_SOURCE_DIR} ${VLPT_CLANG_FORMAT})
  set_tests_properties(format PROPERTIES LABELS format SKIP_RETURN_CODE 77)
endif()
if(VLPT_CLANG_TIDY)
  add_test(NAME tidy COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/rooms/tidy.sh ${PROJECT_SOURCE_DIR}
                             ${VLPT_CLANG_TIDY} ${CMAKE_CURRENT_BINARY_DIR})
  set_tests_properties(tidy PROPERTIES LABELS extended TIMEOUT 3600)
endif()
