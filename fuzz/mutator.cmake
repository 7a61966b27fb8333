# SPDX-License-Identifier: Apache-2.0
# The mutator plays inputs on a reference engine before the target does. In a
# fuzzing build that engine is a copy of its own, in one object with the
# mutator and with local names: it is neither sanitized nor watched, so it
# costs a tenth, and a fault of the engine is found where it can be
# reproduced, in the target. It is never a planted one either. Elsewhere,
# and where the compiler's flags are another's (OSS-Fuzz), it is built as
# everything.
file(GLOB mutator_sources CONFIGURE_DEPENDS common/mutator/*.c)

if(MASQCHECK_FUZZ STREQUAL "regress" OR NOT CMAKE_OBJCOPY OR
   CMAKE_C_FLAGS MATCHES "-fsanitize")
  target_sources(masq_fuzz PRIVATE ${mutator_sources})
  return()
endif()

set(parts ${mutator_sources} common/input.c common/variant.c)
foreach(library IN ITEMS masq:ref masq_helpers:helpers)
  string(REPLACE ":" ";" pair ${library})
  list(GET pair 0 name)
  list(GET pair 1 folder)
  get_target_property(sources ${name} SOURCES)
  list(TRANSFORM sources PREPEND ${PROJECT_SOURCE_DIR}/${folder}/)
  list(APPEND parts ${sources})
endforeach()
foreach(source IN ITEMS engines/ref_config.c engines/ref_helpers.c
    src/decode.c src/decode_transport.c src/names.c src/quirks.c
    src/settings.c src/settings_parse.c src/settings_read.c src/values.c)
  list(APPEND parts ${PROJECT_SOURCE_DIR}/conformance/${source})
endforeach()

add_library(masq_mutator_parts STATIC ${parts})
target_include_directories(masq_mutator_parts PRIVATE common
  ${PROJECT_SOURCE_DIR}/conformance/engines
  ${PROJECT_SOURCE_DIR}/conformance/src
  ${PROJECT_SOURCE_DIR}/conformance/include
  ${PROJECT_SOURCE_DIR}/helpers
  ${PROJECT_SOURCE_DIR}/helpers/include
  ${PROJECT_SOURCE_DIR}/reports/include
  ${PROJECT_SOURCE_DIR}/ref/include
  ${PROJECT_SOURCE_DIR}/ref/src)
target_compile_options(masq_mutator_parts PRIVATE -O2)
# afl-clang-fast is told by its environment to be just a compiler.
set_target_properties(masq_mutator_parts PROPERTIES
  INTERPROCEDURAL_OPTIMIZATION OFF
  C_COMPILER_LAUNCHER "${CMAKE_COMMAND};-E;env;AFL_NOOPT=1")

set(mutator_object ${CMAKE_CURRENT_BINARY_DIR}/masqcheck-mutator.o)
add_custom_command(OUTPUT ${mutator_object}
  COMMAND ${CMAKE_LINKER} -r -o ${mutator_object}
    --whole-archive $<TARGET_FILE:masq_mutator_parts>
  COMMAND ${CMAKE_OBJCOPY}
    --keep-global-symbol=fuzz_mutate --keep-global-symbol=fuzz_cross
    --keep-global-symbol=fuzz_mutator_new
    --keep-global-symbol=fuzz_mutator_free ${mutator_object}
  DEPENDS masq_mutator_parts
  COMMENT "Linking the mutator's own engine"
  VERBATIM)
add_custom_target(masq_mutator_object DEPENDS ${mutator_object})
set_source_files_properties(${mutator_object} PROPERTIES
  EXTERNAL_OBJECT ON GENERATED ON)
target_sources(masq_fuzz PRIVATE ${mutator_object})
add_dependencies(masq_fuzz masq_mutator_object)

# What afl-fuzz loads.
if(MASQCHECK_FUZZ STREQUAL "afl")
  add_library(masqcheck-mutator SHARED
    common/mutator_afl.c ${mutator_object})
  target_include_directories(masqcheck-mutator PRIVATE common)
  add_dependencies(masqcheck-mutator masq_mutator_object)
  set_target_properties(masqcheck-mutator PROPERTIES
    C_COMPILER_LAUNCHER "${CMAKE_COMMAND};-E;env;AFL_NOOPT=1"
    C_LINKER_LAUNCHER "${CMAKE_COMMAND};-E;env;AFL_NOOPT=1")
endif()
