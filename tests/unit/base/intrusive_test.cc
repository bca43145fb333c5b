#include "base/intrusive.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace base {
namespace {

struct Item : ListNode {
  explicit Item(char the_name) : name(the_name) {}
  char name;
};

std::string names(IntrusiveList<Item>& list) {
  std::string out;
  list.for_each([&](Item& item) { out += item.name; });
  return out;
}

TEST(IntrusiveList, KeepsTheOrderOfInsertion) {
  Item a('a'), b('b'), c('c');
  IntrusiveList<Item> list;
  EXPECT_TRUE(list.empty());
  list.push_back(a);
  list.push_back(b);
  list.push_back(c);
  EXPECT_EQ(names(list), "abc");
  EXPECT_EQ(list.front().name, 'a');
  EXPECT_EQ(list.pop_front().name, 'a');
  EXPECT_FALSE(a.linked());
  EXPECT_EQ(names(list), "bc");
}

TEST(IntrusiveList, ElementLeavesWhenDestroyedOrUnlinked) {
  IntrusiveList<Item> list;
  Item a('a'), c('c');
  auto b = std::make_unique<Item>('b');
  list.push_back(a);
  list.push_back(*b);
  list.push_back(c);
  b.reset();
  EXPECT_EQ(names(list), "ac");
  a.unlink();
  a.unlink();
  EXPECT_EQ(names(list), "c");
}

TEST(IntrusiveList, PushingALinkedElementMovesIt) {
  Item a('a'), b('b');
  IntrusiveList<Item> list, other;
  list.push_back(a);
  list.push_back(b);
  list.push_back(a);
  EXPECT_EQ(names(list), "ba");
  other.push_back(a);
  EXPECT_EQ(names(list), "b");
  EXPECT_EQ(names(other), "a");
}

TEST(IntrusiveList, TakesAllOfAnother) {
  Item a('a'), b('b'), c('c');
  IntrusiveList<Item> list, other;
  list.push_back(a);
  other.push_back(b);
  other.push_back(c);
  list.take_all(other);
  EXPECT_EQ(names(list), "abc");
  EXPECT_TRUE(other.empty());
}

TEST(IntrusiveList, MayLoseTheElementItVisits) {
  IntrusiveList<Item> list;
  auto a = std::make_unique<Item>('a');
  Item b('b');
  list.push_back(*a);
  list.push_back(b);
  std::string seen;
  list.for_each([&](Item& item) {
    seen += item.name;
    if (item.name == 'a') a.reset();
  });
  EXPECT_EQ(seen, "ab");
  EXPECT_EQ(names(list), "b");
}

TEST(IntrusiveList, UnlinksItsElementsWhenItGoes) {
  Item a('a');
  {
    IntrusiveList<Item> list;
    list.push_back(a);
    EXPECT_TRUE(a.linked());
  }
  EXPECT_FALSE(a.linked());
}

}  // namespace
}  // namespace base
