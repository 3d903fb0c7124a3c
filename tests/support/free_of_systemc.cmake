# SPDX-License-Identifier: Apache-2.0
# Fails when BINARY mentions SystemC's namespaces in its symbols. Plain searches: a regular expression
# over megabytes of symbols takes minutes here.
execute_process(COMMAND ${NM} -C ${BINARY} OUTPUT_VARIABLE symbols RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "${NM} cannot read ${BINARY}")
endif()
string(FIND "${symbols}" " T main\n" main)
if(main EQUAL -1)
  message(FATAL_ERROR "${BINARY} has no main: is this the right file?")
endif()
foreach(name sc_core:: sc_dt:: tlm:: tlm_utils::)
  string(FIND "${symbols}" " ${name}" found)
  if(NOT found EQUAL -1)
    string(SUBSTRING "${symbols}" ${found} 100 where)
    message(FATAL_ERROR "${BINARY} uses SystemC: ${where}")
  endif()
endforeach()
