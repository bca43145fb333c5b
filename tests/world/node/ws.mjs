// ws: the same deeds in messages of a WebSocket, in a tunnel that https-proxy-agent opens.
import {once} from 'node:events'
import {HttpsProxyAgent} from 'https-proxy-agent'
import WebSocket from 'ws'
import {everything, main, sums} from './deeds.mjs'

await main('ws', (task, ca) => {
  const agent = new HttpsProxyAgent(task.proxy, {ca})
  const open = url => new WebSocket(url.replace('https:', 'wss:'), {agent, ca})

  // The messages, until the other side closes as it should.
  async function* messages(query) {
    const socket = open(`${task.origin}/socket?${query}`)
    const waiting = []
    let ended = false, failure = null, wake = () => {}
    socket.on('message', message => {
      waiting.push(message)
      if (waiting.length > 64) socket.pause()
      wake()
    })
    socket.on('error', error => { failure = error; wake() })
    socket.on('close', code => {
      if (code !== 1000) failure ??= new Error(`closed with ${code}`)
      ended = true
      wake()
    })
    for (;;) {
      while (waiting.length) yield waiting.shift()
      if (failure) throw failure
      if (ended) return
      socket.resume()
      await new Promise(resolve => { wake = resolve })
    }
  }

  async function said(query) {
    let text = ''
    for await (const message of messages(query)) text += message
    return {said: text}
  }

  return {
    async download() {
      return {sums: await sums(task, stream => messages(`stream=${stream}&bytes=${task.bytes}`)), protocol: 'WebSocket'}
    },
    async upload() {
      const octets = []
      for await (const message of messages(`stream=0&bytes=${task.upload}`)) octets.push(message)
      const socket = open(`${task.origin}/socket`)
      await once(socket, 'open')
      for (const message of octets) socket.send(message)
      socket.send(Buffer.alloc(0))
      return JSON.parse((await once(socket, 'message'))[0])
    },
    async silence() {
      return said(`seconds=${task.silence}`)
    },
    async break() {
      return said('break')
    },
    async refusal() {
      const socket = open(task.refused)
      return new Promise(resolve => {
        socket.on('unexpected-response', async (_, answer) => {
          let said = `${answer.statusCode} `
          for await (const part of answer) said += part
          resolve({said})
        })
        socket.on('error', error => resolve({said: everything(error)}))
        socket.on('open', () => resolve({said: 'opened'}))
      })
    },
  }
})
