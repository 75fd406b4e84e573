# cmake -Dcompiler= -Dflags= -Dbrief= -Dsource= -P reject.cmake: the source must not compile, the
# compiler must print the sentence of its first "// expect: " line, and say all in at most 20 lines.
# `brief` is the compiler's option not to quote the code below each message.
set(longest 20)

file(STRINGS ${source} sentence REGEX "^// expect: " LIMIT_COUNT 1)
string(REGEX REPLACE "^// expect: *" "" sentence "${sentence}")
if(sentence STREQUAL "")
  message(FATAL_ERROR "${source} has no line \"// expect: ...\"")
endif()

execute_process(COMMAND ${compiler} @${flags} ${brief} ${source}
                RESULT_VARIABLE failed ERROR_VARIABLE output)
if(NOT failed)
  message(FATAL_ERROR "${source} must not compile, and does")
endif()

string(FIND "${output}" "${sentence}" found)
if(found EQUAL -1)
  message("${output}")
  message(FATAL_ERROR "the compiler does not say \"${sentence}\" but the above")
endif()

string(REGEX MATCHALL "\n" lines "${output}")
list(LENGTH lines count)
if(count GREATER longest)
  message("${output}")
  message(FATAL_ERROR "the compiler says it in ${count} lines, more than ${longest}")
endif()
