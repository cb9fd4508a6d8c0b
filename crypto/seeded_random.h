// crypto/seeded_random.h: a reproducible stream of octets that nobody without the seed can predict.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "model/base/random.h"

namespace ssx::crypto {

/// AES-128 in counter mode under a key derived with SHA-256 from a seed and a name ("host client", "link a-b"): streams
/// of different names are independent. Same seed and name, same octets, with every compiler.
class SeededRandom final : public RandomSource {
 public:
  SeededRandom(std::uint64_t seed, std::string_view name);
  ~SeededRandom() override;
  SeededRandom(SeededRandom&&) noexcept;
  SeededRandom& operator=(SeededRandom&&) noexcept;

  void fill(MutableOctets out) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ssx::crypto
