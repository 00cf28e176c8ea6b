/**
 * The RDB format as a codec between values and bytes: no file, no socket, no database. Writing runs
 * in offload jobs, reading in the core or in a job, always on buffers that the caller owns.
 */
package io.vigil.core.persist.rdb;
