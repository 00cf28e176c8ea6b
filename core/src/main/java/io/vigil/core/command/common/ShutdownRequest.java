package io.vigil.core.command.common;

/** The options of SHUTDOWN. */
public record ShutdownRequest(
    boolean noSave, boolean save, boolean now, boolean force, boolean abort) {}
