package io.vigil.core.env;

/** Everything a node is given of the world. */
public record Env(
    Clock clock,
    Timers timers,
    Entropy entropy,
    Network network,
    Disk disk,
    Dns dns,
    Offload offload,
    Processes processes,
    Host host,
    Log log) {}
