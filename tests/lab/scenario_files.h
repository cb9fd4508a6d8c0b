// tests/lab/scenario_files.h: scenario files made for one test, in GoogleTest's temporary folder.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <string_view>

#include "lab/scenario_parser.h"

namespace ssx::lab::testing {

/// Writes `text` to a file of the running test's own. @return its path
inline std::string write_scenario(std::string_view text) {
  const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
  std::string name = std::string(test->test_suite_name()) + '-' + test->name() + ".yaml";
  for (char& letter : name) letter = letter == '/' ? '-' : letter;
  std::string path = ::testing::TempDir() + name;
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

/// The scenario that `text` describes; the test fails if it is none.
inline Scenario parse(std::string_view text) {
  auto loaded = load_scenario(write_scenario(text));
  EXPECT_TRUE(loaded.has_value()) << (loaded ? "" : loaded.error());
  return loaded ? *loaded : Scenario{};
}

/// Two hosts, one program with the steps given (each line starts with "    - ").
inline std::string with_steps(std::string_view steps) {
  return "scenario: Steps\n"
         "hosts:\n"
         "  server: {addresses: [10.0.0.2]}\n"
         "  client: {addresses: [10.0.0.1], policies: {mine: {type: quick-mode, key: "
         "b25ea800-0d02-46ed-92bd-7fa84bb73e9d, "
         "proposals: [{protocol: ESP}]}}}\n"
         "programs:\n"
         "  client:\n" +
         std::string(steps);
}

/// The first step of the program that with_steps() holds.
template <class StepKind>
StepKind parse_one(std::string_view step) {
  const Scenario scenario = parse(with_steps(step));
  if (scenario.programs.size() != 1 || scenario.programs[0].steps.empty()) {
    ADD_FAILURE() << "no step";
    return {};
  }
  const auto* body = std::get_if<StepKind>(&scenario.programs[0].steps[0].body);
  EXPECT_NE(body, nullptr) << "another kind of step";
  return body == nullptr ? StepKind{} : *body;
}

}  // namespace ssx::lab::testing
