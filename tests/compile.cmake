# accept/*.cpp must compile without a warning; reject/*.cpp must not compile, and must say why.
# Both see the compiler as it is set up for a program that links vlpt::io.
add_library(compile_flags OBJECT EXCLUDE_FROM_ALL heap.cpp)
target_link_libraries(compile_flags PRIVATE vlpt::io vlpt_warnings)

set(flags ${CMAKE_CURRENT_BINARY_DIR}/compile_flags.txt)
set(options "$<TARGET_PROPERTY:compile_flags,COMPILE_OPTIONS>")
set(definitions "$<TARGET_PROPERTY:compile_flags,COMPILE_DEFINITIONS>")
set(others "$<TARGET_PROPERTY:compile_flags,INCLUDE_DIRECTORIES>")
set(others "$<FILTER:${others},EXCLUDE,^(/usr/include|${PROJECT_SOURCE_DIR}/include)$>")
set(others "$<REMOVE_DUPLICATES:${others}>")
file(
  GENERATE
  OUTPUT ${flags}
  CONTENT
    "-std=c++20 -fsyntax-only
$<JOIN:${options},
>
-D$<JOIN:${definitions},
-D>
-I${PROJECT_SOURCE_DIR}/include
-isystem $<JOIN:${others},
-isystem >
")

set(brief -fno-diagnostics-show-caret)
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  set(brief -fno-caret-diagnostics)
endif()

foreach(kind accept reject)
  file(GLOB sources CONFIGURE_DEPENDS ${kind}/*.cpp)
  foreach(source IN LISTS sources)
    get_filename_component(name ${source} NAME_WE)
    add_test(NAME ${kind}.${name}
             COMMAND ${CMAKE_COMMAND} -Dcompiler=${CMAKE_CXX_COMPILER} -Dflags=${flags}
                     -Dbrief=${brief} -Dsource=${source} -P ${CMAKE_CURRENT_SOURCE_DIR}/${kind}.cmake)
    set_tests_properties(${kind}.${name} PROPERTIES LABELS ${kind} TIMEOUT 300)
  endforeach()
endforeach()
