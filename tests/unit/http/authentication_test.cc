#include "http/authentication.h"

#include <gtest/gtest.h>

namespace http {
namespace {

bool with(std::string_view name, std::string_view value) {
  Fields fields;
  fields.add("Host", "a.test");
  fields.add(name, value);
  return may_authenticate_connection(fields);
}

TEST(Authentication, OfEachRequestLeavesTheConnectionToAll) {
  EXPECT_FALSE(with("Accept", "NTLM"));
  EXPECT_FALSE(with("Proxy-Authorization", "NTLM TlRMTVNTUAABAAAA"));
  for (const char* credentials : {"Basic dXNlcjpwYXNz", "bearer abc.def", "BEARER abc",
                                  "Digest username=\"a, b\", uri=\"/\""}) {
    EXPECT_FALSE(with("Authorization", credentials)) << credentials;
  }
  for (const char* challenges :
       {"Basic", "basic realm=\"NTLM\"", "Basic realm = \"a\", charset=\"UTF-8\"",
        "Digest realm=\"a, Negotiate\", qop=\"auth, auth-int\", algorithm=MD5, Basic realm=x",
        "Bearer error=\"say \\\", NTLM\"", ", ,Bearer,", ""}) {
    EXPECT_FALSE(with("WWW-Authenticate", challenges)) << challenges;
  }
}

TEST(Authentication, OfTheConnectionIsSeenInRequestsAndResponses) {
  for (const char* credentials :
       {"NTLM TlRMTVNTUAABAAAA", "Negotiate YII=", "negotiate", "Kerberos x",
        "AWS4-HMAC-SHA256 Credential=a", "", "Basic,NTLM x", "Basicx y"}) {
    EXPECT_TRUE(with("authorization", credentials)) << credentials;
  }
  for (const char* challenges :
       {"NTLM", "Negotiate", "ntlm TlRMTVNTUAACAAAA", "Basic realm=\"a\", Negotiate",
        "Negotiate,Basic realm=\"a\"", "Basic realm=\"a\",\tNTLM", "Digest realm=\"a\\\"\", NTLM",
        "Basic realm=\"a, NTLM", "Unknown a=b", "Basic realm=a; Negotiate, \"x\", NTLM"}) {
    EXPECT_TRUE(with("WWW-AUTHENTICATE", challenges)) << challenges;
  }
}

TEST(Authentication, IsLookedForInEachField) {
  Fields fields;
  fields.add("WWW-Authenticate", "Basic realm=\"a\"");
  fields.add("WWW-Authenticate", "Negotiate");
  EXPECT_TRUE(may_authenticate_connection(fields));
}

}  // namespace
}  // namespace http
