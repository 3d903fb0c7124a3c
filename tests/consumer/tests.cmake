# SPDX-License-Identifier: Apache-2.0
# Separate projects against the installed package, or around the sources. Not with sanitizers: the
# user of the package would have to build with them too.
set(work ${PROJECT_BINARY_DIR}/consumer)
# package_test(name folder [PROGRAMS ...] [EXPECT text [FAILS]] [ENVIRONMENT ...] [OPTIONS ...])
function(package_test name folder)
  cmake_parse_arguments(arg "FAILS" "EXPECT" "PROGRAMS;ENVIRONMENT;OPTIONS" ${ARGN})
  foreach(list arg_PROGRAMS arg_OPTIONS)  # one argument each
    string(REPLACE ";" "\\;" ${list} "${${list}}")
  endforeach()
  set(settings -DSOURCE_DIR=${CMAKE_CURRENT_SOURCE_DIR}/consumer/${folder}
    -DWORK=${work}/${name} -DGENERATOR=${CMAKE_GENERATOR} "-DPROGRAMS=${arg_PROGRAMS}"
    "-DOPTIONS=${arg_OPTIONS}")
  if(DEFINED arg_EXPECT)
    list(APPEND settings "-DEXPECT=${arg_EXPECT}" -DFAILS=${arg_FAILS})
  endif()
  add_test(NAME package.${name} COMMAND ${CMAKE_COMMAND} ${settings}
    -P ${CMAKE_CURRENT_SOURCE_DIR}/consumer/run.cmake)
  set_tests_properties(package.${name} PROPERTIES LABELS package TIMEOUT 3000
    FIXTURES_REQUIRED nvme_tlm_package ENVIRONMENT "${arg_ENVIRONMENT}")
endfunction()

add_test(NAME package.install COMMAND ${CMAKE_COMMAND} -DINSTALL_FROM=${PROJECT_BINARY_DIR}
  -DWORK=${work}/prefix -P ${CMAKE_CURRENT_SOURCE_DIR}/consumer/run.cmake)
set_tests_properties(package.install PROPERTIES LABELS package FIXTURES_SETUP nvme_tlm_package)

set(prefix -DCMAKE_PREFIX_PATH=${work}/prefix)
set(gcc -DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER})
package_test(consumer . PROGRAMS consumer OPTIONS ${prefix} ${gcc})
package_test(own_systemc_target own_systemc PROGRAMS consumer OPTIONS ${prefix} ${gcc})
package_test(newer_standards standards PROGRAMS consumer_20 consumer_23 OPTIONS ${prefix} ${gcc})
# As on a machine without SystemC.
set(no_systemc PKG_CONFIG_LIBDIR=${work}/none)
package_test(optional_without_systemc optional OPTIONS ${prefix} ${gcc} ENVIRONMENT ${no_systemc}
  EXPECT "nvme_tlm_FOUND=(0|FALSE) because SystemC 2.3.3 or later was not found")
package_test(required_without_systemc optional OPTIONS ${prefix} ${gcc} -DNEEDED=REQUIRED
  ENVIRONMENT ${no_systemc} FAILS EXPECT "nvme_tlm.* SystemC 2.3.3 or later was not found")

# The other compiler where there is one: the package under it, and all models without a warning.
find_program(NVME_TLM_CLANG clang++)
set(embedding ${gcc})
if(NVME_TLM_CLANG)
  set(embedding -DCMAKE_CXX_COMPILER=${NVME_TLM_CLANG})
  package_test(newer_standards_with_clang standards PROGRAMS consumer_20 consumer_23
    OPTIONS ${prefix} ${embedding})
endif()
if(CMAKE_CXX_COMPILER_LAUNCHER)
  list(APPEND embedding -DCMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER})
endif()
package_test(sources_in_a_cxx20_project embedded PROGRAMS consumer
  OPTIONS ${embedding} -DNVME_TLM=${PROJECT_SOURCE_DIR} -DCMAKE_CXX_FLAGS=-O0
  -DCMAKE_COMPILE_WARNING_AS_ERROR=ON)
