// The suite on the fake store: each proves the other. test_event_store_suite_catches.cpp has it on stores that are
// wrong.
#include "evh/testkit/event_store_suite.h"

#include <memory>

#include "fake_store.h"

namespace evh::testkit {
namespace {

EVH_EVENT_STORE_SUITE(FakeEventStoreContract, std::make_unique<FakeStore>())

}  // namespace
}  // namespace evh::testkit
