"""gRPC through inspected tunnels: its own client, which finds the proxy in the environment and trusts
the inspection CA alone, and its own server."""
import os
import threading
import unittest
from concurrent.futures import ThreadPoolExecutor
from unittest import mock

os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "0"  # read by the import: the harness forks and executes at once

import grpc
from grpc import StatusCode

import harness
from inspection import NAME, InspectionCase
from origin import ADDRESS

SERVICE = "test.Service"
MIB = 1024 * 1024
PATIENCE = 20  # seconds after which a call that hangs has failed
UNLIMITED = [("grpc.max_receive_message_length", -1)]

unary = grpc.unary_unary_rpc_method_handler
answers = grpc.unary_stream_rpc_method_handler
talk = grpc.stream_stream_rpc_method_handler


class GrpcOrigin:
    """A server whose messages are octets; `calls` maps the names of calls to grpc's handlers."""

    def __init__(self, files, calls, port=0):
        self.pool = ThreadPoolExecutor(max_workers=128)
        # Without SO_REUSEPORT, a port that is in use is an error.
        self.server = grpc.server(self.pool, options=[*UNLIMITED, ("grpc.so_reuseport", 0)])
        self.server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(SERVICE, calls)])
        chain, key = files
        credentials = grpc.ssl_server_credentials([(key.read_bytes(), chain.read_bytes())])
        self.port = self.server.add_secure_port(f"{ADDRESS}:{port}", credentials)
        self.server.start()

    def close(self):
        self.server.stop(None).wait(PATIENCE)
        self.pool.shutdown()


