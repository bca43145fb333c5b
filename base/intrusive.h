// A doubly linked list whose links live in the elements: linking and unlinking never allocate, and
// an element leaves its list when it is destroyed.
#pragma once

#include <cstddef>

namespace base {

class ListNode {
 public:
  ListNode() = default;
  ListNode(const ListNode&) = delete;
  ListNode& operator=(const ListNode&) = delete;
  ~ListNode() { unlink(); }

  bool linked() const { return next_ != this; }
  void unlink() {
    prev_->next_ = next_;
    next_->prev_ = prev_;
    prev_ = next_ = this;
  }

 private:
  template <typename T>
  friend class IntrusiveList;

  ListNode* prev_ = this;
  ListNode* next_ = this;
};

// T derives from ListNode. The list owns nothing; elements outlive it or unlink themselves.
template <typename T>
class IntrusiveList {
 public:
  IntrusiveList() = default;
  IntrusiveList(const IntrusiveList&) = delete;
  IntrusiveList& operator=(const IntrusiveList&) = delete;
  ~IntrusiveList() {
    while (!empty()) pop_front();
  }

  bool empty() const { return !head_.linked(); }
  void push_back(T& element) {
    ListNode& node = element;
    node.unlink();
    node.prev_ = head_.prev_;
    node.next_ = &head_;
    head_.prev_->next_ = &node;
    head_.prev_ = &node;
  }
  T& front() { return static_cast<T&>(*head_.next_); }
  T& pop_front() {
    T& element = front();
    static_cast<ListNode&>(element).unlink();
    return element;
  }
  // Moves all elements of `other` behind this list's.
  void take_all(IntrusiveList& other) {
    while (!other.empty()) push_back(other.pop_front());
  }
  // Calls `each` with every element; `each` may unlink or destroy the element it is given.
  template <typename Each>
  void for_each(Each each) {
    for (ListNode* node = head_.next_; node != &head_;) {
      ListNode* next = node->next_;
      each(static_cast<T&>(*node));
      node = next;
    }
  }

 private:
  ListNode head_;
};

}  // namespace base
