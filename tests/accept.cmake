# cmake -Dcompiler= -Dflags= -Dsource= -P accept.cmake: the source must compile without a warning.
execute_process(COMMAND ${compiler} @${flags} -Werror ${source} RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "${source} must compile, and does not")
endif()
