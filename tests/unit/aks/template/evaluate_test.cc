#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aks/document.h"
#include "aks/template/deployment.h"
#include "aks/template/expression.h"
#include "config/json_text.h"

namespace aks::arm {
namespace {

// A value as JSON without blanks; what is unknown is "?".
std::string shown(const Value& value) {
  if (is_unknown(value)) return "?";
  std::string out;
  switch (value.kind) {
    case Value::Kind::kNull: return "null";
    case Value::Kind::kScalar:
      return value.style == Value::Style::kQuoted ? "'" + value.text + "'" : value.text;
    case Value::Kind::kList:
      for (const Value& item : value.items) out += (out.empty() ? "" : ",") + shown(item);
      return "[" + out + "]";
    case Value::Kind::kMap:
      for (size_t i = 0; i < value.items.size(); ++i)
        out += (out.empty() ? "" : ",") + value.keys[i].text + ":" + shown(value.items[i]);
      return "{" + out + "}";
  }
  return "";
}

Value parse(const std::string& json) {
  auto parsed = config::parse_json(json);
  return std::get<config::JsonText>(parsed).root;
}

constexpr const char* kBody = R"({
  "parameters": {
    "host": {"type": "string", "defaultValue": "proxy.example"},
    "port": {"type": "int", "defaultValue": 3128},
    "on": {"type": "bool", "defaultValue": true},
    "open": {"type": "string"},
    "maybe": {"type": "string", "nullable": true},
    "list": {"type": "array", "defaultValue": ["a", "[variables('b')]"]},
    "object": {"type": "object", "defaultValue": {"x": {"y": 1}, "z": "[parameters('open')]"}},
    "loop": {"defaultValue": "[parameters('loop')]"}
  },
  "variables": {"b": "b", "copy": [
      {"name": "many", "count": 3, "input": "[format('x{0}', copyIndex('many', 1))]"},
      {"name": "open", "count": "[length(parameters('open'))]", "input": "x"},
      {"name": "endless", "count": 801, "input": "x"}],
    "url": "[format('http://{0}:{1}', parameters('host'), parameters('port'))]"}
})";

std::string evaluated(const std::string& expression,
                      Deployment::Open open = Deployment::Open::kYes) {
  const Value body = parse(kBody);
  Deployment deployment{&body, {}, open};
  Value node = make_text(expression);
  node.line = 7;
  Budget budget;
  const Value value = evaluate(node, deployment, budget).value;
  EXPECT_EQ(value.line == 0, false) << "everything has a place";
  return shown(value);
}

TEST(Evaluate, KnowsTheFunctionsThatTemplatesUse) {
  const std::pair<const char*, const char*> cases[] = {
      {"text", "'text'"},
      {"[[text]", "'[text]'"},
      {"[fd00::1]", "'[fd00::1]'"},
      {"[parameters('host')]", "'proxy.example'"},
      {"[Parameters( 'HOST' )]", "'proxy.example'"},
      {"[variables('url')]", "'http://proxy.example:3128'"},
      {"[concat('a', parameters('port'), true())]", "'a3128True'"},
      {"[concat(parameters('list'), createArray('c'))]", "['a','b','c']"},
      {"[union(parameters('list'), createArray('a', 'd'))]", "['a','b','d']"},
      {"[union(createObject('x', createObject('q', 1)), createObject('x', createObject('r', 2)))]",
       "{x:{q:1,r:2}}"},
      {"[shallowMerge(createArray(createObject('a', 1), createObject('A', 2)))]", "{a:2}"},
      {"[if(parameters('on'), 'yes', resourceId('x'))]", "'yes'"},
      {"[if(not(parameters('on')), 'yes', null())]", "null"},
      {"[if(empty(parameters('list')), 1, 2)]", "2"},
      {"[empty('')]", "true"},
      {"[empty(null())]", "true"},
      {"[empty(createObject())]", "true"},
      {"[coalesce(null(), 'x', resourceId('y'))]", "'x'"},
      {"[format('{{{0}}} {1}', 'a', 2)]", "'{a} 2'"},
      {"[json('{\"a\": [1, null]}').a]", "[1,null]"},
      {"[json('null')]", "null"},
      {"[base64('abc')]", "'YWJj'"},
      {"[base64ToString('YWJj')]", "'abc'"},
      {"[contains('proxy', 'rox')]", "true"},
      {"[contains(parameters('list'), 'c')]", "false"},
      {"[contains(parameters('object'), 'X')]", "true"},
      {"[toLower('AbC')]", "'abc'"},
      {"[toUpper('AbC')]", "'ABC'"},
      {"[null()]", "null"},
      {"[string(12)]", "'12'"},
      {"[split('a,b', ',')]", "['a','b']"},
      {"[join(createArray('a', 1), ';')]", "'a;1'"},
      {"[replace('a.b', '.', '-')]", "'a-b'"},
      {"[trim(' a ')]", "'a'"},
      {"[length(parameters('list'))]", "2"},
      {"[first(parameters('list'))]", "'a'"},
      {"[last(parameters('list'))]", "'b'"},
      {"[parameters('list')[1]]", "'b'"},
      {"[parameters('object').x['y']]", "1"},
      {"[tryGet(parameters('object'), 'x', 'none')]", "null"},
      {"[equals('a', 'a')]", "true"},
      {"[and(true(), false(), resourceId('x'))]", "false"},
      {"[or(resourceId('x'), true())]", "true"},
      {"[startsWith('http://x', 'HTTP')]", "true"},
      {"[bool('true')]", "true"},
      {"['it''s']", "'['it''s']'"},
      {"[concat('it''s', '')]", "'it's'"},
      {"[sys.concat('a', 'b')]", "'ab'"},
  };
  for (const auto& [expression, value] : cases)
    EXPECT_EQ(evaluated(expression), value) << expression;
}

