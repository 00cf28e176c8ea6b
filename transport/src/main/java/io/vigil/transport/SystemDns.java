package io.vigil.transport;

import io.vigil.core.env.Dns;
import io.vigil.core.env.Offload;
import java.net.InetAddress;

/** The system's resolver, asked outside the core since it may take seconds. */
final class SystemDns implements Dns {
  private final Offload offload;

  SystemDns(Offload offload) {
    this.offload = offload;
  }

  @Override
  public void resolve(String host, Answer answer) {
    InetAddress literal = Addresses.literal(host);
    if (literal != null) {
      answer.resolved(Addresses.numeric(literal), null);
      return;
    }
    // A lane per name: one that hangs does not hold up the others.
    offload.submit(
        "dns " + host,
        () -> Addresses.numeric(InetAddress.getByName(host)),
        (address, failure) ->
            answer.resolved(address, failure == null ? null : "Name or service not known"));
  }
}
