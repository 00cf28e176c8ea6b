/**
 * The server and Sentinel processes: arguments, log file, signals, daemonizing, start and end. What
 * they serve is {@code io.vigil.core.node}; how they reach the world is {@code io.vigil.transport}.
 */
package io.vigil.server;
