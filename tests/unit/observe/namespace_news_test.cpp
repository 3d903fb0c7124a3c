// SPDX-License-Identifier: Apache-2.0
#include "models/observe/namespace_news.h"

#include <gtest/gtest.h>

#include "models/nvme/spec/identify.h"
#include "models/nvme/spec/logs.h"
#include "models/nvme/spec/opcodes.h"

namespace observe {
namespace {

using nvme::spec::AdminOpcode;
using nvme::spec::Cns;
using nvme::spec::LogId;

class News : public ::testing::Test {
protected:
    void identify(Cns cns, std::uint32_t nsid, NamespaceNews::Moment fetched,
                  NamespaceNews::Moment done) {
        news.answered(static_cast<std::uint8_t>(AdminOpcode::kIdentify), nsid,
                      static_cast<std::uint32_t>(cns), fetched, done);
    }
    void read_log(LogId lid, NamespaceNews::Moment fetched, NamespaceNews::Moment done) {
        news.answered(static_cast<std::uint8_t>(AdminOpcode::kGetLogPage), 0xffff'ffff,
                      0x3ff'0000 | static_cast<std::uint32_t>(lid), fetched, done);
    }
    NamespaceNews news;
};

TEST_F(News, NothingIsUnknownOfANamespaceThatDidNotChange) {
    news.changed(2, 100);
    EXPECT_FALSE(news.may_be_unknown(1, 50));
    EXPECT_TRUE(news.may_be_unknown(2, 50));
    EXPECT_TRUE(news.may_be_unknown(2, 5000)) << "nobody has told the host";
    news.clear();
    EXPECT_FALSE(news.may_be_unknown(2, 50));
}

TEST_F(News, TheChangedNamespaceListTellsOfAllAndForCommandsThatAreSubmittedLater) {
    news.changed(1, 100);
    news.changed(2, 100);
    read_log(LogId::kSmartHealth, 150, 160);
    EXPECT_TRUE(news.may_be_unknown(1, 170));
    read_log(LogId::kChangedNamespaceList, 200, 210);
    for (const std::uint32_t nsid : {1u, 2u}) {
        EXPECT_TRUE(news.may_be_unknown(nsid, 209)) << "submitted before the list was there";
        EXPECT_FALSE(news.may_be_unknown(nsid, 211));
    }
    read_log(LogId::kChangedNamespaceList, 300, 310);
    EXPECT_FALSE(news.may_be_unknown(1, 250)) << "known since the first time";
}

TEST_F(News, AListThatWasAskedForBeforeTheChangeTellsNothing) {
    news.changed(1, 100);
    read_log(LogId::kChangedNamespaceList, 90, 110);
    EXPECT_TRUE(news.may_be_unknown(1, 120));
    news.changed(1, 400);
    read_log(LogId::kChangedNamespaceList, 410, 420);
    news.changed(1, 500);
    EXPECT_TRUE(news.may_be_unknown(1, 430)) << "it has changed again";
}

TEST_F(News, IdentifyTellsOfTheNamespaceThatItIsFor) {
    news.changed(1, 100);
    news.changed(2, 100);
    identify(Cns::kController, 0, 200, 210);
    EXPECT_TRUE(news.may_be_unknown(1, 220));
    identify(Cns::kNamespace, 1, 200, 210);
    EXPECT_FALSE(news.may_be_unknown(1, 220));
    EXPECT_TRUE(news.may_be_unknown(2, 220));
    identify(Cns::kActiveNamespaceList, 0, 300, 310);
    EXPECT_FALSE(news.may_be_unknown(2, 320));
}

}  // namespace
}  // namespace observe
