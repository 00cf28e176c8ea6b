/** Commands on the server itself that also look at its data. */
package io.vigil.core.command.data.server;
