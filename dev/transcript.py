#!/usr/bin/env python3
"""Records what a stock redis-server answers to random commands, for the unit tests to replay without one.

  dev/transcript.py FAMILY [--seed N] [--count N] [--server redis-server] > core/src/test/resources/transcripts/FAMILY.txt

A line is a request as quoted words; the line behind it, which begins with '=', is the reply as it came over the wire. The commands are
those whose answers depend on nothing but the commands before them: no clock, no random choice, no order of a hash table. Every
hundredth request is DEBUG DIGEST. The same family, seed and count give the same requests.
"""
import argparse
import random
import socket
import subprocess
import tempfile
import time

KEYS = ["a", "b", "c", "key:1", "", "\x00x", "num", "{t}1", "{t}2", "k" * 40]
INTEGERS = ["0", "1", "-1", "2", "7", "10", "63", "100", "-100", "2147483647", "2147483648", "-2147483648", "4294967296",
            "9223372036854775807", "-9223372036854775808", "9223372036854775808"]
NUMBERS = ["1.5", "-1.5", "1e3", "nan", "inf", "-inf", "3.0e-5", "1e400", "0x10", "+1", " 1", "1 ", "01"]
VALUES = ["x", "hello world", "1", "10", "-7", "3.14", "v" * 50, "\xff\x00bin", "", "9223372036854775806", "ohmytext", "mynewtext"]
FIELDS = ["f", "g", "1", "-1", "", "\x00", "h" * 20]
SMALL = ["0", "1", "-1", "2", "-2", "5", "-9223372036854775808", "x"]
MEMBERS = ["m", "n", "o", "", "\xff", "10", "p" * 20]
SCORES = ["0", "1", "-1", "2.5", "1e10", "-0", "inf", "-inf", "nan", "(1", "3.0000000000000004", "9007199254740993", "x"]
BOUNDS = ["-inf", "+inf", "(1", "1", "2.5", "(2.5", "0", "nan", "x"]
LEXICAL = ["-", "+", "[m", "(m", "[o", "(n", "[", "(", "m"]
DEGREES = ["13.361389", "38.115556", "15.087269", "37.502669", "-122.4194", "0", "-0.1", "85.1", "181", "x"]
FUTURE = ["33177117420", "33177117420000", "1", "0", "-1", "9223372036854775807"]

