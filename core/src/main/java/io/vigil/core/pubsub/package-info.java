/** Publish and subscribe: channels, patterns, shard channels. */
package io.vigil.core.pubsub;
