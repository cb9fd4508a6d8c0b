#include "model/identity/tls.h"

namespace ssx::identity {
namespace {

class TlsWithoutCertificate final : public GssMechanism {
 public:
  expected<std::unique_ptr<GssContext>, GssFailure> initiate(const GssInitiatorRequest&) const override {
    return refusal();
  }
  expected<std::unique_ptr<GssContext>, GssFailure> accept() const override { return refusal(); }
  bool can_accept() const override { return false; }

 private:
  static unexpected<GssFailure> refusal() {
    return unexpected(GssFailure{kStatusNoCertificate, "this host has no certificate"});
  }
};

}  // namespace

std::shared_ptr<const GssMechanism> make_tls_without_certificate() {
  return std::make_shared<const TlsWithoutCertificate>();
}

}  // namespace ssx::identity
