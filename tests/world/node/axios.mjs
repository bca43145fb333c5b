// axios, with the agent that its users put tunnels in its reach by.
import axios from 'axios'
import {HttpsProxyAgent} from 'https-proxy-agent'
import {main, ofHttp} from './deeds.mjs'

await main('axios', (task, ca) => {
  const httpsAgent = new HttpsProxyAgent(task.proxy, {ca, keepAlive: true})
  httpsAgent.options.ca = ca
  const client = axios.create({httpsAgent, proxy: false, responseType: 'stream', validateStatus: () => true,
    maxBodyLength: Infinity, maxRedirects: 0})
  return ofHttp(task, async (url, body) => {
    const answer = await client.request({url, data: body, method: body ? 'POST' : 'GET'})
    return {status: answer.status, protocol: `HTTP/${answer.data.httpVersion}`, stream: answer.data}
  })
})