TEST(Evaluate, LeavesTheRestUnknown) {
  for (const char* expression : {"[parameters('open')]",
                                 "[parameters('nowhere')]",
                                 "[variables('endless')]",
                                 "[copyIndex()]",
                                 "[copyIndex('many')]",
                                 "[lambdaVariables('x')]",
                                 "[map(parameters('open'), lambda('x', 1))]",
                                 "[map(parameters('list'), parameters('list'))]",
                                 "[map(parameters('list'), lambda(1, 2))]",
                                 "[filter(parameters('list'), lambda('x', parameters('open')))]",
                                 "[range(0, 10001)]",
                                 "[range(1)]",
                                 "[resourceGroup().location]",
                                 "[reference('x').fqdn]",
                                 "[resourceId('a', 'b')]",
                                 "[concat('a', parameters('open'))]",
                                 "[if(equals(parameters('open'), 'x'), 1, 2)]",
                                 "[contoso.host('x')]",
                                 "[format('{0:N}', 1)]",
                                 "[format('{1}', 1)]",
                                 "[parameters('loop')]",
                                 "[concat('a']",
                                 "[parameters('maybe')]",
                                 "[parameters('object').z]",
                                 "[union('a', 'b')]",
                                 "[json('{')]",
                                 "[and(true(), parameters('open'))]",
                                 "[coalesce(parameters('open'), 'x')]"}) {
    EXPECT_EQ(evaluated(expression), "?") << expression;
  }
  EXPECT_EQ(evaluated("[parameters('maybe')]", Deployment::Open::kNo), "null");
}

TEST(Evaluate, PoisonsOnlyTheValueThatIsUnknown) {
  EXPECT_EQ(evaluated("[parameters('object')]"), "{x:{y:1},z:?}");
  EXPECT_EQ(evaluated("[createObject('a', parameters('open'), 'b', 1)]"), "{a:?,b:1}");
  EXPECT_EQ(evaluated("[createArray(parameters('open'), 'b')]"), "[?,'b']");
  EXPECT_EQ(evaluated("[createObject('a', parameters('open'), 'b', 1).b]"), "1");
  EXPECT_EQ(evaluated("[concat(createArray(parameters('open')), parameters('list'))]"),
            "[?,'a','b']");
  EXPECT_EQ(evaluated("[contains(createArray(parameters('open'), 'b'), 'b')]"), "true");
  EXPECT_EQ(evaluated("[contains(createArray(parameters('open'), 'b'), 'c')]"), "?");
}

TEST(Evaluate, GoesThroughLists) {
  const std::string of_list = "(parameters('list'), lambda('x', ";
  EXPECT_EQ(evaluated("[map" + of_list + "toUpper(lambdaVariables('X'))))]"), "['A','B']");
  EXPECT_EQ(evaluated("[map(parameters('list'), lambda('x', 'i', lambdaVariables('i')))]"),
            "[0,1]");
  EXPECT_EQ(evaluated("[map" + of_list + "parameters('open')))]"), "[?,?]");
  EXPECT_EQ(evaluated("[filter" + of_list + "equals(lambdaVariables('x'), 'b')))]"), "['b']");
  EXPECT_EQ(evaluated("[range(3, 2)]"), "[3,4]");
  EXPECT_EQ(evaluated("[range(3, 0)]"), "[]");
  EXPECT_EQ(evaluated("[map(range(0, 2), lambda('i', map(parameters('list'), lambda('x', "
                      "format('{0}{1}', lambdaVariables('i'), lambdaVariables('x'))))))]"),
            "[['0a','0b'],['1a','1b']]");
  // The name of an inner loop hides that of an outer one, and no longer than it lasts.
  EXPECT_EQ(evaluated("[map(range(0, 1), lambda('x', concat(map(createArray(7), lambda('x', "
                      "lambdaVariables('x'))), createArray(lambdaVariables('x')))))]"),
            "[[7,0]]");
}

