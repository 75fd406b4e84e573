import re
from pathlib import Path

from conan import ConanFile
from conan.tools.files import copy


class Vlpt(ConanFile):
    name = "vlpt"
    description = "Adapting frozen vision and vision-language transformers: prompts, adapters, skipping"
    license = "MIT"
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    exports_sources = "LICENSE", "include/*"
    no_copy_source = True

    def set_version(self):
        header = Path(self.recipe_folder, "include/vlpt/version.hpp").read_text()
        self.version = re.search(r'version = "([\d.]+)"', header).group(1)

    def requirements(self):
        self.requires("eigen/3.4.0")
        self.requires("libjpeg-turbo/3.0.2")
        self.requires("nlohmann_json/3.11.2")
        self.requires("stb/cci.20230920")
        self.requires("utf8proc/2.9.0")
        self.requires("xtensor/0.24.6")
        self.requires("zlib/[>=1.2.11 <2]")

    def package(self):
        copy(self, "LICENSE", self.source_folder, Path(self.package_folder, "licenses"))
        copy(self, "*", Path(self.source_folder, "include"), Path(self.package_folder, "include"))

    def package_id(self):
        self.info.clear()

    def package_info(self):
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
        library = self.cpp_info.components["vlpt"]
        library.set_property("cmake_target_name", "vlpt::vlpt")
        library.defines = ["EIGEN_DONT_PARALLELIZE"]
        library.requires = ["eigen::eigen"]
        io = self.cpp_info.components["io"]
        io.set_property("cmake_target_name", "vlpt::io")
        io.requires = ["vlpt", "libjpeg-turbo::libjpeg-turbo", "nlohmann_json::nlohmann_json",
                       "stb::stb", "utf8proc::utf8proc", "xtensor::xtensor", "zlib::zlib"]
