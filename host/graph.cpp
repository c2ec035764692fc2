#include "graph.h"

#include <algorithm>
#include <optional>

#include "spelling.h"

namespace evh::host {
namespace {

bool contains(std::span<const std::string> list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

bool is_host_service(std::string_view service) {
  return std::find(std::begin(kHostServices), std::end(kHostServices), service) != std::end(kHostServices);
}

std::string quoted(std::string_view text) {
  return "'" + std::string(text) + "'";
}

class Connector {
 public:
  Connector(std::string_view file, std::span<const Node> nodes) : file_(file), nodes_(nodes) {}

  Graph connect() {
    for (std::size_t user = 0; user < nodes_.size(); ++user) {
      check_provides(user);
      check_uses(user);
    }
    for (std::size_t user = 0; user < nodes_.size(); ++user) {
      std::vector<Edge>& edges = graph_.edges.emplace_back();
      for (const Need& need : nodes_[user].needs) edges.push_back(meet(user, need));
    }
    while (graph_.start_order.size() < nodes_.size()) {
      const auto next = next_to_start();
      if (!next) refuse_circle();
      graph_.start_order.push_back(*next);
    }
    return std::move(graph_);
  }

 private:
  [[noreturn]] void refuse(Place place, const std::string& what) const { throw StartRefused(at(file_, place, what)); }

  void check_provides(std::size_t provider) const {
    for (const std::string& service : nodes_[provider].provides) {
      if (!is_host_service(service)) continue;
      refuse(nodes_[provider].place, "plugin " + quoted(nodes_[provider].id) + " provides " + service +
                                         ", which the host itself provides. Remove the plugin");
    }
  }

  void check_uses(std::size_t user) const {
    const Node& node = nodes_[user];
    const std::string label = "plugin " + quoted(node.id) + ": uses ";
    for (const UseEntry& use : node.uses) {
      std::vector<std::string_view> needs;
      for (const Need& need : node.needs) needs.emplace_back(need.service);
      if (std::find(needs.begin(), needs.end(), use.service) == needs.end()) {
        refuse(use.place,
               label + quoted(use.service) + " names a service that it does not need; " + advise(use.service, needs));
      }
      if (is_host_service(use.service)) {
        refuse(use.place, label + quoted(use.service) + " names a service of the host. Remove this line");
      }
      const auto provider = find(use.provider);
      if (!provider) {
        std::vector<std::string_view> ids;
        for (const Node& other : nodes_) ids.push_back(other.id);
        refuse(use.provider_place, label + quoted(use.service) + " of " + quoted(use.provider) +
                                       ", which is no plugin's id; " + advise(use.provider, ids));
      }
      if (!contains(nodes_[*provider].provides, use.service)) {
        refuse(use.provider_place, label + quoted(use.service) + " of " + quoted(use.provider) +
                                       ", which does not provide it. " + provided_by(user, use.service));
      }
      if (*provider == user)
        refuse(use.provider_place, label + quoted(use.service) + " of itself. Name another plugin");
    }
  }

  [[nodiscard]] std::optional<std::size_t> find(std::string_view id) const {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_[i].id == id) return i;
    }
    return std::nullopt;
  }

  // A plugin that both provides and needs a service stands in front of another one.
  [[nodiscard]] std::vector<std::size_t> providers_for(std::size_t user, std::string_view service) const {
    std::vector<std::size_t> providers;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (i != user && contains(nodes_[i].provides, service)) providers.push_back(i);
    }
    return providers;
  }

  [[nodiscard]] std::string provided_by(std::size_t user, std::string_view service) const {
    const std::vector<std::size_t> providers = providers_for(user, service);
    if (providers.empty()) return "No plugin of this configuration does";
    std::string list;
    for (const std::size_t provider : providers) {
      if (!list.empty()) list += ", ";
      list += quoted(nodes_[provider].id);
    }
    return "It is provided by: " + list;
  }

  Edge meet(std::size_t user, const Need& need) const {
    const Node& node = nodes_[user];
    Edge edge{need.service, need.is_optional, is_host_service(need.service), {}};
    if (edge.is_met_by_host) return edge;
    edge.providers = providers_for(user, need.service);
    const auto use = std::find_if(node.uses.begin(), node.uses.end(),
                                  [&](const UseEntry& entry) { return entry.service == need.service; });
    if (use != node.uses.end()) {
      const auto chosen = std::find(edge.providers.begin(), edge.providers.end(), *find(use->provider));
      std::rotate(edge.providers.begin(), chosen, chosen + 1);
      return edge;
    }
    if (need.is_optional) return edge;
    const std::string what = "plugin " + quoted(node.id) + " (" + std::string(node.plugin) + ") needs " + need.service;
    if (edge.providers.empty()) {
      refuse(node.place, what +
                             ", which no plugin of this configuration provides. Add one that does; "
                             "`events-handler plugins list` shows those that are installed");
    }
    if (edge.providers.size() > 1) {
      std::string list;
      for (const std::size_t provider : edge.providers)
        list += (list.empty() ? "" : ", ") + quoted(nodes_[provider].id);
      refuse(node.place, what + ", which several plugins provide: " + list + ". Say which: `uses: {" + need.service +
                             ": " + std::string(nodes_[edge.providers.front()].id) + "}`");
    }
    return edge;
  }

  [[nodiscard]] bool is_ordered(std::size_t node) const {
    return std::find(graph_.start_order.begin(), graph_.start_order.end(), node) != graph_.start_order.end();
  }

  // The need that keeps the node from starting now.
  [[nodiscard]] const Edge* obstacle(std::size_t node) const {
    for (const Edge& edge : graph_.edges[node]) {
      if (!edge.is_optional && !edge.is_met_by_host && !is_ordered(edge.providers.front())) return &edge;
    }
    return nullptr;
  }

  [[nodiscard]] std::optional<std::size_t> next_to_start() const {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (!is_ordered(i) && obstacle(i) == nullptr) return i;
    }
    return std::nullopt;
  }

  // Every node that is left waits for another one that is left: following them ends in a circle.
  [[noreturn]] void refuse_circle() const {
    std::size_t node = 0;
    while (is_ordered(node)) ++node;
    std::vector<std::size_t> path;
    while (std::find(path.begin(), path.end(), node) == path.end()) {
      path.push_back(node);
      node = obstacle(node)->providers.front();
    }
    path.erase(path.begin(), std::find(path.begin(), path.end(), node));
    std::string circle;
    for (const std::size_t member : path) {
      const Edge& edge = *obstacle(member);
      if (!circle.empty()) circle += ", ";
      circle += std::string(nodes_[member].id) + " needs " + edge.service + " from " +
                std::string(nodes_[edge.providers.front()].id);
    }
    refuse(nodes_[path.front()].place, "these plugins need each other in a circle, so none can start first: " + circle +
                                           ". Remove one of them, or choose another provider with `uses:`");
  }

  std::string_view file_;
  std::span<const Node> nodes_;
  Graph graph_;
};

}  // namespace

Graph connect(std::string_view file, std::span<const Node> nodes) {
  return Connector(file, nodes).connect();
}

}  // namespace evh::host
