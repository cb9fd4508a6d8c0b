#include "net/real_host.h"

#include <utility>  // before Asio: Boost 1.74 needs std::exchange with g++ 12

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <future>
#include <thread>

#include "crypto/seeded_random.h"
#include "model/base/overloaded.h"
#include "model/sim/destination.h"

namespace ssx::net {
namespace {

using boost::asio::ip::udp;
using Clock = std::chrono::steady_clock;

std::int64_t steady_nanoseconds() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch()).count();
}

Duration scaled(Duration span, double factor) {
  return Duration{static_cast<std::int64_t>(static_cast<double>(span.count()) * factor)};
}

}  // namespace

struct RealHost::State {
  State(RealOptions options_, sim::Observer& observer_)
      : options(std::move(options_)), observer(observer_), socket(io), timer(io) {
    if (options.epoch_nanoseconds == 0) options.epoch_nanoseconds = steady_nanoseconds();
  }

  RealOptions options;
  sim::Observer& observer;
  std::string name;
  std::unique_ptr<RandomSource> random;
  std::unique_ptr<host::Host> host;
  std::map<std::string, std::unique_ptr<RandomSource>> link_random;
  boost::asio::io_context io;
  udp::socket socket;
  boost::asio::steady_timer timer;
  udp::endpoint sender;
  std::array<std::byte, 65'536> buffer{};
  std::thread thread;

  Instant now() const {
    return Instant{scaled(Duration{steady_nanoseconds() - options.epoch_nanoseconds}, options.speed)};
  }

  Clock::time_point real_time(Instant at) const {
    const Duration real = scaled(at.since_epoch, 1.0 / options.speed);
    return Clock::time_point(std::chrono::nanoseconds(options.epoch_nanoseconds) + real);
  }

  void step(host::HostEvent event) {
    std::vector<host::HostEffect> effects;
    host->step(std::move(event), now(), effects);
    for (host::HostEffect& effect : effects) perform(effect);
    arm();
  }

  void perform(host::HostEffect& effect) {
    std::visit(Overloaded{
                   [&](host::SendPacket& packet) { transmit(std::move(packet.datagram)); },
                   [&](host::Completed& completed) { observer.on_completed(name, completed); },
                   [&](host::Traced& traced) { observer.on_trace(name, traced.record); },
                   [&](host::KeysLogged& keys) { observer.on_keys(name, keys, now()); },
               },
               effect);
  }

  void arm() {
    const auto deadline = host->next_deadline();
    if (!deadline) {
      timer.cancel();
      return;
    }
    timer.expires_at(real_time(*deadline));
    timer.async_wait([this](const boost::system::error_code& error) {
      if (!error) step(host::TimerFired{});
    });
  }

  void receive() {
    socket.async_receive_from(boost::asio::buffer(buffer), sender,
                              [this](const boost::system::error_code& error, std::size_t count) {
                                if (error == boost::asio::error::operation_aborted) return;
                                if (!error && is_peer(sender)) {
                                  step(host::PacketArrived{to_vector(Octets(buffer).first(count))});
                                }
                                receive();  // an error is a lost packet: the next one may be well
                              });
  }

  bool is_peer(const udp::endpoint& from) const {
    for (const auto& [address, peer] : options.peers) {
      if (from.port() == peer.port) return true;
    }
    return false;
  }

  void transmit(OctetVector datagram) {
    const auto destination = sim::destination_of(datagram);
    const auto peer = destination ? options.peers.find(*destination) : options.peers.end();
    if (peer == options.peers.end()) {
      observer.on_wire(name, datagram, now(), sim::WireFate::kNoSuchHost);
      return;
    }
    auto& stream = link_random[peer->second.name];
    if (!stream) {
      stream = std::make_unique<crypto::SeededRandom>(options.seed, "link " + name + " " + peer->second.name);
    }
    auto deliveries = sim::carry(datagram, peer->second.faults, *stream);
    sim::WireFate fate = deliveries.empty() ? sim::WireFate::kLost : sim::WireFate::kSent;
    for (const auto& delivery : deliveries) {
      if (delivery.corrupted) fate = sim::WireFate::kCorrupted;
    }
    observer.on_wire(name, datagram, now(), fate);
    for (auto& delivery : deliveries) send_after(std::move(delivery), peer->second.port);
  }

  void send_after(sim::Delivery delivery, std::uint16_t port) {
    const auto wait = scaled(delivery.after, 1.0 / options.speed);
    auto octets = std::make_shared<OctetVector>(std::move(delivery.datagram));
    auto delay = std::make_shared<boost::asio::steady_timer>(io, wait);
    delay->async_wait([this, octets, delay, port](const boost::system::error_code& error) {
      if (error) return;
      boost::system::error_code ignored;  // a full buffer is loss, as on any link
      socket.send_to(boost::asio::buffer(*octets), udp::endpoint(boost::asio::ip::address_v4::loopback(), port), 0,
                     ignored);
    });
  }
};

RealHost::RealHost(std::unique_ptr<State> state) : state_(std::move(state)) {}

RealHost::~RealHost() { stop(); }

expected<std::unique_ptr<RealHost>, std::string> RealHost::start(host::HostConfig config, RealOptions options,
                                                                 sim::Observer& observer) {
  auto state = std::make_unique<State>(std::move(options), observer);
  state->name = config.name;
  state->random = std::make_unique<crypto::SeededRandom>(state->options.seed, "host " + config.name);
  state->host = std::make_unique<host::Host>(std::move(config), *state->random);
  boost::system::error_code error;
  state->socket.open(udp::v4(), error);
  if (!error) state->socket.bind(udp::endpoint(boost::asio::ip::address_v4::loopback(), state->options.port), error);
  if (error) {
    return unexpected("host " + state->name + ": cannot use UDP 127.0.0.1:" + std::to_string(state->options.port) +
                      " as its link: " + error.message());
  }
  State& running = *state;
  running.receive();
  std::unique_ptr<RealHost> host(new RealHost(std::move(state)));
  running.thread = std::thread([&running] {
    const auto keep_running = boost::asio::make_work_guard(running.io);
    running.io.run();
  });
  return expected<std::unique_ptr<RealHost>, std::string>(std::move(host));
}

void RealHost::call(host::Call call) {
  boost::asio::post(state_->io,
                    [this, call = std::move(call)]() mutable { state_->step(host::CallMade{std::move(call)}); });
}

void RealHost::with_host(const std::function<void(host::Host&)>& action) {
  std::promise<void> done;
  boost::asio::post(state_->io, [&] {
    action(*state_->host);
    state_->arm();
    done.set_value();
  });
  done.get_future().wait();
}

Instant RealHost::now() const { return state_->now(); }

Duration RealHost::real_span(Duration span) const { return scaled(span, 1.0 / state_->options.speed); }

std::uint16_t RealHost::port() const { return state_->socket.local_endpoint().port(); }

void RealHost::stop() {
  state_->io.stop();
  if (state_->thread.joinable()) state_->thread.join();
}

}  // namespace ssx::net
