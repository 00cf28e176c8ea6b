package io.vigil.core.sentinel;

/** The steps of a failover, in their order; the words are those of {@code SENTINEL MASTER}. */
enum FailoverState {
  /** No failover. */
  NONE("none"),
  /** This Sentinel stands for leader of the epoch and counts votes. */
  WAIT_START("wait_start"),
  /** Elected: a replica is being chosen. */
  SELECT_REPLICA("select_slave"),
  /** A replica is chosen and has not yet been told. */
  SEND_PROMOTION("send_slaveof_noone"),
  /** The chosen replica was told and has not yet said that it is a primary. */
  WAIT_PROMOTION("wait_promotion"),
  /** The replica is promoted; the other replicas are pointed at it. */
  RECONFIGURE_REPLICAS("reconf_slaves"),
  /** Done: the promoted replica is about to become the monitored primary. */
  UPDATE_CONFIG("update_config");

  final String word;

  FailoverState(String word) {
    this.word = word;
  }
}
