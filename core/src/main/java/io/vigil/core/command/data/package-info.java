/** Commands on data: what their handlers are given, and one file per family. */
package io.vigil.core.command.data;
