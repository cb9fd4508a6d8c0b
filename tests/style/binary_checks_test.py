"""tools/check_exports and tools/compare_builds: what they must find in programs made for the purpose."""
import subprocess
import sys
import unittest

from planted import TOOLS, Tree


def run(tool, *arguments):
    return subprocess.run([TOOLS / tool, *arguments], capture_output=True, text=True, check=False)


class ExportsTest(unittest.TestCase):
    def judge(self, source, *options):
        with Tree({"x.c": source}) as tree:
            library = tree.path / "libx.so"
            subprocess.run(["cc", "-shared", "-fPIC", *options, "-o", library, tree.path / "x.c"], check=True)
            return run("check_exports", library)

    def test_prefixed_symbols_pass(self):
        output = self.judge("int ssx_send(void) { return 0; } static int hidden(void) { return 0; } int (*ssx_p)(void) = hidden;")
        self.assertEqual(output.returncode, 0, output.stdout)
        self.assertIn("2 symbols, all ssx_", output.stdout)

    def test_a_foreign_symbol_is_named(self):
        output = self.judge("int ssx_send(void) { return 0; }\nint send(void) { return 0; }\n")
        self.assertEqual(output.returncode, 1)
        self.assertIn("  send\n", output.stdout)
        self.assertNotIn("  ssx_send\n", output.stdout)

    def test_a_foreign_variable_is_named(self):
        self.assertIn("  table\n", self.judge("int ssx_send(void) { return 0; }\nint table[3];\n").stdout)

    def test_an_empty_library_is_no_success(self):
        self.assertEqual(self.judge("static int x;\nint *f(void);\n", "-fvisibility=hidden").returncode, 1)

    def test_no_library_is_bad_input(self):
        self.assertEqual(run("check_exports", "/nonexistent").returncode, 2)


# A program with the options of `ssx run`: writes its account and its capture.
PROGRAM = """#!/bin/sh
for argument; do
  [ "$previous" = --capture ] && printf '%s' "{wire}" > "$argument"
  previous=$argument
done
echo "{account} $argument"
exit {code}
"""


class CompareBuildsTest(unittest.TestCase):
    def compare(self, other, scenario="s.yaml", first=None):
        first = first or {"account": "all as expected", "wire": "octets", "code": 0}
        files = {"a": first, "b": {**first, **other}}
        with Tree({name: PROGRAM.format(**values) for name, values in files.items()}) as tree:
            (tree.path / "scenarios").mkdir()
            if scenario:
                (tree.path / "scenarios" / scenario).write_text("x: 1\n", encoding="utf-8")
            for name in files:
                (tree.path / name).chmod(0o755)
            return run("compare_builds", tree.path / "a", tree.path / "b", tree.path / "scenarios")

    def test_equal_builds_pass(self):
        output = self.compare({})
        self.assertEqual(output.returncode, 0, output.stdout)
        self.assertIn("1 scenarios, 0 differences", output.stdout)

    def test_another_account_is_found(self):
        self.assertIn("account.out differs", self.compare({"account": "all as hoped"}).stdout)

    def test_another_wire_is_found(self):
        output = self.compare({"wire": "octetz"})
        self.assertEqual(output.returncode, 1)
        self.assertIn("wire.pcapng differs", output.stdout)

    def test_another_exit_code_is_found(self):
        self.assertIn("exit codes", self.compare({"code": 1}).stdout)

    def test_a_scenario_that_neither_can_read_is_found(self):
        bad = {"account": "what is this", "wire": "", "code": 2}
        self.assertIn("neither build could read it", self.compare(bad, first=bad).stdout)

    def test_no_scenarios_is_no_success(self):
        self.assertEqual(self.compare({}, scenario=None).returncode, 1)


if __name__ == "__main__":
    sys.exit(unittest.main())
