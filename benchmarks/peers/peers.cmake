# peer_vlpt and peer_libraries: what benchmarks/peers/peers.py starts; built when asked for.

add_library(peers_serve STATIC EXCLUDE_FROM_ALL ${CMAKE_CURRENT_LIST_DIR}/serve.cpp)
target_compile_features(peers_serve PUBLIC cxx_std_20)
target_link_libraries(peers_serve PRIVATE vlpt_warnings)

file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/vlpt/*.cpp)
vlpt_program(peer_vlpt peer_vlpt SOURCES ${sources} LINK vlpt::io vlpt::packed peers_serve)

# The libraries are compiled as their own users would: not with vlpt's definitions, and with OpenMP
# and every instruction of the machine, the schedule being that which Eigen is fastest with.
find_package(OpenMP QUIET COMPONENTS CXX)
find_path(OPENBLAS_INCLUDE_DIR openblas_config.h PATH_SUFFIXES openblas-pthread openblas)
find_library(OPENBLAS_LIBRARY openblas PATH_SUFFIXES openblas-pthread)
find_path(ONEDNN_INCLUDE_DIR oneapi/dnnl/dnnl.hpp)
find_library(ONEDNN_LIBRARY dnnl)
mark_as_advanced(OPENBLAS_INCLUDE_DIR OPENBLAS_LIBRARY ONEDNN_INCLUDE_DIR ONEDNN_LIBRARY)

set(libraries ${CMAKE_CURRENT_LIST_DIR}/libraries)
vlpt_program(peer_libraries peer_libraries SOURCES ${libraries}/main.cpp ${libraries}/eigen.cpp
             LINK Eigen3::Eigen peers_serve)
if(VLPT_HAS_MARCH_NATIVE)
  target_compile_options(peer_libraries PRIVATE -march=native -mtune=generic)
endif()
if(OpenMP_CXX_FOUND)
  target_link_libraries(peer_libraries PRIVATE OpenMP::OpenMP_CXX)
endif()
if(OPENBLAS_INCLUDE_DIR AND OPENBLAS_LIBRARY)
  target_sources(peer_libraries PRIVATE ${libraries}/openblas.cpp)
  target_compile_definitions(peer_libraries PRIVATE PEERS_OPENBLAS)
  target_include_directories(peer_libraries SYSTEM PRIVATE ${OPENBLAS_INCLUDE_DIR})
  target_link_libraries(peer_libraries PRIVATE ${OPENBLAS_LIBRARY})
endif()
if(ONEDNN_INCLUDE_DIR AND ONEDNN_LIBRARY)
  target_sources(peer_libraries PRIVATE ${libraries}/onednn.cpp)
  target_compile_definitions(peer_libraries PRIVATE PEERS_ONEDNN)
  target_include_directories(peer_libraries SYSTEM PRIVATE ${ONEDNN_INCLUDE_DIR})
  target_link_libraries(peer_libraries PRIVATE ${ONEDNN_LIBRARY})
endif()
set_target_properties(peer_vlpt peer_libraries PROPERTIES EXCLUDE_FROM_ALL ON)
