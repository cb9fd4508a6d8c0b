// cli/main.cc: the program `ssx`: a thin function per verb. Exit codes: 0 pass, 1 an expectation failed, 2 bad input,
// 127 asks for something that is not modelled.
#include <CLI/CLI.hpp>

#include <string>

#include "cli/verbs.h"

int main(int argc, char** argv) {
  CLI::App app{"ssx: the portable reference model of the Winsock Secure Socket Extensions"};
  app.require_subcommand(1);
  app.set_version_flag("--version", "ssx 0.1.0");

  ssx::cli::RunArguments run;
  run.program_path = argv[0];
  CLI::App* run_verb = app.add_subcommand("run", "run scenario files and say what happened");
  run_verb->add_option("file", run.files, "scenario files")->required();
  run_verb->add_option("--seed", run.seed, "seed of every random octet, instead of the scenario's");
  run_verb->add_option("--capture", run.capture,
                       "write the wire to this pcapng file, and the keys to a folder beside it");
  run_verb->add_flag("--real", run.real, "real time: one process per host over UDP on 127.0.0.1");
  run_verb->add_flag("--trace", run.trace, "every decision and classification");
  run_verb->add_flag("--json", run.json, "machine-readable output");
  run_verb->add_flag("-q,--quiet", run.quiet, "only the verdict");

  ssx::cli::HostArguments host;
  CLI::App* host_verb = app.add_subcommand("host-process", "one host of a --real run; started by `ssx run`")->group("");
  host_verb->add_option("file", host.file)->required();
  host_verb->add_option("--name", host.name)->required();
  host_verb->add_option("--control", host.control_descriptor)->required();

  std::vector<std::string> checked;
  CLI::App* check_verb = app.add_subcommand("check", "read scenario files and say what is wrong with them");
  check_verb->add_option("file", checked, "scenario files")->required();

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (run_verb->parsed()) return ssx::cli::run(run);
  if (host_verb->parsed()) return ssx::cli::host_process(host);
  return ssx::cli::check(checked);
}
