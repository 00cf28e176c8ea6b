/**
 * Commands as such: how they are declared, found, judged and run. It knows nothing of data, clients
 * or replies; those come in through {@link io.vigil.core.spec.CommandContext}.
 */
package io.vigil.core.spec;
