# Provides SystemC::systemc, from the first of: a target that the enclosing project already made,
# an Accellera CMake installation, or pkg-config metadata (all that Debian's libsystemc-dev ships).
if(NOT TARGET SystemC::systemc)
  find_package(SystemCLanguage CONFIG QUIET)
endif()
if(NOT TARGET SystemC::systemc)
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(NVME_TLM_SYSTEMC REQUIRED IMPORTED_TARGET GLOBAL systemc>=2.3.3)
  add_library(SystemC::systemc ALIAS PkgConfig::NVME_TLM_SYSTEMC)
endif()
