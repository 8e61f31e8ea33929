"""Our loop does what asyncio's does: signals, readers and writers, sockets, streams, pipes, subprocesses.

Every test runs on both, which shows that it asks for nothing but asyncio's own behaviour.
"""

import asyncio
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.ui.conftest import LoopFactory

Loop = asyncio.AbstractEventLoop
Send = Callable[[Loop, int], None]
Pair = tuple[socket.socket, socket.socket]

unix_only = pytest.mark.skipif(sys.platform == "win32", reason="signals, pipes and readers as Unix has them")


# Signals


@pytest.fixture
def send_when_asleep() -> Iterator[Send]:
    """Send this process a signal once the loop has nothing to do, and see it act at once."""
    threads: list[threading.Thread] = []
    sent: list[float] = []

    def send(loop: Loop, number: int) -> None:
        asleep = threading.Event()

        def kill() -> None:
            assert asleep.wait(10)
            time.sleep(0.02)  # asyncio misses a signal that comes just before it falls asleep
            sent.append(time.monotonic())
            signal.pthread_kill(threading.main_thread().ident or 0, number)

        threads.append(threading.Thread(target=kill))
        threads[-1].start()
        loop.call_later(0.02, asleep.set)

    yield send
    assert time.monotonic() - sent[0] < 5
    for thread in threads:
        thread.join()


@unix_only
async def test_a_signal_wakes_the_loop_for_its_handler(loop: Loop, send_when_asleep: Send) -> None:
    came = asyncio.Event()
    loop.add_signal_handler(signal.SIGUSR1, came.set)
    send_when_asleep(loop, signal.SIGUSR1)
    await came.wait()
    assert loop.remove_signal_handler(signal.SIGUSR1)
    assert not loop.remove_signal_handler(signal.SIGUSR1)


@unix_only
async def test_a_plain_signal_handler_runs_while_the_loop_sleeps(loop: Loop, send_when_asleep: Send) -> None:
    came = asyncio.Event()
    before = signal.signal(signal.SIGUSR1, lambda *_: loop.call_soon_threadsafe(came.set))
    loop.add_signal_handler(signal.SIGUSR2, print)
    loop.remove_signal_handler(signal.SIGUSR2)
    try:
        send_when_asleep(loop, signal.SIGUSR1)
        await came.wait()
    finally:
        signal.signal(signal.SIGUSR1, before)


