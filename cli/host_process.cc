#include "lab/host_process.h"

#include "cli/verbs.h"

namespace ssx::cli {

int host_process(const HostArguments& arguments) {
  return lab::run_host_process(arguments.file, arguments.name, arguments.control_descriptor);
}

}  // namespace ssx::cli
