"""httpx, with HTTP/2 where it is offered; asynchronous, since threads get in each other's way there."""
import asyncio
import hashlib
import ssl

import httpx

import deeds


def make(task):
    origin = task["origin"]
    context = ssl.create_default_context(cafile=task["roots"])
    # One for the proxy is refused unless that is reached by TLS.
    to_proxy = ssl.create_default_context(cafile=task["roots"]) if task["proxy"].startswith("https:") else None

    def run(deed):
        async def inside():
            proxy = httpx.Proxy(task["proxy"], ssl_context=to_proxy)
            async with httpx.AsyncClient(http2=True, proxy=proxy, verify=context, trust_env=False,
                                         timeout=None) as client:
                return await deed(client)
        return lambda: asyncio.run(inside())

    async def one(client, stream):
        digest = hashlib.sha256()
        url = f"{origin}/octets?stream={stream}&bytes={task['bytes']}"
        async with client.stream("GET", url) as answer:
            deeds.check(answer.status_code, "")
            async for piece in answer.aiter_bytes(task["read"]):
                digest.update(piece)
        return digest.hexdigest(), answer.http_version

    async def download(client):
        found = await asyncio.gather(*(one(client, stream) for stream in range(task["streams"])))
        return {"sums": [digest for digest, _ in found], "protocol": found[0][1]}

    async def upload(client):
        body = (await client.get(f"{origin}/octets?stream=0&bytes={task['upload']}")).content
        return (await client.post(f"{origin}/slow", content=body)).json()

    async def silence(client):
        return {"said": (await client.get(f"{origin}/silence?seconds={task['silence']}")).text}

    async def broken(client):
        return {"said": (await client.get(f"{origin}/break")).text}

    async def refusal(client):
        try:
            answer = await client.get(task["refused"])
            return {"said": f"{answer.status_code} {answer.text}"}
        except httpx.HTTPError as error:
            return {"said": str(error)}

    return {"download": run(download), "upload": run(upload), "silence": run(silence), "break": run(broken),
            "refusal": run(refusal)}


deeds.main("httpx", make)