class Grpc(InspectionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.files = cls.origins.server_files(NAME)

    timeouts = {}

    def start(self, rules=(), **calls):
        """The origin, the proxy, and a channel between them; `rules` come before the one that allows."""
        self.origin = GrpcOrigin(self.files, calls)
        self.addCleanup(self.origin.close)
        self.proxy = self.inspecting(timeouts=self.timeouts,
                                     policy={"rules": [*rules, harness.allow([self.origin])]})
        return self.channel()

    def channel(self, variable="https_proxy", trust=None):
        environment = {name: value for name, value in os.environ.items()
                       if not name.lower().endswith("_proxy")}
        naming = mock.patch.dict(os.environ, {**environment, variable: self.proxy.url}, clear=True)
        naming.start()
        self.addCleanup(naming.stop)
        credentials = grpc.ssl_channel_credentials((trust or self.ca).certificate.read_bytes())
        # Channels share connections otherwise.
        channel = grpc.secure_channel(f"{NAME}:{self.origin.port}", credentials,
                                      options=[*UNLIMITED, ("grpc.use_local_subchannel_pool", 1)])
        self.addCleanup(channel.close)
        return channel

    def call(self, channel, name, message=b"", **options):
        return channel.unary_unary(f"/{SERVICE}/{name}")(message, timeout=PATIENCE, **options)

    def failing(self, channel, name, **options):
        with self.assertRaises(grpc.RpcError) as raised:
            self.call(channel, name, **options)
        return raised.exception

    def record(self, name):
        """What the proxy wrote of a call."""
        target = f"https://{NAME}:{self.origin.port}/{SERVICE}/{name}"
        record = self.proxy.wait_record(lambda r: r["target"] == target, f"the record of {name}")
        self.assertEqual((record["method"], record["inspection"]), ("POST", "inspected"))
        return record

    def tunnels(self):
        return [record for record in self.proxy.records() if record["method"] == "CONNECT"]


class Calls(Grpc):
    def test_a_unary_call(self):
        self.start(Upper=unary(lambda message, context: message.upper()))
        for variable in ("grpc_proxy", "https_proxy", "http_proxy"):
            self.assertEqual(self.call(self.channel(variable), "Upper", b"hello"), b"HELLO", variable)
        self.assertEqual((self.record("Upper")["status"], self.record("Upper")["cause"]), (200, None))
        harness.eventually(lambda: len(self.tunnels()) == 3, "a tunnel for each channel")
        for tunnel in self.tunnels():
            self.assertEqual((tunnel["status"], tunnel["inspection"]), (200, "inspected"))

    def test_a_channel_that_trusts_another_ca_is_not_served(self):
        channel = self.start(Upper=unary(lambda message, context: message))
        self.assertEqual(self.call(channel, "Upper"), b"")
        error = self.failing(self.channel(trust=self.origins), "Upper")
        self.assertEqual(error.code(), StatusCode.UNAVAILABLE)
        self.proxy.wait_line(f"rejects the inspection CA for {NAME}")

    def test_a_stream_of_answers(self):
        channel = self.start(Count=answers(lambda message, context: (b"%d" % n for n in range(int(message)))))
        got = list(channel.unary_stream(f"/{SERVICE}/Count")(b"1000", timeout=PATIENCE))
        self.assertEqual(got, [b"%d" % n for n in range(1000)])

    def test_a_stream_of_requests(self):
        channel = self.start(Join=grpc.stream_unary_rpc_method_handler(
            lambda messages, context: b",".join(messages)))
        call = channel.stream_unary(f"/{SERVICE}/Join")
        self.assertEqual(call((b"%d" % n for n in range(100)), timeout=PATIENCE),
                         b",".join(b"%d" % n for n in range(100)))

    def test_each_answer_may_come_before_the_next_request(self):
        channel = self.start(Upper=talk(lambda messages, context: (message.upper() for message in messages)))
        answered = threading.Semaphore(0)

        def ask():
            for n in range(50):
                yield b"message %d" % n
                answered.acquire(timeout=PATIENCE)

        got = []
        for answer in channel.stream_stream(f"/{SERVICE}/Upper")(ask(), timeout=PATIENCE):
            got.append(answer)
            answered.release()
        self.assertEqual(got, [b"MESSAGE %d" % n for n in range(50)])
        self.assertEqual(self.record("Upper")["cause"], None)

    def test_messages_of_several_mib_go_both_ways(self):
        channel = self.start(Reverse=unary(lambda message, context: message[::-1]),
                             Echo=talk(lambda messages, context: messages))
        message = os.urandom(MIB) * 8
        self.assertTrue(self.call(channel, "Reverse", message) == message[::-1])
        record = self.record("Reverse")
        self.assertGreater(min(record["bytes_in"], record["bytes_out"]), len(message))
        got = list(channel.stream_stream(f"/{SERVICE}/Echo")(iter([message] * 3), timeout=PATIENCE))
        self.assertTrue(got == [message] * 3)

    def test_metadata_goes_both_ways(self):
        seen = {}

        def answer(message, context):
            seen.update(context.invocation_metadata())
            context.send_initial_metadata([("x-first", "1"), ("x-first-bin", bytes(range(256)))])
            context.set_trailing_metadata([("x-last", "a, b"), ("x-last-bin", b"\0\xff")])
            return b"done"

        channel = self.start(Call=unary(answer))
        metadata = [("x-mine", "v" * 2000), ("x-mine-bin", bytes(range(256))), ("authorization", "Bearer t")]
        got, call = channel.unary_unary(f"/{SERVICE}/Call").with_call(b"", metadata=metadata, timeout=PATIENCE)
        self.assertEqual(got, b"done")
        for name, value in metadata:
            self.assertEqual(seen[name], value)
        self.assertEqual(seen["via"], "2 sluice")
        self.assertIn("grpc-python", seen["user-agent"])
        first, last = dict(call.initial_metadata()), dict(call.trailing_metadata())
        self.assertEqual((first["x-first"], first["x-first-bin"]), ("1", bytes(range(256))))
        self.assertEqual((last["x-last"], last["x-last-bin"]), ("a, b", b"\0\xff"))

    def test_calls_at_once_share_connections_on_both_sides(self):
        count, peers = 100, set()
        together = threading.Barrier(count)

        def answer(message, context):
            peers.add(context.peer())
            together.wait(PATIENCE)  # all are under way
            return message

        channel = self.start(Wait=unary(answer))
        call = channel.unary_unary(f"/{SERVICE}/Wait")
        futures = [call.future(b"%d" % n, timeout=PATIENCE) for n in range(count)]
        self.assertEqual([future.result() for future in futures], [b"%d" % n for n in range(count)])
        self.assertEqual((len(peers), len(self.tunnels())), (1, 1))


class Failures(Grpc):
    def test_a_status_and_its_details_arrive(self):
        def fail(message, context):
            context.set_trailing_metadata([("x-reason", "because")])
            context.abort(StatusCode.FAILED_PRECONDITION, "50 % of it: zu spät\n")

        def fail_late(message, context):
            yield from (b"one", b"two")
            context.abort(StatusCode.DATA_LOSS, "the rest is gone")

        channel = self.start(Fail=unary(fail), FailLate=answers(fail_late))
        error = self.failing(channel, "Fail")
        self.assertEqual((error.code(), error.details()),
                         (StatusCode.FAILED_PRECONDITION, "50 % of it: zu spät\n"))
        self.assertEqual(dict(error.trailing_metadata())["x-reason"], "because")
        self.assertEqual(self.record("Fail")["cause"], None)

        call, got = channel.unary_stream(f"/{SERVICE}/FailLate")(b"", timeout=PATIENCE), []
        with self.assertRaises(grpc.RpcError):
            got.extend(call)  # nothing of it is kept when it raises
        self.assertEqual((call.code(), call.details()), (StatusCode.DATA_LOSS, "the rest is gone"))

        self.assertEqual(self.failing(channel, "Absent").code(), StatusCode.UNIMPLEMENTED)
        self.assertEqual(len(self.tunnels()), 1)

    def waiting(self):
        """A handler that waits until its call is over; what it saw of it."""
        seen = {"begun": threading.Event(), "over": threading.Event()}

        def wait(message, context):
            context.add_callback(seen["over"].set)
            seen["left"] = context.time_remaining()
            seen["begun"].set()
            yield b"begun"
            seen["over"].wait(PATIENCE)

        return answers(wait), seen

    def test_a_deadline_ends_the_call_at_both_ends(self):
        handler, seen = self.waiting()
        channel = self.start(Wait=handler)
        call = channel.unary_stream(f"/{SERVICE}/Wait")(b"", timeout=1)
        with self.assertRaises(grpc.RpcError):
            list(call)
        self.assertEqual(call.code(), StatusCode.DEADLINE_EXCEEDED)
        self.assertTrue(0 < seen["left"] <= 1, seen["left"])
        self.assertTrue(seen["over"].wait(PATIENCE))

    def test_a_client_that_cancels_is_heard(self):
        handler, seen = self.waiting()
        channel = self.start(Wait=handler, Echo=unary(lambda message, context: message))
        call = channel.unary_stream(f"/{SERVICE}/Wait")(b"")
        self.assertEqual(next(call), b"begun")
        self.assertFalse(seen["over"].is_set())
        call.cancel()
        self.assertTrue(seen["over"].wait(PATIENCE), "the server hears of it")
        record = self.record("Wait")
        self.assertEqual((record["status"], record["cause"]), (200, "client_closed"))
        self.assertEqual(self.call(channel, "Echo", b"after"), b"after")
        self.assertEqual(len(self.tunnels()), 1)

    def test_a_client_that_cancels_before_any_answer_is_heard(self):
        begun, over = threading.Event(), threading.Event()

        def wait(message, context):
            context.add_callback(over.set)
            begun.set()
            over.wait(PATIENCE)
            return b""

        channel = self.start(Wait=unary(wait))
        future = channel.unary_unary(f"/{SERVICE}/Wait").future(b"")
        self.assertTrue(begun.wait(PATIENCE))
        future.cancel()
        self.assertTrue(over.wait(PATIENCE), "the server hears of it")
        self.assertEqual(self.record("Wait")["cause"], "client_closed")

    def test_a_server_that_leaves_is_replaced(self):
        calls = {"Echo": unary(lambda message, context: message)}
        channel = self.start(**calls)
        self.assertEqual(self.call(channel, "Echo", b"one"), b"one")
        # Nothing is under way, so that it need not wait for anybody (for 20 s, if nobody hung up).
        self.assertTrue(self.origin.server.stop(grace=PATIENCE).wait(PATIENCE / 2))
        error = self.failing(channel, "Echo")
        self.assertEqual(error.code(), StatusCode.UNAVAILABLE)
        self.assertIn("502", error.details())
        again = GrpcOrigin(self.files, calls, self.origin.port)
        self.addCleanup(again.close)
        self.assertEqual(self.call(channel, "Echo", b"two"), b"two")
        self.assertEqual(len(self.tunnels()), 1)

    def test_a_server_that_breaks_off_is_a_failure_of_the_call(self):
        handler, seen = self.waiting()
        channel = self.start(Wait=handler)
        call = channel.unary_stream(f"/{SERVICE}/Wait")(b"", timeout=PATIENCE)
        self.assertEqual(next(call), b"begun")
        self.origin.server.stop(None)
        with self.assertRaises(grpc.RpcError):
            next(call)
        self.assertEqual(call.code(), StatusCode.UNAVAILABLE)

    def test_a_rule_about_a_path_denies_a_call(self):
        rule = {"name": "no-secrets", "action": "deny", "hosts": [NAME], "paths": [f"/{SERVICE}/Secret"]}
        channel = self.start([rule], Secret=unary(lambda message, context: b"secret"),
                             Echo=unary(lambda message, context: message))
        error = self.failing(channel, "Secret")
        self.assertEqual(error.code(), StatusCode.PERMISSION_DENIED)
        record = self.record("Secret")
        self.assertEqual((record["status"], record["rule"]), (403, "no-secrets"))
        self.assertEqual(self.call(channel, "Echo", b"after"), b"after")


class Silence(Grpc):
    """Calls that say nothing for longer than a write may stand still."""

    timeouts = {"idle": "300ms"}
    quiet = threading.Event()  # never set

    def test_a_server_may_be_silent_in_a_stream_and_before_it(self):
        def speak(message, context):
            for n in range(3):
                self.quiet.wait(0.8)
                yield b"%d" % n

        channel = self.start(Speak=answers(speak))
        self.assertEqual(list(channel.unary_stream(f"/{SERVICE}/Speak")(b"", timeout=PATIENCE)), [b"0", b"1", b"2"])
        self.assertEqual(self.record("Speak")["cause"], None)

    def test_both_may_be_silent_in_a_call_that_streams_both_ways(self):
        def ask():
            for n in range(3):
                self.quiet.wait(0.8)
                yield b"%d" % n

        channel = self.start(Echo=talk(lambda messages, context: messages))
        self.assertEqual(list(channel.stream_stream(f"/{SERVICE}/Echo")(ask(), timeout=PATIENCE)), [b"0", b"1", b"2"])
        self.assertEqual(self.record("Echo")["cause"], None)


class Limit(Grpc):
    timeouts = {"response_idle": "300ms"}

    def test_a_stream_that_is_cut_off_has_failed_and_was_not_cancelled(self):
        over = threading.Event()

        def wait(message, context):
            context.add_callback(over.set)
            yield b"begun"
            over.wait(PATIENCE)

        channel = self.start(Wait=answers(wait))
        call = channel.unary_stream(f"/{SERVICE}/Wait")(b"", timeout=PATIENCE)
        with self.assertRaises(grpc.RpcError):
            list(call)
        self.assertEqual(call.code(), StatusCode.INTERNAL)
        self.assertTrue(over.wait(PATIENCE), "the server hears of it")
        self.assertEqual((self.record("Wait")["cause"], self.record("Wait")["fault"]), ("idle_timeout", "origin"))


if __name__ == "__main__":
    unittest.main()
