"""tools/check_arrows finds each kind of include against the map, and nothing in a tree that follows it."""
import sys
import unittest

from planted import Tree

CMAKE = """
ssx_module(model_base model/base)   # ssx_module(ghost ghost) in a comment is no module
ssx_module(crypto     crypto     LINKS model_base PRIVATE OpenSSL::Crypto)
ssx_module(model_wire model/wire LINKS model_base)
ssx_module(model_host model/host LINKS model_wire)
ssx_module(api        api/src    LINKS model_host)
ssx_program(ssx       cli        LINKS api)
"""
GOOD = {
    "CMakeLists.txt": CMAKE,
    "model/base/octets.h": "#include <vector>\n",
    "model/wire/ah.h": '#include "model/base/octets.h"\n// #include "crypto/cipher.h" in a comment\n',
    "model/host/host.h": '#include "model/wire/ah.h"\n#include "model/base/octets.h"\n',
    "crypto/cipher.h": '#include "model/base/octets.h"\n#include <openssl/evp.h>\n',
    "api/include/ssx/windef.h": "#include <stdint.h>\n",
    "api/include/winsock2.h": '#include "ssx/windef.h"\n',
    "api/src/edge.cc": '#include "winsock2.h"\n#include "model/host/host.h"\n',
    "cli/main.cc": '#include "winsock2.h"\n#include "api/src/edge.cc"\n',
}


class ArrowsTest(unittest.TestCase):
    def findings(self, **changes):
        with Tree({**GOOD, **{path.replace("__", "/").replace("_h", ".h").replace("_cc", ".cc"): text for path, text in changes.items()}}) as tree:
            return tree.run("check_arrows", "--root")

    def assert_found(self, output, *parts):
        self.assertEqual(output.returncode, 1, output.stdout)
        for part in parts:
            self.assertIn(part, output.stdout)

    def test_a_tree_that_follows_the_map_has_no_findings(self):
        output = self.findings()
        self.assertEqual(output.returncode, 0, output.stdout)
        self.assertIn("0 against the map", output.stdout)

    def test_an_include_upwards_is_found_with_its_line(self):
        output = self.findings(model__wire__ah_h='\n#include "model/host/host.h"\n')
        self.assert_found(output, 'model/wire/ah.h:2: #include "model/host/host.h": against the arrows')

    def test_an_include_between_unlinked_neighbours_is_found(self):
        self.assert_found(self.findings(model__wire__ah_h='#include "crypto/cipher.h"\n'), "model/wire may not include crypto")

    def test_a_library_that_the_module_does_not_name_is_found(self):
        self.assert_found(self.findings(model__wire__ah_h="#include <openssl/sha.h>\n"), "does not name OpenSSL")

    def test_a_public_header_that_shows_the_inside_is_found(self):
        self.assert_found(self.findings(api__include__winsock2_h='#include "model/base/octets.h"\n'), "public headers include only each other")

    def test_public_headers_below_the_api_are_found(self):
        self.assert_found(self.findings(model__host__host_h='#include "winsock2.h"\n'), "the public headers belong to api")

    def test_an_include_that_is_not_from_the_root_is_found(self):
        self.assert_found(self.findings(model__wire__ah_h='#include "../base/octets.h"\n'), "no such file")

    def test_a_folder_without_a_module_is_found(self):
        self.assert_found(self.findings(model__extra__x_h="\n"), "model/extra/x.h:1: the folder has no ssx_module line")

    def test_a_circle_of_arrows_is_found(self):
        with Tree({**GOOD, "CMakeLists.txt": CMAKE.replace("model_base model/base)", "model_base model/base LINKS model_host)")}) as tree:
            self.assert_found(tree.run("check_arrows", "--root"), "a circle")

    def test_a_tree_without_a_map_is_no_success(self):
        with Tree({**GOOD, "CMakeLists.txt": "project(x)\n"}) as tree:
            self.assert_found(tree.run("check_arrows", "--root"), "no ssx_module found")


if __name__ == "__main__":
    sys.exit(unittest.main())
