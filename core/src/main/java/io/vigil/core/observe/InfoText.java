package io.vigil.core.observe;

/** The text of INFO under way: one {@code name:value} per line. */
public final class InfoText {
  private final StringBuilder text = new StringBuilder();

  public void field(String name, String value) {
    text.append(name).append(':').append(value).append("\r\n");
  }

  public void field(String name, long value) {
    text.append(name).append(':').append(value).append("\r\n");
  }

  void title(String title) {
    // An empty line stands between sections.
    if (!text.isEmpty()) {
      text.append("\r\n");
    }
    text.append("# ").append(title).append("\r\n");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
