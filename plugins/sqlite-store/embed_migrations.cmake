# cmake -DOUTPUT=file.cpp -DFOLDER=sql/sqlite -P embed_migrations.cmake
# Writes the files FOLDER/NNNN_name.sql, numbered 0001, 0002, ... without a gap, into a C++ source that defines migrations().
file(GLOB files RELATIVE ${FOLDER} ${FOLDER}/*.sql)
list(SORT files)

set(entries "")
set(number 0)
foreach(file IN LISTS files)
  math(EXPR number "${number} + 1")
  if(NOT file MATCHES "^([0-9][0-9][0-9][0-9])_([a-z0-9_]+)[.]sql$")
    message(FATAL_ERROR "${FOLDER}/${file}: a migration is called NNNN_name.sql")
  endif()
  set(name ${CMAKE_MATCH_2})
  string(REGEX REPLACE "^0+" "" file_number ${CMAKE_MATCH_1})
  if(NOT file_number EQUAL number)
    message(FATAL_ERROR "${FOLDER}/${file}: expected number ${number}; the numbers have no gap and no double")
  endif()
  file(READ ${FOLDER}/${file} text)
  string(APPEND entries "    {${number}, \"${name}\", R\"__sql__(${text})__sql__\"},\n")
endforeach()

file(WRITE ${OUTPUT} "// Generated from sql/sqlite by embed_migrations.cmake.
#include \"migrations.h\"

namespace evh::sqlite_store {
namespace {
constexpr Migration kMigrations[] = {
${entries}};
}  // namespace

std::span<const Migration> migrations() noexcept {
  return kMigrations;
}
}  // namespace evh::sqlite_store
")