# The words that a command may hold behind its name: a pool for each position, the last one for all that follow.
ANY = KEYS + VALUES + INTEGERS
FAMILIES = {
    "string": {
        "set": [KEYS, VALUES + INTEGERS, ["NX", "XX", "GET", "KEEPTTL", "EXAT", "PXAT", "EX", "x"] + FUTURE],
        "get": [KEYS], "getset": [KEYS, VALUES], "getdel": [KEYS], "setnx": [KEYS, VALUES], "append": [KEYS, VALUES],
        "getex": [KEYS, ["PERSIST", "EXAT", "PXAT", "EX", "x"], FUTURE + ["PERSIST"]],
        "strlen": [KEYS], "setrange": [KEYS, ["0", "1", "7", "100", "-1", "536870912", "x"], VALUES],
        "getrange": [KEYS, INTEGERS], "substr": [KEYS, INTEGERS], "incr": [KEYS], "decr": [KEYS],
        "incrby": [KEYS, INTEGERS], "decrby": [KEYS, INTEGERS], "incrbyfloat": [KEYS, INTEGERS + NUMBERS],
        "mget": [KEYS], "mset": [KEYS, VALUES, KEYS, VALUES], "msetnx": [KEYS, VALUES, KEYS, VALUES],
        "lcs": [KEYS, KEYS, ["LEN", "IDX", "MINMATCHLEN", "WITHMATCHLEN", "1", "3", "x"]],
        "psetex": [KEYS, ["100000000", "0", "-1", "x"], VALUES], "setex": [KEYS, ["1000000", "0", "-1", "x"], VALUES],
        "object": [["ENCODING", "encoding", "x"], KEYS], "dump": [KEYS],
    },
    "bit": {
        "set": [KEYS, VALUES + INTEGERS], "setbit": [KEYS, ["0", "1", "7", "8", "100", "1000", "-1", "4294967296", "x"], ["0", "1", "2", "x"]],
        "getbit": [KEYS, ["0", "1", "7", "8", "100", "1000", "-1", "4294967295", "4294967296", "x"]], "get": [KEYS], "strlen": [KEYS],
        "del": [KEYS],
    },
    "generic": {
        "set": [KEYS, VALUES + INTEGERS], "del": [KEYS], "unlink": [KEYS], "exists": [KEYS], "touch": [KEYS], "type": [KEYS],
        "rename": [KEYS, KEYS], "renamenx": [KEYS, KEYS], "copy": [KEYS, KEYS, ["DB", "REPLACE", "1", "0", "16", "-1", "x"]],
        "move": [KEYS, ["0", "1", "15", "16", "-1", "4294967296", "x"]], "select": [["0", "0", "1", "16", "-1", "x"]],
        "swapdb": [["0", "1", "16", "x"]], "dbsize": [[]], "expireat": [KEYS, FUTURE, ["NX", "XX", "GT", "LT", "x"]],
        "pexpireat": [KEYS, FUTURE, ["NX", "XX", "GT", "LT", "x"]], "expiretime": [KEYS], "pexpiretime": [KEYS], "persist": [KEYS],
        "object": [["ENCODING", "REFCOUNT", "x"], KEYS], "dump": [KEYS], "restore": [KEYS, ["0", "-1", "x"], VALUES, ["REPLACE", "ABSTTL", "x"]],
        "keys": [KEYS], "get": [KEYS], "mget": [KEYS], "incr": [KEYS], "append": [KEYS, VALUES], "echo": [ANY], "ping": [ANY],
    },
    "hash": {
        "hset": [KEYS, FIELDS, VALUES + INTEGERS, FIELDS, VALUES + INTEGERS], "hmset": [KEYS, FIELDS, VALUES, FIELDS, VALUES],
        "hget": [KEYS, FIELDS], "hdel": [KEYS, FIELDS, FIELDS], "hexists": [KEYS, FIELDS], "hlen": [KEYS], "hstrlen": [KEYS, FIELDS],
        "hincrby": [KEYS, FIELDS, INTEGERS], "hincrbyfloat": [KEYS, FIELDS, INTEGERS + NUMBERS], "hmget": [KEYS, FIELDS, FIELDS],
        "hsetnx": [KEYS, FIELDS, VALUES], "hgetall": [KEYS], "hkeys": [KEYS], "hvals": [KEYS], "object": [["ENCODING"], KEYS],
        "dump": [KEYS], "del": [KEYS], "type": [KEYS], "set": [KEYS, VALUES], "copy": [KEYS, KEYS, ["REPLACE", "x"]],
    },
    "list": {
        "lpush": [KEYS, VALUES, VALUES + INTEGERS], "rpush": [KEYS, VALUES, VALUES + INTEGERS], "lpushx": [KEYS, VALUES], "rpushx": [KEYS, VALUES],
        "lpop": [KEYS, SMALL], "rpop": [KEYS, SMALL], "llen": [KEYS], "lindex": [KEYS, SMALL], "lset": [KEYS, SMALL, VALUES],
        "linsert": [KEYS, ["BEFORE", "AFTER", "x"], VALUES, VALUES], "lrem": [KEYS, SMALL, VALUES], "lrange": [KEYS, SMALL, SMALL],
        "ltrim": [KEYS, SMALL, SMALL], "lpos": [KEYS, VALUES, ["RANK", "COUNT", "MAXLEN", "x"], SMALL, ["RANK", "COUNT", "MAXLEN"], SMALL],
        "lmove": [KEYS, KEYS, ["LEFT", "RIGHT", "x"], ["LEFT", "RIGHT", "x"]], "rpoplpush": [KEYS, KEYS],
        "lmpop": [["1", "2", "0", "x"], KEYS, ["LEFT", "RIGHT"], ["COUNT"], SMALL], "object": [["ENCODING"], KEYS], "dump": [KEYS], "del": [KEYS],
        "type": [KEYS], "set": [KEYS, VALUES],
    },
    "set": {
        "sadd": [KEYS, INTEGERS + VALUES, INTEGERS], "srem": [KEYS, VALUES + INTEGERS, INTEGERS], "sismember": [KEYS, VALUES + INTEGERS],
        "smismember": [KEYS, VALUES, INTEGERS], "scard": [KEYS], "smove": [KEYS, KEYS, VALUES + INTEGERS],
        "sintercard": [["1", "2", "3", "0", "x"], KEYS, KEYS, ["LIMIT"], SMALL], "sinterstore": [KEYS, KEYS, KEYS], "sdiffstore": [KEYS, KEYS, KEYS],
        "sunionstore": [KEYS, KEYS, KEYS], "object": [["ENCODING"], KEYS], "del": [KEYS], "type": [KEYS], "set": [KEYS, VALUES], "rename": [KEYS, KEYS],
    },
    "zset": {
        "zadd": [KEYS, SCORES, MEMBERS, SCORES, MEMBERS], "zincrby": [KEYS, SCORES, MEMBERS], "zrem": [KEYS, MEMBERS, MEMBERS],
        "zscore": [KEYS, MEMBERS], "zmscore": [KEYS, MEMBERS, MEMBERS], "zcard": [KEYS], "zrank": [KEYS, MEMBERS], "zrevrank": [KEYS, MEMBERS],
        "zcount": [KEYS, BOUNDS, BOUNDS], "zlexcount": [KEYS, LEXICAL, LEXICAL], "zrangebyscore": [KEYS, BOUNDS, BOUNDS, ["WITHSCORES", "x"]],
        "zrevrangebyscore": [KEYS, BOUNDS, BOUNDS, ["LIMIT"], SMALL, SMALL], "zrangebylex": [KEYS, LEXICAL, LEXICAL],
        "zrange": [KEYS, SMALL, SMALL, ["REV", "WITHSCORES", "x"]], "zrevrange": [KEYS, SMALL, SMALL, ["WITHSCORES"]],
        "zrangestore": [KEYS, KEYS, SMALL, SMALL, ["REV", "x"]], "zremrangebyrank": [KEYS, SMALL, SMALL], "zremrangebyscore": [KEYS, BOUNDS, BOUNDS],
        "zremrangebylex": [KEYS, LEXICAL, LEXICAL], "zpopmin": [KEYS, SMALL], "zpopmax": [KEYS, SMALL],
        "zmpop": [["1", "2", "0", "x"], KEYS, ["MIN", "MAX", "x"], ["COUNT"], SMALL], "zunionstore": [KEYS, ["1", "2"], KEYS, KEYS],
        "zinterstore": [KEYS, ["1", "2", "x"], KEYS, KEYS, ["AGGREGATE"], ["MIN", "MAX", "SUM", "x"]], "zdiffstore": [KEYS, ["1", "2"], KEYS, KEYS],
        "zunion": [["2"], KEYS, KEYS, ["WITHSCORES", "x"]], "zinter": [["2"], KEYS, KEYS], "zdiff": [["2"], KEYS, KEYS],
        "zintercard": [["2", "x"], KEYS, KEYS, ["LIMIT"], SMALL], "object": [["ENCODING"], KEYS], "dump": [KEYS], "del": [KEYS],
        "set": [KEYS, VALUES],
    },
    "geo": {
        "geoadd": [["a", "b"], DEGREES, DEGREES, MEMBERS, DEGREES, DEGREES, MEMBERS], "geopos": [["a", "b"], MEMBERS, MEMBERS],
        "geodist": [["a", "b"], MEMBERS, MEMBERS, ["m", "km", "ft", "mi", "x"]], "geohash": [["a", "b"], MEMBERS, MEMBERS],
        "zscore": [["a", "b"], MEMBERS], "zcard": [["a", "b"]], "zrem": [["a", "b"], MEMBERS],
        "geosearch": [["a", "b"], ["FROMMEMBER"], MEMBERS, ["BYRADIUS"], ["10", "500", "9000", "-1", "x"], ["km", "mi", "x"], ["ASC", "DESC"]],
    },
    "transaction": {
        "multi": [[]], "exec": [[]], "discard": [[]], "watch": [KEYS], "unwatch": [[]], "set": [KEYS, VALUES + INTEGERS], "get": [KEYS],
        "incr": [KEYS], "incrby": [KEYS, INTEGERS], "append": [KEYS, VALUES], "del": [KEYS], "nosuch": [ANY], "select": [["0", "1", "99"]],
        "flushdb": [["ASYNC", "SYNC", "x"]], "rename": [KEYS, KEYS], "mset": [KEYS, VALUES], "expireat": [KEYS, FUTURE],
        "object": [["ENCODING"], KEYS],
    },
}


