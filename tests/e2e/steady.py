"""A steady load on a proxy that has to notice nothing of what is done to it meanwhile.

New tunnels come at a rate: each is opened, sends 64 octets, reads them back and closes. Long tunnels live all the
time, and send and receive now and then; both directions are compared by hash at the end. Clients keep a connection for
several requests. Probes ask. Whatever is refused, fails, or comes back otherwise is in `faults`.
"""
import asyncio
import hashlib
import multiprocessing
import os
import random
import socket
import threading
import time

ORIGIN = "127.77.0.1"
PATIENCE = 20  # seconds for any one answer
PIECE = 64


class _Echo(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        if data.startswith(b"GET "):
            self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello" * data.count(b"\r\n\r\n"))
        else:
            self.transport.write(data)


def _serve(listener):
    async def serve():
        server = await asyncio.get_running_loop().create_server(_Echo, sock=listener)
        await server.serve_forever()
    asyncio.run(serve())


class Echo:
    """An origin in a process of its own: what is no request comes back."""

    def __init__(self):
        listener = socket.create_server((ORIGIN, 0), backlog=4096)
        self.port = listener.getsockname()[1]
        self.authority = f"{ORIGIN}:{self.port}"
        self._process = multiprocessing.get_context("fork").Process(target=_serve, args=(listener,), daemon=True)
        self._process.start()
        listener.close()

    def close(self):
        self._process.kill()
        self._process.join()
        self._process.close()


class _Tunnel:
    """A long one. Its octets are counted into two hashes, which are equal if none was lost, doubled or changed."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer
        self.sent, self.received = hashlib.sha256(), hashlib.sha256()
        self.octets = 0

    async def exchange(self, size):
        data = os.urandom(size)
        self.sent.update(data)
        self.writer.write(data)
        back = await asyncio.wait_for(self.reader.readexactly(size), PATIENCE)
        self.received.update(back)
        self.octets += size


class Load:
    def __init__(self, address, authority, rate, tunnels, keepers=0, probes=(), tls=None):
        """`tls` is (address, context): every other new tunnel goes there. `probes` are addresses to ask /readyz of."""
        self.address, self.authority, self.tls = address, authority, tls
        self.rate, self.wanted, self.keepers, self.probes = rate, tunnels, keepers, probes
        self.faults, self.times, self.tunnels = [], [], []
        self.asked = self.probed = 0
        self._ready, self._over = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    def start(self):
        self._thread.start()
        while not self._ready.wait(0.1):
            if not self._thread.is_alive():
                raise AssertionError(f"the load did not start: {self.faults}")
        return self

    def mark(self):
        """Begins a new measurement of `times`; returns the old one."""
        times, self.times = self.times, []
        return times

    def stop(self):
        self._over.set()
        self._thread.join(3 * PATIENCE)
        if self._thread.is_alive():
            self.faults.append("the load did not end")

    async def _open(self, number):
        secure = self.tls is not None and number % 2
        host, port = self.tls[0] if secure else self.address
        options = {"ssl": self.tls[1], "server_hostname": "proxy.test"} if secure else {}
        # A source address has 28 000 ports: spread over several.
        source = f"127.78.{number % 16}.{1 + number % 200}" if host.startswith("127.") else None
        reader, writer = await asyncio.wait_for(
            asyncio.open_connection(host, port, local_addr=source and (source, 0), **options), PATIENCE)
        writer.write(f"CONNECT {self.authority} HTTP/1.1\r\nHost: {self.authority}\r\n\r\n".encode())
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
        if not head.startswith(b"HTTP/1.1 200"):
            raise ConnectionError(f"CONNECT was answered {head[:60]!r}")
        return reader, writer

    async def _short(self, number):
        began = time.monotonic()
        data = os.urandom(PIECE)
        try:
            reader, writer = await self._open(number)
            try:
                writer.write(data)
                back = await asyncio.wait_for(reader.readexactly(PIECE), PATIENCE)
                if back != data:
                    raise ConnectionError("other octets came back")
            finally:
                writer.close()
            self.times.append(time.monotonic() - began)
        except (OSError, EOFError, TimeoutError, asyncio.TimeoutError, ValueError) as error:
            self.faults.append(f"new tunnel {number}: {error!r}")

    async def _long(self, tunnel, number):
        dice = random.Random(number)
        try:
            while not self._over.is_set():
                await tunnel.exchange(dice.choice((1, 100, 4000, 20000)))
                await asyncio.sleep(dice.uniform(0.2, 1.0) * max(1, self.wanted / 200))
            await tunnel.exchange(1000)
            if tunnel.sent.digest() != tunnel.received.digest():
                raise ConnectionError("the octets of one direction are not those of the other")
        except (OSError, EOFError, TimeoutError, asyncio.TimeoutError, ValueError) as error:
            self.faults.append(f"long tunnel {number} after {tunnel.octets} octets: {error!r}")
        finally:
            tunnel.writer.close()

    async def _keep(self, number):
        """Requests on one connection, until the proxy says that it closes; then on another."""
        request = f"GET http://{self.authority}/ HTTP/1.1\r\nHost: {self.authority}\r\n\r\n".encode()
        try:
            while not self._over.is_set():
                reader, writer = await asyncio.open_connection(*self.address)
                closing = False
                while not closing and not self._over.is_set():
                    writer.write(request)
                    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
                    await asyncio.wait_for(reader.readexactly(5), PATIENCE)
                    if not head.startswith(b"HTTP/1.1 200"):
                        raise ConnectionError(f"a request was answered {head[:60]!r}")
                    closing = b"connection: close" in head.lower()
                    self.asked += 1
                    await asyncio.sleep(0.02)
                writer.close()
        except (OSError, EOFError, TimeoutError, asyncio.TimeoutError, ValueError) as error:
            self.faults.append(f"kept connection {number}: {error!r}")

    async def _probe(self, address):
        while not self._over.is_set():
            try:
                reader, writer = await asyncio.open_connection(*address)
                writer.write(b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                answer = await asyncio.wait_for(reader.read(), PATIENCE)
                writer.close()
                if not answer.startswith(b"HTTP/1.1 200"):
                    raise ConnectionError(f"a probe was answered {answer[:60]!r}")
                self.probed += 1
            except (OSError, EOFError, asyncio.TimeoutError) as error:
                self.faults.append(f"probe of {address}: {error!r}")
            await asyncio.sleep(0.02)

    async def _run(self):
        try:
            for number in range(self.wanted):
                self.tunnels.append(_Tunnel(*await self._open(number)))
        except (OSError, EOFError, asyncio.TimeoutError) as error:
            self.faults.append(f"long tunnel {len(self.tunnels)} can't be opened: {error!r}")
            return
        jobs = [asyncio.ensure_future(self._long(tunnel, number)) for number, tunnel in enumerate(self.tunnels)]
        jobs += [asyncio.ensure_future(self._keep(number)) for number in range(self.keepers)]
        jobs += [asyncio.ensure_future(self._probe(address)) for address in self.probes]
        self._ready.set()
        began, number, short = time.monotonic(), 0, set()
        while not self._over.is_set():
            due = int((time.monotonic() - began) * self.rate)
            # What a slow moment left behind is not made up for at once.
            if due - number > self.rate:
                began += (due - number) / self.rate
                continue
            while number < due:
                task = asyncio.ensure_future(self._short(number))
                short.add(task)
                task.add_done_callback(short.discard)
                number += 1
            await asyncio.sleep(0.005)
        await asyncio.gather(*jobs, *short)


def percentile(times, share):
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]
