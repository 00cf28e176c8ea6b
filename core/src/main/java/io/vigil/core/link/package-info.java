/**
 * Outgoing connections that speak the protocol: requests in order, each with the handler of its
 * reply.
 */
package io.vigil.core.link;
