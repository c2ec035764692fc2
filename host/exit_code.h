// How the process ends.
#pragma once

namespace evh::host {

inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;   // a plugin failed to be created, started or ended, or the process itself failed
inline constexpr int kExitRefused = 2;  // the command line, the configuration or a plugin is wrong; nothing was started

}  // namespace evh::host
