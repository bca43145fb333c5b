// Asks the proxy in HTTPS_PROXY for a tunnel to the URL's authority, as agents for Node's https do, and
// fetches the URL through it. Of a refused CONNECT Node gives the status and the reason phrase.
import http from "node:http";
import https from "node:https";

const url = new URL(process.argv[2]);
const proxy = new URL(process.env.HTTPS_PROXY);
const port = url.port || 443;
const authority = `${url.hostname}:${port}`;
const ask = http.request({
  host: proxy.hostname, port: proxy.port, method: "CONNECT", path: authority, headers: { host: authority },
  agent: false,
});
function fail(error) {
  console.error(error.message);
  process.exit(1);
}
ask.once("error", fail);
ask.once("connect", (answer, socket) => {
  if (answer.statusCode !== 200) return fail(new Error(`${answer.statusCode} ${answer.statusMessage}`));
  https.get({ host: url.hostname, port, path: "/", socket, agent: false, servername: url.hostname }, (got) => {
    got.setEncoding("utf8");
    got.on("data", (text) => process.stdout.write(text));
    got.on("end", () => process.exit(0));
  }).once("error", fail);
});
ask.end();
