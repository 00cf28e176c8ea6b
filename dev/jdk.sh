# Finds the JDK 25 that builds and runs Vigil; to be sourced by sh or bash.
#
# find_jdk sets jdk to the first of these whose `release` file says 25, and starts no process to do so: VIGIL_JDK,
# JAVA_HOME, the java on PATH, then the places where packages and version managers put a JDK. The default java of a
# machine is often an older one, so it is only one candidate among others.

is_jdk_25() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in JAVA_VERSION=\"25\" | JAVA_VERSION=\"25[.+-]*) return 0 ;; esac
  done < "$1/release"
  return 1
}

find_jdk() {
  java_on_path=$(command -v java 2>/dev/null) && java_on_path=$(readlink -f "$java_on_path" 2>/dev/null)
  java_on_path=${java_on_path%/bin/java}
  for jdk in "${VIGIL_JDK:-}" "${JAVA_HOME:-}" "$java_on_path" \
    /usr/lib/jvm/* /usr/java/* /usr/local/jdk* /usr/local/lib/jvm/* /opt/*jdk* /opt/java/* /opt/*/jdk* \
    "${HOME:-/}"/.sdkman/candidates/java/* "${HOME:-/}"/.jdks/* "${HOME:-/}"/.asdf/installs/java/* \
    "${HOME:-/}"/.local/share/mise/installs/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [ -n "$jdk" ] && is_jdk_25 "$jdk"; then return 0; fi
  done
  jdk=
  cat >&2 <<'END'
vigil: no JDK 25 found.
Looked at: VIGIL_JDK, JAVA_HOME, the java on PATH, /usr/lib/jvm, /usr/java, /usr/local, /opt, ~/.sdkman, ~/.jdks, ~/.asdf,
~/.local/share/mise and /Library/Java. A JRE or another version is not enough.
Install one (for example Eclipse Temurin 25: https://adoptium.net/installation/) or point VIGIL_JDK at it.
END
  return 1
}