TEST(Evaluate, GoesThroughCopies) {
  EXPECT_EQ(evaluated("[variables('many')]"), "['x1','x2','x3']");
  const Value body = parse(kBody);
  Deployment deployment{&body, {}, Deployment::Open::kYes};
  Budget budget;
  const auto of = [&](const std::string& json) {
    budget.next();
    return shown(evaluate(parse(json), deployment, budget).value);
  };
  EXPECT_EQ(of(R"({"a": 1, "copy": [{"name": "list", "count": "[length(parameters('list'))]",
      "input": {"name": "[parameters('list')[copyIndex('list')]]"}}]})"),
            "{a:1,list:[{name:'a'},{name:'b'}]}");
  EXPECT_EQ(of(R"({"copy": [{"name": "list", "count": "[parameters('open')]", "input": 1}]})"),
            "{list:?}");
  EXPECT_EQ(of(R"({"copy": [{"name": "list", "count": 2, "input": "[copyIndex()]"}]})"),
            "{list:[?,?]}");
  deployment.positions = {{"", 4}, {"pools", 4}};
  EXPECT_EQ(of(R"({"a": "[copyIndex()]", "b": "[copyIndex('Pools', 2)]", "c": "[copyIndex(1)]"})"),
            "{a:4,b:6,c:5}");
}

// Each element of a list is a value of its own, for it may have a pool's hundred members.
TEST(Evaluate, GivesEachElementStepsOfItsOwn) {
  std::string body = "lambdaVariables('i')";
  for (int i = 0; i < 400; ++i) body += ", 'x'";
  EXPECT_EQ(evaluated("[length(map(range(0, 20), lambda('i', createArray(" + body + "))))]"), "20");
  EXPECT_EQ(evaluated("[last(last(map(range(0, 20), lambda('i', createArray(" + body + ")))))]"),
            "'x'");
  // All together they have what a document has.
  std::string nested = "1";
  for (int i = 0; i < 6; ++i) nested = "map(range(0, 100), lambda('i', " + nested + "))";
  const std::string out = evaluated("[" + nested + "]");
  EXPECT_LT(out.size(), 4U * 1024 * 1024);
  EXPECT_NE(out.find('?'), std::string::npos);
}

TEST(Evaluate, RemembersDefaultsAndKeepsTheTextOfTheUnknown) {
  const Value body = parse(kBody);
  Deployment deployment{&body, {}, Deployment::Open::kYes};
  Budget budget;
  EXPECT_EQ(evaluate(make_text("[variables('url')]"), deployment, budget).default_line, 3);
  EXPECT_EQ(evaluate(make_text("[variables('b')]"), deployment, budget).default_line, 0);
  EXPECT_EQ(evaluate(make_text("[parameters('open')]"), deployment, budget).value.text,
            "[parameters('open')]");
  deployment.given["open"] = {make_text("given"), 0};
  const Evaluated given = evaluate(make_text("[parameters('OPEN')]"), deployment, budget);
  EXPECT_EQ(shown(given.value), "'given'");
  EXPECT_EQ(given.default_line, 0);
}

TEST(Evaluate, IsBounded) {
  std::string deep = "'x'";
  for (int i = 0; i < 100; ++i) deep = "concat(" + deep + ")";
  EXPECT_EQ(evaluated("[" + deep + "]"), "?");
  std::string wide = "'x'";
  for (int i = 0; i < 1100; ++i) wide += ", 'x'";
  EXPECT_EQ(evaluated("[concat(" + wide + ")]"), "?") << "1000 steps";
  // Each variable is twice the one before: 2^40 octets.
  std::string body = R"({"variables": {"v0": "xxxxxxxx")";
  for (int i = 1; i < 40; ++i) {
    const std::string last = "variables('v" + std::to_string(i - 1) + "')";
    body += ", \"v" + std::to_string(i) + "\": \"[concat(" + last + ", " + last + ")]\"";
  }
  const Value root = parse(body + "}}");
  Deployment deployment{&root, {}, Deployment::Open::kYes};
  Budget budget;
  for (int i = 0; i < 100; ++i) {
    budget.next();
    EXPECT_TRUE(is_unknown(evaluate(make_text("[variables('v39')]"), deployment, budget).value));
  }
}

TEST(Evaluate, TakesEveryTruncationOfAnExpression) {
  const std::string whole =
      "concat(if(equals(parameters('host'), 'x''y'), 'a', variables('url')), createArray(1)[0], "
      "sys.format('{0}', tryGet(parameters('object'), 'x').y))";
  ASSERT_TRUE(parse_expression(whole));
  for (size_t length = 0; length < whole.size(); ++length)
    EXPECT_FALSE(parse_expression(whole.substr(0, length))) << whole.substr(0, length);
}

}  // namespace
}  // namespace aks::arm
