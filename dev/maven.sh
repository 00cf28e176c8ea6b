# Finds or fetches Maven; to be sourced by bash after dev/jdk.sh, from the root of the clone, with jdk set.
#
# find_maven sets mvn to the command. A Maven on PATH from 3.6.3 on is taken as it is; else the pinned distribution is
# fetched from Maven Central, checked against the sum below and unpacked into .build/, all with nothing but the JDK and tar.

maven_version=3.9.11
maven_sha512=bcfe4fe305c962ace56ac7b5fc7a08b87d5abd8b7e89027ab251069faebee516b0ded8961445d6d91ec1985dfe30f8153268843c89aa392733d1a3ec956c9978

find_maven() {
  local have folder=$PWD/.build/apache-maven-$maven_version
  # Maven's own libraries make a JDK 25 warn; the warnings are not ours to mend.
  export JAVA_HOME=$jdk MAVEN_OPTS="${MAVEN_OPTS:-} --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
  if command -v mvn > /dev/null; then
    have=$(mvn --version 2> /dev/null | sed -n 's/.*Apache Maven \([0-9.]*\).*/\1/p')
    if [ -n "$have" ] && printf '%s\n' 3.6.3 "$have" | sort -V -C; then mvn=mvn; return; fi
  fi
  mvn=$folder/bin/mvn
  [ -x "$mvn" ] && return
  echo "vigil: fetching Maven $maven_version into .build/" >&2
  mkdir -p .build
  "$jdk/bin/java" dev/Fetch.java \
    "https://repo.maven.apache.org/maven2/org/apache/maven/apache-maven/$maven_version/apache-maven-$maven_version-bin.tar.gz" \
    "$maven_sha512" "$folder.tar.gz"
  tar -xzf "$folder.tar.gz" -C .build
  rm "$folder.tar.gz"
}
