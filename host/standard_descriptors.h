// Standard input, output and error are what their numbers say, whoever started the program.
#pragma once

namespace evh::host {

// [first of all] Opens /dev/null in the place of each one that is closed. Else the next file that is opened, a database
// perhaps, would get its number, and the log or an error message would be written into that file.
void open_standard_descriptors() noexcept;

}  // namespace evh::host
