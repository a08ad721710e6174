const words = new Map([
  ...['1', 't', 'true', 'y', 'yes', 'on'].map((word) => [word, true] as const),
  ...['0', 'f', 'false', 'n', 'no', 'off'].map((word) => [word, false] as const),
]);

/**
 * What TELEPORT_TLS_ROUTING_CONN_UPGRADE says about the proxy at `address` (host:port): whether its connections go through a
 * connection upgrade; null when it says nothing (login-and-auth §4.4). An entry for the address wins over one for all.
 */
export function forcedUpgrade(address: string, setting: string | undefined): boolean | null {
  let forAll: boolean | null = null;
  let forThis: boolean | null = null;
  for (const entry of (setting ?? '').split(/[;,]/)) {
    const at = entry.lastIndexOf('=');
    const value = words.get(
      entry
        .slice(at + 1)
        .trim()
        .toLowerCase(),
    );
    if (value === undefined) continue;
    if (at === -1) forAll = value;
    else if (entry.slice(0, at).trim().toLowerCase() === address.toLowerCase()) forThis = value;
  }
  return forThis ?? forAll;
}
