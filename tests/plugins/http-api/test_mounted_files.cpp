// Folders of static files that other plugins mount.
#include <filesystem>
#include <fstream>

#include "evh/testkit/temp_folder.h"
#include "plugin_test.h"

namespace evh::http_api_test {
namespace {

namespace fs = std::filesystem;

class MountedFiles : public PluginTest {
 protected:
  MountedFiles() { start(); }

  void write(const fs::path& name, std::string_view content) {
    const fs::path file = site() / name;
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
  }
  fs::path site() const { return folder_.path() / "site"; }

  evh_code mount(const char* route, const char* fallback = nullptr) {
    return router().mount_files(router().self, route, site().c_str(), fallback, &error_);
  }

  const testkit::TempFolder folder_;
  evh_error error_{};
};

TEST_F(MountedFiles, AreServedWithTheirTypes) {
  write("index.html", "<p>hello");
  write("app.js", "code");
  write("deep/down/style.css", "style");
  write("data", "bytes");
  ASSERT_EQ(mount("/ui/"), EVH_OK) << error_.message;
  for (const auto& [target, body, type] : {std::tuple("/ui/", "<p>hello", "text/html; charset=utf-8"),
                                           std::tuple("/ui/index.html", "<p>hello", "text/html; charset=utf-8"),
                                           std::tuple("/ui/app.js", "code", "text/javascript; charset=utf-8"),
                                           std::tuple("/ui/deep/down/style.css", "style", "text/css; charset=utf-8"),
                                           std::tuple("/ui/%61pp.js?v=1", "code", "text/javascript; charset=utf-8"),
                                           std::tuple("/ui/data", "bytes", "application/octet-stream")}) {
    const HttpResponse response = ask(get_request(target));
    EXPECT_EQ(response.status, 200) << target;
    EXPECT_EQ(response.body, body) << target;
    EXPECT_EQ(response.header("Content-Type"), type) << target;
    EXPECT_EQ(response.header("X-Content-Type-Options"), "nosniff");
  }
  EXPECT_EQ(ask(request_bytes("HEAD", "/ui/app.js"), Question::kHead).header("Content-Length"), "4");
  EXPECT_EQ(ask(request_bytes("POST", "/ui/app.js")).status, 405);
}

TEST_F(MountedFiles, AreNotSentAgainToThoseWhoHaveThem) {
  write("app.js", "code");
  ASSERT_EQ(mount("/ui/"), EVH_OK);
  HttpConnection client = connect();
  const std::string tag = client.ask(get_request("/ui/app.js")).header("ETag");
  EXPECT_TRUE(tag.starts_with('"') && tag.ends_with('"')) << tag;
  for (const std::string& header : {tag, "W/" + tag, "\"other\", " + tag, std::string("*")}) {
    const HttpResponse response = client.ask(get_request("/ui/app.js", "If-None-Match: " + header + "\r\n"));
    EXPECT_EQ(response.status, 304) << header;
    EXPECT_EQ(response.header("ETag"), tag);
  }
  EXPECT_EQ(client.ask(get_request("/ui/app.js", "If-None-Match: \"other\"\r\n")).body, "code");
}

TEST_F(MountedFiles, HaveAnotherTagWhenTheirContentIsAnother) {
  write("a.js", "code");
  write("b.js", "node");
  ASSERT_EQ(mount("/ui/"), EVH_OK);
  EXPECT_NE(ask(get_request("/ui/a.js")).header("ETag"), ask(get_request("/ui/b.js")).header("ETag"));
}

TEST_F(MountedFiles, AreSentAsGzipToThoseWhoTakeIt) {
  write("app.js", "code code code");
  write("app.js.gz", "zipped");
  write("only.gz", "an archive");
  ASSERT_EQ(mount("/ui/"), EVH_OK);
  for (const char* codings : {"gzip", "br, gzip;q=0.5", "GZIP"}) {
    const HttpResponse response = ask(get_request("/ui/app.js", "Accept-Encoding: " + std::string(codings) + "\r\n"));
    EXPECT_EQ(response.body, "zipped") << codings;
    EXPECT_EQ(response.header("Content-Encoding"), "gzip");
    EXPECT_THAT(response.header("Vary"), testing::HasSubstr("Accept-Encoding"));
    EXPECT_EQ(response.header("Content-Type"), "text/javascript; charset=utf-8");
  }
  for (const char* codings : {"", "br", "gzip;q=0", "gzip;q=0.0", "gzipped"}) {
    const HttpResponse response = ask(get_request("/ui/app.js", "Accept-Encoding: " + std::string(codings) + "\r\n"));
    EXPECT_EQ(response.body, "code code code") << codings;
    EXPECT_FALSE(response.has_header("Content-Encoding"));
    EXPECT_THAT(response.header("Vary"), testing::HasSubstr("Accept-Encoding"));
  }
  EXPECT_EQ(ask(get_request("/ui/only.gz")).body, "an archive");
  EXPECT_EQ(ask(get_request("/ui/app.js.gz")).status, 404) << "is a form of another file";
}

// A cache that has one form must not take it for the other.
TEST_F(MountedFiles, HaveAnotherTagAsGzip) {
  write("app.js", "code code code");
  write("app.js.gz", "zipped");
  ASSERT_EQ(mount("/ui/"), EVH_OK);
  const std::string plain = ask(get_request("/ui/app.js")).header("ETag");
  const std::string zipped = ask(get_request("/ui/app.js", "Accept-Encoding: gzip\r\n")).header("ETag");
  EXPECT_NE(plain, zipped);
  EXPECT_EQ(ask(get_request("/ui/app.js", "Accept-Encoding: gzip\r\nIf-None-Match: " + zipped + "\r\n")).status, 304);
  EXPECT_EQ(ask(get_request("/ui/app.js", "Accept-Encoding: gzip\r\nIf-None-Match: " + plain + "\r\n")).status, 200);
}

TEST_F(MountedFiles, MayBeKeptForGoodWhenTheirNameHasAHash) {
  write("index.html", "page");
  write("assets/index-4f9a2c1b.js", "code");
  ASSERT_EQ(mount("/ui/"), EVH_OK);
  EXPECT_EQ(ask(get_request("/ui/")).header("Cache-Control"), "no-cache");
  EXPECT_THAT(ask(get_request("/ui/assets/index-4f9a2c1b.js")).header("Cache-Control"),
              testing::HasSubstr("immutable"));
}

TEST_F(MountedFiles, LeadNowhereElse) {
  write("index.html", "page");
  write("inner/index.html", "inner");
  std::ofstream(folder_.path() / "secret") << "secret";
  fs::create_symlink(folder_.path() / "secret", site() / "link");
  fs::create_directory_symlink(folder_.path(), site() / "up");
  ASSERT_EQ(mount("/ui/"), EVH_OK);
  for (const char* target :
       {"/ui/../secret", "/ui/..%2fsecret", "/ui/%2e%2e/secret", "/ui/inner/../../secret", "/ui/link", "/ui/up/secret",
        "/ui//secret", "/ui/./index.html", "/ui/inner/../index.html", "/ui/inner%2Findex.html", "/ui/index.html%00",
        "/ui/index.html/", "/ui//etc/passwd", "/ui/\\..\\secret", "/uisecret", "/ui"}) {
    const HttpResponse response = ask(get_request(target));
    EXPECT_EQ(response.status, 404) << target;
    EXPECT_EQ(response.body.find("secret"), std::string::npos) << target;
  }
  EXPECT_EQ(ask(get_request("/ui/%zz")).status, 404);
  EXPECT_EQ(ask(get_request("/ui/inner/")).body, "inner");
}

TEST_F(MountedFiles, FallBackToTheFileThatIsNamed) {
  write("index.html", "page");
  write("app.js", "code");
  ASSERT_EQ(mount("/ui/", "index.html"), EVH_OK);
  EXPECT_EQ(ask(get_request("/ui/app.js")).body, "code");
  EXPECT_EQ(ask(get_request("/ui/some/where")).body, "page");
  EXPECT_EQ(ask(get_request("/ui/../secret")).body, "page");
}

TEST_F(MountedFiles, AreWhatTheyWereWhenTheyWereMounted) {
  write("app.js", "old");
  ASSERT_EQ(mount("/ui/"), EVH_OK);
  write("app.js", "new");
  write("more.js", "more");
  EXPECT_EQ(ask(get_request("/ui/app.js")).body, "old");
  EXPECT_EQ(ask(get_request("/ui/more.js")).status, 404);
}

TEST_F(MountedFiles, AreGoneAfterUnmount) {
  write("app.js", "code");
  ASSERT_EQ(mount("/ui/"), EVH_OK);
  EXPECT_EQ(mount("/ui/"), EVH_INVALID) << "taken";
  router().unmount(router().self, "GET", "/ui/", EVH_ROUTE_QUICK);
  EXPECT_EQ(ask(get_request("/ui/app.js")).status, 404);
  EXPECT_EQ(mount("/ui/"), EVH_OK);
}

TEST_F(MountedFiles, AreRefusedWhenTheyCannotBeServed) {
  write("index.html", "page");
  EXPECT_EQ(mount("/ui"), EVH_INVALID) << "does not end with a slash";
  EXPECT_EQ(mount("ui/"), EVH_INVALID);
  EXPECT_EQ(mount(nullptr), EVH_INVALID);
  EXPECT_EQ(mount("/ui/", "missing.html"), EVH_NOT_FOUND);
  EXPECT_THAT(error_.message, testing::HasSubstr("missing.html"));
  EXPECT_EQ(router().mount_files(router().self, "/ui/", "relative", nullptr, nullptr), EVH_INVALID);
  EXPECT_EQ(router().mount_files(router().self, "/ui/", nullptr, nullptr, nullptr), EVH_INVALID);
  EXPECT_EQ(router().mount_files(router().self, "/ui/", (folder_.path() / "none").c_str(), nullptr, nullptr),
            EVH_NOT_FOUND);
  EXPECT_EQ(ask(get_request("/ui/")).status, 404);
}

TEST_F(MountedFiles, MayBeLarge) {
  std::string large(3 * 1024 * 1024, 'x');
  large += "end";
  write("large.bin", large);
  ASSERT_EQ(mount("/ui/"), EVH_OK);
  EXPECT_EQ(ask(get_request("/ui/large.bin")).body, large);
}

}  // namespace
}  // namespace evh::http_api_test
