"""A start of ./ssx in a small project: what it builds, what it says, and what it hands to the program."""
import shutil
import subprocess
import sys
import unittest

from planted import TOOLS, Tree

PRESETS = """{"version": 3, "configurePresets": [{"name": "release", "generator": "Ninja",
 "binaryDir": "${sourceDir}/build/${presetName}"}]}"""
CMAKE = """cmake_minimum_required(VERSION 3.22)
project(small LANGUAGES C)
add_executable(ssx main.c)
"""
MAIN = """#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main(int argc, char** argv) {
  char folder[4096];
  printf("%s", getcwd(folder, sizeof folder));
  for (int i = 1; i < argc; ++i) printf("|%s", argv[i]);
  return argc > 2 ? atoi(argv[2]) : 0;
}
"""


class StartTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tree = Tree({"CMakePresets.json": PRESETS, "CMakeLists.txt": CMAKE, "main.c": MAIN, "elsewhere/empty": ""}).__enter__()
        cls.addClassCleanup(cls.tree.__exit__)
        cls.root = cls.tree.path.resolve()
        shutil.copytree(TOOLS, cls.root / "tools", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(TOOLS.parent / "ssx", cls.root)
        (cls.root / "elsewhere" / "link").symlink_to("../ssx")

    def setUp(self):
        """The packages were seen before; the program is built."""
        (self.root / "build" / "release").mkdir(parents=True, exist_ok=True)
        script = f"source {self.root}/tools/packages.sh; package_list build > {self.root}/build/release/.packages-build-ok"
        subprocess.run(["bash", "-c", script], check=True)
        (self.root / "main.c").write_text(MAIN, encoding="utf-8")
        self.start("run")

    def start(self, *arguments, program="./ssx", folder="."):
        return subprocess.run([program, *arguments], cwd=self.root / folder, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, check=False)

    def test_arguments_folder_and_exit_code_are_handed_on(self):
        done = self.start("run", "5", "a file.yaml", folder="elsewhere", program="../ssx")
        self.assertEqual((done.returncode, done.stdout), (5, f"{self.root}/elsewhere|run|5|a file.yaml"))

    def test_a_symbolic_link_serves_as_well(self):
        done = self.start("--help", folder="elsewhere", program="./link")
        self.assertEqual((done.returncode, done.stdout), (0, f"{self.root}/elsewhere|--help"))

    def test_a_start_with_nothing_to_do_is_silent(self):
        self.assertEqual(self.start("run").stderr, "")

    def test_a_change_is_built_and_said_in_one_line(self):
        (self.root / "main.c").write_text(MAIN.replace('"|%s"', '"+%s"'), encoding="utf-8")
        done = self.start("check")
        self.assertEqual(done.stdout, f"{self.root}+check")
        self.assertEqual(done.stderr.count("\n"), 1)
        self.assertIn("ssx: building", done.stderr)

    def test_a_build_that_fails_shows_why_and_ends_with_3(self):
        (self.root / "main.c").write_text("int main(void) { return nowhere; }\n", encoding="utf-8")
        done = self.start("run")
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertIn("nowhere", done.stderr)

    def test_a_checkout_that_was_moved_is_configured_again(self):
        cache = self.root / "build" / "release" / "CMakeCache.txt"
        cache.write_text(cache.read_text(encoding="utf-8").replace(f"CMAKE_HOME_DIRECTORY:INTERNAL={self.root}",
                                                                   "CMAKE_HOME_DIRECTORY:INTERNAL=/before"), encoding="utf-8")
        done = self.start("run")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("ssx: configuring", done.stderr)


if __name__ == "__main__":
    sys.exit(unittest.main())
