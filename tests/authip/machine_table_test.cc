// Every (state, event) of every machine against golden/machines.txt: an unwanted edge shows up as a difference.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "known_peer.h"
#include "model/authip/em_initiator.h"
#include "model/authip/em_responder.h"
#include "model/authip/mm_initiator.h"
#include "model/authip/mm_responder.h"
#include "model/authip/notify_queue.h"
#include "model/authip/qm_initiator.h"
#include "model/authip/qm_responder.h"
#include "model/authip/requester.h"
#include "model/base/overloaded.h"

namespace ssx::authip::testing_support {
namespace {

std::string kinds(const std::vector<MachineEffect>& effects) {
  std::string text;
  for (const MachineEffect& effect : effects) {
    const std::string kind = std::visit(Overloaded{
                                            [](const SendRequest& s) { return "SendRequest " + s.name; },
                                            [](const SendResponse& s) { return "SendResponse " + s.name; },
                                            [](const AddInboundSa&) { return std::string("AddInboundSa"); },
                                            [](const AddOutboundSa&) { return std::string("AddOutboundSa"); },
                                            [](const Note&) { return std::string("Note"); },
                                        },
                                        effect);
    text += (text.empty() ? "" : ", ") + kind;
  }
  return text.empty() ? "nothing" : text;
}

/// Names of the alternatives of a state variant, in its order.
template <class State>
std::string name_of(const State& state, const std::vector<std::string>& names) {
  return names.at(state.index());
}

/// The negotiation of authip.md 3.7 taken apart: every message of the peers as a Message value, and what they agreed
/// on.
struct Workshop {
  Workshop() : source(5, "workshop"), environment{policies, credentials, source} {
    policies.mm = main_mode_choice(wfp::default_main_mode_policy());
    policies.qm = quick_mode_choice(wfp::default_quick_mode_policy());
    credentials.gss_id = "host/server.example.test";
    credentials.mechanisms[2] = known_mechanism();
  }
  Surroundings at() { return {config, environment, replays, Instant{seconds(1)}}; }

  crypto::SeededRandom source;
  FixedPolicies policies;
  identity::CredentialStore credentials;
  Environment environment;
  Config config;
  identity::ReplayCache replays;
  KnownPeer known{ipsec::SaRole::kResponder};

