#include "http/h2/code.h"

#include <gtest/gtest.h>

namespace http::h2 {
namespace {

using base::ErrorCode;
using base::Party;

TEST(Code, OfAnOriginsResetIsPassedOnWhereItIsForTheClient) {
  struct Case {
    Code origins;
    ErrorCode error;
    Code clients;
  };
  for (const Case& one :
       {Case{Code::kRefusedStream, ErrorCode::kOriginRefused, Code::kRefusedStream},
        Case{Code::kHttp11Required, ErrorCode::kHttp11Required, Code::kHttp11Required},
        Case{Code::kInternalError, ErrorCode::kOriginReset, Code::kInternalError},
        Case{Code::kCancel, ErrorCode::kOriginReset, Code::kInternalError}}) {
    const base::Error error = reset_error(one.origins, Party::kOrigin);
    EXPECT_EQ(error.code, one.error) << name_of(one.origins);
    EXPECT_EQ(error.party, Party::kOrigin);
    EXPECT_NE(error.detail.find(name_of(one.origins)), std::string::npos) << error.detail;
    EXPECT_EQ(code_for(error), one.clients) << name_of(one.origins);
  }
}

TEST(Code, OfAClientsResetIsItsLeave) {
  for (const Code code : {Code::kCancel, Code::kRefusedStream, Code::kHttp11Required}) {
    EXPECT_EQ(reset_error(code, Party::kClient).code, ErrorCode::kClientClosed);
  }
}

TEST(Code, HasANameWhateverItIs) {
  EXPECT_EQ(name_of(Code::kHttp11Required), "HTTP_1_1_REQUIRED");
  EXPECT_EQ(name_of(static_cast<Code>(4711)), "code 4711");
}

}  // namespace
}  // namespace http::h2
