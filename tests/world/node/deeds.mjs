// What clients in Node share: the task that they are given (tests/world/README.md), and the deeds.
import {createHash} from 'node:crypto'
import {readFileSync} from 'node:fs'
import {Readable} from 'node:stream'

// Does the task of the command line; without one prints the version of the package.
export async function main(name, make) {
  if (process.argv.length < 3) {
    const version = JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url))).version
    console.log(`${name} ${version}, Node ${process.versions.node}`)
    return
  }
  const task = JSON.parse(process.argv[2])
  const deeds = make(task, readFileSync(task.roots))
  for (const deed of task.deeds) {
    const from = performance.now()
    const report = await deeds[deed]().catch(error => ({error: everything(error)}))
    console.log(JSON.stringify({...report, deed, seconds: (performance.now() - from) / 1000}))
  }
  process.exit(0)
}

// An error with what caused it.
export function everything(error) {
  return [error.code, error.message, error.response?.status, error.cause && everything(error.cause)]
    .filter(Boolean).join(': ')
}

// The octets of a stream, at most `size` at a time.
async function* pieces(stream, size) {
  const body = stream instanceof Readable ? stream : Readable.from(stream)
  for await (const chunk of body) {
    for (let at = 0; at < chunk.length; at += size) yield chunk.subarray(at, at + size)
  }
}

async function all(stream) {
  const parts = []
  for await (const part of stream) parts.push(part)
  return Buffer.concat(parts)
}

export async function sums(task, open) {
  return Promise.all(Array.from({length: task.streams}, async (_, stream) => {
    const hash = createHash('sha256')
    for await (const piece of open(stream)) hash.update(piece)
    return hash.digest('hex')
  }))
}

// The deeds of a client of HTTP: `ask(url, body)` gives {status, protocol, stream}.
export function ofHttp(task, ask) {
  const good = async (path, body) => {
    const answer = await ask(task.origin + path, body)
    if (answer.status !== 200) throw new Error(`status ${answer.status}: ${await all(answer.stream)}`)
    return answer
  }
  return {
    async download() {
      let protocol = '-'
      const found = await sums(task, async function* (stream) {
        const answer = await good(`/octets?stream=${stream}&bytes=${task.bytes}`)
        protocol = answer.protocol ?? protocol
        yield* pieces(answer.stream, task.read)
      })
      return {sums: found, protocol}
    },
    async upload() {
      const octets = await all((await good(`/octets?stream=0&bytes=${task.upload}`)).stream)
      return JSON.parse(await all((await good('/slow', octets)).stream))
    },
    async silence() {
      return {said: String(await all((await good(`/silence?seconds=${task.silence}`)).stream))}
    },
    async break() {
      return {said: String(await all((await good('/break')).stream))}
    },
    async refusal() {
      try {
        const answer = await ask(task.refused)
        return {said: `${answer.status} ${await all(answer.stream)}`}
      } catch (error) {
        return {said: everything(error)}
      }
    },
  }
}
