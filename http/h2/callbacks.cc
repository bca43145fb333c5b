#include "http/h2/callbacks.h"

#include <limits>

#include "base/ascii.h"

namespace http::h2 {
namespace {

Connection& of(void* user_data) { return *static_cast<Connection*>(user_data); }

std::string_view text(const std::uint8_t* octets, size_t size) {
  return {reinterpret_cast<const char*>(octets), size};
}

End end_of(const nghttp2_frame_hd& hd) {
  return (hd.flags & NGHTTP2_FLAG_END_STREAM) != 0 ? End::kNow : End::kNotYet;
}

// Credentials stay out of the compression context, where an attacker could probe for them; short
// cookies can be guessed (RFC 7541 §7.1.3).
bool is_secret(std::string_view name, std::string_view value) {
  constexpr size_t kShortCookie = 20;
  return name == "authorization" || name == "proxy-authorization" ||
         (name == "cookie" && value.size() < kShortCookie);
}

std::uint8_t* octets_of(std::string_view text) {
  // nghttp2 copies and takes no const; it does not write.
  return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
}

}  // namespace

struct Callbacks {
  static int on_begin_frame(nghttp2_session* /*session*/, const nghttp2_frame_hd* hd, void* user) {
    return of(user).begin_frame(hd->type, hd->flags, hd->stream_id, hd->length);
  }
  static int on_begin_headers(nghttp2_session* /*session*/, const nghttp2_frame* frame,
                              void* user) {
    of(user).begin_head(frame->hd.stream_id);
    return 0;
  }
  static int on_header(nghttp2_session* /*session*/, const nghttp2_frame* frame,
                       const std::uint8_t* name, size_t name_size, const std::uint8_t* value,
                       size_t value_size, std::uint8_t /*flags*/, void* user) {
    return of(user).add_field(frame->hd.stream_id, text(name, name_size), text(value, value_size));
  }
  // A name or value that can't be (CR, LF, NUL, upper case, white space around): nghttp2 would
  // leave it out; the message is malformed (RFC 9113 §8.2.1).
  static int on_invalid_header(nghttp2_session* /*session*/, const nghttp2_frame* /*frame*/,
                               const std::uint8_t* /*name*/, size_t /*name_size*/,
                               const std::uint8_t* /*value*/, size_t /*value_size*/,
                               std::uint8_t /*flags*/, void* /*user*/) {
    return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  }
  static int on_data_chunk(nghttp2_session* /*session*/, std::uint8_t /*flags*/, int32_t id,
                           const std::uint8_t* data, size_t size, void* user) {
    of(user).add_content(id, text(data, size));
    return 0;
  }
  static int on_frame_recv(nghttp2_session* /*session*/, const nghttp2_frame* frame, void* user) {
    const nghttp2_frame_hd& hd = frame->hd;
    switch (hd.type) {
      case NGHTTP2_HEADERS: of(user).end_head(hd.stream_id, end_of(hd)); return 0;
      case NGHTTP2_DATA:
        return of(user).data_ended(hd.stream_id, hd.length, frame->data.padlen, end_of(hd));
      case NGHTTP2_RST_STREAM: return of(user).peer_reset(hd.stream_id);
      case NGHTTP2_PING:
        if ((hd.flags & NGHTTP2_FLAG_ACK) != 0) of(user).ping_answered();
        return 0;
      case NGHTTP2_GOAWAY: of(user).peer_leaves_ = true; return 0;
      default: return 0;
    }
  }
  static int on_invalid_frame(nghttp2_session* /*session*/, const nghttp2_frame* frame, int error,
                              void* user) {
    std::string& words = of(user).words_;
    of(user).frame_refused(frame->hd.stream_id,
                           words.empty() ? std::string_view(nghttp2_strerror(error)) : words);
    words.clear();
    return 0;
  }
  static int on_frame_send(nghttp2_session* /*session*/, const nghttp2_frame* frame, void* user) {
    const nghttp2_frame_hd& hd = frame->hd;
    switch (hd.type) {
      case NGHTTP2_DATA:
      case NGHTTP2_HEADERS:
        of(user).frame_sent(hd.stream_id, hd.type == NGHTTP2_DATA ? hd.length : 0, end_of(hd));
        break;
      case NGHTTP2_RST_STREAM:
        of(user).reset_sent(hd.stream_id, static_cast<Code>(frame->rst_stream.error_code));
        break;
      case NGHTTP2_GOAWAY: of(user).goaway_sent(static_cast<Code>(frame->goaway.error_code)); break;
      default: break;
    }
    return 0;
  }
  static int on_frame_not_send(nghttp2_session* /*session*/, const nghttp2_frame* frame,
                               int /*error*/, void* user) {
    if (frame->hd.type == NGHTTP2_HEADERS) of(user).head_not_sent(frame->hd.stream_id);
    return 0;
  }
  static int on_stream_close(nghttp2_session* /*session*/, int32_t id, std::uint32_t code,
                             void* user) {
    of(user).stream_closed(id, static_cast<Code>(code));
    return 0;
  }
  static int on_error(nghttp2_session* /*session*/, int /*code*/, const char* message, size_t size,
                      void* user) {
    of(user).words_ = std::string_view(message, size).substr(0, 200);
    return 0;
  }
  static ssize_t pull(nghttp2_session* session, int32_t id, std::uint8_t* into, size_t room,
                      std::uint32_t* flags, nghttp2_data_source* /*source*/, void* user) {
    const Connection::Pulled pulled = of(user).pull(id, into, room);
    switch (pulled.more) {
      case Connection::Pulled::More::kYes: break;
      case Connection::Pulled::More::kLater: return NGHTTP2_ERR_DEFERRED;
      case Connection::Pulled::More::kTrailers: {
        Section section(pulled.trailers->size());
        section.add(*pulled.trailers);
        *flags |= NGHTTP2_DATA_FLAG_EOF | NGHTTP2_DATA_FLAG_NO_END_STREAM;
        if (nghttp2_submit_trailer(session, id, section.data(), section.size()) != 0) {
          return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
        }
        break;
      }
      case Connection::Pulled::More::kNo: *flags |= NGHTTP2_DATA_FLAG_EOF; break;
    }
    return static_cast<ssize_t>(pulled.octets);
  }
};

nghttp2_data_provider pull_provider() {
  nghttp2_data_provider provider{};
  provider.read_callback = Callbacks::pull;
  return provider;
}

void Section::add(std::string_view name, std::string_view value) {
  const std::uint8_t flags =
      is_secret(name, value) ? NGHTTP2_NV_FLAG_NO_INDEX : NGHTTP2_NV_FLAG_NONE;
  lines_.push_back({octets_of(name), octets_of(value), name.size(), value.size(), flags});
}

void Section::add(const Fields& fields) {
  for (size_t i = 0; i < fields.size(); ++i) add(fields.at(i).name, fields.at(i).value);
}

nghttp2_session* make_session(Connection& connection, Connection::Role role,
                              const Settings& settings) {
  nghttp2_session_callbacks* callbacks = nullptr;
  if (nghttp2_session_callbacks_new(&callbacks) != 0) return nullptr;
  nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks, Callbacks::on_begin_frame);
  nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, Callbacks::on_begin_headers);
  nghttp2_session_callbacks_set_on_header_callback(callbacks, Callbacks::on_header);
  nghttp2_session_callbacks_set_on_invalid_header_callback(callbacks, Callbacks::on_invalid_header);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, Callbacks::on_data_chunk);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, Callbacks::on_frame_recv);
  nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(callbacks,
                                                               Callbacks::on_invalid_frame);
  nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, Callbacks::on_frame_send);
  nghttp2_session_callbacks_set_on_frame_not_send_callback(callbacks, Callbacks::on_frame_not_send);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, Callbacks::on_stream_close);
  nghttp2_session_callbacks_set_error_callback2(callbacks, Callbacks::on_error);

  nghttp2_option* option = nullptr;
  if (nghttp2_option_new(&option) != 0) {
    nghttp2_session_callbacks_del(callbacks);
    return nullptr;
  }
  nghttp2_option_set_no_auto_window_update(option, 1);
  // Closed streams are of use for the priorities of RFC 7540 alone.
  nghttp2_option_set_no_closed_streams(option, 1);
  nghttp2_option_set_max_outbound_ack(option, settings.waiting_acks);
  nghttp2_option_set_max_settings(option, settings.settings_entries);
  // 1.52-1+deb12u3 counts a CONTINUATION frame each time it looks for one, so up to once for each
  // octet of its header; corrected upstream the factor can go.
  constexpr size_t kFrameHeaderBytes = 9;
  nghttp2_option_set_max_continuations(option, settings.continuations * kFrameHeaderBytes);
  // Heads that HTTP/1.1 brought must fit, uncompressed.
  nghttp2_option_set_max_send_header_block_length(option, settings.head.head_bytes * 2);
  // Connection::peer_reset counts, and says ENHANCE_YOUR_CALM where nghttp2 says INTERNAL_ERROR.
  constexpr std::uint64_t kUnlimited = std::numeric_limits<std::uint32_t>::max();
  nghttp2_option_set_stream_reset_rate_limit(option, kUnlimited, kUnlimited);

  nghttp2_session* session = nullptr;
  if (role == Connection::Role::kServer) {
    nghttp2_session_server_new2(&session, callbacks, &connection, option);
  } else {
    nghttp2_session_client_new2(&session, callbacks, &connection, option);
  }
  nghttp2_option_del(option);
  nghttp2_session_callbacks_del(callbacks);
  return session;
}

}  // namespace http::h2
