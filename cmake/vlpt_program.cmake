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

# vlpt_together(<target> <size> <file>...): compiles these files of the target <size> at a time, those of
# a folder in their order. What costs is the templates that they share. Files with options of their own
# stay alone; -DCMAKE_UNITY_BUILD=OFF leaves all of them alone.
function(vlpt_together target size)
  if(NOT DEFINED CMAKE_UNITY_BUILD)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  endif()
  foreach(file IN LISTS ARGN)
    get_filename_component(folder ${file} DIRECTORY)
    get_filename_component(folder ${folder} NAME)
    if(NOT DEFINED count_${folder})
      set(count_${folder} 0)
    endif()
    math(EXPR group "${count_${folder}} / ${size}")
    set_property(SOURCE ${file} PROPERTY UNITY_GROUP ${target}_${folder}_${group})
    math(EXPR count_${folder} "${count_${folder}} + 1")
  endforeach()
endfunction()
