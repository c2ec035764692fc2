#include "problem.h"

namespace evh::host {

std::string at(std::string_view file, Place place, std::string_view what) {
  std::string line(file);
  if (place.line != 0) line.append(":").append(std::to_string(place.line));
  if (place.line != 0 && place.column != 0) line.append(":").append(std::to_string(place.column));
  return line.append(": ").append(what);
}

}  // namespace evh::host
