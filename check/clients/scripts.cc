#include "check/clients/scripts.h"

namespace check {

const char kUrllibScript[] = R"py(
import sys, urllib.request
for url in sys.argv[1:]:
    try: urllib.request.urlopen(url, timeout=5).read()
    except Exception: pass
)py";

const char kRequestsScript[] = R"py(
import sys, requests
for url in sys.argv[1:]:
    try: requests.get(url, timeout=5)
    except Exception: pass
)py";

const char kHttpxScript[] = R"py(
import sys, httpx
for url in sys.argv[1:]:
    try: httpx.get(url, timeout=5)
    except Exception: pass
)py";

const char kRubyScript[] = R"ruby(
require "net/http"
ARGV.each do |text|
  url = URI(text)
  begin
    Net::HTTP.start(url.hostname, url.port, use_ssl: url.scheme == "https", open_timeout: 5,
                    read_timeout: 5, max_retries: 0) { |connection| connection.get("/") }
  rescue StandardError
  end
end
)ruby";

const char kNodeScript[] = R"js(
const get = (url) => new Promise((done) => {
  const request = require(url.startsWith('https') ? 'https' : 'http').get(url, { timeout: 5000 }, (reply) => {
    reply.resume(); reply.on('end', done); reply.on('error', done)
  })
  request.on('timeout', () => request.destroy()); request.on('error', done); request.on('close', done)
})
;(async () => { for (const url of process.argv.slice(1)) await get(url) })()
)js";

const char kFetchScript[] = R"js(
(async () => {
  for (const url of process.argv.slice(1)) {
    try { await (await fetch(url, { signal: AbortSignal.timeout(5000) })).text() } catch {}
  }
})()
)js";

const char kGoScript[] = R"go(
package main

import (
	"net/http"
	"os"
	"time"
)

func main() {
	client := &http.Client{Timeout: 5 * time.Second}
	for _, url := range os.Args[1:] {
		if reply, err := client.Get(url); err == nil {
			reply.Body.Close()
		}
	}
}
)go";

const char kJavaScript[] = R"java(
import java.net.HttpURLConnection;
import java.net.URL;

public class Fetch {
    public static void main(String[] urls) {
        for (String url : urls) {
            try {
                HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
                connection.setConnectTimeout(5000);
                connection.setReadTimeout(5000);
                connection.getResponseCode();
            } catch (Exception e) {
                // Where it went is seen elsewhere.
            }
        }
    }
}
)java";

}  // namespace check
