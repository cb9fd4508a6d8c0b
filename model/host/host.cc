#include "model/host/host.h"

#include <cassert>
#include <utility>

#include "model/base/overloaded.h"
#include "model/host/host_state.h"
#include "model/ipsec/callouts.h"

namespace ssx::host {
namespace {

wfp::EngineConfig engine_config(const HostConfig& config, RandomSource& random) {
  wfp::EngineConfig engine;
  engine.default_policy = config.behaviour.default_policy;
  engine.compatibility = config.behaviour.wfp_compat;
  engine.ike_port = config.authip.ike_port;
  engine.nat_t_port = config.authip.nat_t_port;
  engine.key_seed = random.u64();
  return engine;
}

authip::Config keying_config(const HostConfig& config) {
  authip::Config keying = config.authip;
  keying.log_keys = config.log_keys;
  return keying;
}

}  // namespace

Host::State::State(HostConfig config_, RandomSource& random_)
    : config(std::move(config_)),
      random(random_),
      engine(engine_config(config, random)),
      sad(config.behaviour.replay_window),
      policies(engine, sockets, sad),
      authip(keying_config(config), authip::Environment{policies, config.credentials, random}) {
  if (config.ipsec) ipsec::register_ipsec_callouts(engine);
}

void Host::State::set_state(Flow& flow, FlowState state, const std::string& why) {
  if (flow.state == state) return;
  trace(FlowChanged{flow.tuple, std::string(to_string(flow.state)), std::string(to_string(state)), why});
  flow.state = state;
}

void Host::State::timer_fired() {
  // Everything that is due, in a fixed order; each part ignores what is not.
  if (config.ipsec) {
    perform(sad.advance(now));
    if (const auto at = authip.next_deadline(); at && *at <= now) perform(authip.step(authip::TimerFired{}, now));
  }
  for (const FlowId id : flows.done_waiting(now)) {
    Flow* flow = flows.find(id);
    flow->waits_until.reset();
    if (const auto held = std::exchange(flow->held, std::nullopt)) send_datagram(*held, flow->tuple, flow);
  }
  std::vector<tcpip::ConnectionKey> due;
  for (const auto& [key, block] : sockets.connections) {
    const auto at = block.machine.next_deadline();
    if (!block.closed && at && *at <= now) due.push_back(key);
  }
  for (const tcpip::ConnectionKey& key : due) step_connection(key, tcpip::TimerFired{});
  expire_calls();
  pump_all();
}

std::optional<Instant> Host::State::next_deadline() const {
  std::optional<Instant> next;
  const auto consider = [&next](const std::optional<Instant>& at) {
    if (at && (!next || *at < *next)) next = at;
  };
  if (config.ipsec) {
    consider(sad.next_deadline());
    consider(authip.next_deadline());
    consider(flows.next_deadline());
  }
  for (const auto& [key, block] : sockets.connections) {
    if (!block.closed) consider(block.machine.next_deadline());
  }
  for (const auto& [id, socket] : sockets.sockets) {
    if (!socket.waiting.empty()) consider(socket.connect_fails_at);
    for (const Call& call : socket.waiting) consider(call.deadline);
  }
  return next;
}

Host::Host(HostConfig config, RandomSource& random) : state_(std::make_unique<State>(std::move(config), random)) {}
Host::~Host() = default;
Host::Host(Host&&) noexcept = default;

void Host::step(HostEvent event, Instant now, std::vector<HostEffect>& effects) {
  assert(now >= state_->now);
  state_->now = now;
  state_->effects = &effects;
  std::visit(Overloaded{
                 [this](PacketArrived& packet) { state_->packet_arrived(std::move(packet.datagram)); },
                 [this](CallMade& made) { state_->call_made(std::move(made.call)); },
                 [this](TimerFired&) { state_->timer_fired(); },
             },
             event);
  state_->effects = nullptr;
}

std::optional<Instant> Host::next_deadline() const { return state_->next_deadline(); }
const HostConfig& Host::config() const { return state_->config; }
wfp::Engine& Host::policy() { return state_->engine; }
const wfp::Engine& Host::policy() const { return state_->engine; }
std::vector<authip::MainModeDetails> Host::main_modes() const { return state_->authip.main_modes(); }
std::vector<ipsec::SaPair> Host::sa_pairs() const { return state_->sad.pairs(); }

bool Host::is_consistent() const {
  for (const auto& [key, block] : state_->sockets.connections) {
    if (!tcpip::is_consistent(block.machine)) return false;
  }
  return state_->authip.is_consistent();
}

}  // namespace ssx::host
