package io.vigil.sim;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads what nodes and Sentinels log, counts it, and fails where two lines cannot both be true: two
 * leaders in one epoch, two votes of one Sentinel in one epoch, an objective down without a quorum,
 * a stream that does not go on where it was left.
 */
final class Watcher {
  private final Outcome.Totals totals;
  private final Map<Long, String> leaders = new LinkedHashMap<>();
  private final Map<String, String> votes = new LinkedHashMap<>();
  private final Map<String, Long> lastEpochs = new LinkedHashMap<>();
  private final Map<String, Long> standingIn = new LinkedHashMap<>();
  private Consumer<String> onVote = machine -> {};
  private Consumer<String> onPromotion = machine -> {};
  private Consumer<String> onDataLoss = machine -> {};

  Watcher(Outcome.Totals totals) {
    this.totals = totals;
  }

  /** Who hears of each vote, by the machine of the voter. */
  void onVote(Consumer<String> listener) {
    onVote = listener;
  }

  /** Who hears, by its machine, of each node that becomes a primary. */
  void onPromotion(Consumer<String> listener) {
    onPromotion = listener;
  }

  /** Who hears, by its machine, of each replica that is about to take other data. */
  void onDataLoss(Consumer<String> listener) {
    onDataLoss = listener;
  }

  void line(String machine, String message) {
    String[] words = message.split(" ");
    switch (words[0]) {
      case "+new-epoch" -> lastEpochs.put(machine, Long.parseLong(words[1]));
      case "+try-failover" -> standingIn.put(machine, lastEpochs.get(machine));
      case "+vote-for-leader" -> voted(machine, words[1], Long.parseLong(words[2]));
      case "+elected-leader" -> elected(machine);
      case "+odown" -> objectivelyDown(message, words[words.length - 1]);
      case "+switch-master" -> totals.failovers++;
      case "Vote" -> totals.votesRefused++;
      default -> nodeLine(machine, message);
    }
  }

  private void voted(String machine, String leader, long epoch) {
    totals.votes++;
    String earlier = votes.put(machine + " in epoch " + epoch, leader);
    if (earlier != null && !earlier.equals(leader)) {
      throw new Violation(
          "The Sentinel on %s voted in epoch %d for %s and then for %s"
              .formatted(machine, epoch, earlier, leader));
    }
    onVote.accept(machine);
  }

  private void elected(String machine) {
    long epoch = standingIn.get(machine);
    String earlier = leaders.put(epoch, machine);
    if (earlier != null && !earlier.equals(machine)) {
      throw new Violation("Epoch %d has two leaders: %s and %s".formatted(epoch, earlier, machine));
    }
  }

  private static void objectivelyDown(String message, String fraction) {
    int slash = fraction.indexOf('/');
    int agree = Integer.parseInt(fraction.substring(0, slash));
    int quorum = Integer.parseInt(fraction.substring(slash + 1));
    if (agree < quorum) {
      throw new Violation("Objectively down without a quorum: " + message);
    }
  }

  private void nodeLine(String machine, String message) {
    if (message.startsWith("MASTER MODE enabled")) {
      onPromotion.accept(machine);
    } else if (message.startsWith("Full resync from master")) {
      onDataLoss.accept(machine);
    } else if (message.startsWith("The stream of the master cannot be applied")) {
      // It heals itself by a full synchronisation, but nothing here spoils a stream.
      throw new Violation("The replica on " + machine + ": " + message);
    }
    resynchronised(message);
  }

  private void resynchronised(String message) {
    if (message.startsWith("Partial resynchronization request from")
        && message.contains("accepted")) {
      totals.partialResynchronisations++;
    } else if (message.startsWith("Full resync requested by replica")) {
      totals.fullResynchronisations++;
    }
  }
}
