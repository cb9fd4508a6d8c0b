"""tools/conformance counts tests and deviations, and its check finds ids that do not exist and missing reasons."""
import sys
import unittest

from planted import Tree

SPEC = """# Table
| Id | Statement |
|---|---|
| A-001 | The first statement. | 2.1 |
| A-002 | The second statement. |
| A-003 | The third statement. |
| C-001 | A statement of the API. |
"""
TEST = """#include "support/conformance.h"
// CONFORMANCE("A-003") in a comment is no test
TEST(AhTest, A001IsParsed) {
  CONFORMANCE("A-001");
}
TEST_F(ApiTest, C001Returns) {
  CONFORMANCE("C-001",
              "A-001");
}
"""
FILES = {"docs/spec/a.md": SPEC, "docs/deviations.md": "# Deviations\n", "tests/wire/ah_test.cc": TEST}


def run(changes, *arguments):
    with Tree({**FILES, **changes}) as tree:
        return tree.run("conformance", *arguments)


class ConformanceToolTest(unittest.TestCase):
    def test_ids_are_joined_with_the_tests_that_name_them(self):
        output = run({}).stdout
        self.assertIn("A-001  The first statement. | 2.1\n       tested    tests/wire/ah_test.cc:4 AhTest.A001IsParsed\n"
                      "       tested    tests/wire/ah_test.cc:7 ApiTest.C001Returns\n", output)
        self.assertIn("A: 3 ids, 1 tested, 0 deviate, 2 open (33.3 % settled)", output)

    def test_scenarios_count(self):
        yaml = "name: x\nconformance: [A-002, A-003]\n"
        self.assertIn("A: 3 ids, 3 tested", run({"scenarios/a.yaml": yaml}, "--summary").stdout)
        listed = "conformance:\n  - A-002\n"
        self.assertIn("A: 3 ids, 2 tested", run({"tests/lab/a.yaml": listed}, "--summary").stdout)

    def test_a_deviation_needs_a_reason(self):
        reasoned = {"docs/deviations.md": "| A-002 | there is no such clock on the wire |\n"}
        self.assertIn("1 deviate, 1 open", run(reasoned, "--summary", "--prefix", "A").stdout)
        bare = {"docs/deviations.md": "| A-002 | no |\n"}
        self.assertIn("0 deviate, 2 open", run(bare, "--summary", "--prefix", "A").stdout)
        self.assertIn("A-002 has no reason", run(bare, "--check").stdout)

    def test_missing_lists_only_what_is_open(self):
        output = run({}, "--missing", "--prefix", "A").stdout
        self.assertNotIn("A-001  ", output)
        self.assertIn("A-002  The second statement.", output)

    def test_check_accepts_what_fits(self):
        self.assertEqual(run({}, "--check").returncode, 0)

    def test_check_finds_an_id_that_does_not_exist(self):
        for changes in ({"tests/a/a_test.cc": 'TEST(A, B) { CONFORMANCE("A-999"); }\n'},
                        {"scenarios/a.yaml": "conformance: [A-999]\n"},
                        {"docs/deviations.md": "| A-999 | a reason that is long enough to count |\n"}):
            with self.subTest(changes):
                output = run(changes, "--check")
                self.assertEqual(output.returncode, 1)
                self.assertIn("A-999 is not in docs/spec", output.stdout)


if __name__ == "__main__":
    sys.exit(unittest.main())
