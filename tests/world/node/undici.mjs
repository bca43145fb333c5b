// undici, the library behind Node's fetch.
import {ProxyAgent, request} from 'undici'
import {main, ofHttp} from './deeds.mjs'

await main('undici', (task, ca) => {
  const dispatcher = new ProxyAgent({uri: task.proxy, requestTls: {ca}, proxyTls: {ca}})
  return ofHttp(task, async (url, body) => {
    const answer = await request(url, {dispatcher, body, method: body ? 'POST' : 'GET'})
    return {status: answer.statusCode, stream: answer.body}
  })
})
