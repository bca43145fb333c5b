// Fetches http URLs with Node's http module: absolute-form to the proxy in HTTP_PROXY, over one
// kept-alive connection.
import http from "node:http";

const proxy = new URL(process.env.HTTP_PROXY);
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
for (const url of process.argv.slice(2)) {
  await new Promise((resolve, reject) => {
    const ask = http.get({
      host: proxy.hostname, port: proxy.port, path: url, agent, headers: { host: new URL(url).host },
    }, (answer) => {
      let text = "";
      answer.on("data", (part) => { text += part; });
      answer.on("end", () => { console.log(answer.statusCode, text); resolve(); });
    });
    ask.on("error", reject);
  });
}
process.exit(0);
