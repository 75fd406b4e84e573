# vlpt::cuda: vlpt::vlpt and Cuda<float>, Cuda<double>, compiled: a static library, where there is a
# CUDA toolkit. Everything else is the same without one.
#
# CUDA is no language of this project: whoever links a library that has one must enable it as well.
set(VLPT_CUDA AUTO CACHE STRING "Build vlpt::cuda: AUTO (where a CUDA toolkit is found), ON, OFF")
set_property(CACHE VLPT_CUDA PROPERTY STRINGS AUTO ON OFF)
set(VLPT_CUDA_ARCHITECTURES "80;90;100" CACHE STRING "Compute capabilities of the kernels of vlpt::cuda")
if(NOT VLPT_CUDA)
  return()
endif()

get_filename_component(vlpt_root ${CMAKE_CURRENT_LIST_DIR} DIRECTORY)
set(oldest 12.8)  # the first that knows 100
find_package(CUDAToolkit ${oldest} QUIET)
if(NOT TARGET CUDA::cublasLt OR NOT CUDAToolkit_NVCC_EXECUTABLE)
  if(NOT VLPT_CUDA STREQUAL AUTO)
    message(FATAL_ERROR "VLPT_CUDA is ${VLPT_CUDA}, and there is no CUDA toolkit ${oldest} or later "
                        "with nvcc and cuBLASLt (CUDAToolkit_ROOT says where)")
  endif()
  return()
endif()

# A compiler's call for every source, as add_library makes them for a language.
function(vlpt_cuda_object source object)
  # 554: a View of const values, which are the same as what it converts to.
  set(flags -std=c++20 -O3 --expt-relaxed-constexpr -diag-suppress=554 -ccbin ${CMAKE_CXX_COMPILER}
            -Xcompiler=-fPIC,-Wall,-Wextra,-Wshadow)
  if(VLPT_WARNINGS_AS_ERRORS)
    list(APPEND flags -Werror=all-warnings -Xcompiler=-Werror)
  endif()
  foreach(each IN LISTS VLPT_CUDA_ARCHITECTURES)
    set(architecture ${each})
    list(APPEND flags -gencode=arch=compute_${architecture},code=sm_${architecture})
  endforeach()
  # What a later device compiles for itself.
  list(APPEND flags -gencode=arch=compute_${architecture},code=compute_${architecture})
  add_custom_command(
    OUTPUT ${object}
    COMMAND ${CUDAToolkit_NVCC_EXECUTABLE} ${flags} -I${vlpt_root}/include
            -MD -MF ${object}.d -c ${source} -o ${object}
    DEPENDS ${source}
    DEPFILE ${object}.d
    COMMENT "Building the CUDA object ${object}"
    VERBATIM COMMAND_EXPAND_LISTS)
endfunction()

set(object ${CMAKE_CURRENT_BINARY_DIR}/vlpt_cuda.o)
vlpt_cuda_object(${vlpt_root}/cmake/cuda.cu ${object})
add_library(vlpt_cuda STATIC ${object})
add_library(vlpt::cuda ALIAS vlpt_cuda)
set_target_properties(vlpt_cuda PROPERTIES EXPORT_NAME cuda LINKER_LANGUAGE CXX)
target_link_libraries(vlpt_cuda PUBLIC vlpt CUDA::cublasLt CUDA::cudart)
if(NOT PROJECT_IS_TOP_LEVEL)
  set_target_properties(vlpt_cuda PROPERTIES EXCLUDE_FROM_ALL ON)
endif()

# vlpt::nccl: sums over the GPUs of a machine (kernels/cuda/communicator.hpp), where NCCL is.
find_package(NCCL QUIET)
if(NCCL_FOUND)
  add_library(vlpt_nccl STATIC ${vlpt_root}/cmake/nccl.cpp)
  add_library(vlpt::nccl ALIAS vlpt_nccl)
  set_target_properties(vlpt_nccl PROPERTIES EXPORT_NAME nccl POSITION_INDEPENDENT_CODE ON
                                             CXX_EXTENSIONS OFF)
  target_link_libraries(vlpt_nccl PUBLIC vlpt_cuda NCCL::NCCL)
  if(NOT PROJECT_IS_TOP_LEVEL)
    set_target_properties(vlpt_nccl PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
endif()
