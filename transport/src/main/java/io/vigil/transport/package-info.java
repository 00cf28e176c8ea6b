/**
 * The real side of {@link io.vigil.core.env}: sockets, files, clocks and threads of the JDK.
 *
 * <pre>
 *   kernel --readable--> EventLoop --received()--> core --output--> EventLoop --write--> kernel
 *                           ^  timers due, completions of OffloadPool, ended children (loop 0)
 * </pre>
 *
 * <p>{@link io.vigil.transport.Transport} is the door: it owns the loops and gives the {@link
 * io.vigil.core.env.Env} of a node. Everything else is private to the package but {@link
 * io.vigil.transport.SystemHost} and {@link io.vigil.transport.SystemDisk}, which a server needs
 * before it has loops.
 */
package io.vigil.transport;
