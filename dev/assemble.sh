# What a build leaves for bin/launch; to be sourced by bash from the root of the clone, with jdk set.
#
#   target/vigil/DATE-PID/   the jars and their AOT caches. Every build gets a folder of its own, since a running server goes
#                            on reading the jars it began with; the last three are kept
#   target/built             its time is the start of the build, its lines are that folder and the JDK; replaced in one step

# The same question that bin/launch asks.
is_built() {
  [ -e target/built ] && [ "$(tail -n 1 target/built)" = "$jdk" ] || return 1
  [ -z "$(find pom.xml bin/launch {core,transport,server,cli}/src/main -newer target/built -print -quit 2> /dev/null)" ]
}

# assemble STARTED JAR...   STARTED is a file touched when the build began: what is saved since then is newer than the build.
assemble() {
  local started=$1 dist old
  shift
  dist=target/vigil/$(date +%Y%m%d-%H%M%S)-$$
  mkdir -p "$dist"
  cp "$@" "$dist/"
  printf '%s\n%s\n' "$dist" "$jdk" > target/built.new
  touch -r "$started" target/built.new
  mv target/built.new target/built
  "$jdk/bin/java" dev/Train.java "$dist"
  # shellcheck disable=SC2012 # the names are ours: dates
  for old in $(ls -d target/vigil/* | head -n -3); do rm -r "$old"; done
}
