#include "http/path_readings.h"

#include <gtest/gtest.h>

namespace http {
namespace {

TEST(PathReadings, AreBelowADeniedPathIfAnyServerTakesThemForIt) {
  for (const char* path : {"/admin",
                           "/admin/",
                           "/admin/x",
                           "/admin?x",
                           "/x/../admin",
                           "/x/..;/admin",
                           "/;/admin",
                           "/admin;x",
                           "/admin;x=1/y",
                           "/;a=b/admin",
                           "/x/..;a/;b/admin/y",
                           "/Admin",
                           "/ADMIN/x",
                           "/%61dmin",
                           "/%2561dmin",
                           "/%252561dmin",
                           "/%25%36%31dmin",
                           "/%c0%ae/admin",
                           "/x/%c0%ae%c0%ae/admin",
                           "/%e0%80%ae/x",
                           "/%f0%80%80%ae/x",
                           "/x%252f..%252fadmin",
                           "/admin%253bx",
                           "/admin%3bx",
                           "/admin%3fx",
                           "/admin%23x",
                           "/x%255c..%255cadmin",
                           "/a%2500",
                           "/%25252561dmin",
                           "//admin",
                           "/x//admin",
                           "/a%2fb",
                           "/x%5cadmin"}) {
    EXPECT_TRUE(PathReadings(path).any_below("/admin")) << path;
  }
  for (const char* path :
       {"/", "/x", "/administrator", "/x/admin", "/x;/admin", "/adm%2569n2", "/caf%c3%a9",
        "/caf%e9", "/100%25", "/a%20b", "/%E4%B8%AD", "/?/admin"}) {
    EXPECT_FALSE(PathReadings(path).any_below("/admin")) << path;
  }
  EXPECT_TRUE(PathReadings("/admin").any_below("/admin/")) << "servers add the slash";
  EXPECT_TRUE(PathReadings("/anything").any_below("/"));
  EXPECT_TRUE(PathReadings("/CAF%c3%a9/x").any_below("/caf%C3%A9"));
  EXPECT_TRUE(PathReadings("/caf%25c3%25a9/x").any_below("/caf%C3%A9"));
}

TEST(PathReadings, AreBelowAnAllowedPathIfAllServersTakeThemForIt) {
  for (const char* path : {"/api", "/api/v1", "/api/a%20b", "/api/caf%c3%a9", "/api/x;y=1",
                           "/api/%3Fx", "/api/100%25", "/x/../api/y"}) {
    EXPECT_TRUE(PathReadings(path).all_below("/api")) << path;
  }
  for (const char* path : {"/", "/apiary", "/API", "/api/..;/admin", "/api/%252e%252e/admin",
                           "/api;x", "/api/%c0%ae/x", "/api/..%252fadmin", "/api//x", "/%2561pi"}) {
    EXPECT_FALSE(PathReadings(path).all_below("/api")) << path;
  }
  EXPECT_TRUE(PathReadings("/caf%c3%a9/x").all_below("/caf%C3%A9"));
}

}  // namespace
}  // namespace http
