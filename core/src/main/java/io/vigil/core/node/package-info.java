/** Where everything is wired: events in, effects out. */
package io.vigil.core.node;
