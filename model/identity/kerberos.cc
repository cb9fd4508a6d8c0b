#include "model/identity/kerberos.h"

#include <cassert>
#include <optional>
#include <utility>

#include "model/identity/kerberos_contexts.h"

namespace ssx::identity {
namespace {

using ContextResult = expected<std::unique_ptr<GssContext>, GssFailure>;

class Kerberos final : public GssMechanism {
 public:
  explicit Kerberos(KerberosHost host)
      : host_(std::move(host)), is_member_(host_.domain->find(host_.self) != nullptr) {}

  ContextResult initiate(const GssInitiatorRequest& request) const override;
  ContextResult accept() const override;
  bool can_accept() const override { return is_member_; }

 private:
  expected<Principal, KerberosError> client(const GssInitiatorRequest& request) const;

  KerberosHost host_;
  bool is_member_;
};

/// The account whose ticket is asked for, with the groups that the domain knows.
expected<Principal, KerberosError> Kerberos::client(const GssInitiatorRequest& request) const {
  if (!request.as_user) return *host_.domain->find(host_.self);
  if (!request.user) return unexpected(KerberosError::kNoUser);
  const Principal* user = host_.domain->find(*request.user);
  if (user == nullptr || user->kind != PrincipalKind::kUser) return unexpected(KerberosError::kUnknownClient);
  return *user;
}

ContextResult Kerberos::initiate(const GssInitiatorRequest& request) const {
  if (host_.options.disable_initiator_token_generation) {
    return unexpected(failure(KerberosError::kInitiationDisabled));
  }
  if (!is_member_) return unexpected(failure(KerberosError::kNotInDomain));
  expected<Principal, KerberosError> as = client(request);
  if (!as) return unexpected(failure(as.error()));
  const Principal* service = host_.domain->find_machine(request.target_name);
  if (service == nullptr) return unexpected(failure(KerberosError::kUnknownService));
  return std::unique_ptr<GssContext>(std::make_unique<KerberosInitiator>(host_, std::move(*as), *service));
}

ContextResult Kerberos::accept() const {
  if (!is_member_) return unexpected(failure(KerberosError::kNotInDomain));
  return std::unique_ptr<GssContext>(std::make_unique<KerberosAcceptor>(host_));
}

}  // namespace

std::shared_ptr<const GssMechanism> make_kerberos(std::shared_ptr<const Domain> domain, Principal self,
                                                  KerberosOptions options) {
  assert(domain != nullptr);
  assert(self.kind == PrincipalKind::kMachine);
  return std::make_shared<const Kerberos>(KerberosHost{std::move(domain), std::move(self), options});
}

CredentialStore domain_credentials(std::shared_ptr<const Domain> domain, const Principal& self,
                                   KerberosOptions options) {
  CredentialStore store = default_credentials(self);
  store.mechanisms.emplace(kKerberosMethod, make_kerberos(std::move(domain), self, options));
  return store;
}

}  // namespace ssx::identity
