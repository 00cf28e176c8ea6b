/**
 * Replication as Redis speaks it: what a node does for its replicas, and what it does as the
 * replica of another node.
 */
package io.vigil.core.replication;
