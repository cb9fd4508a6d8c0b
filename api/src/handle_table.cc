#include "api/src/handle_table.h"

namespace ssx::api {
namespace {

// value = generation (20 bits) | index + 1 (20 bits) | 00
constexpr unsigned kTagBits = 2;
constexpr unsigned kIndexBits = 20;
constexpr std::uint32_t kGenerationMask = 0xFFFFF;

}  // namespace

std::optional<std::size_t> HandleTable::index_of(std::uint64_t handle, const std::vector<Slot>& slots) {
  if ((handle & ((1U << kTagBits) - 1)) != 0) return std::nullopt;
  const std::uint64_t number = (handle >> kTagBits) & ((1U << kIndexBits) - 1);
  const std::uint64_t generation = handle >> (kTagBits + kIndexBits);
  if (number == 0 || number > slots.size()) return std::nullopt;
  const Slot& slot = slots[number - 1];
  if (!slot.entry || slot.generation != generation) return std::nullopt;
  return static_cast<std::size_t>(number - 1);
}

std::uint64_t HandleTable::add(HandleEntry entry) {
  const std::lock_guard lock(mutex_);
  std::size_t index = slots_.size();
  if (free_.size() > 16) {
    index = free_.front();
    free_.pop_front();
  } else {
    slots_.emplace_back();
  }
  slots_[index].entry = std::move(entry);
  return (static_cast<std::uint64_t>(slots_[index].generation) << kIndexBits | (index + 1)) << kTagBits;
}

std::optional<HandleEntry> HandleTable::find(std::uint64_t handle) const {
  const std::lock_guard lock(mutex_);
  const auto index = index_of(handle, slots_);
  if (!index) return std::nullopt;
  return slots_[*index].entry;
}

bool HandleTable::replace(std::uint64_t handle, HandleEntry entry) {
  const std::lock_guard lock(mutex_);
  const auto index = index_of(handle, slots_);
  if (!index) return false;
  slots_[*index].entry = std::move(entry);
  return true;
}

bool HandleTable::remove(std::uint64_t handle) {
  const std::lock_guard lock(mutex_);
  const auto index = index_of(handle, slots_);
  if (!index) return false;
  slots_[*index].entry.reset();
  slots_[*index].generation = (slots_[*index].generation + 1) & kGenerationMask;
  free_.push_back(*index);
  return true;
}

std::size_t HandleTable::size() const {
  const std::lock_guard lock(mutex_);
  std::size_t open = 0;
  for (const Slot& slot : slots_) open += slot.entry.has_value() ? 1U : 0U;
  return open;
}

}  // namespace ssx::api
