/**
 * What the core needs from the world, as interfaces: time, timers, randomness, network, disk,
 * names, background work, child processes and the log. The transport module gives the real side,
 * the simulator a seeded one.
 *
 * <p>Thread rule for the whole package: the core calls these from the one thread that holds the
 * core, and every callback enters the core on that same thread. Only the body of an {@link
 * io.vigil.core.env.Offload} job runs elsewhere.
 */
package io.vigil.core.env;
