// cli/verbs.h: the verbs of `ssx`, a file each.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ssx::cli {

struct RunArguments {
  std::vector<std::string> files;
  std::optional<std::uint64_t> seed;
  std::string capture;
  bool real = false;
  bool trace = false;
  bool json = false;
  bool quiet = false;
  std::string program_path;
};
/// @return the exit code: the highest of all files
int run(const RunArguments& arguments);

struct HostArguments {
  std::string file;
  std::string name;
  int control_descriptor = -1;
};
int host_process(const HostArguments& arguments);

int check(const std::vector<std::string>& files);

}  // namespace ssx::cli
