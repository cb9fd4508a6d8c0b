// bench/ipsec_bench.cc: ESP and AH per packet size, each beside the same cipher and MAC called through OpenSSL
// directly.
//
// "direct" is what the library alone costs: kept cipher contexts, saved inner and outer SHA-1 states, no copy of the
// payload, no header, no check. It works on the same octets: the padded text is encrypted, SPI to next header are
// hashed.
#define OPENSSL_SUPPRESS_DEPRECATED  // SHA1_*: the fastest way to keep HMAC states
#include <benchmark/benchmark.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "crypto/sa_transform.h"
#include "crypto/seeded_random.h"

namespace ssx::crypto {
namespace {

constexpr std::size_t kIpHeader = 20;
constexpr std::size_t kEspHeader = 8;
constexpr std::size_t kAhHeader = 24;
constexpr std::size_t kIcv = 12;
constexpr std::size_t kBatch = 32;

struct Suite {
  const char* name;
  IpProtocol protocol;
  CipherAlgorithm cipher;
};
constexpr std::array<Suite, 4> kSuites{{{"esp_aes128", IpProtocol::kEsp, CipherAlgorithm::kAes128},
                                        {"esp_3des", IpProtocol::kEsp, CipherAlgorithm::kTripleDes},
                                        {"esp_null", IpProtocol::kEsp, CipherAlgorithm::kNull},
                                        {"ah", IpProtocol::kAh, CipherAlgorithm::kNull}}};
constexpr std::array<std::size_t, 4> kSizes{64, 256, 1024, 1400};

/// What both sides of a pair work on.
struct Case {
  Suite suite;
  OctetVector datagram;
  OctetVector iv;
  SecretOctets cipher_key;
  SecretOctets integrity_key;

  Case(const Suite& given, std::size_t payload) : suite(given) {
    SeededRandom random(1, "bench");
    datagram = hex("4500000000000000401100000a0000010a000002");
    append(datagram, random.octets(payload));
    store_u16(MutableOctets(datagram).subspan(2), static_cast<std::uint16_t>(datagram.size()));
    iv = random.octets(iv_octets(suite.cipher));
    cipher_key = SecretOctets(random.octets(key_octets(suite.cipher)));
    integrity_key = SecretOctets(random.octets(20));
  }

  SaTransform transform() const {
    SaTransformParameters parameters;
    parameters.protocol = suite.protocol;
    parameters.spi = Spi{0x11223344};
    parameters.cipher = suite.cipher;
    parameters.cipher_key = cipher_key;
    parameters.integrity_key = integrity_key;
    return SaTransform(std::move(parameters));
  }

  std::size_t text_octets() const {
    const std::size_t unit = suite.cipher == CipherAlgorithm::kNull ? 4 : block_octets(suite.cipher);
    const std::size_t payload = datagram.size() - kIpHeader;
    return suite.protocol == IpProtocol::kAh ? payload : (payload + 2 + unit - 1) / unit * unit;
  }
  std::size_t hashed_octets() const {
    return suite.protocol == IpProtocol::kAh ? datagram.size() + kAhHeader : kEspHeader + iv.size() + text_octets();
  }
};

/// The library used directly, as well as it can be.
class Direct {
 public:
  explicit Direct(const Case& given)
      : given_(given), packet_(given.hashed_octets() + kIcv), text_(given.text_octets()) {
    keyed(0x36, inner_);
    keyed(0x5c, outer_);
    const EVP_CIPHER* cipher = given.suite.cipher == CipherAlgorithm::kAes128      ? EVP_aes_128_cbc()
                               : given.suite.cipher == CipherAlgorithm::kTripleDes ? EVP_des_ede3_cbc()
                                                                                   : nullptr;
    if (cipher == nullptr) return;
    EVP_EncryptInit_ex2(encrypt_.get(), cipher, raw(given.cipher_key.view()), nullptr, nullptr);
    EVP_DecryptInit_ex2(decrypt_.get(), cipher, raw(given.cipher_key.view()), nullptr, nullptr);
    EVP_CIPHER_CTX_set_padding(encrypt_.get(), 0);
    EVP_CIPHER_CTX_set_padding(decrypt_.get(), 0);
    has_cipher_ = true;
  }

  void seal() {
    if (has_cipher_) {
      int written = 0;
      EVP_EncryptInit_ex2(encrypt_.get(), nullptr, nullptr, raw(given_.iv), nullptr);
      EVP_EncryptUpdate(encrypt_.get(), text_at(), &written, raw(text_), static_cast<int>(text_.size()));
    } else {
      std::memcpy(text_at(), text_.data(), text_.size());
    }
    tag(reinterpret_cast<unsigned char*>(packet_.data() + given_.hashed_octets()));
  }

  /// Hashes, compares, decrypts; false if the ICV is wrong.
  bool open() {
    std::array<unsigned char, 20> icv{};
    tag(icv.data());
    if (CRYPTO_memcmp(icv.data(), packet_.data() + given_.hashed_octets(), kIcv) != 0) return false;
    if (!has_cipher_) {
      std::memcpy(text_.data(), text_at(), text_.size());
      return true;
    }
    int written = 0;
    EVP_DecryptInit_ex2(decrypt_.get(), nullptr, nullptr, raw(given_.iv), nullptr);
    EVP_DecryptUpdate(decrypt_.get(), reinterpret_cast<unsigned char*>(text_.data()), &written, text_at(),
                      static_cast<int>(text_.size()));
    return true;
  }

