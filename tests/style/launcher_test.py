"""The launcher's care for packages: what it asks, what it installs, what it says when it may not."""
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

from planted import Tree

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
# `dpkg-query` of a computer that has everything but the packages named in the file `missing`.
DPKG = """#!/bin/bash
echo dpkg-query >> "$STATE/calls"
grep -qxF -- "${@: -1}" "$STATE/missing" && exit 1
echo installed
"""
APT_GET = """#!/bin/bash
echo "apt-get $*" >> "$STATE/calls"
[[ " $* " == *" update "* ]] && exit 0
[[ -e $STATE/no-install ]] && exit 100
: > "$STATE/missing"
"""
APT_CACHE = """#!/bin/bash
[[ -e $STATE/no-lists ]] && ! grep -q update "$STATE/calls" && exit 100
echo "Depends: clang-14 (>= 14~)"
"""
SUDO = """#!/bin/bash
[[ -e $STATE/no-sudo ]] && exit 1
shift; exec "$@"
"""
ID_FREE = "source tools/packages.sh; ensure_packages \"$1\"; echo ready"


class LauncherTest(unittest.TestCase):
    def setUp(self):
        self.tree = Tree({"bin/dpkg-query": DPKG, "bin/apt-get": APT_GET, "bin/apt-cache": APT_CACHE, "bin/sudo": SUDO,
                          "state/missing": "", "state/calls": ""}).__enter__()
        self.addCleanup(self.tree.__exit__)
        self.state = self.tree.path / "state"
        for program in (self.tree.path / "bin").iterdir():
            program.chmod(0o755)
        shutil.copytree(ROOT / "tools", self.tree.path / "tools", ignore=shutil.ignore_patterns("__pycache__"))

    def ensure(self, packages="build", euid=0):
        """What a start does, as root or as another user; the function `as_root` sees the user's number as $EUID_."""
        script = self.tree.path / "tools" / "packages.sh"
        script.write_text(script.read_text(encoding="utf-8").replace("EUID == 0", "EUID_ == 0"), encoding="utf-8")
        environment = {**os.environ, "PATH": f"{self.tree.path}/bin:{os.environ['PATH']}", "STATE": str(self.state),
                       "root": str(self.tree.path), "EUID_": str(euid)}
        return subprocess.run(["bash", "-euo", "pipefail", "-c", ID_FREE, "bash", packages], cwd=self.tree.path,
                              env=environment, capture_output=True, text=True, check=False)

    def calls(self):
        return (self.state / "calls").read_text(encoding="utf-8").splitlines()

    def missing(self, *packages):
        (self.state / "missing").write_text("\n".join(packages) + "\n", encoding="utf-8")

    def test_a_second_start_asks_nobody(self):
        self.assertEqual(self.ensure().returncode, 0)
        self.assertIn("dpkg-query", self.calls())
        (self.state / "calls").write_text("", encoding="utf-8")
        self.assertEqual(self.ensure().stdout, "ready\n")
        self.assertEqual(self.calls(), [])

    def test_root_installs_exactly_what_is_missing(self):
        self.missing("libfmt-dev", "libssl-dev")
        output = self.ensure()
        self.assertEqual((output.returncode, output.stdout), (0, "ready\n"), output.stderr)
        self.assertIn("apt-get install -y -q --no-install-recommends libssl-dev libfmt-dev", self.calls())
        self.assertNotIn("apt-get update -q", self.calls())
        self.assertEqual(output.stderr, "ssx: installing libssl-dev libfmt-dev\n")

    def test_package_lists_are_read_when_they_are_not_there(self):
        self.missing("libfmt-dev")
        (self.state / "no-lists").touch()
        self.assertEqual(self.ensure().returncode, 0)
        asked = [call for call in self.calls() if call.startswith("apt-get")]
        self.assertEqual(asked, ["apt-get update -q", "apt-get install -y -q --no-install-recommends libfmt-dev"])

    def test_sudo_that_asks_no_question_serves_as_well(self):
        self.missing("libfmt-dev")
        self.assertEqual(self.ensure(euid=1000).returncode, 0)
        self.assertIn("apt-get install -y -q --no-install-recommends libfmt-dev", self.calls())

    def test_without_rights_it_names_what_is_missing_and_how_to_get_it(self):
        self.missing("libfmt-dev")
        (self.state / "no-sudo").touch()
        output = self.ensure(euid=1000)
        self.assertEqual((output.returncode, output.stdout), (2, ""))
        self.assertIn("ssx: missing: libfmt-dev\n", output.stderr)
        for words in ("apt-get install --no-install-recommends libfmt-dev", "dnf install", "brew install"):
            self.assertIn(words, output.stderr)
        self.assertFalse([call for call in self.calls() if call.startswith("apt-get")])

    def test_an_installation_that_fails_is_said_and_not_remembered(self):
        self.missing("libfmt-dev")
        (self.state / "no-install").touch()
        for _ in range(2):
            output = self.ensure()
            self.assertEqual(output.returncode, 2)
            self.assertIn("ssx: missing: libfmt-dev", output.stderr)

    def test_the_suite_needs_more_than_the_program(self):
        self.missing("libgtest-dev")
        self.assertEqual(self.ensure("build").returncode, 0)
        self.assertFalse([call for call in self.calls() if call.startswith("apt-get")])
        self.assertEqual(self.ensure("test").returncode, 0)
        self.assertIn("apt-get install -y -q --no-install-recommends libgtest-dev", self.calls())


if __name__ == "__main__":
    sys.exit(unittest.main())
