/**
 * Commands that need no data: a Sentinel serves them as well. {@link
 * io.vigil.core.command.common.Invocation} is what their handlers are given.
 */
package io.vigil.core.command.common;
