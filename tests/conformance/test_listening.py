"""Recording live: what arrives on a socket is what is tested."""

from __future__ import annotations

import signal
import socket
import struct
import threading
from collections.abc import Callable, Iterator

import pytest

from skypact.conformance import STANDARDS, listening
from skypact.conformance.captures import packets, udp_payload
from skypact.conformance.cot.samples import samples as cot_samples
from skypact.conformance.listening import Address, Heard, Listener
from skypact.conformance.sapient.answering import NODE, Acknowledging
from skypact.conformance.sapient.samples import NODE as SENSOR
from skypact.conformance.sapient.samples import stream
from skypact.conformance.sapient.wire import framed, read
from skypact.schema import InputError

ANY = Address("udp", "127.0.0.1", 0)


class Clock:
    """Time that stands still until so many bytes were told; then more than any recording takes has passed.

    So nothing depends on how fast this machine is: a recording hears all that is sent, and then its time is over.
    """

    def __init__(self) -> None:
        self._over = False

    def over_after(self, size: int) -> Callable[[Heard], None]:
        def told(heard: Heard) -> None:
            self._over = self._over or heard.bytes >= size

        return told

    def monotonic(self) -> float:
        return 1e9 if self._over else 0.0

    def time(self) -> float:
        return 1_790_000_000.5


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(listening, "time", made)
    return made


def test_an_address_has_three_forms() -> None:
    assert Address.of_text("udp://239.2.3.1:6969") == Address("udp", "239.2.3.1", 6969)
    assert Address.of_text("tcp://[::1]:4000") == Address("tcp", "::1", 4000)
    assert str(Address.of_text("tcp-connect://radar:5760/")) == "tcp-connect://radar:5760"
    assert str(Address.of_text("tcp://[::1]:4000")) == "tcp://[::1]:4000"


@pytest.mark.parametrize(
    "text", ["", "6969", "udp://127.0.0.1", "udp://:6969", "http://a:1", "udp://a:99999", "udp://[::1:5", "udp://a:1/b"]
)
def test_another_address_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"udp://HOST:PORT \(a multicast group is joined\)"):
        Address.of_text(text)


def test_a_taken_port_is_said() -> None:
    with Listener(Address("tcp", "127.0.0.1", 0)) as first, pytest.raises(InputError, match="Address already in use"):
        Listener(Address("tcp", "127.0.0.1", first.port))


def test_datagrams_become_a_capture_with_their_bytes_and_senders(clock: Clock) -> None:
    with Listener(ANY) as listener, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as product:
        product.bind(("127.0.0.1", 0))
        for part in (b"one", b"", b"three" * 200):
            product.sendto(part, ("127.0.0.1", listener.port))
        heard = listener.listen(seconds=600, tell=clock.over_after(1003))
        assert heard.peers == [f"127.0.0.1:{product.getsockname()[1]}"]
        port = listener.port
    assert (heard.bytes, heard.parts, heard.ended) == (1003, 3, "time over")
    (recording,) = heard.recordings
    assert recording.name == "live.pcap"
    kept = list(packets(recording.data))
    assert [udp_payload(packet) for packet in kept] == [b"one", b"", b"three" * 200]
    assert [packet.time_s for packet in kept] == [clock.time()] * 3
    header = kept[0].data[14:34]
    assert sum(struct.unpack(">10H", header)) % 0xFFFF == 0, "the IPv4 header checksum of RFC 1071"
    assert struct.unpack(">H", kept[0].data[36:38]) == (port,)


def test_datagrams_without_a_capture_follow_one_another(clock: Clock) -> None:
    with Listener(ANY) as listener, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as product:
        for part in (b"one", b"two"):
            product.sendto(part, ("127.0.0.1", listener.port))
        heard = listener.listen(seconds=600, as_capture=False, tell=clock.over_after(6))
    assert [(one.name, one.data) for one in heard.recordings] == [("live.bin", b"onetwo")]


def test_silence_is_no_recording() -> None:
    with Listener(ANY) as listener:
        assert listener.listen(seconds=0.05) == Heard(ended="time over")


def test_a_flood_ends_at_the_limit_and_keeps_what_was_before() -> None:
    with Listener(ANY) as listener, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as product:
        for _ in range(3):
            product.sendto(bytes(100), ("127.0.0.1", listener.port))
        heard = listener.listen(seconds=600, most_bytes=250, as_capture=False)
    assert (heard.ended, heard.bytes, len(heard.recordings[0].data)) == ("more than 250 bytes", 200, 200)


