// The clients whose rules differ by choices alone: each is a row of choices, read by one function.
#pragma once

#include <string_view>

#include "aks/no_proxy/client.h"
#include "aks/no_proxy/match.h"

namespace aks::no_proxy {

struct Shape {
  enum class Split { kComma, kCommaOrSpace };
  enum class Trim { kBoth, kAfterComma };  // blanks that do not belong to an entry
  enum class Empties { kSkipped, kText };  // an entry of no text; as text it is above a final dot
  enum class Star { kNowhere, kWholeList, kAnyEntry, kNamesOnly };
  enum class Ports {
    kNone,       // a port belongs to the text and matches nothing
    kEffective,  // compared with the port that is connected to
    kText,       // "host:port" compared as text, the port being the one that is connected to
  };
  enum class Covers { kItself, kBelow, kBoth, kEnding };  // kEnding: whatever ends in the text
  enum class Wildcard {
    kNothing,    // "*.name" is text
    kBelow,      // "*.name" covers what is below
    kBoth,       // and the name itself
    kAnySuffix,  // "*text" covers whatever ends in the text
  };
  enum class Brackets { kKept, kBare, kEither };  // how an IPv6 host is spelled in entries
  enum class Addresses { kText, kParsed, kRanges };
  enum class FinalDot { kCounts, kIgnored };
  enum class Spelling { kAsWritten, kCanonical };  // of the URL's host

  Split split;
  Trim trim;
  Empties empties;
  Star star;
  Ports ports;
  Covers name;    // what "name" covers
  Covers dotted;  // what ".name" covers
  Wildcard wildcard;
  Brackets brackets;
  Addresses addresses;
  FinalDot final_dot;
  Spelling spelling;
  // Whether ".*" and "*.*" are "*", since what stands before the last asterisk is stripped first.
  enum class StrippedStar { kText, kAll };
  StrippedStar stripped_star = StrippedStar::kText;
};

// The row of wget, Node core, undici, proxy-from-env, reqwest or .NET; others have none and must
// not be asked for.
Shape shape_of(Client client);

Match match_shape(std::string_view list, const Destination& to, const Shape& shape);

}  // namespace aks::no_proxy
