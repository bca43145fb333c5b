// The rule is Go's (golang.org/x/net/http/httpproxy), which most programs of a node follow. Names are
// never resolved: a prefix is for literal addresses alone. (localhost, which Go always takes directly,
// is one of the entries of every cluster.) Written for the oldest engines.

// The octets of an address in text, 4 or 16; null when the text is no address. An IPv4 address in
// IPv6 clothes (::ffff:0:0/96) is one of IPv4.
function octetsOf(text) {
  var quad = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  var octets = [], i;
  if (quad) {
    for (i = 1; i <= 4; i++) {
      if (+quad[i] > 255 || String(+quad[i]) !== quad[i]) return null;
      octets.push(+quad[i]);
    }
    return octets;
  }
  if (text.indexOf(":") < 0) return null;
  var tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (tail) {
    var four = octetsOf(tail[2]);
    if (!four) return null;
    text = tail[1] + (four[0] * 256 + four[1]).toString(16) + ":" + (four[2] * 256 + four[3]).toString(16);
  }
  var halves = text.split("::");
  if (halves.length > 2) return null;
  var left = halves[0] ? halves[0].split(":") : [];
  var right = halves.length > 1 && halves[1] ? halves[1].split(":") : [];
  var gap = 8 - left.length - right.length;
  if (halves.length > 1 ? gap < 1 : gap !== 0) return null;
  while (gap-- > 0) left.push("0");
  var groups = left.concat(right);
  for (i = 0; i < 8; i++) {
    if (!/^[0-9a-f]{1,4}$/i.test(groups[i])) return null;
    var group = parseInt(groups[i], 16);
    octets.push(group >> 8, group & 255);
  }
  return /^(0,){10}255,255,/.test(octets.join(",")) ? octets.slice(12) : octets;
}

function contains(entry, octets) {
  if (entry.octets.length !== octets.length) return false;
  for (var i = 0; i < octets.length; i++) {
    var bits = Math.max(0, Math.min(8, entry.bits - 8 * i));
    if ((entry.octets[i] ^ octets[i]) >> (8 - bits)) return false;
  }
  return true;
}

function endsWith(text, tail) {
  return text.length >= tail.length && text.substring(text.length - tail.length) === tail;
}

function matches(entry, host, octets, port) {
  if (entry.all) return true;
  if (entry.port && entry.port !== port) return false;
  if (entry.octets) return octets !== null && contains(entry, octets);
  if (entry.name.charAt(0) === ".") return endsWith(host, entry.name);
  return host === entry.name || endsWith(host, "." + entry.name);
}

function FindProxyForURL(url, host) {
  var parts = /^([a-z]+):\/\/(?:[^\/?#]*@)?(?:\[[^\]]*\]|[^\/?#:]*)(?::(\d+))?/i.exec(url);
  var secure = parts !== null && /^(https|wss)$/i.test(parts[1]);
  var port = parts !== null && parts[2] ? parts[2] : secure ? "443" : "80";
  var name = host.replace(/^\[|\]$/g, "").toLowerCase();
  var octets = octetsOf(name.replace(/^([^%]*:[^%]*)%.*$/, "$1"));
  if (octets && (octets.length === 4 ? octets[0] === 127 : /^(0,){15}1$/.test(octets.join(",")))) {
    return "DIRECT";
  }
  for (var i = 0; i < bypass.length; i++) {
    if (matches(bypass[i], name, octets, port)) return "DIRECT";
  }
  return secure ? httpsProxy : httpProxy;
}