  Message message(const std::string& name) const {
    PayloadChain chain = known.plain(name);
    PayloadSet payloads = *read_payloads(chain);
    return {known.header(name), name[0] != 'M', std::move(chain), std::move(payloads)};
  }
  /// A message without any payload that belongs there.
  Message odd(const std::string& name) const {
    PayloadChain chain = PayloadBuilder{}.nonce(OctetVector(16)).finish();
    PayloadSet payloads = *read_payloads(chain);
    return {known.header(name), true, std::move(chain), std::move(payloads)};
  }
  /// The main mode that I and R of 3.7 share.
  std::shared_ptr<const MainModeSa> main_mode(ipsec::SaRole role) const {
    const Message first = message("MM#1");
    const Message second = message("MM#2");
    MainModeTerms terms;
    terms.role = role;
    terms.choice = *policies.mm;
    terms.suite = {7, 128, 2, 19};
    terms.initiator_cookie = second.header.initiator_cookie;
    terms.responder_cookie = second.header.responder_cookie;
    const auto i = crypto::DhKeyPair::from_private(
        crypto::DhGroup::kEcp256, hex("c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433"));
    terms.z = *i->shared_secret(*second.payloads.key_exchange);
    terms.ni = first.payloads.nonces[0];
    terms.nr = second.payloads.nonces[0];
    terms.nr_qm = second.payloads.nonces[1];
    terms.peer = read_vendor_ids(second.payloads.vendor_ids);
    const ChainLink chain = second_main_mode_link(second.chain.octets, first_main_mode_link(first.chain.octets));
    return *derive_main_mode_sa(std::move(terms), {kMethodAnonymous, {}, std::nullopt, false}, chain, config);
  }
  ipsec::TrafficSelector selector(ipsec::SaRole role) const {
    const TransportAddress i{a_end().address, 0};
    const TransportAddress r{z_end().address, 27015};
    const bool initiator = role == ipsec::SaRole::kInitiator;
    return {IpProtocol::kTcp, initiator ? i : r, initiator ? r : i};
  }
};

/// Collects the lines of one machine.
struct Table {
  std::ostringstream lines;
  void row(const std::string& machine, const std::string& state, const std::string& event, const std::string& next,
           const std::string& effects) {
    lines << machine << " " << state << " + " << event << " -> " << next << ": " << effects << "\n";
  }
};

template <class State>
using Make = std::pair<std::string, std::function<State(Workshop&)>>;

/// Every state with every event; a fresh workshop for each pair.
template <class Step, class State, class Event>
void fill(
    Table& table, const std::string& machine, const std::vector<std::string>& names,
    const std::vector<Make<State>>& states,
    const std::vector<std::pair<std::string, std::function<void(Workshop&, const std::function<void(const Event&)>&)>>>&
        events) {
  for (const auto& [state_name, make] : states) {
    for (const auto& [event_name, send] : events) {
      Workshop workshop;
      State state = make(workshop);
      std::optional<Step> result;
      send(workshop, [&](const Event& event) { result = step(std::move(state), event, workshop.at()); });
      table.row(machine, state_name, event_name, name_of(result->next, names), kinds(result->effects));
    }
  }
}

template <class Event>
std::pair<std::string, std::function<void(Workshop&, const std::function<void(const Event&)>&)>> always(
    std::string name, Event event) {
  return {std::move(name), [event](Workshop&, const std::function<void(const Event&)>& give) { give(event); }};
}

// --- main mode
// ------------------------------------------------------------------------------------------------------------

mm_initiator::Begin mm_begin(Workshop& w, bool kerberos) {
  mm_initiator::Begin begin;
  begin.choice = kerberos ? main_mode_choice(kerberos_main_mode()) : *w.policies.mm;
  begin.run = group_runs(main_mode_list(*begin.choice.policy, false)).front();
  begin.initiator_cookie = w.known.header("MM#1").initiator_cookie;
  begin.local = a_end();
  begin.remote = z_end();
  return begin;
}

/// #1 and #2 of a Kerberos main mode, made by the machines themselves.
struct KerberosExchange {
  explicit KerberosExchange(Workshop& w) {
    mm_initiator::Step first = mm_initiator::step(mm_initiator::None{}, mm_begin(w, true), w.at());
    initiator = std::move(first.next);
    const MessageHeader header{mm_begin(w, true).initiator_cookie, {}, ExchangeType::kMainMode, {}, 0};
    const PayloadChain one = std::get<SendRequest>(first.effects.back()).payloads;
    const Message message{header, false, one, *read_payloads(one)};
    mm_responder::Step answer = mm_responder::step(
        mm_responder::None{},
        mm_responder::FirstMessage{message, main_mode_choice(kerberos_main_mode()), z_end(), a_end(), true}, w.at());
    responder = std::move(answer.next);
    const PayloadChain two = std::get<SendResponse>(answer.effects.back()).payloads;
    second = {header, false, two, *read_payloads(two)};
    second.header.responder_cookie = std::get<mm_responder::FirstExchangeDone>(responder).terms.responder_cookie;
  }
  mm_initiator::State initiator;
  mm_responder::State responder;
  Message second;
};

Message gss(const Workshop& w, GssMessage content) {
  PayloadChain chain = PayloadBuilder{}.gss(content).finish();
  PayloadSet payloads = *read_payloads(chain);
  return {w.known.header("MM#2"), false, std::move(chain), std::move(payloads)};
}

void main_mode_initiator(Table& table) {
  using namespace mm_initiator;
  using mm_initiator::Event;
  using mm_initiator::State;
  const std::vector<std::string> names{"None", "FirstPacketSent", "GssRequestSent", "Done", "Failed"};
  const std::vector<Make<State>> states{
      {"None", [](Workshop&) -> State { return None{}; }},
      {"FirstPacketSent(Kerberos)", [](Workshop& w) -> State { return std::move(KerberosExchange(w).initiator); }},
      {"GssRequestSent",
       [](Workshop& w) -> State {
         KerberosExchange e(w);
         return mm_initiator::step(std::move(e.initiator), ResponseReceived{e.second}, w.at()).next;
       }},
      {"Done", [](Workshop& w) -> State { return Done{w.main_mode(ipsec::SaRole::kInitiator)}; }},
      {"Failed", [](Workshop&) -> State { return Failed{}; }},
  };
  using Give = std::function<void(const Event&)>;
  fill<mm_initiator::Step, State, Event>(
      table, "mm_initiator", names, states,
      {{"Begin", [](Workshop& w, const Give& give) { give(mm_begin(w, false)); }},
       {"Response(#2)",
        [](Workshop& w, const Give& give) {
          Workshop other;  // the same octets: the source is seeded alike
          KerberosExchange e(other);
          (void)w;
          give(ResponseReceived{e.second});
        }},
       {"Response(#4)",
        [](Workshop& w, const Give& give) {
          const Message m = gss(w, {0, kGssResponderComplete, to_vector(as_octets("responder-token-1"))});
          give(ResponseReceived{m});
        }},
       {"Response(#4 with error)",
        [](Workshop& w, const Give& give) {
          const Message m = gss(w, {13827, 0, {}});
          give(ResponseReceived{m});
        }},
       {"Response(odd)",
        [](Workshop& w, const Give& give) {
          const Message m = w.odd("MM#2");
          give(ResponseReceived{m});
        }},
       always<Event>("Refused", Refused{13868}),
       always<Event>("TimedOut", TimedOut{})});
}

void main_mode_responder(Table& table) {
  using namespace mm_responder;
  using mm_responder::Event;
  using mm_responder::State;
  const std::vector<std::string> names{"None", "FirstExchangeDone", "Failed"};
  const std::vector<Make<State>> states{
      {"None", [](Workshop&) -> State { return None{}; }},
      {"FirstExchangeDone(Kerberos)", [](Workshop& w) -> State { return std::move(KerberosExchange(w).responder); }},
      {"Failed", [](Workshop&) -> State { return Failed{}; }},
  };
  using Give = std::function<void(const Event&)>;
  const auto first = [](const std::string& name) {
    return [name](Workshop& w, const Give& give) {
      const Message m = name == "MM#1" ? w.message("MM#1") : w.odd("MM#1");
      give(FirstMessage{m, *w.policies.mm, z_end(), a_end(), true});
    };
  };
  fill<mm_responder::Step, State, Event>(
      table, "mm_responder", names, states,
      {{"First(#1)", first("MM#1")},
       {"First(odd)", first("odd")},
       {"Gss(token)",
        [](Workshop& w, const Give& give) {
          const Message m = gss(w, {0, kGssNewExchange, to_vector(as_octets("initiator-token-1"))});
          give(GssMessageReceived{m});
        }},
       {"Gss(failure report)",
        [](Workshop& w, const Give& give) {
          const Message m = gss(w, {13806, 0, {}});
          give(GssMessageReceived{m});
        }},
       {"Gss(odd)", [](Workshop& w, const Give& give) {
          const Message m = w.odd("MM#2");
          give(GssMessageReceived{m});
        }}});
}

// --- quick mode
// -----------------------------------------------------------------------------------------------------------

qm_initiator::Begin qm_begin(Workshop& w, bool extended) {
  qm_initiator::Begin begin;
  begin.main_mode = w.main_mode(ipsec::SaRole::kInitiator);
  begin.selector = w.selector(ipsec::SaRole::kInitiator);
  begin.choice = *w.policies.qm;
  begin.extended_mode_follows = extended;
  return begin;
}

void quick_mode_initiator(Table& table) {
  using namespace qm_initiator;
  using qm_initiator::Event;
  using qm_initiator::State;
  const std::vector<std::string> names{"None", "FirstPacketSent", "SecondPacketSent", "Done", "Failed"};
  const auto first = [](Workshop& w, bool extended) {
    return qm_initiator::step(None{}, qm_begin(w, extended), w.at()).next;
  };
  const auto second = [first](Workshop& w, bool extended) {
    const Message sixth = w.message("QM#6");
    return qm_initiator::step(first(w, extended), ResponseReceived{sixth}, w.at()).next;
  };
  const std::vector<Make<State>> states{
      {"None", [](Workshop&) -> State { return None{}; }},
      {"FirstPacketSent", [first](Workshop& w) -> State { return first(w, false); }},
      {"FirstPacketSent(EM follows)", [first](Workshop& w) -> State { return first(w, true); }},
      {"SecondPacketSent", [second](Workshop& w) -> State { return second(w, false); }},
      {"SecondPacketSent(EM follows)", [second](Workshop& w) -> State { return second(w, true); }},
      {"Done", [](Workshop&) -> State { return Done{}; }},
      {"Failed", [](Workshop&) -> State { return Failed{}; }},
  };
  using Give = std::function<void(const Event&)>;
  const auto response = [](const std::string& name) {
    return [name](Workshop& w, const Give& give) {
      const Message m = name == "odd" ? w.odd("QM#6") : w.message(name);
      give(ResponseReceived{m});
    };
  };
  fill<qm_initiator::Step, State, Event>(table, "qm_initiator", names, states,
                                         {{"Begin", [](Workshop& w, const Give& give) { give(qm_begin(w, false)); }},
                                          {"Response(#6)", response("QM#6")},
                                          {"Response(#8)", response("QM#8")},
                                          {"Response(odd)", response("odd")},
                                          always<Event>("Refused", Refused{13868}),
                                          always<Event>("TimedOut", TimedOut{})});
}

void quick_mode_responder(Table& table) {
  using namespace qm_responder;
  using qm_responder::Event;
  using qm_responder::State;
  const std::vector<std::string> names{"None", "FirstExchangeDone", "Done", "Failed"};
  const auto request = [](Workshop& w, const Message& m) {
    return RequestReceived{m,    w.main_mode(ipsec::SaRole::kResponder), z_end().address, a_end().address, {}, true,
                           false};
  };
  const auto first = [request](Workshop& w) {
    const Message fifth = w.message("QM#5");
    return qm_responder::step(None{}, request(w, fifth), w.at()).next;
  };
  const std::vector<Make<State>> states{
      {"None", [](Workshop&) -> State { return None{}; }},
      {"FirstExchangeDone(EM required)", [first](Workshop& w) -> State { return first(w); }},
      {"FirstExchangeDone",
       [first](Workshop& w) -> State {
         w.policies.qm = quick_mode_choice(without_extended_mode(wfp::default_quick_mode_policy()));
         return first(w);
       }},
      {"Done", [](Workshop&) -> State { return Done{}; }},
      {"Failed", [](Workshop&) -> State { return Failed{}; }},
  };
  using Give = std::function<void(const Event&)>;
  const auto give_request = [request](const std::string& name) {
    return [name, request](Workshop& w, const Give& give) {
      const Message m = name == "odd" ? w.odd("QM#5") : w.message(name);
      give(request(w, m));
    };
  };
  const auto synchronize = [](const std::string& name) {
    return [name](Workshop& w, const Give& give) {
      const Message m = name == "odd" ? w.odd("QM#7") : w.message(name);
      give(SynchronizeReceived{m});
    };
  };
  fill<qm_responder::Step, State, Event>(table, "qm_responder", names, states,
                                         {{"Request(#5)", give_request("QM#5")},
                                          {"Request(odd)", give_request("odd")},
                                          {"Synchronize(#7)", synchronize("QM#7")},
                                          {"Synchronize(odd)", synchronize("odd")}});
}

// --- extended mode
// --------------------------------------------------------------------------------------------------------

em_initiator::Begin em_begin(Workshop& w) {
  em_initiator::Begin begin;
  begin.main_mode = w.main_mode(ipsec::SaRole::kInitiator);
  begin.methods = options_of(wfp::default_quick_mode_policy().extended_mode->methods, true);
  return begin;
}

void extended_mode_initiator(Table& table) {
  using namespace em_initiator;
  using em_initiator::Event;
  using em_initiator::State;
  const std::vector<std::string> names{"None",  "FirstRequestSent", "GssRequestSent", "FinalRequestSent", "Done",
                                       "Failed"};
  const auto after = [](Workshop& w, const std::vector<std::string>& messages) {
    State state = em_initiator::step(None{}, em_begin(w), w.at()).next;
    for (const std::string& name : messages) {
      const Message m = w.message(name);
      state = em_initiator::step(std::move(state), ResponseReceived{m}, w.at()).next;
    }
    return state;
  };
  const std::vector<Make<State>> states{
      {"None", [](Workshop&) -> State { return None{}; }},
      {"FirstRequestSent", [after](Workshop& w) -> State { return after(w, {}); }},
      {"GssRequestSent", [after](Workshop& w) -> State { return after(w, {"EM#2"}); }},
      {"FinalRequestSent",
       [after](Workshop& w) -> State {
         return after(w, {"EM#2", "EM#4"});
       }},
      {"Done", [](Workshop&) -> State { return Done{}; }},
      {"Failed", [](Workshop&) -> State { return Failed{}; }},
  };
  using Give = std::function<void(const Event&)>;
  const auto response = [](const std::string& name) {
    return [name](Workshop& w, const Give& give) {
      const Message m = name == "odd" ? w.odd("EM#2") : w.message(name);
      give(ResponseReceived{m});
    };
  };
  fill<em_initiator::Step, State, Event>(table, "em_initiator", names, states,
                                         {{"Begin", [](Workshop& w, const Give& give) { give(em_begin(w)); }},
                                          {"Response(E2)", response("EM#2")},
                                          {"Response(E4)", response("EM#4")},
                                          {"Response(E6)", response("EM#6")},
                                          {"Response(odd)", response("odd")},
                                          always<Event>("Refused", Refused{13801}),
                                          always<Event>("TimedOut", TimedOut{})});
}

void extended_mode_responder(Table& table) {
  using namespace em_responder;
  using em_responder::Event;
  using em_responder::State;
  const std::vector<std::string> names{"None", "Waiting", "FirstExchangeDone", "Done", "Failed"};
  const auto begin = [](Workshop& w) {
    return Begin{w.main_mode(ipsec::SaRole::kResponder),
                 options_of(wfp::default_quick_mode_policy().extended_mode->methods, true)};
  };
  const auto after = [begin](Workshop& w, const std::vector<std::string>& messages) {
    State state = em_responder::step(None{}, begin(w), w.at()).next;
    for (const std::string& name : messages) {
      const Message m = w.message(name);
      state = em_responder::step(std::move(state), RequestReceived{m}, w.at()).next;
    }
    return state;
  };
  const std::vector<Make<State>> states{
      {"None", [](Workshop&) -> State { return None{}; }},
      {"Waiting", [after](Workshop& w) -> State { return after(w, {}); }},
      {"FirstExchangeDone", [after](Workshop& w) -> State { return after(w, {"EM#1"}); }},
      {"FirstExchangeDone(GSS done)",
       [after](Workshop& w) -> State {
         return after(w, {"EM#1", "EM#3"});
       }},
      {"Done", [](Workshop&) -> State { return Done{}; }},
      {"Failed", [](Workshop&) -> State { return Failed{}; }},
  };
  using Give = std::function<void(const Event&)>;
  const auto request = [](const std::string& name) {
    return [name](Workshop& w, const Give& give) {
      const Message m = name == "odd" ? w.odd("EM#1") : w.message(name);
      give(RequestReceived{m});
    };
  };
  fill<em_responder::Step, State, Event>(table, "em_responder", names, states,
                                         {{"Begin", [begin](Workshop& w, const Give& give) { give(begin(w)); }},
                                          {"Request(E1)", request("EM#1")},
                                          {"Request(E3)", request("EM#3")},
                                          {"Request(E5)", request("EM#5")},
                                          {"Request(odd)", request("odd")}});
}

void small_machines(Table& table) {
  const auto send = requester::Send{hex("aa"), "X", requester::series(Profile::kWin7, true, 0)};
  const auto waiting = [&] { return requester::step(requester::Idle{}, send, Instant{}).next; };
  const auto row = [&](const std::string& state, requester::State from, const std::string& event,
                       const requester::Event& given, Instant at) {
    const requester::Step step = requester::step(std::move(from), given, at);
    std::string effects;
    for (const requester::Effect& effect : step.effects) effects += effect.index() == 0 ? "Transmit" : "GaveUp";
    table.row("requester", state, event, step.next.index() == 0 ? "Idle" : "Waiting",
              effects.empty() ? "nothing" : effects);
  };
  row("Idle", requester::Idle{}, "Send", send, Instant{});
  row("Idle", requester::Idle{}, "Answered", requester::Answered{}, Instant{});
  row("Idle", requester::Idle{}, "TimerFired", requester::TimerFired{}, Instant{});
  row("Waiting", waiting(), "Send", send, Instant{});
  row("Waiting", waiting(), "Answered", requester::Answered{}, Instant{});
  row("Waiting", waiting(), "TimerFired(early)", requester::TimerFired{}, Instant{seconds(1)});
  row("Waiting", waiting(), "TimerFired", requester::TimerFired{}, Instant{seconds(2)});
  requester::State last = waiting();
  for (const int at : {2, 6, 14})
    last = requester::step(std::move(last), requester::TimerFired{}, Instant{seconds(at)}).next;
  row("Waiting(last)", last, "TimerFired", requester::TimerFired{}, Instant{seconds(30)});
}

TEST(MachineTable, EveryEdgeIsTheKnownOne) {
  Table table;
  small_machines(table);
  main_mode_initiator(table);
  main_mode_responder(table);
  quick_mode_initiator(table);
  quick_mode_responder(table);
  extended_mode_initiator(table);
  extended_mode_responder(table);
  std::ifstream in(std::string(SSX_SOURCE_DIR) + "/tests/authip/golden/machines.txt");
  std::stringstream known;
  known << in.rdbuf();
  EXPECT_EQ(table.lines.str(), known.str());
}

}  // namespace
}  // namespace ssx::authip::testing_support
