#include "aks/admission.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "aks/trusted_ca.h"
#include "tests/support/directory.h"

namespace aks {
namespace {

using nlohmann::json;

// A review in the shape in which the API server sends it; the files are seeds of the fuzz target.
std::string recorded(const std::string& name) {
  std::ifstream file(tests::directory() + "/fuzz/corpus/admission/" + name);
  EXPECT_TRUE(file.is_open()) << name;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

PodInjection like_aks() {
  PodInjection injection;
  for (const char* name : {"http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"}) {
    injection.variables.push_back({name, "http://proxy.example:3128"});
  }
  for (const char* name : {"no_proxy", "NO_PROXY"}) injection.variables.push_back({name, "a,b"});
  return injection;
}

json response_of(const AdmissionAnswer& answer) {
  EXPECT_EQ(answer.status, 200);
  const json body = json::parse(answer.body);
  EXPECT_EQ(body["apiVersion"], "admission.k8s.io/v1");
  EXPECT_EQ(body["kind"], "AdmissionReview");
  EXPECT_EQ(body["response"]["allowed"], true);
  return body["response"];
}

// The object of the review as the API server stores it after the answer.
json stored(const std::string& review, const PodInjection& injection) {
  const json response = response_of(review_admission(review, injection));
  const json object = json::parse(review)["request"]["object"];
  if (!response.contains("patch")) return object;
  EXPECT_EQ(response["patchType"], "JSONPatch");
  return object.patch(json::parse(*decode_base64(response["patch"].get<std::string>())));
}

std::string env_names(const json& container) {
  std::string out;
  for (const json& each : container.value("env", json::array())) {
    out += (out.empty() ? "" : " ") + each["name"].get<std::string>();
  }
  return out;
}

constexpr const char* kSix = "http_proxy HTTP_PROXY https_proxy HTTPS_PROXY no_proxy NO_PROXY";

TEST(Admission, GivesEachContainerOfARecordedPodItsVariables) {
  struct Case {
    const char* file;
    const char* list;
    size_t index;
    std::string names;
  };
  const std::string six = kSix;
  const Case kCases[] = {
      {"kubectl_run.json", "containers", 0, six + " GREETING"},
      {"replica_set.json", "containers", 0, six + " LOG_LEVEL BASE DATA"},
      {"no_env.json", "containers", 0, six},
      {"env_null.json", "containers", 0, six},
      {"dry_run.json", "containers", 0, six},
      {"value_from.json", "containers", 0,
       "http_proxy HTTP_PROXY https_proxy no_proxy NO_PROXY POD_IP DB_PASSWORD HTTPS_PROXY CPU "
       "URL"},
      {"sidecars.json", "containers", 0,
       "http_proxy HTTP_PROXY https_proxy HTTPS_PROXY NO_PROXY no_proxy"},
      {"sidecars.json", "containers", 1,
       "http_proxy https_proxy HTTPS_PROXY no_proxy NO_PROXY HTTP_PROXY"},
      {"sidecars.json", "initContainers", 0, ""},
      {"sidecars.json", "initContainers", 1, ""},
      {"fifty_containers.json", "containers", 0, six},
      {"fifty_containers.json", "containers", 49, six + " N"},
      {"reinvocation.json", "containers", 0, six + " LOG_LEVEL"},
      {"reinvocation.json", "containers", 1, six},
  };
  for (const Case& each : kCases) {
    const json pod = stored(recorded(each.file), like_aks());
    EXPECT_EQ(env_names(pod["spec"][each.list][each.index]), each.names) << each.file;
  }
}

TEST(Admission, LeavesEverythingElseOfAPodAsItIs) {
  const std::string review = recorded("value_from.json");
  json pod = stored(review, like_aks());
  const json before = json::parse(review)["request"]["object"];
  json& env = pod["spec"]["containers"][0]["env"];
  env.erase(env.begin(), env.begin() + 5);
  EXPECT_EQ(pod, before);
}

TEST(Admission, SaysWhatBecameOfAReview) {
  const std::pair<const char*, AdmissionOutcome> kCases[] = {
      {"kubectl_run.json", AdmissionOutcome::kPatched},
      {"opted_out.json", AdmissionOutcome::kOptedOut},
      {"update.json", AdmissionOutcome::kUnchanged},
      {"delete.json", AdmissionOutcome::kUnchanged},
      {"ephemeral.json", AdmissionOutcome::kUnchanged},
      {"binding.json", AdmissionOutcome::kOther},
      {"deployment.json", AdmissionOutcome::kOther},
      {"exec.json", AdmissionOutcome::kOther},
  };
  for (const auto& [file, outcome] : kCases) {
    const AdmissionAnswer answer = review_admission(recorded(file), like_aks());
    EXPECT_EQ(token_of(answer.outcome), token_of(outcome)) << file;
    const bool patched = outcome == AdmissionOutcome::kPatched;
    EXPECT_EQ(response_of(answer).contains("patch"), patched) << file;
    EXPECT_EQ(response_of(answer).contains("patchType"), patched) << file;
  }
}

TEST(Admission, HasNothingToAddWhenInvokedAgain) {
  for (const char* file : {"kubectl_run.json", "sidecars.json", "reinvocation.json"}) {
    json review = json::parse(recorded(file));
    review["request"]["object"] = stored(review.dump(), like_aks());
    const auto again = review_admission(review.dump(), like_aks());
    EXPECT_EQ(again.outcome, AdmissionOutcome::kUnchanged) << file;
  }
}

TEST(Admission, GivesNewEphemeralContainersVariablesWhenTold) {
  PodInjection injection = like_aks();
  injection.ephemeral_containers = true;
  const json spec = stored(recorded("ephemeral.json"), injection)["spec"];
  EXPECT_EQ(env_names(spec["ephemeralContainers"][0]), "");
  EXPECT_EQ(env_names(spec["ephemeralContainers"][1]), kSix);
  EXPECT_EQ(env_names(spec["containers"][0]), "");
}

TEST(Admission, RepeatsTheUid) {
  json review = json::parse(recorded("kubectl_run.json"));
  review["request"]["uid"] = "a \"quoted\" \\ uid\u00e9";
  const auto answer = review_admission(review.dump(), like_aks());
  EXPECT_EQ(response_of(answer)["uid"], review["request"]["uid"]);
}

TEST(Admission, AnswersWhatItCannotReadWithAStatusAndTheReason) {
  json no_uid = json::parse(recorded("kubectl_run.json"));
  no_uid["request"].erase("uid");
  json no_object = json::parse(recorded("kubectl_run.json"));
  no_object["request"]["object"] = nullptr;
  const std::pair<std::string, std::string> kCases[] = {
      {"", "no JSON object"},
      {"[]", "no JSON object"},
      {"{\"a\":\"\xff\"}", "no JSON object"},
      {"{}", "expected admission.k8s.io/v1"},
      {recorded("v1beta1.json"), "admissionReviewVersions: [v1]"},
      {recorded("truncated.json"), "no JSON object"},
      {recorded("not_json.txt"), "no JSON object"},
      {recorded("deep.json"), "more than 64 deep"},
      {recorded("env_object.json"), "env is no array"},
      {recorded("no_spec.json"), "no spec"},
      {R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"})", "no request"},
      {no_uid.dump(), "request.uid"},
      {no_object.dump(), "request.object is no object"},
  };
  for (const auto& [review, reason] : kCases) {
    const AdmissionAnswer answer = review_admission(review, like_aks());
    EXPECT_EQ(answer.status, 400) << review;
    const json body = json::parse(answer.body);
    EXPECT_EQ(body["kind"], "Status");
    EXPECT_EQ(body["code"], 400);
    EXPECT_NE(body["message"].get<std::string>().find(reason), std::string::npos) << answer.body;
  }
}

TEST(Admission, SurvivesMillionsOfBrackets) {
  for (const char* bracket : {"[", "{\"a\":", "{\"a\":["}) {
    std::string review;
    while (review.size() < kMaxReviewBytes - 8) review += bracket;
    EXPECT_EQ(review_admission(review, like_aks()).status, 400) << bracket;
  }
}

TEST(Admission, RefusesMoreValuesThanPodsHave) {
  json review = json::parse(recorded("kubectl_run.json"));
  const size_t has = 200;  // about
  review["extra"] = std::vector<int>(kMaxReviewValues - has, 0);
  EXPECT_EQ(review_admission(review.dump(), like_aks()).status, 200);
  review["extra"] = std::vector<int>(kMaxReviewValues, 0);
  EXPECT_EQ(review_admission(review.dump(), like_aks()).status, 400);
}

TEST(Admission, CountsNothingInsideStrings) {
  json review = json::parse(recorded("kubectl_run.json"));
  review["request"]["object"]["metadata"]["annotations"] = {
      {"note", std::string(200, '[') + "\"" + std::string(kMaxReviewValues, ',')}};
  EXPECT_EQ(review_admission(review.dump(), like_aks()).outcome, AdmissionOutcome::kPatched);
}

TEST(Admission, RefusesAReviewThatIsTooLarge) {
  std::string review = recorded("kubectl_run.json");
  review.append(kMaxReviewBytes - review.size(), ' ');
  EXPECT_EQ(review_admission(review, like_aks()).status, 200);
  review += ' ';
  EXPECT_EQ(review_admission(review, like_aks()).status, 413);
}

TEST(Admission, NamesTheApiServerAlsoToPodsThatOptOutOfTheProxy) {
  PodInjection injection = like_aks();
  injection.service_host = "demo.hcp.westeurope.azmk8s.io";
  const auto review = [](const json& annotations) {
    return json({{"apiVersion", "admission.k8s.io/v1"},
                 {"kind", "AdmissionReview"},
                 {"request",
                  {{"uid", "u"},
                   {"operation", "CREATE"},
                   {"kind", {{"group", ""}, {"version", "v1"}, {"kind", "Pod"}}},
                   {"object",
                    {{"metadata", {{"annotations", annotations}}},
                     {"spec", {{"containers", json::array({{{"name", "a"}}})}}}}}}}})
        .dump();
  };
  const auto out = review_admission(review({{kOptOutAnnotation, "true"}}), injection);
  EXPECT_EQ(out.outcome, AdmissionOutcome::kOptedOut);
  const auto both = review_admission(
      review({{kOptOutAnnotation, "true"}, {kServiceHostAnnotation, "true"}}), injection);
  EXPECT_EQ(both.outcome, AdmissionOutcome::kPatched);
  const json patch =
      json::parse(decode_base64(response_of(both)["patch"].get<std::string>()).value_or("null"));
  ASSERT_EQ(patch.size(), 1U);
  EXPECT_EQ(patch[0]["value"][0]["name"], "KUBERNETES_SERVICE_HOST");
  EXPECT_EQ(patch[0]["value"].size(), 1U);
}

}  // namespace
}  // namespace aks
