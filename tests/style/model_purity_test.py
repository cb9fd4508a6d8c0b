"""tools/check_model_purity finds each planted impurity by file and line, and leaves lawful code alone."""
import sys
import unittest

from planted import Tree

LAWFUL = '''// system_clock::now() in a comment, static int too
#include <map>
#include <unordered_map>
#include "model/base/time.h"
namespace ssx {
namespace {
constexpr int kLimit = 1'000;
const char* const kName = "std::mutex is only a word here";
inline constexpr std::array<int, 2> kTwo = {1, 2};
static_assert(sizeof(int) == 4);
static int helper(int value) { return value + 1; }
enum class Colour : std::uint8_t { kRed, kBlue };
struct Point { int x = 0; static constexpr int kSize = 2; static Point origin() { return {}; } };
template <typename T> struct Holder { T value{}; };
using Table = std::map<int, std::vector<const char*>>;
}  // namespace
struct Forward;
extern int function_only(int);
class Thing : public Base<int> {
 public:
  explicit Thing(int a) : a_{a}, b_{a} {}
  bool operator==(const Thing&) const = default;
  static std::optional<Thing> make(Octets octets);
 private:
  int a_ = 0;
  int b_{};
  std::unordered_map<int, int> index_;
};
std::optional<Thing> Thing::make(Octets octets) {
  static const std::array<int, 2> kTable = {1, 2};
  for (int i = 0; i < 3; ++i) { if (octets.empty()) { return {}; } }
  const auto sum = [&](int k) { return k + kTable[0]; };
  switch (sum(1)) { case 1: { break; } default: break; }
  return Thing{sum(2)};
}
std::uint32_t draw(RandomSource& random) {
  const std::uint32_t first = random.u32();
  const std::uint32_t second = random.u32();
  return first ^ second;
}
int at_time(int now) { return now; }
int lookup(const std::unordered_map<int, std::vector<int>>& by_id) {
  int sum = 0;
  for (int value : by_id.at(3)) sum += value;
  return by_id.find(3) == by_id.end() ? 0 : sum;
}
}  // namespace ssx
'''
IMPURE = {  # code -> a word of the finding
    "auto t = std::chrono::steady_clock::now();": "clock",
    "auto t = Clock::now();": "clock",
    "long f() { return time(nullptr); }": "clock",
    "#include <ctime>": "not in the model",
    "#include <thread>": "not in the model",
    "#include <mutex>": "not in the model",
    "#include <atomic>": "not in the model",
    "#include <fstream>": "not in the model",
    "#include <sys/socket.h>": "not in the model",
    "#include <boost/asio.hpp>": "not in the model",
    "#include <openssl/evp.h>": "not in the model",
    "void f() { std::lock_guard guard(m); }": "locks",
    "std::random_device device;": "RandomSource",
    "void f() { std::uniform_int_distribution<int> d(0, 1); }": "distributions",
    "void f() { std::shuffle(a, b, c); }": "differs",
    'void f() { getenv("HOME"); }': "environment",
    "thread_local const int kX = 0;": "state",
    "int counter = 0;": "mutable variable",
    "std::map<int, int> cache;": "mutable variable",
    "std::function<void(int)> handler;": "mutable variable",
    "const char* name = 0;": "mutable variable",
    "static int calls{0};": "mutable variable",
    "inline std::vector<int> all;": "mutable variable",
    "struct Late { int x; } late;": "mutable variable",
    "int f() { static int calls = 0; return ++calls; }": "mutable variable",
    "int f() { if (true) { static Thing thing(3); } return 0; }": "mutable variable",
    "void f() { g([] { static int hidden; return ++hidden; }); }": "mutable variable",
    "void f() { for (int i = 0; i < 3; ++i) { static int calls; ++calls; } }": "mutable variable",
    "class A { static int shared_; };": "mutable variable",
    "class A { public: inline static std::map<int, int> shared_; };": "mutable variable",
    "int f(std::unordered_map<int, int> m) { for (const auto& [k, v] : m) return k; return 0; }": "unordered",
    "struct A { std::unordered_set<int> ids_; int f() { return *ids_.begin(); } };": "unordered",
    "using Ids = std::unordered_set<int>; int f(const Ids& ids) { for (int i : ids) return i; return 0; }": "unordered",
    "void f(std::unordered_set<int>& ids) { std::erase_if(ids, g); }": "unordered",
    "struct A { std::map<Node*, int> order; };": "pointer",
    "struct A { std::set<std::shared_ptr<Node>> order; };": "pointer",
    "struct A { std::map<const Node* const, int> order; };": "pointer",
    "auto f(Node* n) { return reinterpret_cast<std::uintptr_t>(n); }": "address",
    "void f(RandomSource& random) { g(random.u32(), random.u64()); }": "two random draws",
    "int f() { return EVP_MD_size(0); }": "OpenSSL",
}


class ModelPurityTest(unittest.TestCase):
    def test_lawful_code_has_no_findings(self):
        with Tree({"model/a/lawful.cc": LAWFUL}) as tree:
            output = tree.run("check_model_purity", "--root")
        self.assertEqual(output.returncode, 0, output.stdout)

    def test_each_impurity_is_found_in_its_line(self):
        for code, word in IMPURE.items():
            with self.subTest(code), Tree({"model/a/impure.cc": "// first line\n\n" + code + "\n"}) as tree:
                output = tree.run("check_model_purity", "--root")
                self.assertEqual(output.returncode, 1, output.stdout)
                self.assertRegex(output.stdout, rf"model/a/impure\.cc:3: .*{word}")

    def test_impurities_are_found_amid_lawful_code(self):
        with Tree({"model/a/mixed.cc": LAWFUL + "namespace ssx { int counter; }\n"}) as tree:
            output = tree.run("check_model_purity", "--root")
        self.assertIn(f"model/a/mixed.cc:{LAWFUL.count(chr(10)) + 1}: mutable variable", output.stdout)

    def test_a_walk_over_a_member_declared_in_the_header_is_found(self):
        header = "struct A { std::unordered_map<int, int> entries_; int f(); };\n"
        source = '#include "model/a/a.h"\nint A::f() { for (auto& e : entries_) return e.second; return 0; }\n'
        with Tree({"model/a/a.h": header, "model/a/a.cc": source}) as tree:
            self.assertIn("model/a/a.cc:2: walks over", tree.run("check_model_purity", "--root").stdout)

    def test_a_tree_without_a_model_is_no_success(self):
        with Tree({"net/a.cc": "\n"}) as tree:
            self.assertEqual(tree.run("check_model_purity", "--root").returncode, 1)


if __name__ == "__main__":
    sys.exit(unittest.main())
