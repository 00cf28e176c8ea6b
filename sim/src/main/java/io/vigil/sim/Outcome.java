package io.vigil.sim;

/**
 * What one seed did: its counts, and what it violated.
 *
 * @param violation null when everything held
 */
record Outcome(long seed, long traceHash, long events, Totals totals, String violation) {
  /** What happened how often. */
  static final class Totals {
    long acknowledgedWrites;
    long failedWrites;
    long lostWrites;
    long failovers;
    long fullResynchronisations;
    long partialResynchronisations;
    long crashes;
    long restarts;
    long votes;
    long votesRefused;
    long faults;
    long lostBytes;
    long confirmedWrites;
    long promisesKept;
    long refusedDiskWrites;
    long unresolvedNames;
    long scripts;
    long scriptsFailed;

    void add(Totals other) {
      acknowledgedWrites += other.acknowledgedWrites;
      failedWrites += other.failedWrites;
      lostWrites += other.lostWrites;
      failovers += other.failovers;
      fullResynchronisations += other.fullResynchronisations;
      partialResynchronisations += other.partialResynchronisations;
      crashes += other.crashes;
      restarts += other.restarts;
      votes += other.votes;
      votesRefused += other.votesRefused;
      faults += other.faults;
      lostBytes += other.lostBytes;
      confirmedWrites += other.confirmedWrites;
      promisesKept += other.promisesKept;
      refusedDiskWrites += other.refusedDiskWrites;
      unresolvedNames += other.unresolvedNames;
      scripts += other.scripts;
      scriptsFailed += other.scriptsFailed;
    }

    /** The names of counts that must not be zero over a whole run, of those that are. */
    String missing() {
      StringBuilder names = new StringBuilder();
      require(names, failovers, "failovers");
      require(names, partialResynchronisations, "partial resynchronisations");
      require(names, fullResynchronisations, "full resynchronisations");
      require(names, crashes, "crashes");
      require(names, restarts, "restarts");
      require(names, votesRefused, "votes refused");
      require(names, lostBytes, "un-synced bytes lost");
      require(names, confirmedWrites, "writes confirmed by WAIT");
      require(names, promisesKept, "acknowledged writes looked for at a promotion");
      require(names, refusedDiskWrites, "writes refused by a full disk");
      require(names, unresolvedNames, "names not resolved");
      require(names, scriptsFailed, "scripts that failed");
      return names.toString();
    }

    private static void require(StringBuilder names, long count, String name) {
      if (count == 0) {
        names.append(names.isEmpty() ? "" : ", ").append(name);
      }
    }

    @Override
    public String toString() {
      return """
      writes %d acknowledged, %d failed, %d lost; %d confirmed by WAIT, %d found again at promotions; \
      failovers %d; resynchronisations %d full, %d partial; crashes %d, restarts %d; \
      votes %d given, %d refused; faults %d; un-synced bytes lost %d, disk writes refused %d; \
      names not resolved %d; scripts %d run, %d failed\
      """
          .formatted(
              acknowledgedWrites,
              failedWrites,
              lostWrites,
              confirmedWrites,
              promisesKept,
              failovers,
              fullResynchronisations,
              partialResynchronisations,
              crashes,
              restarts,
              votes,
              votesRefused,
              faults,
              lostBytes,
              refusedDiskWrites,
              unresolvedNames,
              scripts,
              scriptsFailed);
    }
  }
}
