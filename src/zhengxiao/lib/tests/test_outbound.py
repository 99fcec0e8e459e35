"""Nobody leads the server inside: spellings, resolved addresses, rebinding, redirects, slow and endless answers."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from zhengxiao.lib.addresses import Allowed, Target, TargetInside, TargetMalformed, inside_reason, target_of
from zhengxiao.lib.outbound import Reply, connect, post
from zhengxiao.lib.refusals import Refusal


def words(text: str) -> list[str]:
    return text.split()


# Hosts that mean this machine, its network or its provider, in every spelling known to have led somebody astray.
V4_INSIDE = words(
    """
    127.0.0.1 127.1 127.0.1 127.255.255.254 0 0.0.0.0 0.0.0.1 10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.254
    192.168.0.1 192.168.255.255 169.254.169.254 169.254.0.1 100.64.0.1 100.100.100.200 192.0.0.1 192.0.0.192
    192.0.2.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1
    255.255.255.255 168.63.129.16 192.88.99.1
    """
)
V4_SPELLED = words(
    """
    2130706433 017700000001 0x7f000001 0x7f.0.0.1 0177.0.0.1 127.0.0.01 0127.0.0.1 127.0x0.0.1 127.0.1 2852039166
    0xa9fea9fe 0251.0376.0251.0376 169.254.43518 3232235521 0xc0a80001 1 00 0x0 017700000001. 127.0.0.1.
    127.0.0.1.. 0x7f.1 0x7f.0x0.0x0.0x1 4294967295 999999999999 1.2.3 1.2.3.4.5 256.256.256.256 127.0.0.1%2f
    127%2e0%2e0%2e1 %31%32%37.0.0.1
    """
)
V6_INSIDE = words(
    """
    [::1] [::] [::ffff:127.0.0.1] [::ffff:7f00:1] [::ffff:a9fe:a9fe] [::127.0.0.1] [::7f00:1] [64:ff9b::7f00:1]
    [64:ff9b::a9fe:a9fe] [64:ff9b:1::7f00:1] [2002:7f00:1::] [2002:a9fe:a9fe::] [2001:0:7f00:1::] [2001::1]
    [fe80::1] [fe80::1%25eth0] [fec0::1] [fc00::1] [fd00:ec2::254] [fd12:3456::1] [ff02::1] [2001:db8::1]
    [3fff::1] [100::1] [0:0:0:0:0:0:0:1] [0000::0001] [::FFFF:127.0.0.1] [::ffff:0:127.0.0.1] [5f00::1]
    """
)
ODD = (
    "http://example.com/", "HTTP://example.com/", "file:///etc/passwd", "gopher://example.com:70/_x", "ftp://example.com/",
    "dict://example.com:2628/", "ldap://example.com/", "jar:https://example.com!/", "javascript:alert(1)", "data:,x",
    "//example.com/", "https:example.com", "https:/example.com", "https:///etc/passwd", "https://", "", " ", "example.com",
    "https://user@example.com/", "https://user:word@example.com/", "https://example.com@127.0.0.1/",
    "https://127.0.0.1@example.com/", "https://@example.com/", "https://:@example.com/", "https://example.com#@127.0.0.1/",
    "https://example.com/#top", "https://example.com/#", "https://example.com\\@127.0.0.1/", "https:\\\\example.com\\",
    "https://exa mple.com/", "https://example.com/a b", "https://example.com/\r\nHost: inside", "https://example.com/\t",
    "https://example.com\x00.org/", "https://example.com:0/", "https://example.com:22/", "https://example.com:25/",
    "https://example.com:65536/", "https://example.com:-1/", "https://example.com:x/", "https://example.com:/",
    "https://example.com./", "https://.example.com/", "https://example..com/", "https://-example.com/", "https://ex_ample.com/",
    "https://exämple.com/", "https://ⓔxample.com/", "https://１２７.0.0.1/", "https://127。0。0。1/", "https://[::1/",
    "https://::1/", "https://[example.com]/", "https://[]/", "https://" + "a" * 64 + ".com/", "https://" + "a." * 130 + "com/",
    "https://example.com/" + "x" * 500, "https://%6c%6f%63%61%6c%68%6f%73%74/",
)  # fmt: skip
CORPUS = [f"https://{host}/hook" for host in (*V4_INSIDE, *V4_SPELLED, *V6_INSIDE)] + list(ODD)
PUBLIC = "93.184.216.34"


def refused(url: str) -> bool:
    try:
        target_of(url)
    except (TargetMalformed, TargetInside):
        return True
    return False


def test_the_corpus_is_as_large_as_promised() -> None:
    assert len(set(CORPUS)) >= 100


@pytest.mark.parametrize("url", sorted(set(CORPUS)))
def test_no_spelling_of_an_inner_address_is_taken(url: str) -> None:
    assert refused(url)


@pytest.mark.parametrize(
    "url",
    ["https://example.com", "https://example.com/hook?a=1", "https://example.com:8443/", "https://93.184.216.34/",
     "https://xn--fiq228c.example/", "https://[2606:2800:220:1:248:1893:25c8:1946]/", "https://1.example/"],
)  # fmt: skip
def test_plain_addresses_outside_are_taken(url: str) -> None:
    assert not refused(url)


@pytest.mark.parametrize("host", [*V4_INSIDE, *(text.strip("[]") for text in V6_INSIDE)])
def test_a_name_that_resolves_inside_is_not_connected_to(host: str) -> None:
    tried: list[str] = []

    def never(address: str, port: int, seconds: float) -> socket.socket:
        tried.append(address)
        raise OSError

    for answers in ([host], [PUBLIC, host], [host, PUBLIC]):
        reply = post(
            target_of("https://example.com/"),
            b"{}",
            {},
            resolver=lambda *_, told=answers: told,
            connector=never,
        )
        assert reply.outcome == "inside"
    assert tried == []


def test_a_name_that_changes_its_address_is_resolved_once_and_connected_as_judged() -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]])
    tried: list[str] = []

    def watched(address: str, port: int, seconds: float) -> socket.socket:
        tried.append(address)
        raise OSError

    reply = post(
        target_of("https://rebind.example/"), b"{}", {}, resolver=lambda *_: next(answers), connector=watched
    )
    assert (reply.outcome, tried) == ("unreachable", [PUBLIC])
    assert next(answers) == ["127.0.0.1"], "asked a second time"


def test_what_an_operator_allows_may_lie_inside_and_nothing_beside_it() -> None:
    allowed = Allowed.of(["hooks.intranet:8080", "10.1.2.3"])
    assert target_of("http://hooks.intranet:8080/x", allowed).is_allowed
    assert target_of("http://10.1.2.3/", allowed).is_allowed
    for url in (
        "http://hooks.intranet/",
        "http://hooks.intranet:8081/",
        "https://10.1.2.4/",
        "http://a.hooks.intranet:8080/",
    ):
        with pytest.raises(Refusal):
            target_of(url, allowed)
    assert inside_reason("10.1.2.3") is not None


Behaviour = Callable[[socket.socket], None]


@pytest.fixture
def server() -> Iterator[Callable[[Behaviour], Target]]:
    """A listener on this machine that behaves as told; the target is allowed by name."""
    listeners: list[socket.socket] = []

    def start(behave: Behaviour) -> Target:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def run() -> None:
            try:
                while True:
                    peer, _address = listener.accept()
                    with peer:
                        peer.settimeout(5)
                        try:
                            peer.recv(65536)
                            behave(peer)
                        except OSError:
                            continue
            except OSError:
                return

        threading.Thread(target=run, daemon=True).start()
        port = listener.getsockname()[1]
        return target_of(f"http://127.0.0.1:{port}/in", Allowed.of([f"127.0.0.1:{port}"]))

    yield start
    for listener in listeners:
        listener.close()


def asked(target: Target, seconds: float = 2.0) -> Reply:
    return post(target, b"{}", {"Content-Type": "application/json"}, seconds=seconds, most=1000)


def test_an_answer_is_told_with_its_beginning_only(server: Callable[[Behaviour], Target]) -> None:
    target = server(
        lambda peer: peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + b"x" * 5000)
    )
    reply = asked(target)
    assert (reply.outcome, reply.status, len(reply.beginning)) == ("answered", 200, 1000)


def test_a_redirect_is_an_answer_and_is_not_followed(server: Callable[[Behaviour], Target]) -> None:
    hits: list[str] = []
    inner = server(lambda peer: hits.append("inner"))
    head = (
        f"HTTP/1.1 307 Gone\r\nLocation: http://127.0.0.1:{inner.port}/\r\nContent-Length: 0\r\n\r\n".encode()
    )
    outer = server(lambda peer: peer.sendall(head))
    assert asked(outer).status == 307
    assert hits == []


@pytest.mark.parametrize("slow", ["head", "body", "silence"])
def test_a_slow_answer_ends_when_the_time_is_over(server: Callable[[Behaviour], Target], slow: str) -> None:
    done = threading.Event()

    def drip(peer: socket.socket) -> None:
        start = {"head": b"HTTP/1.1 200 OK\r\nX-A: ", "body": b"HTTP/1.1 200 OK\r\n\r\n", "silence": b""}[
            slow
        ]
        peer.sendall(start)
        while not done.wait(0.05):
            if slow != "silence":
                peer.sendall(b"x")

    reply = asked(server(drip), seconds=0.4)
    done.set()
    assert (reply.outcome, reply.milliseconds < 2000) == ("timeout", True)


def test_an_endless_body_is_cut_and_rubbish_is_told_as_broken(server: Callable[[Behaviour], Target]) -> None:
    def pour(peer: socket.socket) -> None:
        peer.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _turn in range(10_000):
            peer.sendall(b"x" * 65536)

    assert len(asked(server(pour)).beginning) == 1000
    assert asked(server(lambda peer: peer.sendall(b"SSH-2.0-x\r\n"))).outcome == "broken"
    assert asked(server(lambda peer: None)).outcome == "broken"


def test_tls_without_a_certificate_for_the_name_is_refused(server: Callable[[Behaviour], Target]) -> None:
    target = server(lambda peer: peer.sendall(b"HTTP/1.1 200 OK\r\n\r\n"))
    secured = Target("https", "127.0.0.1", target.port, "/", True)
    assert post(secured, b"", {}, seconds=2).outcome == "tls"


def test_a_connection_goes_to_an_address_and_its_host_header_names_the_host(
    server: Callable[[Behaviour], Target],
) -> None:
    seen: list[str] = []

    def watched(address: str, port: int, seconds: float) -> socket.socket:
        seen.append(address)
        return connect("127.0.0.1", port, seconds)

    target = server(lambda peer: peer.sendall(b"HTTP/1.1 204 OK\r\n\r\n"))
    named = Target("http", "hooks.intranet", target.port, "/", True)
    reply = post(named, b"", {}, resolver=lambda *_: ["10.9.8.7"], connector=watched)
    assert (seen, reply.address, reply.status) == (["10.9.8.7"], "10.9.8.7", 204)
    assert named.netloc == f"hooks.intranet:{target.port}"
