/**
 * Saving and loading the data set, step by step: what runs in the core copies, what runs in offload
 * jobs encodes, compresses and writes buffers of its own.
 */
package io.vigil.core.persist.store;
