// got, with the agent that its users put tunnels in its reach by.
import {once} from 'node:events'
import got from 'got'
import {HttpsProxyAgent} from 'https-proxy-agent'
import {main, ofHttp} from './deeds.mjs'

await main('got', (task, ca) => {
  const agent = {https: new HttpsProxyAgent(task.proxy, {ca, keepAlive: true})}
  const client = got.extend({agent, https: {certificateAuthority: ca}, throwHttpErrors: false, retry: {limit: 0}})
  return ofHttp(task, async (url, body) => {
    const stream = client.stream(url, {method: body ? 'POST' : 'GET', body})
    const [answer] = await once(stream, 'response')
    return {status: answer.statusCode, protocol: `HTTP/${answer.httpVersion}`, stream}
  })
})
