# Every header compiles alone: a library of one translation unit a header, built by its own test.
file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/include
     ${PROJECT_SOURCE_DIR}/include/vlpt/*.hpp)
set(sources "")
foreach(header IN LISTS headers)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/headers/${header}.cpp)
  # Twice, for #pragma once.
  file(CONFIGURE OUTPUT ${source} CONTENT "#include \"@header@\"\n#include \"@header@\"\n" @ONLY)
  list(APPEND sources ${source})
endforeach()

add_library(headers OBJECT EXCLUDE_FROM_ALL ${sources})
target_link_libraries(headers PRIVATE vlpt::io vlpt_warnings)
target_compile_options(headers PRIVATE -O0 -Werror)
set_target_properties(headers PROPERTIES CXX_EXTENSIONS OFF)

set(all_errors "")
if(CMAKE_GENERATOR MATCHES Ninja)
  set(all_errors -- -k 0)
endif()
add_test(NAME headers COMMAND ${CMAKE_COMMAND} --build ${PROJECT_BINARY_DIR} --target headers
                              --config $<CONFIG> --parallel 2 ${all_errors})
set_tests_properties(headers PROPERTIES LABELS headers PROCESSORS 2 RESOURCE_LOCK build
                                        TIMEOUT 1200)
