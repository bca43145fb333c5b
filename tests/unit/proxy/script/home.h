// Owns a test's sessions.
#pragma once

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "proxy/session.h"

namespace proxy::script {

class Home final : public SessionHome {
 public:
  explicit Home(net::Loop& loop) : loop_(loop) {}
  ~Home() { sessions_.clear(); }
  Session& own(std::unique_ptr<Session> session) override {
    sessions_.push_back(std::move(session));
    return *sessions_.back();
  }
  void session_over(Session& session) override {
    loop_.defer([this, over = &session] {
      std::erase_if(sessions_, [over](const auto& each) { return each.get() == over; });
    });
  }
  const std::vector<std::unique_ptr<Session>>& sessions() const { return sessions_; }

 private:
  net::Loop& loop_;
  std::vector<std::unique_ptr<Session>> sessions_;
};

}  // namespace proxy::script