 private:
  struct Free {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
  };
  using Context = std::unique_ptr<EVP_CIPHER_CTX, Free>;

  static const unsigned char* raw(Octets octets) { return reinterpret_cast<const unsigned char*>(octets.data()); }
  unsigned char* text_at() {
    return reinterpret_cast<unsigned char*>(packet_.data()) + given_.hashed_octets() - text_.size();
  }

  void keyed(unsigned char pad, SHA_CTX& state) const {
    std::array<unsigned char, 64> block;
    block.fill(pad);
    for (std::size_t i = 0; i < 20; ++i) block[i] ^= raw(given_.integrity_key.view())[i];
    SHA1_Init(&state);
    SHA1_Update(&state, block.data(), block.size());
  }
  void tag(unsigned char* out) const {
    std::array<unsigned char, 20> digest{};
    SHA_CTX state = inner_;
    SHA1_Update(&state, packet_.data(), given_.hashed_octets());
    SHA1_Final(digest.data(), &state);
    state = outer_;
    SHA1_Update(&state, digest.data(), digest.size());
    SHA1_Final(digest.data(), &state);
    std::copy_n(digest.data(), kIcv, out);
  }

  const Case& given_;
  OctetVector packet_;  // SPI … next header, ICV; for AH the whole datagram
  OctetVector text_;    // padded plaintext
  SHA_CTX inner_{};
  SHA_CTX outer_{};
  Context encrypt_{EVP_CIPHER_CTX_new()};
  Context decrypt_{EVP_CIPHER_CTX_new()};
  bool has_cipher_ = false;
};

void count_packets(benchmark::State& state, std::size_t packets, std::size_t datagram) {
  const auto total = static_cast<std::int64_t>(packets) * static_cast<std::int64_t>(state.iterations());
  state.SetItemsProcessed(total);
  state.SetBytesProcessed(total * static_cast<std::int64_t>(datagram));
}

void seal_ours(benchmark::State& state, const Case& given) {
  SaTransform transform = given.transform();
  OctetVector out(transform.sealed_octets_max(given.datagram.size()));
  std::uint32_t number = 0;
  for (auto _ : state) {
    const auto written = transform.seal(given.datagram, SequenceNumber{++number}, given.iv, out);
    if (!written) return state.SkipWithError("seal failed");
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  count_packets(state, 1, given.datagram.size());
}

void open_ours(benchmark::State& state, const Case& given) {
  SaTransform transform = given.transform();
  OctetVector packet(transform.sealed_octets_max(given.datagram.size()));
  packet.resize(transform.seal(given.datagram, SequenceNumber{1}, given.iv, packet).value());
  OctetVector out(packet.size());
  for (auto _ : state) {
    const auto written = transform.open(packet, out);
    if (!written) return state.SkipWithError("open failed");
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  count_packets(state, 1, given.datagram.size());
}

void seal_batch(benchmark::State& state, const Case& given) {
  SaTransform transform = given.transform();
  const std::size_t room = transform.sealed_octets_max(given.datagram.size());
  OctetVector out(room * kBatch);
  std::vector<SealJob> jobs;
  for (std::size_t i = 0; i < kBatch; ++i) {
    jobs.push_back(SealJob{given.datagram, SequenceNumber{static_cast<std::uint32_t>(i + 1)}, given.iv,
                           MutableOctets(out).subspan(i * room, room)});
  }
  for (auto _ : state) {
    transform.seal(jobs);
    if (!jobs.back().written) return state.SkipWithError("seal failed");
    benchmark::ClobberMemory();
  }
  count_packets(state, kBatch, given.datagram.size());
}

void seal_direct(benchmark::State& state, const Case& given) {
  Direct direct(given);
  for (auto _ : state) {
    direct.seal();
    benchmark::ClobberMemory();
  }
  count_packets(state, 1, given.datagram.size());
}

void open_direct(benchmark::State& state, const Case& given) {
  Direct direct(given);
  direct.seal();
  for (auto _ : state) {
    if (!direct.open()) return state.SkipWithError("open failed");
    benchmark::ClobberMemory();
  }
  count_packets(state, 1, given.datagram.size());
}

/// Names: ipsec/<suite>/<seal or open>/<payload octets>/<ours or direct>; batches of 32 as
/// ipsec/<suite>/seal32/<octets>.
bool register_all() {
  for (const Suite& suite : kSuites) {
    for (const std::size_t size : kSizes) {
      const auto given = std::make_shared<const Case>(suite, size);
      const auto add = [&](const std::string& what, void (*run)(benchmark::State&, const Case&)) {
        benchmark::RegisterBenchmark(("ipsec/" + std::string(suite.name) + "/" + what).c_str(),
                                     [given, run](benchmark::State& state) { run(state, *given); });
      };
      const std::string octets = std::to_string(size);
      add("seal/" + octets + "/ours", seal_ours);
      add("seal/" + octets + "/direct", seal_direct);
      add("open/" + octets + "/ours", open_ours);
      add("open/" + octets + "/direct", open_direct);
      add("seal32/" + octets, seal_batch);
    }
  }
  return true;
}

[[maybe_unused]] const bool kRegistered = register_all();

}  // namespace
}  // namespace ssx::crypto
