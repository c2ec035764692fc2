#include <gtest/gtest.h>

#include "percent_encoding.h"

namespace evh::http_api {
namespace {

TEST(PercentEncoding, OfPathsIsUndoneButForSlashes) {
  EXPECT_EQ(decode_path("/a%20b/%C3%A4"), "/a b/\xC3\xA4");
  EXPECT_EQ(decode_path("/a+b"), "/a+b");
  EXPECT_EQ(decode_path("/a%2Fb%2fc"), "/a%2Fb%2fc");
  EXPECT_EQ(decode_path("/%25%32%46"), "/%2F") << "undone once";
  EXPECT_EQ(decode_path("/%00"), std::string("/\0", 2));
  EXPECT_EQ(decode_path(""), "");
}

TEST(PercentEncoding, OfPathsMustBeWhole) {
  for (const char* path : {"/%", "/%1", "/%zz", "/%1g", "/%%30"}) EXPECT_EQ(decode_path(path), std::nullopt) << path;
}

TEST(PercentEncoding, OfPathsCanBeMeasuredInBytesDecoded) {
  EXPECT_EQ(encoded_size("/api/x", 4), 4U);
  EXPECT_EQ(encoded_size("/%61pi/x", 4), 6U);
  EXPECT_EQ(encoded_size("/%61%70%69/x", 4), 10U);
  EXPECT_EQ(encoded_size("/api%2Fx", 7), 7U) << "as many bytes as they are left in decode_path";
  EXPECT_EQ(encoded_size("/api", 0), 0U);
  EXPECT_EQ(encoded_size("/api", 100), 4U);
}

}  // namespace
}  // namespace evh::http_api
