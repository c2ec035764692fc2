// Descriptors that are wrong in one thing each.
#include "descriptor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "evh/setting.hpp"

namespace evh::host {
namespace {

using testing::HasSubstr;

class DescriptorTest : public testing::Test {
 protected:
  DescriptorTest() {
    raw_.size = sizeof raw_;
    raw_.abi = EVH_ABI;
    raw_.name = "good-1";
    raw_.version = "1.0";
    raw_.summary = "Is good";
    raw_.settings = &setting_;
    raw_.setting_count = 1;
    raw_.setting_stride = sizeof setting_;
    raw_.provides = &provided_;
    raw_.provide_count = 1;
    raw_.needs = &need_;
    raw_.need_count = 1;
    raw_.need_stride = sizeof need_;
    raw_.create = [](const evh_host*, void**, evh_error*) -> evh_code { return EVH_OK; };
    raw_.start = [](void*, evh_error*) -> evh_code { return EVH_OK; };
    raw_.drain = [](void*, evh_span, evh_error*) -> evh_code { return EVH_OK; };
    raw_.stop = raw_.destroy = [](void*) {};
  }

  std::string problem() const {
    try {
      static_cast<void>(read_descriptor(&raw_));
      return "no problem";
    } catch (const std::runtime_error& error) {
      return error.what();
    }
  }

  evh_setting setting_ = setting::integer("port", "80", "a port", {.min = "1", .max = "65535"});
  const char* provided_ = "evh.thing/1";
  evh_need need_{"evh.other-thing/12", 1, 0};
  evh_plugin raw_{};
};

TEST_F(DescriptorTest, IsReadWhenItIsRight) {
  const Descriptor descriptor = read_descriptor(&raw_);
  EXPECT_EQ(descriptor.name, "good-1");
  EXPECT_THAT(descriptor.provides, testing::ElementsAre("evh.thing/1"));
  ASSERT_EQ(descriptor.needs.size(), 1U);
  EXPECT_TRUE(descriptor.needs.front().is_optional);
  EXPECT_EQ(descriptor.settings.size(), 1U);
}

TEST_F(DescriptorTest, MayBeOfALaterReleaseThatKnowsMore) {
  struct LaterSetting {
    evh_setting known;
    const char* added;
  };
  const std::vector<LaterSetting> settings{{setting_, "x"}, {setting::text("path", "", "where"), "y"}};
  raw_.size = sizeof raw_ + 64;
  raw_.settings = &settings.front().known;
  raw_.setting_count = settings.size();
  raw_.setting_stride = sizeof(LaterSetting);
  const Descriptor descriptor = read_descriptor(&raw_);
  ASSERT_EQ(descriptor.settings.size(), 2U);
  EXPECT_STREQ(descriptor.settings[1].name, "path");
}

TEST_F(DescriptorTest, OfAnotherAbiIsRefusedBeforeAnythingElseIsRead) {
  raw_.abi = 2;
  raw_.size = 0;
  raw_.name = nullptr;
  EXPECT_THAT(problem(), HasSubstr("built for plugin ABI 2, this program speaks 1"));
}

TEST_F(DescriptorTest, ThatIsTooSmallIsRefused) {
  raw_.size = sizeof raw_ - 1;
  EXPECT_THAT(problem(), HasSubstr("143 bytes, at least 144 are needed"));
}

TEST_F(DescriptorTest, WithBadTextsIsRefused) {
  for (const char* name : {"", "Good", "a b", "a_b", "\xC3\xA9"}) {
    raw_.name = name;
    EXPECT_THAT(problem(), HasSubstr("its name '")) << name;
  }
  raw_.name = nullptr;
  EXPECT_THAT(problem(), HasSubstr("its name is NULL"));
  raw_.name = "good";
  raw_.summary = "two\nlines";
  EXPECT_THAT(problem(), HasSubstr("its summary is more than one line"));
  raw_.summary = "\xFF";
  EXPECT_THAT(problem(), HasSubstr("its summary is not UTF-8"));
  const std::string long_text(5000, 'x');
  raw_.summary = long_text.c_str();
  EXPECT_THAT(problem(), HasSubstr("longer than 4096 bytes"));
}

TEST_F(DescriptorTest, WithoutAFunctionIsRefused) {
  raw_.drain = nullptr;
  EXPECT_THAT(problem(), HasSubstr("its function 'drain' is NULL"));
}

TEST_F(DescriptorTest, WithABadArrayIsRefused) {
  raw_.setting_stride = sizeof setting_ - 1;
  EXPECT_THAT(problem(), HasSubstr("the stride of its settings is 47, at least 48 is needed"));
  raw_.setting_stride = sizeof setting_;
  raw_.setting_count = static_cast<std::size_t>(-1);
  EXPECT_THAT(problem(), HasSubstr("settings"));
  raw_.setting_count = 1;
  raw_.settings = nullptr;
  EXPECT_THAT(problem(), HasSubstr("its settings are NULL"));
  raw_.setting_count = 0;
  EXPECT_EQ(problem(), "no problem");
}

TEST_F(DescriptorTest, WithABadSettingIsRefused) {
  setting_.name = "Port";
  EXPECT_THAT(problem(), HasSubstr("not in snake_case"));
  setting_.name = "port";
  setting_.doc = nullptr;
  EXPECT_THAT(problem(), HasSubstr("the doc line of setting 'port' is NULL"));
  setting_.doc = "a port";
  setting_.default_value = "0";
  EXPECT_THAT(problem(), HasSubstr("setting 'port' has a default that must be at least 1"));
}

TEST_F(DescriptorTest, WithABadServiceIsRefused) {
  for (const char* id : {"", "evh.thing", "evh.thing/", "evh.thing/x", "Evh/1", "/1", "evh thing/1", "evh.thing/1/2"}) {
    provided_ = id;
    EXPECT_THAT(problem(), HasSubstr("is no service id like evh.event-store/1")) << id;
  }
  provided_ = "evh.thing/1";
  need_.service_id = nullptr;
  EXPECT_THAT(problem(), HasSubstr("a need is NULL"));
}

TEST_F(DescriptorTest, ThatListsAThingTwiceIsRefused) {
  const char* const twice[] = {"evh.thing/1", "evh.thing/1"};
  raw_.provides = twice;
  raw_.provide_count = 2;
  EXPECT_THAT(problem(), HasSubstr("it lists the service 'evh.thing/1' twice"));
}

}  // namespace
}  // namespace evh::host
