#include "tls/fault.h"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <set>

#include "tls/error.h"

namespace {

using tls::Fault;

TEST(Fault, HasItsOwnWordAndMeaningEach) {
  std::set<std::string_view> tokens;
  for (int i = 0; i <= static_cast<int>(tls::kLastFault); ++i) {
    const auto fault = static_cast<Fault>(i);
    tokens.insert(token_of(fault));
    EXPECT_FALSE(meaning_of(fault).empty()) << token_of(fault);
  }
  EXPECT_EQ(tokens.size(), static_cast<size_t>(tls::kLastFault) + 1);
  EXPECT_EQ(token_of(Fault::kNone), "ok");
  EXPECT_EQ(token_of(Fault::kPathLength), "path_len");
  EXPECT_EQ(token_of(Fault::kOther), "other");
}

TEST(Fault, IsNeverNoneForAVerificationError) {
  for (int code = X509_V_ERR_UNSPECIFIED; code <= X509_V_ERR_EC_KEY_EXPLICIT_PARAMS; ++code) {
    const Fault fault = tls::fault_of_verification(code, 0);
    EXPECT_NE(fault, Fault::kNone) << code;
    EXPECT_TRUE(is_certificate_fault(fault) || fault == Fault::kOther) << code;
  }
  EXPECT_EQ(tls::fault_of_verification(X509_V_OK, 0), Fault::kNone);
}

TEST(Fault, TellsAWrongPurposeOfTheLeafFromOneOfItsIssuer) {
  EXPECT_EQ(tls::fault_of_verification(X509_V_ERR_INVALID_PURPOSE, 0), Fault::kBadPurpose);
  EXPECT_EQ(tls::fault_of_verification(X509_V_ERR_INVALID_PURPOSE, 1), Fault::kBadCa);
}

TEST(LibraryError, PrefersTheTlsLayerAndEmptiesTheQueue) {
  ERR_raise(ERR_LIB_ASN1, 104);
  ERR_raise(ERR_LIB_SSL, 267);  // wrong version number
  ERR_raise(ERR_LIB_BIO, 1);
  const tls::LibraryError error = tls::take_library_error();
  EXPECT_EQ(error.library, ERR_LIB_SSL);
  EXPECT_EQ(error.reason, 267);
  EXPECT_TRUE(error.asn1);
  EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST(LibraryError, IsOtherWhenTheQueueIsEmpty) {
  const tls::LibraryError error = tls::take_library_error();
  EXPECT_EQ(tls::fault_of(error), Fault::kOther);
  EXPECT_EQ(tls::received_alert(error), -1);
}

TEST(LibraryError, NamesReceivedAlerts) {
  ERR_raise(ERR_LIB_SSL, 1048);
  const tls::LibraryError error = tls::take_library_error();
  EXPECT_EQ(tls::received_alert(error), 48);
  EXPECT_EQ(tls::fault_of(error), Fault::kAlertReceived);
  EXPECT_EQ(tls::alert_name(48), "unknown CA (48)");
}

}  // namespace
