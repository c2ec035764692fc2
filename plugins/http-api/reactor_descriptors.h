#pragma once

#include <vector>

namespace evh::http_api {

/// The descriptors that Pistache opened for itself in the reactor which watches `watched`, but for its epoll
/// descriptor. Its NotifyFd never closes the one it has: whoever ends a reactor calls this before, and closes them
/// after. Empty without /proc.
std::vector<int> descriptors_of_reactor(int watched);

}  // namespace evh::http_api
