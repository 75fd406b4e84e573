# For vlpt's own programs: tests, examples, benchmarks.
add_library(vlpt_warnings INTERFACE)
target_compile_options(
  vlpt_warnings INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
                          # GCC's own AVX-512 intrinsics, inlined (its bug 105593)
                          $<$<CXX_COMPILER_ID:GNU>:-Wno-uninitialized;-Wno-maybe-uninitialized>
                          $<$<BOOL:${VLPT_WARNINGS_AS_ERRORS}>:-Werror>)

# vlpt_program(<target> <output name> SOURCES <file>... [LINK <target>...])
function(vlpt_program target name)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "SOURCES;LINK")
  add_executable(${target} ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE ${arg_LINK} vlpt_warnings)
  set_target_properties(${target} PROPERTIES OUTPUT_NAME ${name} CXX_EXTENSIONS OFF)
endfunction()