# Commands that take more words today than the recorded server knew.
NEWER = {"zrank", "zrevrank"}


class Connection:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.file = self.socket.makefile("rb")

    def call(self, words):
        request = b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(w), w) for w in words)
        self.socket.sendall(request)
        return self.reply()

    def reply(self):
        line = self.file.readline()
        kind, rest = line[:1], line[1:-2]
        if kind in b"$=!":
            return line + (self.file.read(int(rest) + 2) if int(rest) >= 0 else b"")
        if kind in b"*~>%":
            items = max(int(rest), 0) * (2 if kind == b"%" else 1)
            return line + b"".join(self.reply() for _ in range(items))
        return line


def quoted(data):
    special = {0x22: '\\"', 0x5C: "\\\\", 0x0A: "\\n", 0x0D: "\\r", 0x09: "\\t"}
    return '"' + "".join(special.get(b) or (chr(b) if 32 <= b < 127 else "\\x%02x" % b) for b in data) + '"'


def requests(family, rng, count):
    commands = FAMILIES[family]
    names = sorted(commands)
    for number in range(1, count + 1):
        if number % 100 == 0:
            yield ["debug", "digest"]
            continue
        name = rng.choice(names)
        pools = commands[name]
        length = len(pools)
        if rng.random() < 0.25:
            length = max(0, length + rng.choice([-1, 1, 2]))
        elif len(pools) > 2 and rng.random() < 0.5:
            length = 2
        if name in NEWER:
            length = min(length, len(pools))
        words = [rng.choice(pools[min(i, len(pools) - 1)] or ["x"]) for i in range(length if pools != [[]] or rng.random() < 0.1 else 0)]
        yield [name] + words


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("family", choices=sorted(FAMILIES))
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--count", type=int, default=2000)
    arguments.add_argument("--server", default="redis-server")
    options = arguments.parse_args()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen([options.server, "--port", str(port), "--save", "", "--dir", folder, "--enable-debug-command", "yes"],
                                  stdout=subprocess.DEVNULL)
        try:
            record(options, port)
        finally:
            server.terminate()
            server.wait()


def record(options, port):
    for _ in range(100):
        try:
            connection = Connection(port)
            break
        except ConnectionRefusedError:
            time.sleep(0.05)
    print("# redis-server's answers, recorded by dev/transcript.py %s --seed %d --count %d" % (options.family, options.seed, options.count))
    for words in requests(options.family, random.Random(options.seed), options.count):
        data = [word.encode("latin-1") for word in words]
        print(" ".join(quoted(word) for word in data))
        print("= " + quoted(connection.call(data)))


if __name__ == "__main__":
    main()
