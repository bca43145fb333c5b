#include "http/body.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/http/splits.h"

namespace http {
namespace {

using base::ErrorCode;

struct Decoded {
  std::string content;
  size_t consumed = 0;
  bool done = false;
  std::string error;  // token; empty when there was none
  std::string trailers;
};

Decoded decode(BodyLength length, const std::string& bytes, const testing::Arrivals& arrivals,
               MessageKind kind = MessageKind::kRequest, const Limits& limits = {}) {
  BodyDecoder decoder(length, kind, limits);
  Decoded out;
  for (const size_t known : arrivals) {
    while (!decoder.done() && out.consumed < known) {
      const auto step =
          decoder.decode(std::string_view(bytes).substr(out.consumed, known - out.consumed));
      if (!step) {
        out.error = base::token_of(step.error().code);
        out.consumed = 0;  // how far a refused body got depends on the split
        return out;
      }
      EXPECT_GT(step->consumed, 0U);
      out.content += step->content;
      out.consumed += step->consumed;
    }
  }
  out.done = decoder.done();
  for (size_t i = 0; i < decoder.trailers().size(); ++i) {
    const Field field = decoder.trailers().at(i);
    out.trailers += std::string(field.name) + "=" + std::string(field.value) + ";";
  }
  return out;
}

// Decodes whole and expects the same of every other split.
Decoded decode_all_ways(BodyLength length, const std::string& bytes, const Limits& limits = {}) {
  const auto splits = testing::splits_of(bytes.size());
  const Decoded whole = decode(length, bytes, splits[0], MessageKind::kRequest, limits);
  for (const auto& arrivals : splits) {
    const Decoded again = decode(length, bytes, arrivals, MessageKind::kRequest, limits);
    EXPECT_EQ(again.content, whole.content) << bytes;
    EXPECT_EQ(again.consumed, whole.consumed) << bytes;
    EXPECT_EQ(again.error, whole.error) << bytes;
    EXPECT_EQ(again.trailers, whole.trailers) << bytes;
  }
  return whole;
}

Decoded decode_chunks(const std::string& bytes, const Limits& limits = {}) {
  return decode_all_ways({BodyKind::kChunked, 0}, bytes, limits);
}

TEST(Body, OfAKnownLengthEndsThere) {
  const Decoded got = decode_all_ways({BodyKind::kLength, 5}, "hello, and more");
  EXPECT_EQ(got.content, "hello");
  EXPECT_EQ(got.consumed, 5U);
  EXPECT_TRUE(got.done);
}

TEST(Body, OfNoLengthIsDoneAtOnce) {
  EXPECT_TRUE(BodyDecoder({}, MessageKind::kRequest, Limits{}).done());
  EXPECT_TRUE(BodyDecoder({BodyKind::kLength, 0}, MessageKind::kRequest, Limits{}).done());
  BodyDecoder none({}, MessageKind::kRequest, Limits{});
  EXPECT_EQ(none.decode("GET")->consumed, 0U);
}

TEST(Body, UntilCloseEndsWithTheConnection) {
  BodyDecoder decoder({BodyKind::kUntilClose, 0}, MessageKind::kResponse, Limits{});
  EXPECT_EQ(decoder.decode("hello")->content, "hello");
  EXPECT_FALSE(decoder.done());
  EXPECT_TRUE(decoder.end());
  EXPECT_TRUE(decoder.done());
}

TEST(Body, CutShortIsTheFaultOfItsSender) {
  BodyDecoder request({BodyKind::kLength, 5}, MessageKind::kRequest, Limits{});
  EXPECT_EQ(request.end().error().code, ErrorCode::kClientClosed);
  BodyDecoder response({BodyKind::kChunked, 0}, MessageKind::kResponse, Limits{});
  ASSERT_TRUE(response.decode("5\r\nhello\r\n"));
  const auto ended = response.end();
  EXPECT_EQ(ended.error().code, ErrorCode::kOriginTruncated);
  EXPECT_EQ(ended.error().party, base::Party::kOrigin);
}

TEST(ChunkedBody, GivesContentTrailersAndWhereItEnds) {
  const std::string body =
      "5\r\nhello\r\n6;ext=\"a b\"\r\n world\r\n0\r\nX-T:  1 \r\nHost: x\r\n\r\n";
  const Decoded got = decode_chunks(body + "GET / HTTP/1.1");
  EXPECT_EQ(got.content, "hello world");
  EXPECT_EQ(got.consumed, body.size());
  EXPECT_TRUE(got.done);
  EXPECT_EQ(got.trailers, "X-T=1;");
}

TEST(ChunkedBody, KeepsNoTrailerThatSteersTheMessage) {
  const Decoded got = decode_chunks(
      "0\r\ncontent-length: 5\r\nTransfer-Encoding: chunked\r\nProxy-Foo: 1\r\nSet-Cookie: a\r\n"
      "Authorization: b\r\nX: y\r\n\r\n");
  EXPECT_EQ(got.trailers, "X=y;");
}

TEST(ChunkedBody, TakesSizesUpToInt64) {
  EXPECT_EQ(decode_chunks("7fffffffffffffff\r\nabc").error, "");
  EXPECT_EQ(decode_chunks("8000000000000000\r\nabc").error, "bad_request");
  EXPECT_EQ(decode_chunks("00000000000000000000000000000A\r\n0123456789\r\n0\r\n\r\n").content,
            "0123456789");
}

TEST(ChunkedBody, BoundsSizeLinesAndExtensions) {
  const Limits limits{.chunk_line_bytes = 8, .chunk_extension_bytes = 12};
  EXPECT_TRUE(decode_chunks("1;345678\r\na\r\n0\r\n\r\n", limits).done);
  EXPECT_EQ(decode_chunks("1;3456789\r\na\r\n0\r\n\r\n", limits).error, "bad_request");
  EXPECT_TRUE(decode_chunks("1;345678\r\na\r\n0;345678\r\n\r\n", limits).done);
  EXPECT_EQ(decode_chunks("1;345678\r\na\r\n1;345678\r\na\r\n0;3\r\n\r\n", limits).error,
            "bad_request");
}

TEST(ChunkedBody, BoundsTrailersLikeAHead) {
  const Limits limits{.head_bytes = 24, .field_bytes = 10, .fields = 3};
  EXPECT_TRUE(decode_chunks("0\r\nA: 4567890\r\nB: 45678\r\n\r\n", limits).done);
  EXPECT_EQ(decode_chunks("0\r\nA: 45678901\r\n\r\n", limits).error, "head_too_large");
  EXPECT_EQ(decode_chunks("0\r\nA: 4567890\r\nB: 456789\r\n\r\n", limits).error, "head_too_large");
  EXPECT_EQ(decode_chunks("0\r\nA:\r\nB:\r\nC:\r\nD:\r\n\r\n", limits).error, "head_too_large");
}

TEST(ChunkedBody, StaysDeadOnceRefused) {
  BodyDecoder decoder({BodyKind::kChunked, 0}, MessageKind::kResponse, Limits{});
  const auto refused = decoder.decode("x");
  EXPECT_EQ(refused.error().code, ErrorCode::kBadResponse);
  EXPECT_EQ(refused.error().party, base::Party::kOrigin);
  EXPECT_FALSE(decoder.decode("0\r\n\r\n"));
  EXPECT_FALSE(decoder.done());
}

TEST(ChunkPrefix, IsCanonicalHex) {
  EXPECT_EQ(chunk_prefix(1), "1\r\n");
  EXPECT_EQ(chunk_prefix(0x1f), "1f\r\n");
  EXPECT_EQ(chunk_prefix(~std::uint64_t{0}), "ffffffffffffffff\r\n");
}

TEST(ChunkPrefix, IsReadBackByTheDecoder) {
  const std::string body = chunk_prefix(300) + std::string(300, 'x') + std::string(kChunkSuffix) +
                           std::string(kLastChunk);
  EXPECT_EQ(decode_chunks(body).content, std::string(300, 'x'));
}

}  // namespace
}  // namespace http
