# The three ways to use vlpt from another project, each configured, built and run.
set(prefix ${CMAKE_CURRENT_BINARY_DIR}/package/prefix)

add_test(NAME package.install COMMAND ${CMAKE_COMMAND} --install ${PROJECT_BINARY_DIR}
                                      --config $<CONFIG> --prefix ${prefix})
set_tests_properties(package.install PROPERTIES LABELS package FIXTURES_SETUP installed)

foreach(file share/doc/vlpt/LICENSE include/vlpt/version.hpp share/pkgconfig/vlpt.pc
             ${CMAKE_INSTALL_LIBDIR}/cmake/vlpt/vlptConfigVersion.cmake)
  list(APPEND installed ${prefix}/${file})
endforeach()
if(TARGET vlpt_cuda)
  list(APPEND installed ${prefix}/share/pkgconfig/vlpt-cuda.pc)
endif()
add_test(NAME package.files COMMAND ${CMAKE_COMMAND} -E cat ${installed})
set_tests_properties(package.files PROPERTIES LABELS package FIXTURES_REQUIRED installed)

foreach(way find_package add_subdirectory fetch_content)
  set(binary ${CMAKE_CURRENT_BINARY_DIR}/package/${way})
  add_test(
    NAME package.${way}
    COMMAND
      ${CMAKE_CTEST_COMMAND} --build-and-test ${CMAKE_CURRENT_SOURCE_DIR}/package ${binary}
      --build-generator ${CMAKE_GENERATOR} --build-makeprogram ${CMAKE_MAKE_PROGRAM}
      --build-options -DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER} -DWAY=${way}
      -DSOURCE=${PROJECT_SOURCE_DIR} -DVERSION=${PROJECT_VERSION}
      "-DCMAKE_PREFIX_PATH=${prefix}"
      --test-command ${binary}/consumer)
  set_tests_properties(package.${way} PROPERTIES LABELS package FIXTURES_REQUIRED installed
                                                 TIMEOUT 600)
endforeach()
if(TARGET vlpt_cuda)  # its consumer is the one of find_package
  set_tests_properties(package.install package.find_package PROPERTIES LABELS "package;cuda")
endif()
