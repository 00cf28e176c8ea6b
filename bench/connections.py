#!/usr/bin/env python3
"""Resident bytes per idle connection, and what a client that never reads costs the others, side by side.

usage: connections.py [--connections 10000] NAME=COMMAND ...
Opens the connections, lets each send one PING and read its reply, waits until they have idled, and prints resident
bytes per connection: right after connecting, and after they were used and idled. One connection more than maxclients
must be refused. Then 50 clients work while one asks for much and never reads, under a limit of 32 MB of output:
their p99 before and while it is there, whether it was cut, and the memory before and after. The latencies are those
of this one Python process, which is the same for all.
"""
import argparse, resource, selectors, socket, statistics, time
from servers import Server, Client, parse_targets

ap = argparse.ArgumentParser()
ap.add_argument("--connections", type=int, default=10_000)
ap.add_argument("--idle-seconds", type=float, default=8)
ap.add_argument("targets", nargs="+")
a = ap.parse_args()
wanted = a.connections + 200
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), max(hard, wanted)))


def connect(port):
    s = socket.create_connection(("127.0.0.1", port), 10)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return s


def rounds(socks, seconds):
    """Seconds per reply of clients that each have one GET under way at a time."""
    request = b"*2\r\n$3\r\nGET\r\n$5\r\nsmall\r\n"
    sel, started, out, end = selectors.DefaultSelector(), {}, [], time.perf_counter() + seconds
    for s in socks:
        sel.register(s, selectors.EVENT_READ)
        started[s] = time.perf_counter()
        s.sendall(request)
    while started:
        for key, _ in sel.select(1):
            s = key.fileobj
            s.recv(4096)
            now = time.perf_counter()
            out.append(now - started.pop(s))
            if now < end:
                started[s] = now
                s.sendall(request)
    sel.close()
    return out


def p99(times):
    return statistics.quantiles(times, n=100)[98] * 1e3


def idle(server):
    before = server.rss_bytes()
    socks = [connect(server.port) for _ in range(a.connections - 1)]
    time.sleep(2)
    fresh = server.rss_bytes()
    for s in socks:
        s.sendall(b"*1\r\n$4\r\nPING\r\n")
    for s in socks:
        s.recv(64)
    time.sleep(a.idle_seconds)
    used = server.rss_bytes()
    last = connect(server.port)
    one_more = connect(server.port)
    refused = one_more.recv(200).decode().strip()
    for s in [*socks, last, one_more]:
        s.close()
    n = len(socks)
    return (fresh - before) / n, (used - before) / n, refused


def slow_reader(server):
    c = server.client()
    c.call("CONFIG", "SET", "client-output-buffer-limit", "normal 33554432 0 0")
    c.call("SET", "small", "x" * 100)
    c.call("SET", "large", "y" * 1_000_000)
    socks = [connect(server.port) for _ in range(50)]
    rounds(socks, 1)
    time.sleep(1)
    memory, alone = server.rss_bytes(), statistics.median(p99(rounds(socks, 2)) for _ in range(3))
    with_slow = []
    cut = 0
    for _ in range(3):
        slow = connect(server.port)
        slow.sendall(b"*2\r\n$3\r\nGET\r\n$5\r\nlarge\r\n" * 100)
        with_slow.append(p99(rounds(socks, 2)))
        cut += not any("cmd=get" in line and "obl=0" not in line and int(dict(
            f.split("=", 1) for f in line.split() if "=" in f)["tot-mem"]) > 1_000_000
            for line in c.call("CLIENT", "LIST").decode().splitlines())
        slow.close()
    time.sleep(a.idle_seconds)
    after = server.rss_bytes()
    for s in socks:
        s.close()
    return alone, statistics.median(with_slow), cut, (after - memory) / 1e6


for i, (name, command) in enumerate(parse_targets(a.targets)):
    s = Server(name, command, 7380 + i, "--save", "", "--appendonly", "no", "--maxclients", str(a.connections))
    try:
        time.sleep(2)
        fresh, used, refused = idle(s)
        time.sleep(2)
        alone, slow, cut, grown = slow_reader(s)
        print(f"{name:10} {a.connections} idle connections: {fresh:7.0f} B each when new, {used:7.0f} B once used | "
              f"one more: {refused} | p99 of 50 clients {alone:6.2f} ms, {slow:6.2f} ms beside one that never reads "
              f"({slow / alone:4.2f}x), cut {cut} of 3 times, {grown:+5.0f} MB afterwards", flush=True)
    finally:
        s.kill()
