// model/base/overloaded.h: visit a variant by naming every alternative.
#pragma once

namespace ssx {

/// One call operator per alternative; no catch-all, so that a new alternative breaks the build until it is decided.
template <class... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};
template <class... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

}  // namespace ssx
