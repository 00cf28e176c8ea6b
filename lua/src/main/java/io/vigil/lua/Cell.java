package io.vigil.lua;

/**
 * A variable that closures share. The compiler knows which locals are captured, so these live in a
 * cell from their declaration on, and no register has to be closed when its block ends.
 */
final class Cell {
  Object value;

  Cell(Object value) {
    this.value = value;
  }
}
