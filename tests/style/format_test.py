"""tools/check_format finds a file that is not as clang-format writes it, and can write it."""
import shutil
import subprocess
import sys
import unittest

from planted import TOOLS, Tree

GOOD = "int f() { return 1; }\n"
BAD = "int f( )\n{ return 1; }\n"


class FormatTest(unittest.TestCase):
    def run_in(self, tree, *arguments):
        (tree.path / "tools").mkdir(exist_ok=True)
        shutil.copy(TOOLS / "check_format", tree.path / "tools")
        shutil.copy(TOOLS.parent / ".clang-format", tree.path)
        done = subprocess.run([tree.path / "tools" / "check_format", *arguments], capture_output=True, text=True, check=False)
        if done.returncode == 77:
            self.skipTest("clang-format 14 is not installed")
        return done

    def test_formatted_files_pass(self):
        with Tree({"model/a.cc": GOOD, "tests/a/b.h": GOOD}) as tree:
            output = self.run_in(tree)
        self.assertEqual((output.returncode, output.stdout), (0, "2 files as they should be\n"))

    def test_an_unformatted_file_is_named_and_mended(self):
        with Tree({"model/a.cc": GOOD, "crypto/b.cc": BAD}) as tree:
            output = self.run_in(tree)
            self.assertEqual(output.returncode, 1)
            self.assertIn("crypto/b.cc:1:", output.stdout)
            self.assertEqual(self.run_in(tree, "--fix").returncode, 0)
            self.assertEqual(self.run_in(tree).returncode, 0)
            self.assertEqual((tree.path / "crypto/b.cc").read_text(encoding="utf-8"), GOOD)

    def test_a_tree_without_sources_is_no_success(self):
        with Tree({"model/a.txt": ""}) as tree:
            self.assertEqual(self.run_in(tree).returncode, 1)


if __name__ == "__main__":
    sys.exit(unittest.main())
