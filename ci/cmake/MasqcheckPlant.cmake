# SPDX-License-Identifier: Apache-2.0
# MASQCHECK_PLANT=NAME builds ref/ and helpers/ from a copy that has the fault
# fuzz/planted/NAME.patch in it; "none" from a copy without any. Changing the
# name rebuilds what the two faults differ in. For ci/fuzz-planted; never for
# anything that is installed.
set(MASQCHECK_PLANT "" CACHE STRING
  "Fault to be found by fuzzing: a name of fuzz/planted/, none, or nothing")
set(masqcheck_engine_dir ${CMAKE_SOURCE_DIR})
if(MASQCHECK_PLANT STREQUAL "")
  return()
endif()

message(STATUS "Planted fault: ${MASQCHECK_PLANT}")
set(masqcheck_engine_dir ${CMAKE_BINARY_DIR}/planted)
set(fresh ${CMAKE_BINARY_DIR}/planted.new)
file(REMOVE_RECURSE ${fresh})
file(COPY ${CMAKE_SOURCE_DIR}/ref ${CMAKE_SOURCE_DIR}/helpers
  DESTINATION ${fresh})
if(NOT MASQCHECK_PLANT STREQUAL "none")
  execute_process(
    COMMAND patch -p1 -s -F0 -d ${fresh}
      -i ${CMAKE_SOURCE_DIR}/fuzz/planted/${MASQCHECK_PLANT}.patch
    RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR
      "fuzz/planted/${MASQCHECK_PLANT}.patch: it is not there, or does not "
      "apply to ref/ and helpers/ as they are now.")
  endif()
endif()
file(GLOB_RECURSE files LIST_DIRECTORIES false RELATIVE ${fresh} ${fresh}/*)
foreach(name IN LISTS files)
  get_filename_component(folder ${name} DIRECTORY)
  file(MAKE_DIRECTORY ${masqcheck_engine_dir}/${folder})
  file(COPY_FILE ${fresh}/${name} ${masqcheck_engine_dir}/${name}
    ONLY_IF_DIFFERENT)
endforeach()
file(REMOVE_RECURSE ${fresh})
