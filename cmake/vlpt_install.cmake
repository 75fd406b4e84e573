# What `cmake --install` copies: headers, vlpt::packed, vlpt::cuda, licence, the CMake package and the pkg-config file.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/vlpt)

install(DIRECTORY include/vlpt DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN "*.hpp" PATTERN "*.cuh" PATTERN "*.inc")
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

install(TARGETS vlpt EXPORT vlpt INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS vlpt_packed EXPORT vlpt OPTIONAL ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT vlpt NAMESPACE vlpt:: DESTINATION ${package_dir} FILE vlptTargets.cmake)
if(TARGET vlpt_io)
  install(TARGETS vlpt_io EXPORT vlpt_io)
  install(EXPORT vlpt_io NAMESPACE vlpt:: DESTINATION ${package_dir} FILE vlptIoTargets.cmake)
endif()
if(TARGET vlpt_cuda)
  install(TARGETS vlpt_cuda EXPORT vlpt_cuda OPTIONAL ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  if(TARGET vlpt_nccl)
    install(TARGETS vlpt_nccl EXPORT vlpt_nccl OPTIONAL ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
    install(EXPORT vlpt_nccl NAMESPACE vlpt:: DESTINATION ${package_dir} FILE vlptNcclTargets.cmake)
  endif()
  install(EXPORT vlpt_cuda NAMESPACE vlpt:: DESTINATION ${package_dir} FILE vlptCudaTargets.cmake)
  configure_file(cmake/vlpt-cuda.pc.in vlpt-cuda.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/vlpt-cuda.pc DESTINATION ${CMAKE_INSTALL_DATADIR}/pkgconfig)
endif()

configure_package_config_file(cmake/vlptConfig.cmake.in vlptConfig.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(vlptConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/vlptConfig.cmake ${PROJECT_BINARY_DIR}/vlptConfigVersion.cmake
              ${PROJECT_SOURCE_DIR}/cmake/FindNCCL.cmake
              ${PROJECT_SOURCE_DIR}/cmake/FindStb.cmake
              ${PROJECT_SOURCE_DIR}/cmake/FindUtf8proc.cmake DESTINATION ${package_dir})

configure_file(cmake/vlpt.pc.in vlpt.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/vlpt.pc DESTINATION ${CMAKE_INSTALL_DATADIR}/pkgconfig)
