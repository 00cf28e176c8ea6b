package io.vigil.server;

/**
 * The arguments of {@code redis-server}: {@code [file] [--option value ...] [-]}. Options become
 * lines of configuration that follow those of the file and of the standard input.
 *
 * @param configFile the first argument when it does not begin with a dash, else null
 * @param readsStandardInput a lone {@code -} was the first or last argument
 * @param options lines of configuration, possibly empty
 * @param sentinel {@code --sentinel} was among the arguments
 */
record CommandLine(
    String configFile, boolean readsStandardInput, String options, boolean sentinel) {

  static CommandLine parse(String[] arguments) {
    Reader reader = new Reader(arguments);
    String file = null;
    if (arguments.length > 0 && !arguments[0].startsWith("-")) {
      file = arguments[0];
      reader.next = 1;
    }
    boolean sentinel = false;
    for (String argument : arguments) {
      sentinel |= argument.equals("--sentinel");
    }
    while (reader.next < arguments.length) {
      reader.takeOne();
    }
    return new CommandLine(file, reader.readsStandardInput, reader.options.toString(), sentinel);
  }

  /** Walks over the arguments; {@code expectsValue} after an option that has had none yet. */
  private static final class Reader {
    final String[] arguments;
    final StringBuilder options = new StringBuilder();
    int next;
    boolean expectsValue;
    boolean readsStandardInput;

    Reader(String[] arguments) {
      this.arguments = arguments;
    }

    void takeOne() {
      String argument = arguments[next];
      boolean last = next == arguments.length - 1;
      if (argument.equals("-") && (next == 0 || last)) {
        readsStandardInput = true;
      } else if (!expectsValue && argument.startsWith("--")) {
        takeOption(argument, last);
      } else {
        quote(argument);
        options.append(' ');
        expectsValue = false;
      }
      next++;
    }

    private void takeOption(String argument, boolean last) {
      if (!options.isEmpty()) {
        options.append('\n');
      }
      options.append(argument, 2, argument.length()).append(' ');
      if (hasValueInside(argument)) {
        expectsValue = false;
        return;
      }
      // `--save --port 1` and a closing `--save` mean no save points; `--sentinel` takes no value.
      boolean endsHere = last || arguments[next + 1].startsWith("--");
      boolean save = argument.equalsIgnoreCase("--save");
      boolean mayStandAlone = save || argument.equalsIgnoreCase("--sentinel");
      if (endsHere && save) {
        options.append("\"\"");
      }
      expectsValue = !(endsHere && mayStandAlone && !last);
    }

    /** {@code "--port 6380"} as one argument. */
    private static boolean hasValueInside(String argument) {
      return argument.strip().indexOf(' ') > 0;
    }

    /** Quotes as Redis prints a string, so that the value survives as one word. */
    private void quote(String argument) {
      options.append('"');
      for (int i = 0; i < argument.length(); i++) {
        char c = argument.charAt(i);
        switch (c) {
          case '\\', '"' -> options.append('\\').append(c);
          case '\n' -> options.append("\\n");
          case '\r' -> options.append("\\r");
          case '\t' -> options.append("\\t");
          default -> options.append(c);
        }
      }
      options.append('"');
    }
  }
}