def test_events_over_udp_conform_as_their_file_does(clock: Clock) -> None:
    document = cot_samples()[0]
    with Listener(ANY) as listener, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as product:
        product.sendto(document.data, ("127.0.0.1", listener.port))
        heard = listener.listen(seconds=600, tell=clock.over_after(len(document.data)))
    live, file = (STANDARDS["cot"].check(heard.recordings, document.claim), document)
    assert live.verdict.value == "conforms"
    assert sum(live.counts.values()) >= 1
    assert file.claim in live.seen


def test_a_product_that_never_reads_its_answers_does_not_hold_the_lab(clock: Clock) -> None:
    """What is left of the time is what an answer may take: here it stays 0.3 s, however long the product took."""
    with Listener(Address("tcp", "127.0.0.1", 0)) as listener, socket.socket() as product:
        product.connect(("127.0.0.1", listener.port))
        product.sendall(b"said")
        heard = listener.listen(seconds=0.3, answering=lambda: lambda data: bytes(2**26))
    assert (heard.ended, heard.bytes) == ("time over", 4)


@pytest.fixture
def served() -> Iterator[Listener]:
    with Listener(Address("tcp", "127.0.0.1", 0)) as listener:
        yield listener


def product_of(
    listener: Listener, *pieces: bytes, replies: list[bytes], wait_for_reply: bool = False
) -> threading.Thread:
    """A product that connects and sends pieces, reading what comes back."""

    def send() -> None:
        with socket.create_connection(("127.0.0.1", listener.port)) as connection:
            for number, piece in enumerate(pieces):
                connection.sendall(piece)
                if wait_for_reply and number == 0:
                    replies.append(connection.recv(2**16))
            connection.shutdown(socket.SHUT_WR)
            while more := connection.recv(2**16):
                replies.append(more)

    thread = threading.Thread(target=send)
    thread.start()
    return thread


def test_a_sensor_node_registers_is_answered_and_conforms(served: Listener, clock: Clock) -> None:
    said, replies = stream(), []
    first = 4 + struct.unpack_from("<I", said)[0]
    thread = product_of(served, said[:first], said[first:], replies=replies, wait_for_reply=True)
    heard = served.listen(seconds=600, answering=STANDARDS["sapient"].answering, tell=clock.over_after(len(said)))
    thread.join()
    assert [one.data for one in heard.recordings] == [said]
    (answer,) = read(b"".join(replies))
    assert (answer.node_id, answer.destination_id) == (NODE, SENSOR)
    assert answer.registration_ack.acceptance is True
    report = STANDARDS["sapient"].check(heard.recordings, "BSI Flex 335 v2.0")
    assert report.verdict.value == "conforms"
    assert STANDARDS["sapient"].check([type(heard.recordings[0])("ack", framed(answer))]).found == {}


def test_each_connection_is_a_file(served: Listener, clock: Clock) -> None:
    """The second product connects when the first has said its part."""
    replies: list[bytes] = []
    threads = [product_of(served, b"abc", replies=replies)]
    over = clock.over_after(7)

    def told(heard: Heard) -> None:
        over(heard)
        if len(threads) == 1:
            threads.append(product_of(served, b"defg", replies=replies))

    heard = served.listen(seconds=600, tell=told)
    for thread in threads:
        thread.join()
    assert [(one.name, one.data) for one in heard.recordings] == [("live-1.bin", b"abc"), ("live-2.bin", b"defg")]
    assert (heard.parts, heard.bytes, len(heard.peers)) == (2, 7, 2)


def test_the_lab_may_connect_itself() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as product,
        Listener(Address("tcp-connect", "127.0.0.1", product.getsockname()[1])) as listener,
    ):
        connection, _ = product.accept()
        with connection:
            connection.sendall(b"hello")
        heard = listener.listen(seconds=600)
    assert [one.data for one in heard.recordings] == [b"hello"]
    assert heard.ended == "the product closed the connection"


@pytest.fixture
def interruptible() -> Iterator[None]:
    """SIGINT as in a terminal; a shell that starts the tests in the background has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_loses_nothing() -> None:
    with Listener(ANY) as listener, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as product:
        product.sendto(b"one", ("127.0.0.1", listener.port))
        heard = listener.listen(seconds=600, tell=lambda heard: signal.raise_signal(signal.SIGINT))
    assert heard.ended == "stopped"
    assert [udp_payload(packet) for packet in packets(heard.recordings[0].data)] == [b"one"]


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
def test_registrations_are_answered_however_they_are_cut(size: int) -> None:
    answer, said = Acknowledging(), stream()
    replies = b"".join(answer(said[at : at + size]) for at in range(0, len(said), size))
    assert [one.WhichOneof("content") for one in read(replies)] == ["registration_ack"]


def test_garbage_is_recorded_but_not_answered() -> None:
    answer = Acknowledging()
    assert answer(b"\x03\0\0\0abc") == b""
    assert answer(b"\xff\xff\xff\xff" + stream()) == b""
    assert answer(stream()) == b""
