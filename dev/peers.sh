# The stock peers of our tests; to be sourced by bash.
#
# set_up_peers installs what is missing of them on Debian as root, and wherever CI is set, without starting a service; there a
# peer that cannot be installed ends the run. Elsewhere it installs nothing. It sets missing_peers to what is not there.

peer_packages=(redis-server redis-sentinel redis-tools tcl procps lua5.1)
peer_commands=(redis-server redis-sentinel redis-cli redis-benchmark tclsh ps lua5.1)

look_for_peers() {
  local command
  missing_peers=
  for command in "${peer_commands[@]}"; do
    command -v "$command" > /dev/null || missing_peers+=" $command"
  done
}

set_up_peers() {
  look_for_peers
  [ -n "$missing_peers" ] || return 0
  if [ -z "${CI:-}" ] && ! { [ -e /etc/debian_version ] && [ "$(id -u)" = 0 ]; }; then return 0; fi
  echo "vigil test: installing ${peer_packages[*]}" >&2
  install_peers || { echo "vigil test: the peers of the tests could not be installed" >&2; exit 1; }
  look_for_peers
  [ -z "$missing_peers" ] || { echo "vigil test: still missing after their installation:$missing_peers" >&2; exit 1; }
}

# A policy of the machine's own is left alone; ours is there only while the packages are unpacked.
install_peers() {
  local policy=/usr/sbin/policy-rc.d ours=0 status=0 root=()
  [ "$(id -u)" = 0 ] || root=(sudo -n)
  if [ ! -e "$policy" ]; then
    ours=1
    printf '#!/bin/sh\nexit 101\n' | "${root[@]}" tee "$policy" > /dev/null && "${root[@]}" chmod +x "$policy" || return 1
  fi
  { "${root[@]}" apt-get -qq update &&
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${peer_packages[@]}"; } >&2 ||
    status=1
  if [ "$ours" = 1 ]; then "${root[@]}" rm -f "$policy"; fi
  if [ "$status" = 0 ] && [ -d /run/systemd/system ]; then # or they would start with the machine next time
    "${root[@]}" systemctl --quiet disable redis-server redis-sentinel >&2 || status=1
  fi
  return "$status"
}
