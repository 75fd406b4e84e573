# growth: costs against counts, against sizes and against a busy neighbour; built when asked for.
file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.cpp)
vlpt_program(growth growth SOURCES ${sources} LINK vlpt::vlpt vlpt::packed peers_serve)
set_target_properties(growth PROPERTIES EXCLUDE_FROM_ALL ON)
