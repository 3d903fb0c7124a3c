# SPDX-License-Identifier: Apache-2.0
# The installed package: headers under include/nvme_tlm, two libraries, find_package(nvme_tlm).
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/nvme_tlm)

install(TARGETS nvme_tlm_core nvme_tlm_systemc nvme_tlm EXPORT nvme_tlmTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/models/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/nvme_tlm/models
  FILES_MATCHING PATTERN "*.h" PATTERN public EXCLUDE)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/models/public/nvme_tlm/
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/nvme_tlm)
install(EXPORT nvme_tlmTargets NAMESPACE nvme_tlm:: DESTINATION ${package_dir})

configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/nvme_tlmConfig.cmake.in
  ${PROJECT_BINARY_DIR}/nvme_tlmConfig.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/nvme_tlmConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/nvme_tlmConfig.cmake
  ${PROJECT_BINARY_DIR}/nvme_tlmConfigVersion.cmake
  ${PROJECT_SOURCE_DIR}/cmake/NvmeSystemC.cmake DESTINATION ${package_dir})
