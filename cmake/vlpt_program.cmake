# For vlpt's own programs: tests, examples, benchmarks.
add_library(vlpt_warnings INTERFACE)
target_compile_options(
  vlpt_warnings INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
                          # GCC 12: its AVX-512 intrinsics, inlined (bug 105593), and std::string (105651)
                          $<$<CXX_COMPILER_ID:GNU>:-Wno-uninitialized;-Wno-maybe-uninitialized;-Wno-restrict>
                          $<$<BOOL:${VLPT_WARNINGS_AS_ERRORS}>:-Werror>)

# vlpt_program(<target> <output name> SOURCES <file>... [LINK <target>...])
function(vlpt_program target name)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "SOURCES;LINK")
  add_executable(${target} ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE ${arg_LINK} vlpt_warnings)
  set_target_properties(${target} PROPERTIES OUTPUT_NAME ${name} CXX_EXTENSIONS OFF)
endfunction()

# vlpt_together(<target> <size> <file>...): compiles these files of the target <size> at a time, in
# their order. What costs is the templates that they share. Files with options of their own stay alone.
function(vlpt_together target size)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  set(count 0)
  foreach(file IN LISTS ARGN)
    math(EXPR group "${count} / ${size}")
    set_property(SOURCE ${file} PROPERTY UNITY_GROUP ${target}_${group})
    math(EXPR count "${count} + 1")
  endforeach()
endfunction()
