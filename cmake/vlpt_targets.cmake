# The targets that users link.
#   vlpt::vlpt    every room but those below; needs Eigen and threads
#   vlpt::packed  vlpt::vlpt and the kernels of PackedCpu, compiled: a static library
#   vlpt::cuda    vlpt::vlpt and the GPU's kernels, compiled; absent without a CUDA toolkit
#                 (vlpt_cuda.cmake, as is vlpt::nccl)
#   vlpt::io      vlpt::vlpt and what reading and writing files needs (rooms io, train, analysis);
#                 absent where one of its packages is, unless this is vlpt's own build

# No version: Eigen 3.4 and 5 both serve, and neither accepts a request for the other.
find_package(Eigen3 CONFIG REQUIRED)
find_package(Threads REQUIRED)

add_library(vlpt INTERFACE)
add_library(vlpt::vlpt ALIAS vlpt)
target_compile_features(vlpt INTERFACE cxx_std_20)
target_include_directories(vlpt INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>)
target_link_libraries(vlpt INTERFACE Eigen3::Eigen Threads::Threads)
# vlpt cuts the work itself (core/parallel.hpp), so that results do not depend on the threads.
target_compile_definitions(vlpt INTERFACE EIGEN_DONT_PARALLELIZE)

if(VLPT_NATIVE)
  include(CheckCXXCompilerFlag)
  check_cxx_compiler_flag(-march=native VLPT_HAS_MARCH_NATIVE)
  if(VLPT_HAS_MARCH_NATIVE)
    # All instructions, but the schedule of a generic machine: g++ 12's own makes Eigen 20 % slower.
    target_compile_options(vlpt INTERFACE "$<BUILD_INTERFACE:-march=native;-mtune=generic>")
  endif()
endif()

add_library(vlpt_packed STATIC ${PROJECT_SOURCE_DIR}/cmake/packed.cpp)
add_library(vlpt::packed ALIAS vlpt_packed)
set_target_properties(vlpt_packed PROPERTIES EXPORT_NAME packed POSITION_INDEPENDENT_CODE ON
                                             CXX_EXTENSIONS OFF)
target_link_libraries(vlpt_packed PUBLIC vlpt)
# The kernels name the instructions that they use themselves. Unoptimised they would be of no use.
# Sections of their own: a program that links with --gc-sections keeps what it calls.
target_compile_options(vlpt_packed PRIVATE $<IF:$<CONFIG:Debug>,-O2,-O3> -ffunction-sections
                                           -fdata-sections)
if(NOT PROJECT_IS_TOP_LEVEL)
  set_target_properties(vlpt_packed PROPERTIES EXCLUDE_FROM_ALL ON)
endif()

set(need "")
if(PROJECT_IS_TOP_LEVEL)
  set(need REQUIRED)
endif()
find_package(ZLIB ${need})
find_package(JPEG ${need})
find_package(nlohmann_json CONFIG ${need})
find_package(Stb ${need})
find_package(Utf8proc ${need})
find_package(xtensor CONFIG QUIET)

if(ZLIB_FOUND AND JPEG_FOUND AND nlohmann_json_FOUND AND Stb_FOUND AND Utf8proc_FOUND)
  add_library(vlpt_io INTERFACE)
  add_library(vlpt::io ALIAS vlpt_io)
  set_target_properties(vlpt_io PROPERTIES EXPORT_NAME io)
  target_link_libraries(vlpt_io INTERFACE vlpt ZLIB::ZLIB JPEG::JPEG nlohmann_json::nlohmann_json
                                          Stb::Stb Utf8proc::Utf8proc)
  if(TARGET xtensor)
    target_link_libraries(vlpt_io INTERFACE $<BUILD_INTERFACE:xtensor>)
  endif()
endif()
