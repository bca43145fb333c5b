// Fetches https and http URLs by HTTP/2 with Node's http2 module, all at once, through the proxy in
// HTTPS_PROXY; prints a line for each: version, status, how long the body is, how it ends, and trailers.
//
// With an http:// proxy each https origin gets one tunnel by HTTP/1.1, and all requests for it go inside.
// With an https:// proxy there is one connection of HTTP/2 to the proxy: an http URL is a stream of it,
// and an https URL gets a tunnel of its own, in a stream of CONNECT. Inside a tunnel it is HTTP/1.1 or
// HTTP/2, as the other side likes.
// `--post FILE` sends the file with each request.
import { readFileSync } from "node:fs";
import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import tls from "node:tls";

const proxy = new URL(process.env.HTTPS_PROXY);
const urls = process.argv.slice(2);
const content = urls[0] === "--post" ? readFileSync(urls.splice(0, 2)[1]) : null;

// What 'event' of `emitter` brings; its errors are failures.
const once = (emitter, event) => new Promise((resolve, reject) => {
  emitter.once(event, (...values) => resolve(values));
  emitter.once("error", reject);
});

async function readAll(stream) {
  let text = "";
  stream.setEncoding("utf8");
  for await (const part of stream) text += part;
  return `${text.length} ${text.slice(-10)}`;
}

async function request(session, url) {
  const stream = session.request({
    ":method": content ? "POST" : "GET", ":path": url.pathname + url.search, ":authority": url.host,
    ":scheme": url.protocol.slice(0, -1), te: "trailers",
  });
  let trailers = "";
  stream.on("trailers", (fields) => { trailers = ` ${JSON.stringify({ ...fields })}`; });
  stream.end(content ?? undefined);
  const [answer] = await once(stream, "response");
  return `2 ${answer[":status"]} ${await readAll(stream)}${trailers}`;
}

async function requestByHttp1(secure, url) {
  const asking = https.request({
    host: url.hostname, port: url.port, path: url.pathname + url.search, method: content ? "POST" : "GET",
    createConnection: () => secure, headers: { host: url.host },
  });
  asking.end(content ?? undefined);
  const [answer] = await once(asking, "response");
  return `1.1 ${answer.statusCode} ${await readAll(answer)}`;
}

// A tunnel in a connection of HTTP/1.1.
async function tunnel(authority) {
  const asking = http.request({
    host: proxy.hostname, port: proxy.port, method: "CONNECT", path: authority, headers: { host: authority },
  });
  asking.end();
  const [answer, socket] = await once(asking, "connect");
  if (answer.statusCode !== 200) throw new Error(`CONNECT ${authority}: ${answer.statusCode}`);
  return socket;
}

// A tunnel in a stream of HTTP/2.
async function streamTunnel(session, authority) {
  const stream = session.request({ ":method": "CONNECT", ":authority": authority }, { endStream: false });
  const [answer] = await once(stream, "response");
  if (answer[":status"] !== 200) throw new Error(`CONNECT ${authority}: ${answer[":status"]}`);
  return stream;
}

// What asks for URLs inside a tunnel.
async function inside(url, socket) {
  const secure = tls.connect({ socket, servername: url.hostname, ALPNProtocols: ["h2", "http/1.1"] });
  await once(secure, "secureConnect");
  if (secure.alpnProtocol !== "h2") return (one) => requestByHttp1(secure, one);
  // MB. Node counts what waits to be sent, and beyond 10 refuses the head of a response (INTERNAL_ERROR).
  const session = http2.connect(url.origin, { maxSessionMemory: 200, createConnection: () => secure });
  return (one) => request(session, one);
}

const authority = (url) => `${url.hostname}:${url.port || 443}`;

const origins = new Map();
async function fetchInside(url) {
  if (!origins.has(url.origin)) {
    origins.set(url.origin, tunnel(authority(url)).then((socket) => inside(url, socket)));
  }
  return (await origins.get(url.origin))(url);
}

let toProxy = null;
async function fetchByStreams(url) {
  toProxy ??= http2.connect(proxy.origin);
  if (url.protocol === "http:") return request(toProxy, url);
  return (await inside(url, await streamTunnel(toProxy, authority(url))))(url);
}

const fetching = proxy.protocol === "https:" ? fetchByStreams : fetchInside;
for (const line of await Promise.all(urls.map((url) => fetching(new URL(url))))) console.log(line);
process.exit(0);
