// Transcripts: one step a line, who does what.
//
//   client asks GET /a            a request without a body; "POST /a hello" with one; bodies as
//                                 script/voice.h has them: "5:he" begins one of 5 octets, "he..."
//                                 one of unknown length
//   client says more              goes on with the body, or in a tunnel
//   client ends                   its body, or its side of a tunnel
//   client closes | resets        its TCP connection
//   client cancels                what it asks for: a stream's reset, or HTTP/1's connection's
//   client hears 200 hi           a whole message; "200 h..." so far, "200 h!" cut off; "502 *" any
//                                 body; "octets hello" up to the end of a tunnel
//   client hears end              of the connection
//   client hears nothing          nothing new
//   origin hears, answers 200 hi, informs 103, says, ends, closes, resets, cancels
//   origin is gone                nobody can connect to it any more
//   origin was dialled 2          times, so far
//   61 s pass | 900 ms pass
//   session drains | stops | is over
//   record GET 504 origin_timeout origin    the next record: method, status, cause, fault; "-" for
//                                 no cause
//   no record
#pragma once

#include <string_view>

#include "tests/unit/proxy/script/stage.h"

namespace proxy::script {

// Plays the transcript; what does not go by it is a failure of the test that names the line.
void play(Stage& stage, std::string_view transcript);

}  // namespace proxy::script
