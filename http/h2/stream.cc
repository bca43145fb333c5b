#include "http/h2/stream.h"

#include <cassert>
#include <utility>

namespace http::h2 {

base::Result<RequestHead> Stream::take_request() {
  assert(request_ && "no request head has come");
  base::Result<RequestHead> head = *std::move(request_);
  request_.reset();
  return head;
}

base::Result<ResponseHead> Stream::take_response() {
  assert(!responses_.empty() && "no response head has come");
  base::Result<ResponseHead> head = std::move(responses_.front());
  responses_.erase(responses_.begin());
  return head;
}

}  // namespace http::h2
