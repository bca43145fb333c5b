// Lanes whose operation is one HTTP request and its response.
#pragma once

#include "bench/load/connection_lane.h"

namespace load {

// A tunnel, one GET through it, and its end.
class ConnectLane final : public ConnectionLane {
 public:
  ConnectLane(Poller& poller, Route& route, std::uint64_t body);
  void begin() override { open(Kind::kTunnel); }

 private:
  void on_open() override;
  void on_octets(std::string_view octets) override;

  std::uint64_t body_;
  std::string request_;
  ReplyReader reply_;
};

// A GET in absolute-form on a connection to the proxy that persists.
class ForwardLane final : public ConnectionLane {
 public:
  ForwardLane(Poller& poller, Route& route, std::uint64_t body);
  void begin() override;

 private:
  void on_open() override;
  void on_octets(std::string_view octets) override;
  void on_end(std::string_view why) override;
  void ask();

  std::uint64_t body_;
  std::string request_;
  ReplyReader reply_;
  std::uint32_t exchanges_ = 0;  // on this connection
  bool answered_ = false;        // an octet of the response has come
};

// A tunnel that persists, with one download after the other in it.
class DownloadLane final : public ConnectionLane {
 public:
  DownloadLane(Poller& poller, Route& route, std::uint64_t body);
  void begin() override;

 private:
  void on_open() override;
  void on_octets(std::string_view octets) override;

  std::uint64_t body_;
  std::string request_;
  ReplyReader reply_;
};

// The same with uploads. The origin answers once it has verified all of the body.
class UploadLane final : public ConnectionLane {
 public:
  UploadLane(Poller& poller, Route& route, std::uint64_t body);
  void begin() override;

 private:
  void on_open() override;
  void on_octets(std::string_view octets) override;
  std::string_view more() override;

  std::uint64_t body_;
  std::uint64_t sent_ = 0;
  std::string request_;
  ReplyReader reply_;
};

}  // namespace load
