"""aiohttp: one thread, and HTTP/1.1 alone."""
import asyncio
import hashlib
import ssl

import aiohttp

import deeds


def make(task):
    origin = task["origin"]
    context = ssl.create_default_context(cafile=task["roots"])

    def run(deed):
        async def inside():
            connector = aiohttp.TCPConnector(ssl=context, limit=0)
            async with aiohttp.ClientSession(connector=connector, proxy=task["proxy"],
                                             timeout=aiohttp.ClientTimeout(total=None)) as session:
                return await deed(session)
        return lambda: asyncio.run(inside())

    async def one(session, stream):
        digest = hashlib.sha256()
        async with session.get(f"{origin}/octets?stream={stream}&bytes={task['bytes']}") as answer:
            deeds.check(answer.status, "")
            async for piece in answer.content.iter_chunked(task["read"]):
                digest.update(piece)
        return digest.hexdigest()

    async def download(session):
        streams = (one(session, stream) for stream in range(task["streams"]))
        return {"sums": await asyncio.gather(*streams), "protocol": "HTTP/1.1"}

    async def upload(session):
        async with session.get(f"{origin}/octets?stream=0&bytes={task['upload']}") as answer:
            body = await answer.read()
        async with session.post(f"{origin}/slow", data=body) as answer:
            return await answer.json()

    async def silence(session):
        async with session.get(f"{origin}/silence?seconds={task['silence']}") as answer:
            return {"said": await answer.text()}

    async def broken(session):
        async with session.get(f"{origin}/break") as answer:
            return {"said": await answer.text()}

    async def refusal(session):
        try:
            async with session.get(task["refused"]) as answer:
                return {"said": f"{answer.status} {await answer.text()}"}
        except aiohttp.ClientError as error:
            return {"said": str(error)}

    return {"download": run(download), "upload": run(upload), "silence": run(silence), "break": run(broken),
            "refusal": run(refusal)}


deeds.main("aiohttp", make)
