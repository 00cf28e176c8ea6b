package io.vigil.core.node;

import io.vigil.core.env.ConnectionEvents;
import io.vigil.core.env.Env;
import io.vigil.core.observe.config.ConfigError;
import io.vigil.core.observe.config.ConfigLoader;
import io.vigil.core.observe.config.ConfigRegistry;
import io.vigil.core.observe.config.Settings;
import io.vigil.core.resp.Reply;
import java.util.List;

/**
 * A node in this process with clients in memory, for tests of commands:
 *
 * <pre>{@code
 * CommandTester tester = new CommandTester();
 * assertThat(tester.text("SET", "a", "1")).isEqualTo("+OK\r\n");
 * tester.world().advanceMs(1000);
 * }</pre>
 */
public final class CommandTester {
  private final ManualEnv world = new ManualEnv();
  private final MemoryDisk disk = new MemoryDisk();
  private final ConfigRegistry config;
  private final Node node;
  private int nextPort = 50000;
  private final TestClient client;

  public CommandTester() {
    this("");
  }

  /** A node that starts with {@code options}, lines of a configuration file. */
  public CommandTester(String options) {
    Env env = world.env(disk);
    config = new ConfigRegistry(new Settings(env.host()));
    try {
      new ConfigLoader(config, disk, env.host(), env.log(), false).load(null, null, options);
    } catch (ConfigError wrong) {
      throw new AssertionError(wrong);
    }
    node = new Node(env, config);
    client = connect();
    node.start(() -> {});
    world.runTurns();
  }

  /** Sets {@code notify-keyspace-events}. */
  public void notifyEvents(String classes) {
    configure("notify-keyspace-events", classes);
  }

  /** Sets directives, as CONFIG SET does. */
  public void configure(String... words) {
    String error = config.set(List.of(words), new ConfigRegistry.SetContext(false, true));
    if (error != null) {
      throw new AssertionError(error);
    }
  }

  /** The files of the node. */
  public MemoryDisk disk() {
    return disk;
  }

  public ManualEnv world() {
    return world;
  }

  public Node node() {
    return node;
  }

  /** The client that {@link #run} and {@link #text} use. */
  public TestClient client() {
    return client;
  }

  /** Runs a command on the first client and returns its reply. */
  public Reply run(String... words) {
    return client.call(words);
  }

  /** Runs a command on the first client and returns the bytes of its reply as text. */
  public String text(String... words) {
    return client.raw(words);
  }

  /** Another client, over loopback. */
  public TestClient connect() {
    return connectFrom("127.0.0.1:" + nextPort++);
  }

  /** Another client, from {@code address}. */
  public TestClient connectFrom(String address) {
    TestClient created = new TestClient(world, address);
    ConnectionEvents events = node.sessions().accept(created);
    if (events == null) {
      created.connect(new Ignored());
      created.closeAfterFlush("refused");
    } else {
      created.connect(events);
    }
    return created;
  }

  private static final class Ignored implements ConnectionEvents {
    @Override
    public void received(byte[] buffer, int offset, int length) {}

    @Override
    public void closed(String reason) {}
  }
}
