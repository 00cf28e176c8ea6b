/**
 * One client and all clients of a node: reading and running bursts, transactions, watched keys,
 * blocking, pausing, and the limits on what a client may cost.
 */
package io.vigil.core.session;
