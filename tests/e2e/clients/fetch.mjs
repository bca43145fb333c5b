// Fetches the URLs given as arguments with Node's fetch through the proxy in HTTPS_PROXY.
//
// From Node 22.21 and 24 on, NODE_USE_ENV_PROXY=1 makes fetch do that by itself, with CONNECT for http
// URLs as well. Older versions have the same fetch without that switch: there its dispatcher gets a
// connector that asks for the same tunnels.
import http from "node:http";
import https from "node:https";
import tls from "node:tls";

const [major, minor] = process.versions.node.split(".").map(Number);
const builtIn = process.env.NODE_USE_ENV_PROXY === "1" && (major >= 24 || (major === 22 && minor >= 21));

function tunnel({ protocol, hostname, port, servername }, done) {
  const authority = `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`;
  const proxy = new URL(process.env.HTTPS_PROXY);
  const ask = (proxy.protocol === "https:" ? https : http).request({
    host: proxy.hostname, servername: proxy.hostname, port: proxy.port, method: "CONNECT",
    path: authority,
    headers: { host: authority }, agent: false,
  });
  ask.once("error", done);
  ask.once("connect", (answer, socket) => {
    if (answer.statusCode !== 200) return done(new Error(`CONNECT ${authority}: ${answer.statusCode}`));
    if (protocol !== "https:") return done(null, socket);
    const secure = tls.connect({ socket, servername: servername || hostname });
    secure.once("error", done);
    secure.once("secureConnect", () => done(null, secure));
  });
  ask.end();
}

const options = {};
if (!builtIn) {
  await fetch("data:,").catch(() => {});  // makes Node load the client whose dispatcher is asked for
  const dispatcher = globalThis[Symbol.for("undici.globalDispatcher.1")];
  options.dispatcher = new dispatcher.constructor({ connect: tunnel });
}
for (const url of process.argv.slice(2)) {
  const answer = await fetch(url, options);
  console.log(answer.status, await answer.text());
}
process.exit(0);