@unix_only
def test_ctrl_c_interrupts_a_sleeping_loop(loop: Loop, send_when_asleep: Send) -> None:
    send_when_asleep(loop, signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        loop.run_until_complete(asyncio.sleep(10))
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@unix_only
def test_ctrl_c_interrupts_a_busy_callback(loop: Loop) -> None:
    def busy() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        while True:
            pass

    loop.call_soon(busy)
    with pytest.raises(KeyboardInterrupt):
        loop.run_forever()


@unix_only
def test_what_a_signal_handler_raises_ends_the_run(loop: Loop, send_when_asleep: Send) -> None:
    def handler(*_: object) -> None:
        raise LookupError("from the handler")

    before = signal.signal(signal.SIGUSR1, handler)
    try:
        send_when_asleep(loop, signal.SIGUSR1)
        with pytest.raises(LookupError, match="from the handler"):
            loop.run_until_complete(asyncio.sleep(10))
        assert signal.getsignal(signal.SIGUSR1) is handler
    finally:
        signal.signal(signal.SIGUSR1, before)


@unix_only
def test_ctrl_c_cancels_the_main_task_of_a_runner(new_loop: LoopFactory, send_when_asleep: Send) -> None:
    ended: list[str] = []

    async def main() -> None:
        send_when_asleep(asyncio.get_running_loop(), signal.SIGINT)
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            ended.append("cleaned up")
            raise

    with pytest.raises(KeyboardInterrupt), asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(main())
    assert ended == ["cleaned up"]


# Readers and writers


@pytest.fixture
def pair() -> Iterator[Pair]:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    theirs.setblocking(False)
    with ours, theirs:
        yield ours, theirs


@unix_only
async def test_a_reader_is_called_until_everything_is_read(loop: Loop, pair: Pair) -> None:
    ours, theirs = pair
    received: list[bytes] = []
    done = asyncio.Event()

    def read() -> None:
        received.append(ours.recv(1))
        if len(received) == 3:
            done.set()

    loop.add_reader(ours, read)
    theirs.send(b"abc")
    await done.wait()
    assert loop.remove_reader(ours)
    assert not loop.remove_reader(ours)
    theirs.send(b"d")
    await asyncio.sleep(0.005)
    assert received == [b"a", b"b", b"c"]


@unix_only
async def test_a_reader_removed_by_another_of_the_same_turn_is_not_called(loop: Loop) -> None:
    pairs = [socket.socketpair() for _ in range(5)]
    called: list[int] = []

    def read(number: int) -> None:
        called.append(number)
        for ours, _ in pairs:
            loop.remove_reader(ours)

    for number, (ours, theirs) in enumerate(pairs):
        loop.add_reader(ours, read, number)
        theirs.send(b"x")
    await asyncio.sleep(0.005)
    assert len(called) == 1
    for ours, theirs in pairs:
        ours.close()
        theirs.close()


@unix_only
def test_no_turn_follows_the_one_in_which_a_reader_stops_the_loop(loop: Loop, pair: Pair) -> None:
    ours, theirs = pair
    ran, ran_at_stop = 0, 0

    def again() -> None:
        nonlocal ran
        ran += 1
        loop.call_soon(again)

    def stop() -> None:
        nonlocal ran_at_stop
        ran_at_stop = ran
        loop.stop()

    loop.call_soon(again)
    loop.add_reader(ours, stop)
    loop.call_later(0.005, theirs.send, b"x")
    for _ in range(20):
        loop.run_forever()
        assert ran <= ran_at_stop + 1
    loop.remove_reader(ours)


@unix_only
async def test_a_new_reader_takes_the_place_of_the_old(loop: Loop, pair: Pair) -> None:
    ours, theirs = pair
    called: list[str] = []

    def read(name: str) -> None:
        called.append(name)
        loop.remove_reader(ours)

    loop.add_reader(ours, read, "old")
    loop.add_reader(ours, read, "new")
    theirs.send(b"x")
    await asyncio.sleep(0.005)
    assert called == ["new"]


@unix_only
async def test_reading_and_writing_on_one_socket_do_not_disturb_each_other(loop: Loop, pair: Pair) -> None:
    ours, theirs = pair
    written, read = asyncio.Event(), asyncio.Event()

    def write() -> None:
        loop.remove_writer(ours)
        written.set()

    loop.add_reader(ours, lambda: (ours.recv(1), read.set()))
    loop.add_writer(ours, write)
    await written.wait()
    assert not read.is_set()
    assert not loop.remove_writer(ours)
    theirs.send(b"x")
    await read.wait()
    assert loop.remove_reader(ours)


@unix_only
async def test_a_descriptor_can_be_used_again_by_another_socket(loop: Loop) -> None:
    for _ in range(3):
        ours, theirs = socket.socketpair()
        read = asyncio.Event()
        loop.add_reader(ours, lambda ours=ours, read=read: (ours.recv(1), read.set()))
        theirs.send(b"x")
        await read.wait()
        loop.remove_reader(ours)
        ours.close()
        theirs.close()


# Sockets, streams, datagrams


async def test_sock_functions(loop: Loop) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        server.setblocking(False)
        client.setblocking(False)
        accepting = asyncio.create_task(loop.sock_accept(server))
        await loop.sock_connect(client, server.getsockname())
        peer, _ = await accepting
        with peer:
            data = os.urandom(2_000_000)  # more than the kernel's buffers hold
            sending = asyncio.create_task(loop.sock_sendall(client, data))
            received = bytearray()
            while len(received) < len(data):
                received += await loop.sock_recv(peer, 1 << 16)
            await sending
            assert received == data
            buffer = bytearray(2)
            await loop.sock_sendall(peer, b"hi")
            assert await loop.sock_recv_into(client, buffer) == 2
            assert buffer == b"hi"


async def test_streams_echo_to_many_clients_at_once(loop: Loop) -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
        writer.close()

    async def talk(port: int, number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        sent = bytes([number]) * 300_000
        writer.write(sent)
        writer.write_eof()
        assert await reader.read() == sent
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(echo, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        await asyncio.gather(*(talk(port, number) for number in range(20)))


async def test_a_refused_connection_is_an_error(loop: Loop) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)


async def test_datagrams(loop: Loop) -> None:
    received: asyncio.Future[bytes] = loop.create_future()

    class Receiver(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, address: object) -> None:
            received.set_result(data)

    there, _ = await loop.create_datagram_endpoint(Receiver, ("127.0.0.1", 0))
    here, _ = await loop.create_datagram_endpoint(
        asyncio.DatagramProtocol, remote_addr=there.get_extra_info("sockname")
    )
    here.sendto(b"hello")
    assert await received == b"hello"
    here.close()
    there.close()


@unix_only
async def test_unix_sockets_and_pipes(loop: Loop, tmp_path: Path) -> None:
    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello")
        writer.close()

    async with await asyncio.start_unix_server(greet, tmp_path / "socket"):
        reader, writer = await asyncio.open_unix_connection(tmp_path / "socket")
        assert await reader.read() == b"hello"
        writer.close()

    read_end, write_end = os.pipe()
    reader = asyncio.StreamReader()
    with os.fdopen(read_end, "rb", 0) as pipe:
        transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
        os.write(write_end, b"through the pipe")
        os.close(write_end)
        assert await reader.read() == b"through the pipe"
        transport.close()


# Subprocesses


async def test_a_subprocess_talks_and_ends(loop: Loop) -> None:
    program = "import sys; sys.stdout.write(sys.stdin.read().upper()); sys.stderr.write('e'); sys.exit(3)"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdin=-1, stdout=-1, stderr=-1
    )
    assert await process.communicate(b"hello") == (b"HELLO", b"e")
    assert process.returncode == 3


@unix_only
async def test_a_subprocess_can_be_killed(loop: Loop) -> None:
    process = await asyncio.create_subprocess_exec("sleep", "60")
    process.kill()
    assert await process.wait() == -signal.SIGKILL


async def test_subprocesses_run_side_by_side(loop: Loop) -> None:
    async def echo(number: int) -> bytes:
        process = await asyncio.create_subprocess_shell(f"echo {number}", stdout=-1)
        return (await process.communicate())[0].strip()

    assert await asyncio.gather(*map(echo, range(8))) == [str(number).encode() for number in range(8)]
