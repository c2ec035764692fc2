// Who uses which service of whom, and the order of starting that follows from it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "configuration.h"
#include "descriptor.h"
#include "problem.h"

namespace evh::host {

// Services that the host provides itself, started before every plugin.
inline constexpr std::string_view kHostServices[] = {"evh.host-info/1"};

// A plugin of the configuration; all is borrowed.
struct Node {
  std::string_view id;
  Place place;
  std::string_view plugin;
  std::span<const std::string> provides;
  std::span<const Need> needs;
  std::span<const UseEntry> uses;
};

// Where a need is met.
struct Edge {
  std::string service;
  bool is_optional = false;
  bool is_met_by_host = false;
  std::vector<std::size_t> providers;  // indices of nodes: the one that is used first, then all others that provide it
};

struct Graph {
  std::vector<std::vector<Edge>> edges;  // one list a node, in the order of its needs
  std::vector<std::size_t> start_order;  // indices of nodes
};

// A required need starts its provider first; where that leaves a choice, the order of the nodes decides. Several
// providers of a service are told apart by `uses`; an optional need without `uses` takes the first of them. Throws
// StartRefused: a need that nobody meets, several that could, a circle, a `uses` that names no such thing.
[[nodiscard]] Graph connect(std::string_view file, std::span<const Node> nodes);

}  // namespace evh::host
