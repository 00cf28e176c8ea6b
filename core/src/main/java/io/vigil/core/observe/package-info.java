/**
 * What a node knows of itself: counters, the slow log, latency events and histograms, the sections
 * of INFO; and, below it, the configuration. Plain objects of one node, touched inside the core
 * only.
 */
package io.vigil.core.observe;
