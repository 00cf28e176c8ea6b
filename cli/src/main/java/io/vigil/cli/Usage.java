package io.vigil.cli;

import io.vigil.core.base.Version;

/** What {@code --help} and {@code --version} print. */
final class Usage {
  /** The version of Redis whose client this one stands in for: scripts look for it. */
  static final String REDIS_VERSION = Version.REDIS;

  private Usage() {}

  /** The line of {@code --version}; it starts as redis-cli's does when started under that name. */
  static String version() {
    String name = System.getProperty("vigil.cli.name", "vigil-cli");
    return name.equals("redis-cli")
        ? name + " " + REDIS_VERSION
        : name + " " + Version.VIGIL + " (as redis-cli " + REDIS_VERSION + ")";
  }

  static final String TEXT =
      """
      Usage: vigil-cli [OPTIONS] [cmd [arg [arg ...]]]
        -h <hostname>      Server to connect to (default: 127.0.0.1).
        -p <port>          Its port (default: 6379).
        -s <socket>        Its unix socket; goes before host and port.
        -a <password>      Password; the environment variable REDISCLI_AUTH keeps it out of the process list.
        --user <username>  User to authenticate as, with the password of -a.
        --pass <password>  The same as -a.
        --askpass          Ask for the password.
        -u <uri>           redis://[[user:]password@]host[:port][/database]
        -n <db>            Database number.
        -r <repeat>        Run the command N times; -1 for ever.
        -i <interval>      With -r and --scan: seconds to wait in between, such as 0.1.
        -2                 Speak RESP2.
        -3                 Speak RESP3.
        -x                 Read the last argument from standard input.
        -X <tag>           Read the argument <tag> from standard input.
        -d <delimiter>     Between the elements of a raw reply (default: \\n).
        -D <delimiter>     After each raw reply (default: \\n).
        -e                 Exit with 1 when the command answers an error.
        --raw              Raw replies (default when standard output is no terminal).
        --no-raw           Formatted replies even when standard output is no terminal.
        --quoted-input     Take the arguments as quoted strings.
        --csv              Replies as comma-separated values.
        --json             Replies as JSON (asks for RESP3 unless -2 is given).
        --quoted-json      The same in printable ASCII only.
        --show-pushes <yn> Whether to show messages of RESP3 that no command asked for.
        --scan             List all keys by SCAN.
        --pattern <pat>    With --scan: the keys that match.
        --quoted-pattern <pat> The same, given as a quoted string.
        --pipe             Send the wire format from standard input, count the replies.
        --pipe-timeout <n> With --pipe: give up after n seconds without a reply (default 30, 0 for never).
        --no-auth-warning  Do not warn about a password on the command line.
        --help             This help.
        --version          The version.

      Without a command it is a shell: "help" there says more.

      Examples:
        vigil-cli -p 6380 set name yingges
        cat picture.png | vigil-cli -x set picture
        vigil-cli -r 100 -i 1 info replication
        vigil-cli --scan --pattern 'user:*'
      """;
}
