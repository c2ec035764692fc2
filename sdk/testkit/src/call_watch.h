// Speaks up when a call into the plugin does not come back, so that a hanging test says where it hangs.
#pragma once

#include <string>
#include <thread>

namespace evh::testkit {

class CallWatch {
 public:
  // `call` names it: "stop of plugin 'store'". After 10 s, and every 10 s again, a line goes to stderr.
  explicit CallWatch(std::string call);

 private:
  std::jthread thread_;
};

}  // namespace evh::testkit
