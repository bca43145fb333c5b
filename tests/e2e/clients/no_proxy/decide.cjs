// Asks proxy-from-env, which axios and others use, which proxy it takes; the protocol is that of decide.py.
// Debian's package is found by its path, since Nodes from elsewhere don't look there.
const { createInterface } = require('readline')
const { getProxyForUrl } = require('/usr/share/nodejs/proxy-from-env')

createInterface({ input: process.stdin }).on('line', (line) => {
  const asked = JSON.parse(line)
  for (const name of Object.keys(process.env)) delete process.env[name]
  Object.assign(process.env, asked.env)
  console.log(JSON.stringify({ proxy: getProxyForUrl(asked.url) || null }))
})
