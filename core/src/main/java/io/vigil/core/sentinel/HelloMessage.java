package io.vigil.core.sentinel;

/**
 * What Sentinels tell each other through the channel {@value #CHANNEL} of the data nodes they
 * watch: who speaks, its epoch, and which address it takes for the primary of which group since
 * which configuration epoch.
 *
 * <p>Format (Redis 7): {@code
 * ip,port,runid,current_epoch,master_name,master_ip,master_port,master_config_epoch}.
 */
record HelloMessage(
    Address speaker,
    String speakerId,
    long currentEpoch,
    String primaryName,
    Address primary,
    long configEpoch) {
  static final String CHANNEL = "__sentinel__:hello";

  String encode() {
    return speaker.host()
        + ','
        + speaker.port()
        + ','
        + speakerId
        + ','
        + Long.toUnsignedString(currentEpoch)
        + ','
        + primaryName
        + ','
        + primary.host()
        + ','
        + primary.port()
        + ','
        + Long.toUnsignedString(configEpoch);
  }

  /** The message in {@code text}, or null when it is not one. */
  static HelloMessage parse(String text) {
    String[] words = text.split(",", -1);
    if (words.length != 8) {
      return null;
    }
    try {
      return new HelloMessage(
          new Address(words[0], Integer.parseInt(words[1])),
          words[2],
          Long.parseUnsignedLong(words[3]),
          words[4],
          new Address(words[5], Integer.parseInt(words[6])),
          Long.parseUnsignedLong(words[7]));
    } catch (NumberFormatException malformed) {
      return null;
    }
  }
}
